import { describe, expect, it } from 'vitest';
import {
  type BanditPolicy,
  BayesUcbPolicy,
  EpsilonGreedyPolicy,
  Exp3Policy,
  ImedPolicy,
  KlUcbPolicy,
  type MemoryOptions,
  MossPolicy,
  RandomPolicy,
  SoftmaxPolicy,
  SuccessiveEliminationPolicy,
  type TablePolicyOptions,
  ThompsonPolicy,
  Ucb1Policy,
  UcbPolicy,
  UcbTunedPolicy,
} from '../../../src/bandits/policies/index.ts';
import { policyContract } from '../../contracts/policy.contract.ts';

type Make = (options: TablePolicyOptions) => BanditPolicy;

const policies: Readonly<Record<string, Make>> = {
  random: (o) => new RandomPolicy(o),
  'epsilon-greedy': (o) => new EpsilonGreedyPolicy(o),
  'epsilon decay': (o) => new EpsilonGreedyPolicy({ ...o, epsilon: (t, arms) => Math.min(1, (5 * arms) / t) }),
  softmax: (o) => new SoftmaxPolicy(o),
  ucb: (o) => new UcbPolicy(o),
  'ucb auto': (o) => new UcbPolicy({ ...o, explorationParameter: 'auto' }),
  'ucb optimistic': (o) => new UcbPolicy({ ...o, optimism: { mean: o.rewardRange?.[1] ?? 1, weight: 2 } }),
  ucb1: (o) => new Ucb1Policy(o),
  'ucb-tuned': (o) => new UcbTunedPolicy(o),
  moss: (o) => new MossPolicy({ ...o, horizon: 1000 }),
  'moss anytime': (o) => new MossPolicy(o),
  'kl-ucb': (o) => new KlUcbPolicy(o),
  'kl-ucb-plus': (o) => new KlUcbPolicy({ ...o, plus: true }),
  'bayes-ucb': (o) => new BayesUcbPolicy(o),
  imed: (o) => new ImedPolicy(o),
  thompson: (o) => new ThompsonPolicy(o),
  'thompson binarised': (o) => new ThompsonPolicy({ ...o, fractional: 'binarise' }),
  'top-two thompson': (o) => new ThompsonPolicy({ ...o, topTwo: 0.5 }),
};

const memories: Readonly<Record<string, MemoryOptions>> = {
  stationary: { type: 'stationary' },
  discounted: { type: 'discounted', gamma: 0.97 },
  window: { type: 'window', size: 40 },
  cusum: { type: 'changeDetection', method: 'cusum', threshold: 2 },
  glr: { type: 'changeDetection', method: 'glr', threshold: 3, history: 50, reset: 'all', exploration: 0.1 },
};

for (const [policy, make] of Object.entries(policies)) {
  for (const [memory, options] of Object.entries(memories)) {
    policyContract(`${policy} × ${memory}`, {
      create: (seed, arms) => make({ arms, seed, memory: options }),
      range: [0, 1],
      mergeable: memory !== 'stationary' ? false : policy === 'thompson binarised' ? undefined : true,
    });
  }
}

policyContract('thompson, binary rewards only', {
  create: (seed, arms) => new ThompsonPolicy({ arms, seed, fractional: 'refuse' }),
  range: [0, 1],
  mergeable: true,
  binary: true,
});

for (const [memory, options] of Object.entries(memories)) {
  if (memory === 'glr') continue;
  policyContract(`Gaussian thompson × ${memory}`, {
    create: (seed, arms) => new ThompsonPolicy({ arms, seed, model: 'gaussian', memory: options }),
    range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    mergeable: memory === 'stationary',
  });
}

policyContract('Gaussian top-two thompson with a range', {
  create: (seed, arms) =>
    new ThompsonPolicy({ arms, seed, model: 'gaussian', topTwo: 0.6, rewardRange: [-2, 2], explorationFloor: 0.1 }),
  range: [-2, 2],
  mergeable: true,
});

policyContract('kl-ucb with a range, a floor, minimum pulls and the first of ties', {
  create: (seed, arms) =>
    new KlUcbPolicy({ arms, seed, rewardRange: [10, 50], explorationFloor: 0.2, minPulls: 4, ties: 'first' }),
  range: [10, 50],
  mergeable: true,
});

policyContract('exp3', { create: (seed, arms) => new Exp3Policy({ arms, seed }), range: [0, 1], mergeable: false });
policyContract('exp3, constant gamma', {
  create: (seed, arms) => new Exp3Policy({ arms, seed, gamma: 0.2, rewardRange: [-1, 1] }),
  range: [-1, 1],
  mergeable: false,
});
policyContract('successive elimination', {
  create: (seed, arms) => new SuccessiveEliminationPolicy({ arms, seed, delta: 0.2 }),
  range: [0, 1],
  mergeable: true,
});

describe('combinations that are refused at construction', () => {
  it.each(Object.keys(memories).filter((memory) => memory !== 'stationary'))('exp3 and elimination × %s', (memory) => {
    const options = { arms: ['a'], memory: memories[memory]! };
    expect(() => new Exp3Policy(options)).toThrow('memory must be left out: exp3 has a memory of its own');
    expect(() => new SuccessiveEliminationPolicy(options)).toThrow('memory must be left out');
  });
});
