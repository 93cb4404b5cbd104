/** What came of one criterion. */
export interface PromotionGate {
  readonly name: string;
  /** `fail`: the data speak against it. `inconclusive`: they say too little yet. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** The estimate; undefined where there is none. */
  readonly observed: number | undefined;
  /** The confidence bound that is held against the requirement; undefined where there is none, or where it is a count. */
  readonly bound: number | undefined;
  /** For example `above 0.95`. */
  readonly required: string;
  /** Observations behind it. */
  readonly n: number;
  /**
   * `anytime`: valid at every look. `alpha-spending`: valid over the looks that were counted. `exact`: a count or a
   * share of all requests, which has no error.
   */
  readonly validity: 'anytime' | 'alpha-spending' | 'exact';
  readonly message: string;
}

/** A look at a shadow: when, and what it said. */
export interface PromotionLook {
  /** Counts from 1. */
  readonly look: number;
  readonly at: number;
  readonly decision: PromotionDecision;
  /** Compared requests then. */
  readonly compared: number;
  /** Labelled requests then. */
  readonly labelled: number;
}

/**
 * `promote`: every gate has passed. `reject`: the data speak against one. `hold`: they say too little yet. `expired`:
 * shadowing is over, and what is missing will not come any more.
 */
export type PromotionDecision = 'promote' | 'hold' | 'reject' | 'expired';

/** Whether a shadow may take the primary's place. */
export interface Promotion {
  readonly shadow: string;
  readonly decision: PromotionDecision;
  readonly gates: readonly PromotionGate[];
  /** Why it is not a promotion, one line a gate; empty where it is. */
  readonly reasons: readonly string[];
  readonly at: number;
  /** Which look this is, from 1. */
  readonly look: number;
}
