import { inconclusive } from '../inconclusive.ts';
import type { Interval, IntervalEstimate, IntervalResult } from '../types.ts';

/**
 * The difference of two estimates, first minus second, from their intervals: it fails only where one of them does, so that
 * their error probabilities add up (Bonferroni). Wider than an interval of the difference itself, and valid whatever the
 * two have to do with one another: also at every look, where both are.
 *
 * @returns `inconclusive` where one of them is
 * @internal
 */
export function differenceOfIntervals(first: IntervalResult, second: IntervalResult): IntervalResult {
  return combine('difference-of-intervals', first, second, (a, b) => ({
    estimate: a.estimate - b.estimate,
    interval: [a.interval[0] - b.interval[1], a.interval[1] - b.interval[0]],
  }));
}

/**
 * The ratio of two estimates of positive quantities, first over second, as {@link differenceOfIntervals}. Ends below 0 count
 * as 0; where the second may be 0, the ratio has no upper end.
 *
 * @returns `inconclusive` where one of them is, or the second estimate is not above 0
 * @internal
 */
export function ratioOfIntervals(first: IntervalResult, second: IntervalResult): IntervalResult {
  const method = 'ratio-of-intervals';
  if (second.status === 'ok' && !(second.estimate > 0)) {
    return inconclusive(method, [...first.n, ...second.n], 'the second estimate is not above 0', second.validity);
  }
  return combine(method, first, second, (a, b) => ({
    estimate: a.estimate / b.estimate,
    interval: [
      Math.max(0, a.interval[0]) / b.interval[1],
      b.interval[0] > 0 ? a.interval[1] / b.interval[0] : Number.POSITIVE_INFINITY,
    ],
  }));
}

/** The interval of the root of what an interval is about. @internal */
export function rootOfInterval(result: IntervalResult): IntervalResult {
  if (result.status !== 'ok') return result;
  const root = (x: number): number => Math.sqrt(Math.max(0, x));
  const [lower, upper] = result.interval;
  return { ...result, estimate: root(result.estimate), interval: [root(lower), root(upper)] };
}

/** How the largest difference is asked for. */
export interface LargestDifferenceOptions {
  readonly alpha: number;
  /** `less`: an upper bound; `greater`: a lower bound. */
  readonly alternative: 'less' | 'greater';
}

/**
 * A bound of the largest difference between two groups of one family, over several families.
 *
 * The upper bound fails only where one of the two groups that differ most lies outside its own interval: both get half of
 * alpha, however many groups there are. A lower bound is the best of all pairs and fails where any group does: all share alpha
 * (Bonferroni).
 *
 * @param families of groups, each the interval of its group with an error probability
 * @returns `inconclusive` where no family has two groups, or a group is
 * @internal
 */
export function largestDifference(
  families: readonly (readonly ((alpha: number) => IntervalResult)[])[],
  { alpha, alternative }: LargestDifferenceOptions,
): IntervalResult {
  const method = 'largest-difference-of-intervals';
  const compared = families.filter((groups) => groups.length > 1);
  const share = alpha / (alternative === 'less' ? 2 : compared.flat().length);
  const results = compared.map((groups) => groups.map((ask) => ask(share)));
  const n = [Math.min(...results.flat().flatMap((group) => group.n))];
  if (results.length === 0) return inconclusive(method, [0], 'there are no two groups to compare', 'anytime');
  const open = results.flat().find(({ status }) => status !== 'ok');
  if (open !== undefined) return { ...open, method, n } as IntervalResult;
  const known = results as readonly (readonly IntervalEstimate[])[];
  const largest = (of: (a: IntervalEstimate, b: IntervalEstimate) => number): number =>
    Math.max(...known.flatMap((groups) => groups.flatMap((a) => groups.map((b) => (a === b ? 0 : of(a, b))))));
  const estimate = largest((a, b) => a.estimate - b.estimate);
  const interval: Interval =
    alternative === 'less'
      ? [0, largest((a, b) => a.interval[1] - b.interval[0])]
      : [largest((a, b) => a.interval[0] - b.interval[1]), Number.POSITIVE_INFINITY];
  const { validity } = known[0]![0]!;
  return { status: 'ok', method, validity, n, warnings: [], estimate, interval, level: 1 - alpha };
}

type Known = Pick<IntervalEstimate, 'estimate' | 'interval'>;

function combine(
  method: string,
  first: IntervalResult,
  second: IntervalResult,
  join: (a: Known, b: Known) => Known,
): IntervalResult {
  const n = [...first.n, ...second.n];
  const validity = first.validity === second.validity ? first.validity : 'fixed-n';
  const warnings = [...new Set([...first.warnings, ...second.warnings])];
  if (first.status !== 'ok') return inconclusive(method, n, first.reason, validity, warnings);
  if (second.status !== 'ok') return inconclusive(method, n, second.reason, validity, warnings);
  const level = first.level + second.level - 1;
  return { status: 'ok', method, validity, n, warnings, ...join(first, second), level };
}
