import { readFileSync } from 'node:fs';
import {
  type BanditPolicy,
  BayesUcbPolicy,
  bernoulliEnvironment,
  driftEnvironment,
  type Environment,
  EpsilonGreedyPolicy,
  Exp3Policy,
  gaussianEnvironment,
  ImedPolicy,
  KlUcbPolicy,
  LinGreedyPolicy,
  LinThompsonPolicy,
  LinUcbPolicy,
  linearEnvironment,
  MossPolicy,
  type PolicyOptions,
  RandomPolicy,
  SoftmaxPolicy,
  simulate,
  ThompsonPolicy,
  Ucb1Policy,
  UcbPolicy,
  UcbTunedPolicy,
} from '../../src/bandits/index.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';

interface Anchor {
  readonly mean: number;
  readonly se: number;
}
interface Instance {
  readonly instance: { readonly mu: readonly number[] };
  readonly algos: Readonly<
    Record<string, Readonly<Record<string, Anchor>> & { readonly T?: Readonly<Record<string, Anchor>> }>
  >;
}
const anchors = (
  JSON.parse(readFileSync(new URL('../golden/bandit-regret.json', import.meta.url), 'utf8')) as {
    readonly instances: Readonly<Record<string, Instance>>;
  }
).instances;

type Make<C = undefined> = (setup: PolicyOptions) => BanditPolicy<C>;
const RAW = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const ucb =
  (explorationParameter: number, extra: object = {}): Make =>
  (o) =>
    new UcbPolicy({ ...o, explorationParameter, ...extra });
const thompson =
  (extra: object = {}): Make =>
  (o) =>
    new ThompsonPolicy({ ...o, ...extra });

/** Policies by the names that the anchors have. */
const bernoulli: Readonly<Record<string, Make>> = {
  random: (o) => new RandomPolicy(o),
  'eps-greedy 0.1': (o) => new EpsilonGreedyPolicy(o),
  'eps-decay 5K/t': (o) => new EpsilonGreedyPolicy({ ...o, epsilon: (t, k) => Math.min(1, (5 * k) / t) }),
  greedy: (o) => new EpsilonGreedyPolicy({ ...o, epsilon: 0 }),
  UCB1: (o) => new Ucb1Policy(o),
  'UCB c=2 (seed)': ucb(2),
  'UCB c=1': ucb(1),
  'UCB c=0.5': ucb(0.5),
  'UCB-tuned': (o) => new UcbTunedPolicy(o),
  'MOSS (T known)': (o) => new MossPolicy({ ...o, horizon: 20_000 }),
  'KL-UCB': (o) => new KlUcbPolicy(o),
  'KL-UCB+': (o) => new KlUcbPolicy({ ...o, plus: true }),
  'TS-Beta(1,1)': thompson(),
  'Bayes-UCB': (o) => new BayesUcbPolicy(o),
  IMED: (o) => new ImedPolicy(o),
  'softmax tau=0.1': (o) => new SoftmaxPolicy(o),
  EXP3: (o) => new Exp3Policy(o),
};

const gaussian: Readonly<Record<string, Make>> = {
  random: (o) => new RandomPolicy({ ...o, rewardRange: RAW }),
  'eps-greedy 0.1': (o) => new EpsilonGreedyPolicy({ ...o, rewardRange: RAW }),
  'TS-NIG a0=1 b0=1 k0=0.01': thompson({ model: 'gaussian' }),
  'TS-NIG a0=1 b0=1 k0=1': thompson({ model: 'gaussian', prior: { mu: 0, kappa: 1, shape: 1, rate: 1 } }),
};

const linear: Readonly<Record<string, Make<Float64Array>>> = {
  'LinUCB alpha=1': (o) => new LinUcbPolicy({ ...o, dimension: 10 }),
  'LinUCB alpha=0.5': (o) => new LinUcbPolicy({ ...o, dimension: 10, alpha: 0.5 }),
  'LinTS v=0.5 (=sd)': (o) => new LinThompsonPolicy({ ...o, dimension: 10, v: 0.5 }),
  'LinGreedy eps=0': (o) => new LinGreedyPolicy({ ...o, dimension: 10, epsilon: 0 }),
  'LinGreedy eps=0.05': (o) => new LinGreedyPolicy({ ...o, dimension: 10 }),
};

const cusum = (warmUp: number, threshold: number, exploration: number): object => ({
  memory: {
    type: 'changeDetection',
    method: 'cusum',
    reset: 'all',
    reference: 'frozen',
    slack: 0.1,
    warmUp,
    threshold,
    exploration,
  },
});
const drift: Readonly<Record<string, Make>> = {
  TS: thompson(),
  'UCB c=2 (seed)': ucb(2),
  'D-TS g=0.99': thompson({ memory: { type: 'discounted', gamma: 0.99 } }),
  'SW-TS w=200': thompson({ memory: { type: 'window', size: 200 } }),
  'SW-UCB w=200 c=0.5': ucb(0.5, { memory: { type: 'window', size: 200 } }),
  'D-UCB g=0.99 c=0.5': ucb(0.5, { memory: { type: 'discounted', gamma: 0.99 } }),
  'TS + CUSUM restart (eps=.02,M=50,d=.1,h=10)': thompson(cusum(50, 10, 0.02)),
};

/** Regret against the anchors: the largest distance in combined standard errors may be 4. */
function beside<C>(
  name: string,
  environment: Environment<C>,
  policies: Readonly<Record<string, Make<C>>>,
  reference: string,
  sizes: { readonly short: readonly [runs: number, t: number]; readonly full: readonly [runs: number, t: number] },
): Simulation {
  return {
    name,
    claim: 'regret of every policy within 4 combined standard errors of its anchor',
    run: ({ full }): SimulationResult => {
      const [runs, horizon] = full ? sizes.full : sizes.short;
      const measured: Record<string, number> = {};
      let worst = { policy: '', z: 0 };
      for (const [policy, make] of Object.entries(policies)) {
        const slow = policy === 'Bayes-UCB' ? Math.max(10, Math.round(runs / 8)) : runs;
        const report = simulate({
          environment,
          policies: { [policy]: make },
          horizon,
          runs: slow,
          seed: name,
          checkpoints: [horizon],
        });
        const { mean, standardError } = report.curves[0]!;
        const algorithm = anchors[reference]!.algos[policy]!;
        const anchor = (algorithm.T ?? algorithm)[String(horizon)]!;
        const z = (mean[0]! - anchor.mean) / Math.hypot(standardError[0]!, anchor.se);
        measured[policy] = mean[0]!;
        if (Math.abs(z) > Math.abs(worst.z)) worst = { policy, z };
      }
      const detail = `${runs} runs of ${horizon}; the farthest is ${worst.policy}, z = ${worst.z.toFixed(2)}, limit 4`;
      return { measured, passed: Math.abs(worst.z) <= 4, detail };
    },
  };
}

const SIZES = { short: [60, 1_000], full: [500, 10_000] } as const;
const regret: readonly Simulation[] = [
  ...['bern_0.9_0.8', 'bern_0.25_0.2_kaufmann', 'cappe10_low', 'bern_0.5_0.45x9', 'bern_chapelle_0.5_0.4x9'].map(
    (key) =>
      beside(`regret of bandits, ${key}`, bernoulliEnvironment(anchors[key]!.instance.mu), bernoulli, key, SIZES),
  ),
  beside('regret of bandits, gauss5', gaussianEnvironment([1, 0.8, 0.6, 0.4, 0.2]), gaussian, 'gauss5', SIZES),
  beside(
    'regret of bandits, linear contexts',
    linearEnvironment({ arms: 5, dimension: 10 }),
    linear,
    'contextual_linear_K5_d10_sd0.5',
    { short: [30, 1_000], full: [300, 10_000] },
  ),
  beside(
    'regret of bandits, drift',
    driftEnvironment([
      { from: 0, means: [0.7, 0.5, 0.3] },
      { from: 5_000, means: [0.3, 0.5, 0.7] },
    ]),
    drift,
    'drift_bern_0.7_0.5_0.3_reversed_at_5000',
    { short: [25, 5_500], full: [400, 10_000] },
  ),
];

const superiority: Simulation = {
  name: 'frontier bandits against UCB1',
  claim: 'Thompson, KL-UCB+ and IMED lose at most half of what UCB1 does after 10,000 pulls of (0.9, 0.8)',
  run: ({ full }) => {
    const runs = full ? 500 : 60;
    const { UCB1: base, 'TS-Beta(1,1)': ts, 'KL-UCB+': kl, IMED: imed } = bernoulli;
    const policies = { UCB1: base!, Thompson: ts!, 'KL-UCB+': kl!, IMED: imed! };
    const environment = bernoulliEnvironment([0.9, 0.8]);
    const { curves } = simulate({
      environment,
      policies,
      horizon: 10_000,
      runs,
      seed: 'frontier',
      checkpoints: [10_000],
    });
    const measured = Object.fromEntries(curves.map(({ policy, mean }) => [policy, mean[0]!]));
    const passed = curves.slice(1).every(({ mean, standardError }) => {
      const error = Math.hypot(standardError[0]!, curves[0]!.standardError[0]! / 2);
      return mean[0]! + 3 * error <= curves[0]!.mean[0]! / 2;
    });
    return { measured, passed, detail: `${runs} runs; mean + 3 standard errors at most half of UCB1` };
  },
};

export const simulations: readonly Simulation[] = [...regret, superiority];
