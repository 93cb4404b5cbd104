import { describe, expect, it } from 'vitest';
import { EpsilonGreedyPolicy } from '../../../src/bandits/policies/EpsilonGreedyPolicy.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

const cases = readGolden<{ eps_greedy_propensity: { means: number[]; epsilon: number; probs: number[] }[] }>(
  'bandits.json',
).eps_greedy_propensity;

describe('EpsilonGreedyPolicy', () => {
  it.each(cases)('has the reference propensities of means $means', ({ means, epsilon, probs }) => {
    const policy = new EpsilonGreedyPolicy({ arms: means.map(String).map((m, i) => `${m} ${i}`), seed: 1, epsilon });
    policy.updateBatch(means.map((reward, arm) => ({ arm, reward })));
    [...policy.probabilities().values()].forEach((p, i) => {
      expectClose(p, probs[i]!, 1e-12);
    });
  });

  it('decays with the number of rewards and the arms', () => {
    const seen: [number, number][] = [];
    const policy = new EpsilonGreedyPolicy({
      arms: ['a', 'b'],
      seed: 1,
      epsilon: (t, arms) => {
        seen.push([t, arms]);
        return 1 / t;
      },
    });
    policy.updateBatch([
      { arm: 'a', reward: 1 },
      { arm: 'b', reward: 0 },
      { arm: 'b', reward: 0 },
    ]);
    policy.select();
    expect(seen).toEqual([[4, 2]]);
    expect(policy.probabilities().get('b')).toBe(0.125);
  });

  it('tries every arm where it starts optimistically, epsilon 0 notwithstanding', () => {
    const policy = new EpsilonGreedyPolicy({
      arms: ['a', 'b', 'c'],
      seed: 1,
      epsilon: 0,
      optimism: { mean: 1, weight: 3 },
    });
    const chosen = new Set<string>();
    for (let k = 0; k < 12; k += 1) {
      const arm = policy.select();
      chosen.add(arm);
      policy.update(arm, 0.5);
    }
    expect(chosen.size).toBe(3);
  });

  it('refuses epsilon outside [0, 1], of a decay when it is asked', () => {
    expect(() => new EpsilonGreedyPolicy({ arms: ['a'], epsilon: 1.2 })).toThrow('epsilon must be within [0, 1]');
    const policy = new EpsilonGreedyPolicy({ arms: ['a'], epsilon: () => Number.NaN });
    policy.update('a', 1);
    expect(() => policy.select()).toThrow('epsilon must be within [0, 1], got NaN');
  });
});
