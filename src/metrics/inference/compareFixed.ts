import { checkOneOf } from '../../core/check.ts';
import { fiellerInterval } from '../../stats/intervals/fiellerInterval.ts';
import { logRatioInterval } from '../../stats/intervals/logRatioInterval.ts';
import { stratifiedDifferenceTest } from '../../stats/tests/stratifiedDifferenceTest.ts';
import { studentTest } from '../../stats/tests/studentTest.ts';
import { welchTest } from '../../stats/tests/welchTest.ts';
import type { SampleMoments } from '../../stats/types.ts';
import type { MetricSummary } from '../MetricSummary.ts';
import { checkCompare, contrast, isZero, metricOf, totalOf } from './contrast.ts';
import { jointSides } from './jointUnits.ts';
import type {
  CompareOptions,
  ComparisonBase,
  MetricComparison,
  MetricStratum,
  RelativeImprovement,
} from './MetricComparison.ts';
import { pairedMoments } from './metricMoments.ts';
import { baseOf, improvementOf, toComparison } from './toComparison.ts';

/** Options of {@link compareFixed}. */
export interface FixedCompareOptions extends CompareOptions {
  /** `student` pools the variances. With several strata both become the stratified test. @defaultValue 'welch' */
  readonly method?: 'welch' | 'student';
}

/**
 * A candidate beside a reference at one planned look: Welch's or Student's t-test of the metric, whatever its kind (see
 * {@link metricMoments}), with the relative improvement by the log-ratio. Over several strata the differences within
 * them are combined by inverse variance.
 *
 * @throws InvalidDataError without strata
 * @throws InvalidOptionError
 */
export function compareFixed(strata: readonly MetricStratum[], options: FixedCompareOptions = {}): MetricComparison {
  const { alpha, alternative, threshold } = checkCompare(options, ['method']);
  const method = checkOneOf('method', options.method ?? 'welch', ['welch', 'student']);
  const metric = metricOf(strata);
  const sides = jointSides(strata);
  const level = 1 - alpha;
  const test = (at: typeof threshold) => {
    const stages = sides.map(([a, b]) => contrast(metric, a.moments, b.moments, at));
    const [{ first, second, nullValue }] = stages as [(typeof stages)[0]];
    const common = { alternative, level, nullValue };
    if (stages.length > 1)
      return stratifiedDifferenceTest(
        stages.map((s) => [s.first, s.second] as const),
        common,
      );
    return (method === 'welch' ? welchTest : studentTest)(first, second, common);
  };
  const tested = test(threshold);
  // The interval is about the improvement itself, also where the test is about a scaled reference.
  const plain = 'relative' in threshold && !isZero(threshold) ? test({ absolute: 0 }) : tested;
  const warnings = sides.flatMap(([a, b]) => [...a.warnings, ...b.warnings]);
  const base = baseOf(strata, relativeFixed(strata, level));
  if (tested.status === 'inconclusive' || plain.status === 'inconclusive') {
    return toComparison(base, tested.status === 'inconclusive' ? tested : plain, { alternative }, warnings);
  }
  const { estimate, interval } = plain;
  return toComparison(base, { ...tested, estimate, interval }, tested, warnings);
}

/** The relative improvement at one look; by Fieller where a mean is not positive. */
function relativeFixed(strata: readonly MetricStratum[], level: number): RelativeImprovement | undefined {
  const { direction } = metricOf(strata);
  const [reference, candidate] = totals(strata);
  const [a, b] = pairedMoments(reference, candidate).map((side) => side.moments) as [SampleMoments, SampleMoments];
  const ratio = logRatioInterval(b, a, { level });
  const found = ratio.status === 'ok' ? ratio : fiellerInterval(b, a, { level });
  if (found.status !== 'ok' || a.mean < 0) return undefined;
  const improvement = improvementOf(direction, found);
  // By the difference rather than 1 - ratio: what a reader computes from the two values beside it.
  const difference = direction === 'lower' ? a.mean - b.mean : b.mean - a.mean;
  return { ...improvement, estimate: difference / a.mean };
}

function totals(strata: readonly MetricStratum[]): readonly [MetricSummary, MetricSummary] {
  return [totalOf(strata.map((s) => s.reference)), totalOf(strata.map((s) => s.candidate))];
}

/** Fixed-n relative improvement of a comparison that has none of its own. @internal */
export function withFixedRelative(strata: readonly MetricStratum[], level: number): ComparisonBase {
  return baseOf(strata, relativeFixed(strata, level));
}
