import { ascending } from '../ascending.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor } from '../intervals/IntervalOptions.ts';
import { intervalEstimate } from '../intervals/intervalEstimate.ts';
import { sortedQuantile } from '../sortedQuantile.ts';
import type { Interval, IntervalResult } from '../types.ts';
import type { ResolvedBootstrap } from './BootstrapOptions.ts';

/** What a bootstrap has drawn. */
export interface Replicates {
  readonly estimate: number;
  readonly values: Float64Array;
  /** The acceleration of the estimate, asked for only where the method needs it. */
  readonly acceleration: () => number;
}

/** The bias correction: the normal quantile of the share of replicates below the estimate, ties counting one half. */
function biasCorrection({ estimate, values }: Replicates): number {
  let twice = 0;
  for (const value of values) twice += value < estimate ? 2 : value === estimate ? 1 : 0;
  return normalDistribution.quantile(twice / (2 * values.length));
}

/** The probabilities at which BCa takes its quantiles; `undefined` where all replicates lie on one side. */
export function bcaProbabilities(replicates: Replicates, tail: number): Interval | undefined {
  const correction = biasCorrection(replicates);
  if (!Number.isFinite(correction)) return undefined;
  const acceleration = replicates.acceleration();
  const at = (z: number): number => {
    const shifted = correction + z;
    return normalDistribution.cdf(correction + shifted / (1 - acceleration * shifted));
  };
  const z = normalDistribution.isf(tail);
  return [at(-z), at(z)];
}

interface Moments {
  readonly mean: number;
  readonly standardError: number;
}

function momentsOf(values: Float64Array): Moments {
  const first = values[0]!;
  const mean = values.reduce((sum, value) => sum + (value - first), 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - first - mean) ** 2, 0);
  return { mean: first + mean, standardError: Math.sqrt(squares / (values.length - 1)) };
}

/** The interval that the method makes of the replicates; statistics that came out as no number are left out, and said. */
export function intervalOfReplicates(
  drawn: Replicates,
  n: readonly number[],
  { method, level, alternative, tail }: ResolvedBootstrap,
): IntervalResult {
  const name = `bootstrap-${method}`;
  const { estimate } = drawn;
  if (!Number.isFinite(estimate)) return inconclusive(name, n, 'the statistic of the sample is not a finite number');
  const values = drawn.values.filter(Number.isFinite);
  const lost = drawn.values.length - values.length;
  const warnings = lost === 0 ? [] : [`${lost} of ${drawn.values.length} replicates were no numbers and were left out`];
  if (2 * lost > drawn.values.length) return inconclusive(name, n, warnings[0]!);
  const sorted = ascending(values);
  if (sorted[0] === sorted.at(-1)) return inconclusive(name, n, 'the replicates do not vary');
  const { mean, standardError } = momentsOf(values);
  const quantiles = (probabilities: Interval): Interval => [
    sortedQuantile(sorted, probabilities[0]),
    sortedQuantile(sorted, probabilities[1]),
  ];
  const corrected = method === 'bca' ? bcaProbabilities({ ...drawn, values }, tail) : undefined;
  if (method === 'bca' && corrected === undefined) {
    warnings.push('all replicates lie on one side of the estimate: plain percentiles were taken');
  }
  let [lower, upper] = quantiles(corrected ?? [tail, 1 - tail]);
  if (method === 'basic') [lower, upper] = [2 * estimate - upper, 2 * estimate - lower];
  if (method === 'normal') {
    const half = normalDistribution.isf(tail) * standardError;
    [lower, upper] = [2 * estimate - mean - half, 2 * estimate - mean + half];
  }
  const bounds = boundsFor(alternative, lower, upper);
  return intervalEstimate(name, n, level, estimate, bounds, { standardError, warnings });
}
