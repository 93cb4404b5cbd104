import { ascending } from '../ascending.ts';
import type { PairSet } from './PairSet.ts';

/** At least and at most so many values are written down and sorted; among more the search goes on. */
const FEWEST = 2000;
const MOST = 30_000;
/** From this round on every other split halves the interval: interpolation has not got on. */
const PATIENCE = 6;
/** A cut closer than this many times that number is close enough to foresee the place of a rank. */
const NEAR = 3000;
/** By this part of the way to the nearest cut the next one misses the rank on purpose. */
const ASIDE = 100;

/** Two neighbouring values of pairs with the number of pairs up to the lower one. */
interface Cut {
  readonly count: number;
  readonly below: number;
  readonly above: number;
}

/**
 * The values of given ranks (from 1) among all pairs, exactly, in memory of the order of the samples.
 *
 * Splits the pairs at interpolated values until few enough lie in between to be sorted. All ranks share their splits;
 * the first ones come from a thinned sample.
 *
 * Source: the counting step is that of Johnson & Mizoguchi (1978), doi:10.1137/0207013 (selecting in X + Y).
 */
export function selectPairs(pairs: PairSet, ranks: readonly number[]): readonly number[] {
  const { size, min, max } = pairs;
  if (size <= enoughFor(pairs)) {
    const all = ascending(pairs.window(min, max, size)!.values);
    return ranks.map((rank) => all[rank - 1]!);
  }
  const cuts: Cut[] = [
    { count: 0, below: Number.NEGATIVE_INFINITY, above: min },
    { count: size, below: max, above: Number.POSITIVE_INFINITY },
  ];
  const coarse = pairs.thin();
  if (coarse !== undefined) {
    const scale = coarse.size / size;
    const near = ranks.map((rank) => Math.min(coarse.size, Math.max(1, Math.round(rank * scale))));
    for (const t of new Set(selectPairs(coarse, near))) cuts.push(cut(pairs, t));
  }
  return ranks.map((rank) => select(pairs, rank, cuts));
}

function enoughFor({ steps }: PairSet): number {
  return Math.min(MOST, Math.max(FEWEST, steps));
}

function cut(pairs: PairSet, t: number): Cut {
  const { atMost, below, above } = pairs.split(t);
  return { count: atMost, below, above };
}

function select(pairs: PairSet, rank: number, cuts: Cut[]): number {
  const enough = enoughFor(pairs);
  let { lower, upper } = bracket(cuts, rank);
  for (let round = 0; lower.above < upper.below; round += 1) {
    const way = Math.min(rank - lower.count, upper.count - rank);
    const few = upper.count - lower.count <= enough;
    if (few || (round < PATIENCE && way < NEAR * enough)) {
      const low = few ? lower.above : aim(lower, upper, rank - enough / 3);
      const high = few ? upper.below : aim(lower, upper, rank + enough / 3);
      const value = lookInto(pairs, low, high, rank, cuts);
      if (value !== undefined) return value;
    } else {
      cuts.push(cut(pairs, nextSplit(lower, upper, rank, round, enough)));
    }
    ({ lower, upper } = bracket(cuts, rank));
  }
  return upper.below;
}

/** The value of a rank if it lies within a window that is not too large; what else the window tells goes into the cuts. */
function lookInto(pairs: PairSet, low: number, high: number, rank: number, cuts: Cut[]): number | undefined {
  const window = pairs.window(low, high, enoughFor(pairs));
  if (window === undefined) {
    cuts.push(cut(pairs, low));
    return undefined;
  }
  const { less, values } = window;
  if (rank > less && rank <= less + values.length) return ascending(values)[rank - less - 1]!;
  cuts.push({ count: less, below: low, above: low }, { count: less + values.length, below: high, above: high });
  return undefined;
}

/** The closest cuts on both sides of a rank: its value lies within [lower.above, upper.below]. */
function bracket(cuts: readonly Cut[], rank: number): { lower: Cut; upper: Cut } {
  let [lower, upper] = [cuts[0]!, cuts[1]!];
  for (const candidate of cuts) {
    if (candidate.count < rank && candidate.count >= lower.count) lower = candidate;
    if (candidate.count >= rank && candidate.count <= upper.count) upper = candidate;
  }
  return { lower, upper };
}

/** Where between two cuts a rank is, if the values are spread evenly. */
function aim(lower: Cut, upper: Cut, rank: number): number {
  const share = (rank - lower.count) / (upper.count - lower.count);
  return lower.above + Math.min(0.999, Math.max(0.001, share)) * (upper.below - lower.above);
}

/**
 * A value to split at, within [lower.above, upper.below). Aims a little to either side of the rank in turn, by a share
 * of the way to the nearest cut, so as to close in from both sides.
 */
function nextSplit(lower: Cut, upper: Cut, rank: number, round: number, enough: number): number {
  const [low, high] = [lower.above, upper.below];
  const way = Math.min(rank - lower.count, upper.count - rank);
  const aside = Math.max(enough / 3, way / ASIDE) * (upper.count - rank > rank - lower.count ? 1 : -1);
  const halve = round >= PATIENCE && round % 2 === 0;
  const t = halve ? low + (high - low) / 2 : aim(lower, upper, rank + aside);
  return t >= low && t < high ? t : low;
}
