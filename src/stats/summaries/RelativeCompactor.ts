import { SnapshotError } from '../../core/errors.ts';
import { isFiniteList } from './snapshot.ts';

/** The state of one level of a quantile sketch. */
export interface CompactorState {
  readonly sectionSize: number;
  readonly sections: number;
  readonly compactions: number;
  readonly odd: boolean;
  readonly sorted: number;
  readonly values: readonly number[];
}

/** Below this size sections are not split any further. */
const SMALLEST_SECTION = 4;
/** Sections of a new level. */
const FIRST_SECTIONS = 3;
/** Compactions are counted modulo this; only their trailing bits matter by then. */
const WRAP = 2 ** 30;

/**
 * One level of the relative-error quantile sketch: a buffer that, when full, keeps its largest values and hands every
 * other one of the rest up a level, where each stands for two. How far down it reaches follows a schedule (the
 * trailing ones of a counter) under which large values are disturbed exponentially less often than small ones.
 *
 * Source: Cormode, Karnin, Liberty, Thaler & Veselý (2023), doi:10.1145/3617891, section 2.1 and appendix D (adaptive sections).
 */
export class RelativeCompactor {
  #sectionSize: number;
  #sections = FIRST_SECTIONS;
  #compactions = 0;
  #odd = false;
  // The first `#sorted` of `#size` values are in order; what came since stands behind them as it came.
  #values: Float64Array;
  #size = 0;
  #sorted = 0;
  #capacity: number;

  constructor(sectionSize: number) {
    this.#sectionSize = sectionSize;
    this.#capacity = 2 * FIRST_SECTIONS * evenSection(sectionSize);
    this.#values = new Float64Array(this.#capacity);
  }

  /** The values that this level holds, in no order. Not to be changed. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#size);
  }
  /** Whether there are as many values as should trigger a compaction. */
  get full(): boolean {
    return this.#size >= this.#capacity;
  }

  push(value: number): void {
    if (this.#size === this.#values.length) this.#reserve(2 * this.#size);
    this.#values[this.#size] = value;
    this.#size += 1;
  }

  /** Drops half of the smaller values and moves the other half to `above`. `coin` gives fair bits. */
  compact(above: RelativeCompactor, coin: () => boolean): void {
    this.#sort();
    const sections = Math.min(trailingOnes(this.#compactions) + 1, this.#sections);
    const kept = this.#capacity / 2 + (this.#sections - sections) * evenSection(this.#sectionSize);
    const handled = (this.#size - kept) & ~1;
    // Two compactions share a coin, the second one takes the other side: half of the error cancels.
    this.#odd = this.#compactions % 2 === 1 ? !this.#odd : coin();
    for (let i = this.#odd ? 1 : 0; i < handled; i += 2) above.push(this.#values[i]!);
    this.#values.copyWithin(0, handled, this.#size);
    this.#size -= handled;
    this.#sorted = this.#size;
    this.#compactions = (this.#compactions + 1) % WRAP;
    this.#refine();
  }

  merge(other: RelativeCompactor): void {
    // The union of the counters' bits keeps the schedule of both sides.
    this.#compactions |= other.#compactions;
    this.#sections = Math.max(this.#sections, other.#sections);
    this.#sectionSize = Math.min(this.#sectionSize, other.#sectionSize);
    const { values } = other;
    this.#reserve(this.#size + values.length);
    this.#values.set(values, this.#size);
    this.#size += values.length;
    this.#refine();
  }

  toJSON(): CompactorState {
    return {
      sectionSize: this.#sectionSize,
      sections: this.#sections,
      compactions: this.#compactions,
      odd: this.#odd,
      sorted: this.#sorted,
      values: Array.from(this.values),
    };
  }

  /** @throws SnapshotError */
  static fromJSON(state: CompactorState): RelativeCompactor {
    const { sectionSize, sections, compactions, sorted } = Object(state) as CompactorState;
    if (!isFiniteList([sectionSize, sections, compactions, sorted]) || !isFiniteList(state.values)) {
      throw new SnapshotError('every level of a quantile-sketch summary must hold its numbers and its finite values');
    }
    const level = new RelativeCompactor(state.sectionSize);
    level.#sections = state.sections;
    level.#compactions = state.compactions;
    level.#odd = state.odd;
    level.#reserve(state.values.length);
    level.#values.set(state.values);
    level.#size = state.values.length;
    level.#sorted = state.sorted;
    level.#resize();
    return level;
  }

  /** Orders all values: sorts the new ones and merges them from the back into those in order. */
  #sort(): void {
    const fresh = this.#values.slice(this.#sorted, this.#size).sort();
    let old = this.#sorted - 1;
    let next = fresh.length - 1;
    for (let to = this.#size - 1; next >= 0; to -= 1) {
      if (old >= 0 && this.#values[old]! > fresh[next]!) this.#values[to] = this.#values[old--]!;
      else this.#values[to] = fresh[next--]!;
    }
    this.#sorted = this.#size;
  }

  #reserve(length: number): void {
    if (length <= this.#values.length) return;
    const larger = new Float64Array(length);
    larger.set(this.values);
    this.#values = larger;
  }

  /** More and smaller sections once the schedule has used up the present ones. */
  #refine(): void {
    while (this.#compactions >= 2 ** (this.#sections - 1) && this.#sectionSize / Math.SQRT2 >= SMALLEST_SECTION) {
      this.#sectionSize /= Math.SQRT2;
      this.#sections *= 2;
    }
    this.#resize();
  }

  #resize(): void {
    this.#capacity = 2 * this.#sections * evenSection(this.#sectionSize);
    this.#reserve(this.#capacity);
  }
}

/** The section size in use: the nearest even number. */
function evenSection(sectionSize: number): number {
  return 2 * Math.round(sectionSize / 2);
}

function trailingOnes(bits: number): number {
  return 31 - Math.clz32(~bits & (bits + 1));
}
