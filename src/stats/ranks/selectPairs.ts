import type { PairSet, Window } from './PairSet.ts';
import { selectValue } from './selectValue.ts';

/** At least and at most so many values are written down; among more the search goes on. */
const FEWEST = 2000;
const MOST = 100_000;
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

/** What a search has found out so far; all ranks share it. */
interface Search {
  readonly pairs: PairSet;
  /** The first two are the ends of all values. */
  readonly cuts: Cut[];
  readonly windows: Window[];
}

/**
 * The values of given ranks (from 1) among all pairs, exactly, in memory of the order of the samples.
 *
 * Splits the pairs at interpolated values until few enough lie in between to be written down. All ranks share their splits;
 * the first ones come from a thinned sample.
 *
 * Source: the counting step is that of Johnson & Mizoguchi (1978), doi:10.1137/0207013 (selecting in X + Y).
 */
export function selectPairs(pairs: PairSet, ranks: readonly number[]): readonly number[] {
  const { size, min, max } = pairs;
  const cuts: Cut[] = [
    { count: 0, below: Number.NEGATIVE_INFINITY, above: min },
    { count: size, below: max, above: Number.POSITIVE_INFINITY },
  ];
  // What can be written down at once needs no first guesses.
  const coarse = size <= enoughFor(pairs) ? undefined : pairs.thin();
  if (coarse !== undefined) {
    const scale = coarse.size / size;
    const near = ranks.map((rank) => Math.min(coarse.size, Math.max(1, Math.round(rank * scale))));
    for (const t of new Set(selectPairs(coarse, near))) cuts.push(cut(pairs, t));
  }
  const search: Search = { pairs, cuts, windows: [] };
  return ranks.map((rank) => select(search, rank));
}

function enoughFor({ steps }: PairSet): number {
  return Math.min(MOST, Math.max(FEWEST, steps));
}

function cut(pairs: PairSet, t: number): Cut {
  const { atMost, below, above } = pairs.split(t);
  return { count: atMost, below, above };
}

function select(search: Search, rank: number): number {
  const { pairs, cuts } = search;
  const enough = enoughFor(pairs);
  const found = valueIn(search.windows, rank);
  if (found !== undefined) return found;
  let { lower, upper } = bracket(cuts, rank);
  for (let round = 0; lower.above < upper.below; round += 1) {
    const way = Math.min(rank - lower.count, upper.count - rank);
    const few = upper.count - lower.count <= enough;
    if (few || (round < PATIENCE && way < NEAR * enough)) {
      const low = few ? lower.above : aim(cuts, lower, upper, rank - enough / 3);
      const high = few ? upper.below : aim(cuts, lower, upper, rank + enough / 3);
      const value = lookInto(search, low, high, rank);
      if (value !== undefined) return value;
    } else {
      cuts.push(cut(pairs, nextSplit(cuts, lower, upper, rank, round)));
    }
    ({ lower, upper } = bracket(cuts, rank));
  }
  return upper.below;
}

/** The value of a rank if it lies within one of the windows. */
function valueIn(windows: readonly Window[], rank: number): number | undefined {
  for (const { less, values } of windows) {
    if (rank > less && rank <= less + values.length) return selectValue(values, rank - less);
  }
  return undefined;
}

/** The value of a rank if it lies within a window that is not too large; what else the window tells goes into the cuts. */
function lookInto({ pairs, cuts, windows }: Search, low: number, high: number, rank: number): number | undefined {
  const window = pairs.window(low, high, enoughFor(pairs));
  if (window === undefined) {
    cuts.push(cut(pairs, low));
    return undefined;
  }
  windows.push(window);
  const { less, values } = window;
  cuts.push({ count: less, below: low, above: low }, { count: less + values.length, below: high, above: high });
  return valueIn([window], rank);
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

/**
 * Where a rank is if the values are spread evenly: between the cuts around it, or, where one of them is an end of all
 * values, on the line through the two nearest other cuts.
 */
function aim(cuts: readonly Cut[], lower: Cut, upper: Cut, rank: number): number {
  const [low, high] = [lower.above, upper.below];
  const known = lower === cuts[0] || upper === cuts[1] ? nearest(cuts, rank) : undefined;
  const [from, to] = known ?? [lower, upper];
  const [start, end] = known ? [from.below, to.below] : [low, high];
  const t = start + ((rank - from.count) / (to.count - from.count)) * (end - start);
  return Math.min(high, Math.max(low, t));
}

/** The two cuts nearest to a rank, the ends of all values left out; `undefined` where there are no two. */
function nearest(cuts: readonly Cut[], rank: number): readonly [Cut, Cut] | undefined {
  let [first, second]: (Cut | undefined)[] = [];
  for (let i = 2; i < cuts.length; i += 1) {
    const candidate = cuts[i]!;
    const way = Math.abs(candidate.count - rank);
    if (first === undefined || way < Math.abs(first.count - rank)) [first, second] = [candidate, first];
    else if (candidate.count !== first.count && (second === undefined || way < Math.abs(second.count - rank))) {
      second = candidate;
    }
  }
  return first === undefined || second === undefined || second.count === first.count ? undefined : [first, second];
}

/**
 * A value to split at, within [lower.above, upper.below). Aims a little to either side of the rank in turn, by a share
 * of the way to the nearest cut, so as to close in from both sides.
 */
function nextSplit(cuts: readonly Cut[], lower: Cut, upper: Cut, rank: number, round: number): number {
  const [low, high] = [lower.above, upper.below];
  const way = Math.min(rank - lower.count, upper.count - rank);
  const aside = Math.max(FEWEST, way / ASIDE) * (upper.count - rank > rank - lower.count ? 1 : -1);
  const halve = round >= PATIENCE && round % 2 === 0;
  const t = halve ? low / 2 + high / 2 : aim(cuts, lower, upper, rank + aside);
  return t >= low && t < high ? t : low;
}
