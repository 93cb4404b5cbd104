import { checkInteger, checkShares } from '../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import { CIRCLE, gridWidths } from './gridWidths.ts';
import { type ArmRange, joinRanges, rampRanges } from './rampRanges.ts';

/** A range ledger as plain JSON. */
export interface RangeLedgerState {
  readonly version: 1;
  /** Positions of the circle. */
  readonly resolution: number;
  readonly epoch: number;
  /** The share of each arm, as asked for. */
  readonly shares: readonly number[];
  /** The ranges from the low end of the circle to its high end. */
  readonly ranges: readonly ArmRange[];
  /** The fraction of the circle that the last ramp moved. */
  readonly moved: number;
}

/**
 * Which arm owns which ranges of the circle of hashes, remembered from ramp to ramp, so that a change of shares moves
 * the provable minimum of units: the sum of the positive changes, exact to one position in 2^32. With two arms the
 * second one grows from the top, `[1 - share, 1)`, and a unit that has it keeps it for as long as the share does not
 * fall. A ledger never changes: `ramp` returns the next one.
 *
 * @example
 * const start = RangeLedger.of([0.8, 0.1, 0.1]);
 * const next = start.ramp([0.4, 0.3, 0.3]);
 * next.moved; // 0.4000000001396984: what the first arm gave up, to the position
 */
export class RangeLedger {
  /** How many ramps there have been. */
  readonly epoch: number;
  /** The share of each arm, as asked for. */
  readonly shares: readonly number[];
  /** The ranges from the low end of the circle to its high end; neighbours belong to different arms. */
  readonly ranges: readonly ArmRange[];
  /** The fraction of the circle, and so the expected fraction of units, that the last ramp moved; 0 before any. */
  readonly moved: number;
  /** Positions of the circle. */
  readonly resolution: number;
  /** Where each range ends, exclusive; without the last, which ends where the circle does. */
  readonly #ends: readonly number[];
  readonly #arms: readonly number[];

  private constructor({ resolution, epoch, shares, ranges, moved }: Omit<RangeLedgerState, 'version'>) {
    this.resolution = resolution;
    this.epoch = epoch;
    this.shares = Object.freeze([...shares]);
    this.ranges = Object.freeze(joinRanges(ranges).map(({ arm, width }) => Object.freeze({ arm, width })));
    this.moved = moved;
    let end = 0;
    this.#ends = this.ranges.slice(0, -1).map(({ width }) => {
      end += width;
      return end;
    });
    this.#arms = this.ranges.map(({ arm }) => arm);
  }

  /**
   * A ledger whose arms lie side by side in their order.
   *
   * @param shares one for each arm; they sum to 1
   * @param resolution positions of the circle; `@defaultValue` 2^32
   * @throws InvalidOptionError for shares that do not sum to 1 (within 1e-9), or no arm at all
   */
  static of(shares: readonly number[], resolution: number = CIRCLE): RangeLedger {
    checkShares('shares', shares);
    checkInteger('resolution', resolution, { ge: 1, le: CIRCLE });
    const ranges = gridWidths(shares, resolution).map((width, arm) => ({ arm, width }));
    return new RangeLedger({ resolution, epoch: 0, shares, ranges, moved: 0 });
  }

  /** The arm that owns a position, an integer in [0, resolution); of a negative one the unsigned 32-bit value counts. */
  armAt(position: number): number {
    const at = position >>> 0;
    const ends = this.#ends;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return this.#arms[low]!;
  }

  /** How many positions each arm owns. */
  widths(): readonly number[] {
    const widths = this.shares.map(() => 0);
    for (const { arm, width } of this.ranges) widths[arm]! += width;
    return widths;
  }

  /**
   * The ledger of the next epoch. Arms that shrink give up only what they must, arms that grow get it, and an arm whose
   * share stays the same loses and gains nobody. More shares than before append new arms; an arm leaves by a share of
   * 0.
   *
   * @throws InvalidOptionError for shares that do not sum to 1 (within 1e-9), or fewer of them than there are arms
   */
  ramp(shares: readonly number[]): RangeLedger {
    checkShares('shares', shares);
    if (shares.length < this.shares.length) {
      throw new InvalidOptionError(
        'shares',
        shares,
        `one share for each of the ${this.shares.length} arms (0 to drop one)`,
      );
    }
    const { resolution } = this;
    const before = [...this.widths(), ...shares.slice(this.shares.length).map(() => 0)];
    const kept = shares.map((share, arm) => (share === this.shares[arm] ? before[arm] : undefined));
    const target = gridWidths(shares, resolution, kept);
    const ranges = rampRanges(this.ranges, target);
    const moved = target.reduce((sum, width, arm) => sum + Math.max(0, width - before[arm]!), 0) / resolution;
    return new RangeLedger({ resolution, epoch: this.epoch + 1, shares, ranges, moved });
  }

  /** The state as plain JSON. */
  toJSON(): RangeLedgerState {
    const { resolution, epoch, shares, ranges, moved } = this;
    return { version: 1, resolution, epoch, shares, ranges, moved };
  }

  /**
   * The ledger that `toJSON` described.
   * @throws SnapshotError if the state is not that of a version 1 ledger, or its ranges do not fit its shares
   */
  static fromJSON(state: RangeLedgerState): RangeLedger {
    const problem = problemOf(state);
    if (problem !== undefined) throw new SnapshotError(`the state of a range ledger must ${problem}`);
    return new RangeLedger(state);
  }
}

/** What is wrong with a state, or undefined. */
function problemOf(state: RangeLedgerState): string | undefined {
  if (state?.version !== 1) return 'be what RangeLedger.toJSON() returned (version 1)';
  const { resolution, epoch, shares, ranges, moved } = state;
  const whole = (value: unknown, most: number): boolean =>
    Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
  if (!whole(resolution, CIRCLE) || resolution < 1) return 'have a resolution within [1, 2^32]';
  if (!whole(epoch, Number.MAX_SAFE_INTEGER)) return 'have an epoch of at least 0';
  if (!(moved >= 0 && moved <= 1)) return 'have moved within [0, 1]';
  if (!Array.isArray(shares) || !Array.isArray(ranges)) return 'have lists of shares and ranges';
  if (!shares.every((share) => typeof share === 'number' && share >= 0 && share <= 1))
    return 'have shares within [0, 1]';
  const widths = shares.map(() => 0);
  for (const range of ranges as readonly ArmRange[]) {
    if (!whole(range?.arm, shares.length - 1) || !whole(range.width, resolution))
      return 'have ranges of known arms and whole widths';
    widths[range.arm]! += range.width;
  }
  if (widths.reduce((sum, width) => sum + width, 0) !== resolution) return 'have ranges that cover the circle exactly';
  // Rounding, the 1e-9 by which sums may be off, and a GrowthBook layout, which rounds up.
  const slack = shares.length + 2 + 1e-8 * resolution;
  if (widths.some((width, arm) => Math.abs(width - shares[arm]! * resolution) > slack))
    return 'have ranges that fit its shares';
  return undefined;
}
