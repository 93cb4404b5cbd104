import { checkFinite } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { normalDistribution } from '../../stats/distributions/normalDistribution.ts';
import { obrienFlemingSpending, pocockSpending } from '../../stats/sequential/alphaSpending.ts';
import { groupSequentialBoundaries } from '../../stats/sequential/groupSequentialBoundaries.ts';
import { compareFixed } from './compareFixed.ts';
import { comparePaired, type MetricPairs } from './comparePaired.ts';
import type { CompareOptions, MetricComparison, MetricStratum } from './MetricComparison.ts';
import { withoutError, withReason } from './toComparison.ts';

/** Options of {@link compareGroupSequential}. */
export interface GroupSequentialCompareOptions extends CompareOptions {
  /** Observations of both sides together at each planned look, ascending; the last one ends the test. */
  readonly looks: readonly number[];
  /** How the error probability is spent. @defaultValue 'obrien-fleming' */
  readonly spending?: 'obrien-fleming' | 'pocock';
  /**
   * Whether no more data will come: what there is becomes the last look, which spends all of alpha that is left, whatever
   * number was planned. For a reason that does not depend on the results. @defaultValue false
   */
  readonly final?: boolean;
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
  options: GroupSequentialCompareOptions,
): MetricComparison {
  const { looks: _, spending: __, final: ___, ...rest } = options;
  return atLook(compareFixed(strata, rest), options);
}

/**
 * The same for both models on the same requests, by the differences: each pair is two observations.
 *
 * @throws InvalidDataError for a metric that cannot be paired
 * @throws InvalidOptionError for looks that do not ascend
 */
export function compareGroupSequentialPairs(
  pairs: MetricPairs,
  options: GroupSequentialCompareOptions,
): MetricComparison {
  const { looks: _, spending: __, final: ___, ...rest } = options;
  return atLook(comparePaired(pairs, { ...rest, method: 'fixed' }), options);
}

/** A comparison at one look as one of several that are planned. */
function atLook(
  fixed: MetricComparison,
  { looks, spending = 'obrien-fleming', final = false, ...options }: GroupSequentialCompareOptions,
): MetricComparison {
  for (const [i, planned] of looks.entries()) checkFinite(`looks[${i}]`, planned, { gt: looks[i - 1] ?? 0 });
  const last = looks.at(-1);
  if (last === undefined) throw new InvalidOptionError('looks', looks, 'a list of at least one number of observations');
  const method = 'group-sequential';
  const seen = fixed.n.reduce((sum, n) => sum + n, 0);
  const reached = looks.filter((planned) => planned <= seen).length;
  if (fixed.status !== 'ok' || (reached === 0 && !final)) {
    const reason =
      fixed.status === 'ok' ? `the first look is planned at ${looks[0]} observations, now ${seen}` : fixed.reason;
    return withReason(fixed, method, reason);
  }
  const { alpha = 0.05, alternative = 'two-sided' } = options;
  const sides = alternative === 'two-sided' ? 2 : 1;
  const { fractions, ending } = fractionsOf(looks, seen, final);
  const look = fractions.length - 1;
  const boundaryAt = (level: number): number =>
    groupSequentialBoundaries({
      informationFractions: fractions,
      alpha: level,
      sides,
      spending: ending ? spendAll(spending, level, sides, fractions[look]!) : spending,
    }).zBoundaries[look]!;
  const boundary = boundaryAt(alpha);
  // The t statistic as the normal deviate of the same tail: small samples keep their level.
  const deviate = normalDistribution.isf(fixed.pValue / sides);
  if (fixed.standardError === undefined) return withoutError(fixed, method);
  const half = boundary * fixed.standardError;
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
    warnings: [
      ...fixed.warnings,
      ending
        ? `the last look, at ${seen} observations instead of ${last}: no more will come`
        : `look ${look + 1} of ${looks.length}: valid at the planned looks alone`,
    ],
  };
}

interface Fractions {
  /** Of the planned information, at each look up to this one. */
  readonly fractions: readonly number[];
  /** Whether this look is the last one before its time. */
  readonly ending: boolean;
}

function fractionsOf(looks: readonly number[], seen: number, final: boolean): Fractions {
  const last = looks.at(-1)!;
  const taken = looks.filter((planned) => planned <= seen).map((planned) => planned / last);
  if (!final || seen >= last) return { fractions: taken, ending: false };
  const now = seen / last;
  // A look at the very same data is this one.
  return { fractions: [...taken.filter((fraction) => fraction < now), now], ending: true };
}

/** Spends as planned before the last look, and all that is left at it. */
function spendAll(
  spending: 'obrien-fleming' | 'pocock',
  alpha: number,
  sides: 1 | 2,
  end: number,
): (fraction: number) => number {
  const planned = spending === 'pocock' ? pocockSpending({ alpha }) : obrienFlemingSpending({ alpha, sides });
  return (fraction) => (fraction >= end ? alpha : planned(fraction));
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
