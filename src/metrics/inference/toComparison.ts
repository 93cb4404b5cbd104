import type { Estimate, Inconclusive } from '../../stats/types.ts';
import { metricOf, sidesOf } from './contrast.ts';
import type {
  ComparisonBase,
  ComparisonDetails,
  MetricComparison,
  MetricStratum,
  RelativeImprovement,
} from './MetricComparison.ts';

/** What a comparison says of both sides, whatever the method. */
export function baseOf(strata: readonly MetricStratum[], relative?: RelativeImprovement): ComparisonBase {
  const { name, direction } = metricOf(strata);
  return { metric: name, direction, ...sidesOf(strata), relative };
}

/** A statistic's result as a comparison: `n` in the order reference, candidate. */
export function toComparison(
  base: ComparisonBase,
  result: Estimate | Inconclusive,
  details: ComparisonDetails,
  warnings: readonly string[] = [],
): MetricComparison {
  const n = [base.reference.n, base.candidate.n];
  const told = [...new Set([...result.warnings, ...warnings, ...invalidWarning(base)])];
  if (result.status === 'inconclusive') return { ...result, ...base, n, warnings: told };
  return { ...details, ...result, ...base, n, warnings: told };
}

function invalidWarning({ reference, candidate }: ComparisonBase): readonly string[] {
  const invalid = reference.invalid + candidate.invalid;
  return invalid > 0 ? [`${invalid} values were NaN or infinite and are left out`] : [];
}

/** A comparison that has no conclusion yet: its values, and the reason in place of an estimate. */
export function withReason(from: MetricComparison, method: string, reason: string): MetricComparison {
  const { metric, direction, reference, candidate, relative, n, validity, warnings } = from;
  const base = { metric, direction, reference, candidate, relative };
  return { status: 'inconclusive', method, validity, n, warnings, reason, ...base };
}

/** An exact test of differences that do not vary has no standard error: nothing can be built on one. */
export function withoutError(fixed: Extract<MetricComparison, { status: 'ok' }>, method: string): MetricComparison {
  return withReason(fixed, method, 'the differences do not vary: their error is not known yet');
}

/** The ratio of candidate over reference as an improvement. */
export function improvementOf(
  direction: ComparisonBase['direction'],
  ratio: {
    readonly estimate: number;
    readonly interval: readonly [number, number];
    readonly method: string;
    readonly validity: RelativeImprovement['validity'];
  },
): RelativeImprovement {
  const { estimate, interval, method, validity } = ratio;
  const lower = direction === 'lower';
  return {
    estimate: lower ? 1 - estimate : estimate - 1,
    interval: lower ? [1 - interval[1], 1 - interval[0]] : [interval[0] - 1, interval[1] - 1],
    method,
    validity,
  };
}
