import { logBeta } from '../../stats/special/index.ts';
import type { Interval } from '../../stats/types.ts';
import type { ArmTable } from './ArmTable.ts';
import { klLower, klUpper } from './bernoulliKl.ts';

/**
 * A confidence sequence for the mean reward of one arm: valid at every look, and under adaptive sampling, because each
 * arm's own rewards are a martingale whenever they are asked for.
 *
 * Rewards in [0, 1]: those means m at which the likelihood ratio of the beta(1, 1) mixture of Bernoulli laws to
 * Bernoulli(m) stays below 1 / alpha; the ratio is a supermartingale for any reward in [0, 1], because it is bounded by its
 * linear interpolation (Ville's inequality; Robbins 1970). Other rewards: the asymptotic sequence of Waudby-Smith et
 * al. (2024, eq. 9), tuned to 1000 pulls.
 */
export function meanConfidenceSequence(table: ArmTable, i: number, bounded: boolean, level: number): Interval {
  const n = table.n[i]!;
  const alpha = 1 - level;
  if (bounded) return n > 0 ? mixtureInterval(table.sum[i]!, n, alpha) : [0, 1];
  return n > 1 ? asymptoticInterval(table, i, alpha) : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}

function mixtureInterval(sum: number, n: number, alpha: number): Interval {
  const mean = Math.min(1, Math.max(0, sum / n));
  const entropy = xLogX(mean) + xLogX(1 - mean);
  const budget = (-Math.log(alpha) - logBeta(1 + n * mean, 1 + n * (1 - mean)) + n * entropy) / n;
  return [klLower(mean, budget), klUpper(mean, budget)];
}

function asymptoticInterval(table: ArmTable, i: number, alpha: number): Interval {
  const n = table.n[i]!;
  const mean = table.sum[i]! / n;
  const variance = table.m2[i]! / (n - 1);
  const rhoSquared = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / 1000;
  const load = n * rhoSquared + 1;
  const margin = Math.sqrt(((2 * load * variance) / (n * n * rhoSquared)) * Math.log(Math.sqrt(load) / alpha));
  return [mean - margin, mean + margin];
}

function xLogX(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}
