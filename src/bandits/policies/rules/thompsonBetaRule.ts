import { checkFinite, checkOptions } from '../../../core/check.ts';
import { InvalidOptionError } from '../../../core/errors.ts';
import { beta, type Rng } from '../../../random/index.ts';
import { betaDistribution } from '../../../stats/distributions/index.ts';
import { probabilityBestBeta } from '../../evidence/probabilityBest.ts';
import type { ArmTable, PseudoPulls } from '../ArmTable.ts';
import type { Prior } from '../BanditPolicy.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { thompsonChoice } from './thompsonChoice.ts';

/** What becomes of a reward strictly between 0 and 1. */
export type Fractional = 'soft' | 'binarise' | 'refuse';

/** Parameters of the posterior of an arm. The prior keeps both above 0 whatever rounding does to the sums. */
export function betaPosterior({ n, sum, priorN, priorSum }: ArmTable, i: number): readonly [number, number] {
  const failures = n[i]! - sum[i]!;
  return [priorSum[i]! + Math.max(0, sum[i]!), priorN[i]! - priorSum[i]! + Math.max(0, failures)];
}

function betaPrior(prior: Prior | undefined, fallback: PseudoPulls): PseudoPulls {
  if (prior === undefined) return fallback;
  if (!('alpha' in prior)) throw new InvalidOptionError('prior', prior, '{ alpha, beta } for beta Thompson sampling');
  checkOptions('prior', prior, ['alpha', 'beta']);
  const alpha = checkFinite('prior.alpha', prior.alpha, { gt: 0 });
  return { weight: alpha + checkFinite('prior.beta', prior.beta, { gt: 0 }), sum: alpha };
}

function draw({ table, scores }: ChoiceView, rng: Rng): void {
  const { n, sum, priorN, priorSum, size } = table;
  for (let i = 0; i < size; i += 1) {
    const a = priorSum[i]! + sum[i]!;
    const b = priorN[i]! - priorSum[i]! + (n[i]! - sum[i]!);
    scores[i] = beta(rng, a, b);
  }
}

/** The law of the best of the eligible arms; the others get 0. */
function bestLaw(view: ChoiceView, out: Float64Array): void {
  const { table, eligible } = view;
  const open: number[] = [];
  for (let i = 0; i < table.size; i += 1) if (eligible === undefined || eligible[i]) open.push(i);
  const beliefs = open.map((i) => {
    const [alpha, b] = betaPosterior(table, i);
    return { alpha, beta: b };
  });
  out.fill(0);
  probabilityBestBeta(beliefs).forEach((p, k) => {
    out[open[k]!] = p;
  });
}

/** Beta Thompson sampling: draws a rate from the posterior of every arm and takes the highest. */
export function thompsonBetaRule(prior: Prior | undefined, fractional: Fractional, topTwo: number): ArmRule {
  const fallback = betaPrior(prior, { weight: 2, sum: 1 });
  return {
    kind: topTwo < 1 ? 'top-two-thompson-beta' : 'thompson-beta',
    leastPulls: 0,
    ...thompsonChoice(draw, bestLaw, topTwo),
    prior: (option) => betaPrior(option, fallback),
    credible: (table, i, level) => {
      const [a, b] = betaPosterior(table, i);
      const tail = (1 - level) / 2;
      return [betaDistribution.quantile(tail, a, b), betaDistribution.quantile(1 - tail, a, b)];
    },
    binary: fractional === 'refuse',
    ...(fractional === 'binarise' ? { transform: binarise } : {}),
  };
}

function binarise(x: number, rng: Rng): number {
  return rng.next() < x ? 1 : 0;
}
