import { checkFinite, checkOptions } from '../../../core/check.ts';
import { InvalidOptionError } from '../../../core/errors.ts';
import { betaDistribution } from '../../../stats/distributions/index.ts';
import type { Interval } from '../../../stats/types.ts';
import type { ArmTable, PseudoPulls } from '../ArmTable.ts';
import type { Prior } from '../BanditPolicy.ts';

/** Beta(1, 1). */
export const UNIFORM_PRIOR: PseudoPulls = { weight: 2, sum: 1 };

/** A beta prior as pseudo-pulls. @throws InvalidOptionError */
export function betaPrior(prior: Prior | undefined, fallback: PseudoPulls): PseudoPulls {
  if (prior === undefined) return fallback;
  if (!('alpha' in prior)) throw new InvalidOptionError('prior', prior, '{ alpha, beta } for this policy');
  checkOptions('prior', prior, ['alpha', 'beta']);
  const alpha = checkFinite('prior.alpha', prior.alpha, { gt: 0 });
  return { weight: alpha + checkFinite('prior.beta', prior.beta, { gt: 0 }), sum: alpha };
}

/** As far as the beta distribution goes: beyond it a posterior is a point to all digits, and keeps its mean. */
const MOST = 1e15;

/** Parameters of the posterior of an arm. The prior keeps both above 0 whatever rounding does to the sums. */
export function betaPosterior({ n, sum, priorN, priorSum }: ArmTable, i: number): readonly [number, number] {
  const failures = n[i]! - sum[i]!;
  const a = priorSum[i]! + Math.max(0, sum[i]!);
  const b = priorN[i]! - priorSum[i]! + Math.max(0, failures);
  const shrink = Math.min(1, MOST / Math.max(a, b));
  return [a * shrink, b * shrink];
}

/** The central credible interval of the posterior. */
export function betaCredible(table: ArmTable, i: number, level: number): Interval {
  const [a, b] = betaPosterior(table, i);
  const tail = (1 - level) / 2;
  return [betaDistribution.quantile(tail, a, b), betaDistribution.isf(tail, a, b)];
}
