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

/** Parameters of the posterior of an arm. The prior keeps both above 0 whatever rounding does to the sums. */
export function betaPosterior({ n, sum, priorN, priorSum }: ArmTable, i: number): readonly [number, number] {
  const failures = n[i]! - sum[i]!;
  return [priorSum[i]! + Math.max(0, sum[i]!), priorN[i]! - priorSum[i]! + Math.max(0, failures)];
}

/** The central credible interval of the posterior. */
export function betaCredible(table: ArmTable, i: number, level: number): Interval {
  const [a, b] = betaPosterior(table, i);
  const tail = (1 - level) / 2;
  return [betaDistribution.quantile(tail, a, b), betaDistribution.isf(tail, a, b)];
}
