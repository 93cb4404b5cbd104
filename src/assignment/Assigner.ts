import { checkShare } from '../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import { type Unit, unitText } from '../core/Unit.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng } from '../random/Rng.ts';
import { type AssignerOptions, checkAssignerOptions, checkSharesOf, growthbookVersion } from './AssignerOptions.ts';
import { type AssignerState, checkAssignerState } from './AssignerState.ts';
import type { Assigned, Assignment, Excluded } from './Assignment.ts';
import { excluded, type Gate, gatesOf } from './gates.ts';
import { type GrowthbookHashVersion, growthbookBucket } from './growthbookHash.ts';
import { growthbookLedger } from './growthbookRanges.ts';
import { hashSeed } from './hashSeed.ts';
import { murmur3Int32 } from './murmur3.ts';
import { RangeLedger, type RangeLedgerState } from './RangeLedger.ts';
import { weightedChoice } from './weightedChoice.ts';

const NOT_ELIGIBLE = excluded('not-eligible');
const NO_UNIT = excluded('no-unit');
const NOT_EXPOSED = excluded('not-exposed');

/**
 * Decides who is in an experiment and which variant they get. Asks in this order: forced, eligible, namespace, holdout,
 * exposure, variant. A unit's answer depends on the unit, the options and the ramps so far alone: not on the order of
 * units, on other experiments, or on the seed. What has no unit is drawn.
 *
 * Answers are shared frozen objects: assigning a string unit allocates nothing.
 *
 * @example
 * const variants = ['champion', 'challenger'] as const;
 * const assigner = new Assigner({ name: 'yield-v2', variants, shares: [0.9, 0.1], rng: createRng(42) });
 * assigner.assign('wafer-17'); // { status: 'assigned', variant: 'challenger', index: 1, by: 'unit' }
 * assigner.ramp([0.5, 0.5]); // 0.39999999990686774: the fraction of units that moved, all to the challenger
 */
export class Assigner<K extends string = string> {
  readonly #options: AssignerOptions<K>;
  readonly #armSeed: number;
  readonly #growthbook: GrowthbookHashVersion | undefined;
  readonly #byUnit: readonly Assigned<K>[];
  readonly #byRequest: readonly Assigned<K>[];
  readonly #forced: ReadonlyMap<string, Assigned<K>> | undefined;
  readonly #drawn: boolean;
  #armRng: Rng;
  #exposureRng: Rng;
  #ledger: RangeLedger;
  #exposure: number;
  #gates: readonly Gate[] | undefined;

  /** @throws InvalidOptionError, UnknownVariantError for options that break their rules */
  constructor(options: AssignerOptions<K>) {
    checkAssignerOptions(options);
    const { name, variants, shares, rng, salt = '', by = 'unit', forced, exposure = 1, hash } = options;
    this.#options = { ...options, variants: [...variants] };
    this.#armSeed = hashSeed('arm', name, salt);
    this.#growthbook = growthbookVersion(hash);
    this.#byUnit = answers(variants, 'unit');
    this.#byRequest = answers(variants, 'request');
    this.#forced = forced === undefined ? undefined : forcedAnswers(forced, variants);
    this.#drawn = by === 'request';
    this.#armRng = rng;
    this.#exposureRng = rng.fork('exposure');
    this.#ledger = this.#growthbook === undefined ? RangeLedger.of(shares) : growthbookLedger(shares, this.#growthbook);
    this.#exposure = exposure;
    this.#gates = this.#makeGates();
  }

  /** The share of each variant. */
  get shares(): readonly number[] {
    return this.#ledger.shares;
  }

  /** How many ramps there have been. Within one epoch nobody's variant changes. */
  get epoch(): number {
    return this.#ledger.epoch;
  }

  /** The fraction of the traffic that the experiment is open to. */
  get exposure(): number {
    return this.#exposure;
  }

  /** Who owns which hashes now. */
  get ledger(): RangeLedger {
    return this.#ledger;
  }

  /**
   * Who this is to the experiment: in it with a variant, or out of it with a reason.
   *
   * @param unit left out, the variant is drawn
   * @param eligible what the caller's own predicate says; only forced units may ignore it
   * @throws InvalidOptionError for what is not a unit (an empty string, NaN)
   */
  assign(unit?: Unit, eligible = true): Assignment<K> {
    if (unit === undefined) return eligible ? this.#assignRequest() : NOT_ELIGIBLE;
    const text = typeof unit === 'string' && unit !== '' ? unit : unitText(unit);
    if (this.#forced !== undefined) {
      const forced = this.#forced.get(text);
      if (forced !== undefined) return forced;
    }
    if (!eligible) return NOT_ELIGIBLE;
    if (this.#gates !== undefined) {
      for (const gate of this.#gates) if (!gate.admits(text)) return gate.excluded;
    }
    return this.#drawn ? this.#draw() : this.#byUnit[this.#ledger.armAt(this.#position(text))]!;
  }

  /**
   * Changes the shares: a new epoch, in which the provable minimum of units has moved.
   *
   * @returns the fraction of units that moved: the sum of the positive changes
   * @throws InvalidOptionError unless there is one share for each variant and they sum to 1; also with a GrowthBook
   * hash at an exposure below 1, whose coverage is tied to the shares it began with
   */
  ramp(shares: readonly number[]): number {
    this.#ledger = this.ramped(shares);
    return this.#ledger.moved;
  }

  /** The ledger that `ramp` would make, and what it throws. */
  ramped(shares: readonly number[]): RangeLedger {
    checkSharesOf(this.#options.variants, shares);
    if (this.#growthbook !== undefined && this.#exposure < 1) {
      throw new InvalidOptionError('exposure', this.#exposure, '1 before a GrowthBook layout is ramped');
    }
    return this.#ledger.ramp(shares);
  }

  /**
   * Opens the experiment to another fraction of the traffic. Whoever was in stays in as it grows, and no variant
   * changes.
   *
   * @throws InvalidOptionError outside [0, 1], or below 1 for a GrowthBook layout that has been ramped
   */
  expose(exposure: number): void {
    checkShare('exposure', exposure);
    if (this.#growthbook !== undefined && this.epoch > 0 && exposure < 1) {
      throw new InvalidOptionError('exposure', exposure, '1 once a GrowthBook layout has been ramped');
    }
    this.#exposure = exposure;
    this.#gates = this.#makeGates();
  }

  /**
   * Takes over the ramps and the exposure of an assigner of the same name and variants, and keeps its own generator: for
   * owners that keep the generator's state themselves.
   *
   * @throws SnapshotError if the state is not that of a ledger of as many arms
   */
  resume(ledger: RangeLedgerState, exposure: number): void {
    const next = RangeLedger.fromJSON(ledger);
    if (next.shares.length !== this.#options.variants.length) {
      throw new SnapshotError(`the assigner's ledger must have ${this.#options.variants.length} arms`);
    }
    this.#ledger = next;
    this.#exposure = checkShare('exposure', exposure);
    this.#gates = this.#makeGates();
  }

  /** The state as plain JSON. */
  toJSON(): AssignerState {
    const { name, salt = '', hash = 'murmur3-v1', variants } = this.#options;
    const rng = { arm: this.#armRng.state(), exposure: this.#exposureRng.state() };
    const ledger = this.#ledger.toJSON();
    return { version: 1, name, salt, hash, variants: [...variants], exposure: this.#exposure, ledger, rng };
  }

  /**
   * An assigner that goes on where `toJSON` was taken. `shares`, `exposure` and `rng` of the options give way to the
   * state's.
   *
   * @throws SnapshotError if the state is of another version, or of another name, salt, hash or list of variants, any
   * of which would reassign everybody
   */
  static restore<K extends string>(options: AssignerOptions<K>, state: AssignerState): Assigner<K> {
    checkAssignerState(options, state);
    const assigner = new Assigner({ ...options, rng: restoreRng(state.rng.arm), exposure: state.exposure });
    assigner.#exposureRng = restoreRng(state.rng.exposure);
    assigner.#ledger = RangeLedger.fromJSON(state.ledger);
    assigner.#gates = assigner.#makeGates();
    return assigner;
  }

  /** Signed where it is 32 bits wide: an unsigned number above 2^31 would be boxed, and so allocated. */
  #position(text: string): number {
    if (this.#growthbook === undefined) return murmur3Int32(text, this.#armSeed);
    return growthbookBucket(this.#options.salt || this.#options.name, text, this.#growthbook);
  }

  #assignRequest(): Assigned<K> | Excluded {
    const { namespace, holdout } = this.#options;
    return namespace === undefined && holdout === undefined ? this.#draw() : NO_UNIT;
  }

  #draw(): Assigned<K> | Excluded {
    if (this.#exposure < 1 && this.#exposureRng.next() >= this.#exposure) return NOT_EXPOSED;
    return this.#byRequest[weightedChoice(this.#armRng, this.#ledger.shares)]!;
  }

  #makeGates(): readonly Gate[] | undefined {
    const gates = gatesOf(this.#options, this.#exposure, this.#ledger.shares);
    return gates.length === 0 ? undefined : gates;
  }
}

function answers<K extends string>(variants: readonly K[], by: Assigned['by']): readonly Assigned<K>[] {
  return variants.map((variant, index) => Object.freeze({ status: 'assigned', variant, index, by }));
}

function forcedAnswers<K extends string>(
  forced: ReadonlyMap<Unit, K>,
  variants: readonly K[],
): Map<string, Assigned<K>> {
  const all = answers(variants, 'forced');
  return new Map([...forced].map(([unit, variant]) => [unitText(unit), all[variants.indexOf(variant)]!]));
}
