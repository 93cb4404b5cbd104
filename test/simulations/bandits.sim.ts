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
  SegmentPolicy,
  SoftmaxPolicy,
  simulate,
  ThompsonPolicy,
  Ucb1Policy,
  UcbPolicy,
  UcbTunedPolicy,
} from '../../src/bandits/index.ts';
import { beta, createRng, type Rng } from '../../src/random/index.ts';
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

const draw = (rng: Rng, p: number): number => (rng.next() < p ? 1 : 0);

const fabs: Simulation = {
  name: 'requirement A, best of three models per fab',
  claim: 'at a gap of 0.15 the best model is found in all five fabs within 500 requests each, with probability 0.97',
  run: ({ full }) => {
    const count = full ? 2_000 : 400;
    const means = [0.85, 0.7, 0.625];
    const measured: Record<string, number> = {};
    const passed = (['Thompson', 'KL-UCB'] as const).map((name) => {
      let best = 0;
      let late = 0;
      for (let fab = 0; fab < count; fab += 1) {
        const rng = createRng(`fab ${name} ${fab}`);
        const make = name === 'Thompson' ? bernoulli['TS-Beta(1,1)']! : bernoulli['KL-UCB']!;
        const policy = make({ arms: ['a', 'b', 'c'], rng: rng.fork('policy') });
        for (let t = 0; t < 500; t += 1) {
          const arm = policy.selectIndex();
          policy.update(arm, draw(rng, means[arm]!));
          if (t >= 400 && arm === 0) late += 1;
        }
        best += policy.bestArm() === 'a' ? 1 : 0;
      }
      const p = best / count;
      measured[`${name}: all five fabs`] = p ** 5;
      measured[`${name}: share of last 100`] = late / count / 100;
      const error = 5 * Math.sqrt(Math.max(p * (1 - p), 1 / count) / count);
      return p ** 5 >= 0.97 - 3 * error && late / count / 100 >= 0.9;
    });
    return {
      measured,
      passed: passed.every(Boolean),
      detail: `${count} fabs; p^5 >= 0.97 - 3 se and a share of at least 0.90`,
    };
  },
};

/** First request from which 60 % of the next 50 go to the new best arm, after the change at 1000; Infinity if none in 400. */
function reaction(choices: readonly number[], best: number): number {
  for (let s = 0; s + 50 <= choices.length; s += 1) {
    let hits = 0;
    for (let k = s; k < s + 50; k += 1) if (choices[k] === best) hits += 1;
    if (hits >= 30) return s;
  }
  return Number.POSITIVE_INFINITY;
}

const reactionToDrop: Simulation = {
  name: 'requirement B, reaction to a drop',
  claim:
    'after a drop from 0.85 to 0.50, Thompson with CUSUM moves within 100 requests in 90 % of runs; without a drop in 5 %',
  run: ({ full }) => {
    const runs = full ? 1_000 : 150;
    const memory = { type: 'changeDetection', method: 'cusum' } as const;
    const counts = { drop: 0, placebo: 0 };
    let lost = 0;
    for (const kind of ['drop', 'placebo'] as const) {
      for (let run = 0; run < runs; run += 1) {
        const rng = createRng(`${kind} ${run}`);
        const policy = new ThompsonPolicy({ arms: ['a', 'b', 'c'], rng: rng.fork('policy'), memory });
        const after: number[] = [];
        for (let t = 0; t < 1_400; t += 1) {
          const dropped = kind === 'drop' && t >= 1_000;
          const means = [dropped ? 0.5 : 0.85, 0.7, 0.5];
          const arm = policy.selectIndex();
          policy.update(arm, draw(rng, means[arm]!));
          if (t < 1_000) lost += 0.85 - means[arm]!;
          else after.push(arm);
        }
        counts[kind] += reaction(after, 1) <= 100 ? 1 : 0;
      }
    }
    const measured = { reacts: counts.drop / runs, placebo: counts.placebo / runs, regretBefore: lost / runs / 2 };
    const error = (p: number): number => Math.sqrt((p * (1 - p)) / runs);
    const passed =
      measured.reacts >= 0.9 - 3 * error(0.9) &&
      measured.placebo <= 0.05 + 3 * error(0.05) &&
      measured.regretBefore <= 20;
    return {
      measured,
      passed,
      detail: `${runs} runs each; 0.90 and 0.05 within 3 standard errors, regret before at most 20`,
    };
  },
};

const ads: Simulation = {
  name: 'requirement E, fifty advertisers in a slot',
  claim:
    'click rates ~ Beta(2, 98): after 10,000 impressions KL-UCB lifts clicks by 45 % over random; UCB c = 2 by far less',
  run: ({ full }) => {
    const runs = full ? 40 : 8;
    const lift = (make: Make): { readonly mean: number; readonly se: number } => {
      const lifts = Array.from({ length: runs }, (_, run) => {
        const rng = createRng(`ads ${run}`);
        const rates = Array.from({ length: 50 }, () => beta(rng, 2, 98));
        const policy = make({ arms: rates.map((_r, i) => `ad ${i}`), rng: rng.fork('policy') });
        let sum = 0;
        for (let t = 0; t < 10_000; t += 1) {
          const arm = policy.selectIndex();
          sum += rates[arm]!;
          policy.update(arm, draw(rng, rates[arm]!));
        }
        return sum / 10_000 / (rates.reduce((a, b) => a + b, 0) / 50) - 1;
      });
      const mean = lifts.reduce((a, b) => a + b, 0) / runs;
      return { mean, se: Math.sqrt(lifts.reduce((s, x) => s + (x - mean) ** 2, 0) / (runs - 1) / runs) };
    };
    const kl = lift(bernoulli['KL-UCB']!);
    const two = lift(ucb(2));
    const auto = lift((o) => new UcbPolicy({ ...o, explorationParameter: 'auto' }));
    const measured = { 'KL-UCB': kl.mean, 'UCB c=2': two.mean, 'UCB auto': auto.mean };
    const passed = kl.mean >= 0.45 - 3 * kl.se && two.mean < 0.1;
    return {
      measured,
      passed,
      detail: `${runs} runs, standard error ${kl.se.toFixed(3)}; KL-UCB >= 0.45 - 3 se, c = 2 below 0.10`,
    };
  },
};

const segments: Simulation = {
  name: 'requirement F, conversions by segment',
  claim:
    'four segments, 0.08 against 0.05: Thompson per segment lifts conversions by 24 % over the best single arm in 20,000 requests',
  run: ({ full }) => {
    const runs = full ? 200 : 12;
    const single = (0.08 + 3 * 0.05) / 4;
    const lifts = { segments: [] as number[], control: [] as number[] };
    for (let run = 0; run < runs; run += 1) {
      for (const kind of ['segments', 'control'] as const) {
        const rng = createRng(`segments ${kind} ${run}`);
        const arms = ['0', '1', '2', '3'];
        const stream = rng.fork('policy');
        const policy: BanditPolicy<string> =
          kind === 'control'
            ? new ThompsonPolicy({ arms, rng: stream })
            : new SegmentPolicy<string>({
                arms,
                rng: stream,
                segmentOf: (segment) => segment,
                create: (setup) => new ThompsonPolicy({ arms: setup.arms, rng: setup.rng }),
              });
        let sum = 0;
        for (let t = 0; t < 20_000; t += 1) {
          const segment = Math.floor(rng.next() * 4);
          const arm = policy.selectIndex(String(segment));
          const p = arm === segment ? 0.08 : 0.05;
          sum += p;
          policy.update(arm, draw(rng, p), String(segment));
        }
        lifts[kind].push(sum / 20_000 / single - 1);
      }
    }
    const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / runs;
    const m = mean(lifts.segments);
    const se = Math.sqrt(lifts.segments.reduce((s, x) => s + (x - m) ** 2, 0) / (runs - 1) / runs);
    const measured = { segments: m, control: mean(lifts.control), oracle: 0.08 / single - 1 };
    const passed = m >= 0.24 - 3 * se && Math.abs(measured.control) <= 0.01;
    return {
      measured,
      passed,
      detail: `${runs} runs, standard error ${se.toFixed(4)}; lift >= 0.24 - 3 se, control within 0.01`,
    };
  },
};

export const simulations: readonly Simulation[] = [...regret, superiority, fabs, reactionToDrop, ads, segments];
