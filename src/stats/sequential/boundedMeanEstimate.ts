import { InvalidOptionError } from '../../core/errors.ts';
import type { Estimate, Interval } from '../types.ts';
import { logBetMixture } from './betMixture.ts';
import { crossing } from './crossing.ts';
import type { ResolvedSequence } from './SequenceOptions.ts';

/** A sample of bounded observations as a table: how often (or with which weight) each value occurred. @internal */
export interface BoundedTable {
  /** Values within the range, each with its count above 0. */
  readonly values: readonly number[];
  readonly counts: readonly number[];
  readonly n: number;
  readonly mean: number;
  readonly range: Interval;
}

/** The table without the values that did not occur. @internal */
export function boundedTable(values: ArrayLike<number>, counts: ArrayLike<number>, range: Interval): BoundedTable {
  const table: { values: number[]; counts: number[] } = { values: [], counts: [] };
  let n = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) {
    const count = counts[i]!;
    if (!(count > 0)) continue;
    table.values.push(values[i]!);
    table.counts.push(count);
    n += count;
    sum += count * values[i]!;
  }
  return { ...table, n, mean: Math.min(range[1], Math.max(range[0], sum / n)), range };
}

/** The log wealth of bets that the mean exceeds `mean` (up) or falls below it (down). */
function logWealth({ values, counts, range }: BoundedTable, mean: number, up: boolean): number {
  const edge = up ? range[0] : range[1];
  const payoffs = new Float64Array(values.length);
  for (let j = 0; j < payoffs.length; j += 1) payoffs[j] = (values[j]! - edge) / (mean - edge);
  return logBetMixture(payoffs, counts);
}

/** The evidence of bounded observations against a mean. @internal */
export interface BoundedEvidence {
  readonly logEValue: number;
  readonly pValue: number;
}

/**
 * E-value and p-value against a null mean by mixtures of bets on either side of it: two-sided the e-value is the mean
 * of both wealths, the p-value counts each side with half of alpha, as the interval does.
 * @throws InvalidOptionError @internal
 */
export function boundedMeanEvidence(
  table: BoundedTable,
  { alternative, nullValue }: ResolvedSequence,
): BoundedEvidence {
  const [low, high] = table.range;
  if (!(nullValue > low && nullValue < high)) {
    throw new InvalidOptionError('nullValue', nullValue, `strictly within the range (${low}, ${high})`);
  }
  if (alternative !== 'two-sided') {
    const logEValue = logWealth(table, nullValue, alternative === 'greater');
    return { logEValue, pValue: Math.min(1, Math.exp(-logEValue)) };
  }
  const sides = [logWealth(table, nullValue, true), logWealth(table, nullValue, false)] as const;
  const larger = Math.max(...sides);
  const logEValue = larger + Math.log1p(Math.exp(Math.min(...sides) - larger)) - Math.LN2;
  return { logEValue, pValue: Math.min(1, 2 * Math.exp(-larger)) };
}

/** Confidence sequence, e-value and p-value of a bounded mean. @throws InvalidOptionError @internal */
export function boundedMeanEstimate(method: string, table: BoundedTable, resolved: ResolvedSequence): Estimate {
  const { alpha, alternative } = resolved;
  const { logEValue, pValue } = boundedMeanEvidence(table, resolved);
  const threshold = Math.log((alternative === 'two-sided' ? 2 : 1) / alpha);
  return {
    status: 'ok',
    method,
    validity: 'anytime',
    n: [table.n],
    warnings: [],
    estimate: table.mean,
    interval: [
      alternative === 'less' ? table.range[0] : boundedEnd(table, true, threshold),
      alternative === 'greater' ? table.range[1] : boundedEnd(table, false, threshold),
    ],
    level: 1 - alpha,
    pValue,
    eValue: Math.exp(logEValue),
    logEValue,
  };
}

/**
 * The end of the interval on one side. The wealth of bets on a mean above falls steadily as the null rises, so that
 * there is one crossing between the edge of the range and the sample mean.
 */
function boundedEnd(table: BoundedTable, up: boolean, threshold: number): number {
  const { mean, range, n } = table;
  const edge = up ? range[0] : range[1];
  const width = range[1] - range[0];
  const excess = (x: number): number => logWealth(table, x, up) - threshold;
  const spread = table.values.reduce((sum, value, i) => sum + (table.counts[i]! / n) * (value - mean) ** 2, 0);
  let near = mean;
  // Steps outwards from about where the end should be; within 1e-12 of the edge no null is told apart from it.
  for (let step = 3 * Math.sqrt(spread / n) + width * 1e-9; ; step *= 2) {
    const far = up ? mean - step : mean + step;
    if (!(Math.abs(far - edge) > 1e-12 * width) || far - range[0] < 0 || far - range[1] > 0) break;
    if (excess(far) >= 0) return crossing(excess, near, far, (x) => 1e-9 * Math.min(width, Math.abs(x - edge)));
    near = far;
  }
  // Far from 0 the nearest double to the edge is farther away.
  const gap = Math.max(1e-12 * Math.abs(near - edge), Number.EPSILON * Math.abs(edge));
  const last = up ? edge + gap : edge - gap;
  if (!(Math.abs(near - last) > 0 && excess(last) >= 0)) return edge;
  return crossing(excess, near, last, (x) => 1e-9 * Math.abs(x - edge));
}
