import { checkFinite, checkOptions } from '../../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../../core/errors.ts';
import { gamma, normal, type Rng } from '../../../random/index.ts';
import { studentTDistribution } from '../../../stats/distributions/index.ts';
import { probabilityBestStudent, type StudentBelief } from '../../evidence/probabilityBest.ts';
import type { ArmTable } from '../ArmTable.ts';
import type { Prior } from '../BanditPolicy.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { bestOfEligible, thompsonChoice } from './thompsonChoice.ts';

/** A normal-inverse-gamma prior or posterior. */
export interface NormalInverseGamma {
  readonly mu: number;
  readonly kappa: number;
  readonly shape: number;
  readonly rate: number;
}

const WEAK_PRIOR: NormalInverseGamma = { mu: 0, kappa: 0.01, shape: 1, rate: 1 };

function gaussianPrior(prior: Prior | undefined, fallback: NormalInverseGamma): NormalInverseGamma {
  if (prior === undefined) return fallback;
  if (!('kappa' in prior)) {
    throw new InvalidOptionError('prior', prior, '{ mu, kappa, shape, rate } for Gaussian Thompson sampling');
  }
  checkOptions('prior', prior, ['mu', 'kappa', 'shape', 'rate']);
  return {
    mu: checkFinite('prior.mu', prior.mu),
    kappa: checkFinite('prior.kappa', prior.kappa, { gt: 0 }),
    shape: checkFinite('prior.shape', prior.shape, { gt: 0 }),
    rate: checkFinite('prior.rate', prior.rate, { gt: 0 }),
  };
}

/**
 * The posterior of an arm (Murphy 2007, Conjugate Bayesian Analysis of the Gaussian Distribution, section 6, with gamma
 * shape and rate; its marginal for the mean is Student-t).
 */
export function gaussianPosterior(table: ArmTable, i: number, shape: number, rate: number): NormalInverseGamma {
  const n = table.n[i]!;
  const kappa0 = table.priorN[i]!;
  const kappa = kappa0 + n;
  const gap = n > 0 ? table.sum[i]! / n - table.priorSum[i]! / kappa0 : 0;
  return {
    mu: table.mean[i]!,
    kappa,
    shape: shape + n / 2,
    rate: rate + table.m2[i]! / 2 + (kappa0 * n * gap * gap) / (2 * kappa),
  };
}

function belief({ mu, kappa, shape, rate }: NormalInverseGamma): StudentBelief {
  return { location: mu, scale: Math.sqrt(rate / (shape * kappa)), df: 2 * shape };
}

/** Gaussian Thompson sampling with unknown variance: draws a mean from the posterior of every arm and takes the highest. */
export function thompsonGaussianRule(prior: Prior | undefined, topTwo: number): ArmRule {
  const fallback = gaussianPrior(prior, WEAK_PRIOR);
  // Shape and rate of each arm's prior; mean and weight are in the table.
  let variance: { readonly shape: number; readonly rate: number }[] = [];
  const posterior = (table: ArmTable, i: number): NormalInverseGamma =>
    gaussianPosterior(table, i, variance[i]!.shape, variance[i]!.rate);
  const draw = ({ table, scores }: ChoiceView, rng: Rng): void => {
    for (let i = 0; i < table.size; i += 1) {
      const { mu, kappa, shape, rate } = posterior(table, i);
      scores[i] = mu + Math.sqrt(rate / (kappa * gamma(rng, shape))) * normal(rng);
    }
  };
  const bestLaw = (view: ChoiceView, out: Float64Array): void =>
    bestOfEligible(view, out, (arms) => probabilityBestStudent(arms.map((i) => belief(posterior(view.table, i)))));
  return {
    kind: topTwo < 1 ? 'top-two-thompson-gaussian' : 'thompson-gaussian',
    leastPulls: 0,
    ...thompsonChoice(draw, bestLaw, topTwo),
    prior: (option) => {
      const { mu, kappa } = gaussianPrior(option, fallback);
      return { weight: kappa, sum: kappa * mu };
    },
    credible: (table, i, level) => {
      const { location, scale, df } = belief(posterior(table, i));
      const margin = scale * studentTDistribution.isf((1 - level) / 2, df);
      return [location - margin, location + margin];
    },
    own: {
      mergeable: true,
      anyMemory: true,
      inserted: (option) => {
        const { shape, rate } = gaussianPrior(option, fallback);
        variance.push({ shape, rate });
      },
      removed: (i) => {
        variance.splice(i, 1);
      },
      save: () => variance.map(({ shape, rate }) => [shape, rate]),
      load: (state, size) => {
        const list = (Array.isArray(state) ? state : []) as unknown[];
        const sound = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2 && pair.every((x) => x > 0);
        if (list.length !== size || !list.every(sound))
          throw new SnapshotError('the snapshot has no priors of variance');
        variance = (list as [number, number][]).map(([shape, rate]) => ({ shape, rate }));
      },
    },
  };
}
