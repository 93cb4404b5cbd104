import type { QuantileSource } from '../../stats/sequential/QuantileSource.ts';
import { quantileDifferenceSequence } from '../../stats/sequential/quantileDifferenceSequence.ts';
import type { EstimateResult } from '../../stats/types.ts';
import { type CheckedCompare, isZero, metricOf, totalOf } from './contrast.ts';
import type { MetricStratum, Threshold } from './MetricComparison.ts';

/** A source whose values are multiplied: quantiles go along. */
function scaledSource(source: QuantileSource, factor: number): QuantileSource {
  if (factor === 1) return source;
  return {
    n: source.n,
    quantile: (p) => factor * source.quantile(p),
    rank: (x) => source.rank(x / factor),
    rankError: (p) => source.rankError(p),
  };
}

/**
 * The sequence of a difference of quantiles, exact at every look, oriented as an improvement. Over several strata the
 * distributions are pooled: quantiles have no mean over strata.
 */
export function quantileSequenceOf(
  strata: readonly MetricStratum[],
  { alpha, alternative, threshold }: CheckedCompare,
  horizon: number,
): EstimateResult {
  const { direction, quantile } = metricOf(strata);
  const reference = totalOf(strata.map((s) => s.reference)).sketch!;
  const candidate = totalOf(strata.map((s) => s.candidate)).sketch!;
  const lower = direction === 'lower';
  const ask = (at: Threshold): EstimateResult => {
    const relative = 'relative' in at ? at.relative : 0;
    const nullValue = 'absolute' in at ? at.absolute : 0;
    // Quantiles of what is timed or counted: negative ones cannot be scaled into an order of their own.
    const held = scaledSource(reference, Math.max(0, 1 + (lower ? -relative : relative)) || Number.MIN_VALUE);
    const [first, second] = lower ? [held, candidate] : [candidate, held];
    return quantileDifferenceSequence(first, second, {
      alpha,
      alternative,
      nullValue,
      quantile: quantile as number,
      horizon: Math.max(1, horizon / 2),
    });
  };
  const tested = ask(threshold);
  const plain = 'relative' in threshold && !isZero(threshold) ? ask({ absolute: 0 }) : tested;
  const pooled = strata.length > 1 ? ['the shares changed: quantiles are pooled over the epochs'] : [];
  const warnings = [...tested.warnings, ...pooled];
  if (tested.status !== 'ok' || plain.status !== 'ok') return { ...tested, warnings };
  return { ...tested, estimate: plain.estimate, interval: plain.interval, warnings };
}
