import { checkFinite } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { normalDistribution } from '../../stats/distributions/normalDistribution.ts';
import { groupSequentialBoundaries } from '../../stats/sequential/groupSequentialBoundaries.ts';
import { compareFixed } from './compareFixed.ts';
import type { CompareOptions, MetricComparison, MetricStratum } from './MetricComparison.ts';

/** Options of {@link compareGroupSequential}. */
export interface GroupSequentialCompareOptions extends CompareOptions {
  /** Observations of both sides together at each planned look, ascending; the last one ends the test. */
  readonly looks: readonly number[];
  /** How the error probability is spent. @defaultValue 'obrien-fleming' */
  readonly spending?: 'obrien-fleming' | 'pocock';
}

/**
 * A candidate beside a reference at one of a few planned looks: alpha spending by Lan and DeMets. Between looks it is
 * inconclusive, since an unplanned look would break the guarantee: whoever looks late keeps the look's result until the
 * next one is due. The interval is the repeated confidence interval, and the p-value the level at which the boundary
 * would just have been reached at this look (Jennison and Turnbull's repeated p-value).
 *
 * @throws InvalidOptionError for looks that do not ascend
 * @throws InvalidDataError without strata
 * @see Lan & DeMets (1983), Biometrika 70(3), doi:10.1093/biomet/70.3.659; Jennison & Turnbull (2000), Group Sequential
 * Methods, chapter 9
 */
export function compareGroupSequential(
  strata: readonly MetricStratum[],
  { looks, spending = 'obrien-fleming', ...options }: GroupSequentialCompareOptions,
): MetricComparison {
  for (const [i, planned] of looks.entries()) checkFinite(`looks[${i}]`, planned, { gt: looks[i - 1] ?? 0 });
  const last = looks.at(-1);
  if (last === undefined) throw new InvalidOptionError('looks', looks, 'a list of at least one number of observations');
  const fixed = compareFixed(strata, options);
  const method = 'group-sequential';
  const seen = fixed.reference.n + fixed.candidate.n;
  const look = looks.filter((planned) => planned <= seen).length - 1;
  if (fixed.status !== 'ok' || look < 0) {
    const { metric, direction, reference, candidate, relative, n, validity } = fixed;
    const reason =
      fixed.status === 'ok' ? `the first look is planned at ${looks[0]} observations, now ${seen}` : fixed.reason;
    return {
      status: 'inconclusive',
      method,
      validity,
      n,
      warnings: fixed.warnings,
      reason,
      metric,
      direction,
      reference,
      candidate,
      relative,
    };
  }
  const { alpha = 0.05, alternative = 'two-sided' } = options;
  const sides = alternative === 'two-sided' ? 2 : 1;
  const fractions = looks.map((planned) => planned / last);
  const boundaryAt = (level: number): number =>
    groupSequentialBoundaries({ informationFractions: fractions.slice(0, look + 1), alpha: level, sides, spending })
      .zBoundaries[look]!;
  const boundary = boundaryAt(alpha);
  // The t statistic as the normal deviate of the same tail: small samples keep their level.
  const deviate = normalDistribution.isf(fixed.pValue / sides);
  const half = boundary * fixed.standardError!;
  const { estimate } = fixed;
  const pValue = deviate > 0 ? repeatedPValue(boundaryAt, deviate, alpha) : 1;
  return {
    ...fixed,
    method,
    pValue,
    interval: [
      alternative === 'less' ? Number.NEGATIVE_INFINITY : estimate - half,
      alternative === 'greater' ? Number.POSITIVE_INFINITY : estimate + half,
    ],
    warnings: [...fixed.warnings, `look ${look + 1} of ${looks.length}: valid at the planned looks alone`],
  };
}

/**
 * The level at which the boundary of this look equals the deviate, by bisection of its logarithm. It starts at `alpha`, so
 * that the p-value is below it exactly where the boundary was reached.
 */
function repeatedPValue(boundaryAt: (level: number) => number, deviate: number, alpha: number): number {
  const reached = boundaryAt(alpha) <= deviate;
  let [low, high] = reached ? [Math.log(1e-12), Math.log(alpha)] : [Math.log(alpha), Math.log(0.999)];
  if (reached && boundaryAt(1e-12) <= deviate) return 1e-12;
  if (!reached && boundaryAt(0.999) >= deviate) return 1;
  for (let i = 0; i < 16; i += 1) {
    const middle = (low + high) / 2;
    if (boundaryAt(Math.exp(middle)) <= deviate) high = middle;
    else low = middle;
  }
  return reached ? Math.min(alpha, Math.exp(high)) : Math.exp(high);
}
