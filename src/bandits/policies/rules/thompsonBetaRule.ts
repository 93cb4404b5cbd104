import { beta, type Rng } from '../../../random/index.ts';
import { probabilityBestBeta } from '../../evidence/probabilityBest.ts';
import type { Prior } from '../BanditPolicy.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { betaCredible, betaPosterior, betaPrior, UNIFORM_PRIOR } from './betaPosterior.ts';
import { bestOfEligible, thompsonChoice } from './thompsonChoice.ts';

/** What becomes of a reward strictly inside the reward range. */
export type Fractional = 'soft' | 'binarise' | 'refuse';

function draw({ table, scores }: ChoiceView, rng: Rng): void {
  const { n, sum, priorN, priorSum, size } = table;
  for (let i = 0; i < size; i += 1) {
    const a = priorSum[i]! + sum[i]!;
    const b = priorN[i]! - priorSum[i]! + (n[i]! - sum[i]!);
    scores[i] = beta(rng, a, b);
  }
}

function bestLaw(view: ChoiceView, out: Float64Array): void {
  bestOfEligible(view, out, (arms) =>
    probabilityBestBeta(
      arms.map((i) => {
        const [alpha, b] = betaPosterior(view.table, i);
        return { alpha, beta: b };
      }),
    ),
  );
}

function binarise(x: number, rng: Rng): number {
  return rng.next() < x ? 1 : 0;
}

/** Beta Thompson sampling: draws a rate from the posterior of every arm and takes the highest. */
export function thompsonBetaRule(prior: Prior | undefined, fractional: Fractional, topTwo: number): ArmRule {
  const fallback = betaPrior(prior, UNIFORM_PRIOR);
  return {
    kind: topTwo < 1 ? 'top-two-thompson-beta' : 'thompson-beta',
    leastPulls: 0,
    ...thompsonChoice(draw, bestLaw, topTwo),
    prior: (option) => betaPrior(option, fallback),
    credible: betaCredible,
    binary: fractional === 'refuse',
    ...(fractional === 'binarise' ? { transform: binarise } : {}),
  };
}
