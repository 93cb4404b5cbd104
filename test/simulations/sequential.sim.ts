import { normal, type Rng } from '../../src/random/index.ts';
import {
  asymptoticDifferenceSequence,
  logRatioSequence,
  pairedDifferenceSequence,
  regressionAdjustedSequence,
  stagedLogRatioSequence,
} from '../../src/stats/sequential/index.ts';
import { Covariance, Moments } from '../../src/stats/summaries/index.ts';
import type { EstimateResult } from '../../src/stats/types.ts';
import type { Simulation, SimulationResult, SimulationScale } from './Simulation.ts';
import { alarmRate, judge, looks, type Source, sources } from './sequentialSupport.ts';

const ALPHA = 0.05;
const { normal: gaussian, shifted, exponential, lognormal, rare, seldom, some, even } = sources;
const all: readonly Source[] = [gaussian, exponential, lognormal, rare, seldom, some, even];
const positive: readonly Source[] = [shifted, exponential, lognormal, rare, seldom, some, even];
const size = ({ full }: SimulationScale) => ({ repetitions: full ? 1000 : 150, horizon: full ? 10_000 : 2000 });

const excludes = (result: EstimateResult, truth: number): boolean =>
  result.status === 'ok' && (truth < result.interval[0] || truth > result.interval[1]);

type Summaries<S> = readonly [first: S, second: S];

/** Two arms fed by chance, looked at on a schedule of the total count: whether any look raised the alarm. */
function twoArms<S>(
  rng: Rng,
  { share, horizon }: { share: number; horizon: number },
  arms: Summaries<S>,
  push: (arm: S) => void,
  alarm: (arms: Summaries<S>) => boolean,
): boolean {
  let n = 0;
  return looks(20, horizon).some((look) => {
    for (; n < look; n += 1) push(arms[rng.next() < share ? 0 : 1]);
    return alarm(arms);
  });
}

/** The rate of runs that ever exclude the truth, for each source and both splits of the traffic. */
function compareArms(
  topic: string,
  list: readonly Source[],
  shares: readonly number[],
  alarm: (arms: Summaries<Moments>) => boolean,
): Simulation['run'] {
  return (scale) => {
    const { repetitions, horizon } = size(scale);
    const measured: Record<string, number> = {};
    for (const share of shares) {
      for (const { name, draw } of list) {
        measured[`${name}, first arm ${share}`] = alarmRate(`${topic}/${share}/${name}`, repetitions, (rng) =>
          twoArms(rng, { share, horizon }, [new Moments(), new Moments()], (arm) => arm.push(draw(rng)), alarm),
        );
      }
    }
    return judge(measured, ALPHA, repetitions, `every look up to n = ${horizon}, burn-in 100`);
  };
}

/** One summary fed with draws whose true mean is 0. */
function oneStream(
  scale: SimulationScale,
  draws: Record<string, (rng: Rng) => number>,
  topic: string,
): SimulationResult {
  const { repetitions, horizon } = size(scale);
  const measured: Record<string, number> = {};
  for (const [name, draw] of Object.entries(draws)) {
    measured[name] = alarmRate(`${topic}/${name}`, repetitions, (rng) => {
      const moments = new Moments();
      return looks(100, horizon).some((look) => {
        while (moments.n < look) moments.push(draw(rng));
        return excludes(pairedDifferenceSequence(moments), 0);
      });
    });
  }
  return judge(measured, ALPHA, repetitions, `every look up to n = ${horizon}, burn-in 100`);
}

function paired(scale: SimulationScale): SimulationResult {
  const between =
    ({ draw }: Source) =>
    (rng: Rng): number =>
      draw(rng) - draw(rng);
  const disagreement =
    (rate: number) =>
    (rng: Rng): number => {
      const u = rng.next();
      return u < rate / 2 ? 1 : u < rate ? -1 : 0;
    };
  const draws = {
    normal: between(gaussian),
    exponential: between(exponential),
    'lognormal(1.5)': between(lognormal),
    'disagreement 5 %': disagreement(0.05),
    'disagreement 20 %': disagreement(0.2),
  };
  return oneStream(scale, draws, 'paired');
}

/** Published, not claimed: one sample has no second one from which it could learn of its tail. */
function oneMean(scale: SimulationScale): SimulationResult {
  const centred = all.map(({ name, mean, draw }) => [name, (rng: Rng) => draw(rng) - mean] as const);
  const { measured, detail } = oneStream(scale, Object.fromEntries(centred), 'mean');
  const claimed = ['normal', 'exponential', 'bernoulli 0.1', 'bernoulli 0.5'].map((name) => measured[name]!);
  const allowed = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / size(scale).repetitions);
  return { measured, passed: Math.max(...claimed) <= allowed, detail };
}

function adjusted(scale: SimulationScale): SimulationResult {
  const { repetitions, horizon } = size(scale);
  const measured: Record<string, number> = {};
  // The outcome follows the covariate with correlation 0.8; a rate follows it through its probability.
  const outcomes: Record<string, (rng: Rng, x: number) => number> = {
    normal: (rng, x) => 0.8 * x + 0.6 * normal(rng),
    'lognormal(1.5)': (rng, x) => Math.exp(1.2 * x + 0.9 * normal(rng)),
    'bernoulli 0.1': (rng, x) => (rng.next() < Math.min(1, 0.061 * Math.exp(x)) ? 1 : 0),
  };
  for (const share of [0.5, 0.1]) {
    for (const [name, draw] of Object.entries(outcomes)) {
      const push = (rng: Rng) => (arm: Covariance) => {
        const x = normal(rng);
        arm.push(x, draw(rng, x));
      };
      measured[`${name}, first arm ${share}`] = alarmRate(`adjusted/${share}/${name}`, repetitions, (rng) =>
        twoArms(rng, { share, horizon }, [new Covariance(), new Covariance()], push(rng), ([a, b]) =>
          excludes(regressionAdjustedSequence(a, b), 0),
        ),
      );
    }
  }
  return judge(measured, ALPHA, repetitions, `every look up to n = ${horizon}, burn-in 100`);
}

/** The canary's judge over three stages with as many requests each, equal models, at every request. */
function staged({ full }: SimulationScale): SimulationResult {
  const repetitions = full ? 2000 : 150;
  const errors: Record<string, (rng: Rng) => number> = {
    normal,
    laplace: (rng) => exponential.draw(rng) - exponential.draw(rng),
    t5: (rng) => normal(rng) / Math.sqrt(chiSquared(rng, 5) / 5),
  };
  const measured: Record<string, number> = {};
  for (const requests of [200, 1000]) {
    for (const [name, draw] of Object.entries(errors)) {
      measured[`${name}, ${requests} a stage`] = alarmRate(`staged/${requests}/${name}`, repetitions, (rng) => {
        const stages: [Moments, Moments][] = [];
        return [0.1, 0.25, 0.5].some((share) => {
          const stage: [Moments, Moments] = [new Moments(), new Moments()];
          stages.push(stage);
          return looks(20, requests).some((look) => {
            while (stage[0].n + stage[1].n < look) stage[rng.next() < share ? 0 : 1].push(draw(rng) ** 2);
            return excludes(judgeCanary(stages), 1);
          });
        });
      });
    }
  }
  return judge(measured, 0.01, repetitions, 'stages of 10, 25 and 50 %, at least 30 canary requests');
}

const judgeCanary = (stages: readonly [Moments, Moments][]): EstimateResult =>
  stagedLogRatioSequence(stages, { alpha: 0.01, alternative: 'greater', exponent: 0.5, burnIn: 30 });

function chiSquared(rng: Rng, df: number): number {
  let sum = 0;
  for (let i = 0; i < df; i += 1) sum += normal(rng) ** 2;
  return sum;
}

const never = 'watched at every look, at most 5 % of the runs ever exclude the truth';

export const simulations: readonly Simulation[] = [
  {
    name: 'asymptotic difference sequence',
    claim: `${never}, with shares 50/50 and 90/10`,
    run: compareArms('difference', all, [0.5, 0.1], ([a, b]) => excludes(asymptoticDifferenceSequence(a, b), 0)),
  },
  {
    name: 'log-ratio sequence',
    claim: `${never}, with shares 50/50 and 90/10`,
    run: compareArms('ratio', positive, [0.5, 0.1], ([a, b]) => excludes(logRatioSequence(a, b), 1)),
  },
  { name: 'paired difference sequence', claim: never, run: paired },
  { name: 'regression-adjusted sequence', claim: `${never}, with shares 50/50 and 90/10`, run: adjusted },
  {
    name: 'staged log-ratio sequence',
    claim: 'equal models: judged at every request, at most 1 % of the rollouts ever find the canary worse',
    run: staged,
  },
  {
    name: 'asymptotic mean sequence',
    claim: `${never}: claimed for normal, exponential, rates of 0.1 and 0.5; the others are published`,
    run: oneMean,
  },
  {
    name: 'asymptotic difference sequence with the Welch standard error',
    claim: `${never}, with shares 50/50; at 90/10 it is why the conservative one is the default`,
    run: (scale) => {
      const list = [gaussian, lognormal, seldom];
      const alarm = ([a, b]: Summaries<Moments>): boolean =>
        excludes(asymptoticDifferenceSequence(a, b, { standardError: 'welch' }), 0);
      const even50 = compareArms('welch', list, [0.5], alarm)(scale) as SimulationResult;
      const skewed = compareArms('welch', list, [0.1], alarm)(scale) as SimulationResult;
      return { ...even50, measured: { ...even50.measured, ...skewed.measured } };
    },
  },
];
