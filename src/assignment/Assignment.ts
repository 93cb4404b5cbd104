/** A request or unit that has a variant. */
export interface Assigned<K extends string = string> {
  readonly status: 'assigned';
  readonly variant: K;
  /** The variant's place in the list of variants; 0 is the champion. */
  readonly index: number;
  /** `unit`: by the unit's hash. `request`: drawn for this request. `forced`: not random, so never to be analysed. */
  readonly by: 'unit' | 'request' | 'forced';
}

/**
 * Why somebody is not part of the experiment, in the order in which it is asked. `not-eligible`: the caller's predicate
 * said no. `no-unit`: there is a namespace or a holdout, which only a unit can be in. `not-in-namespace`: the unit
 * belongs to another experiment of the namespace. `holdout`: the unit is held out of all experiments. `not-exposed`:
 * the experiment is open to a share of the traffic only, and this is not in it.
 */
export type ExclusionReason = 'not-eligible' | 'no-unit' | 'not-in-namespace' | 'holdout' | 'not-exposed';

/** A request or unit that is not part of the experiment: the champion answers, and nothing is counted. */
export interface Excluded {
  readonly status: 'excluded';
  readonly reason: ExclusionReason;
}

/** What an assigner says of a request or unit. */
export type Assignment<K extends string = string> = Assigned<K> | Excluded;
