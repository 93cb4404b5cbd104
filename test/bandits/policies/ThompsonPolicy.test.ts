import { describe, expect, it } from 'vitest';
import { ThompsonPolicy } from '../../../src/bandits/policies/ThompsonPolicy.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

interface BetaCase {
  readonly priors: [number, number][];
  readonly rewards: number[][];
  readonly expected: {
    readonly mean: number[];
    readonly variance: number[];
    readonly ci95: [number, number][];
    readonly probBest: number[];
  };
}
const cases = readGolden<{ beta_posterior: BetaCase[] }>('bandits.json').beta_posterior;

function fed({ priors, rewards }: BetaCase): ThompsonPolicy {
  const policy = new ThompsonPolicy({ arms: ['none'], seed: 1 });
  for (const [i, [alpha, beta]] of priors.entries()) policy.addArm(`arm ${i}`, { prior: { alpha, beta } });
  policy.removeArm('none');
  for (const [i, list] of rewards.entries()) policy.updateBatch(list.map((reward) => ({ arm: i, reward })));
  return policy;
}

describe('ThompsonPolicy', () => {
  it.each(cases)('has the reference posterior and propensities (case %#)', (reference) => {
    const policy = fed(reference);
    const p = [...policy.probabilities().values()];
    policy.statistics().forEach((s, i) => {
      expectClose(s.estimate, reference.expected.mean[i]!, 1e-12, 'mean');
      expectClose(s.interval[0], reference.expected.ci95[i]![0], 1e-9, 'lower end');
      expectClose(s.interval[1], reference.expected.ci95[i]![1], 1e-9, 'upper end');
      expect(s.intervalMethod).toBe('credible');
      expect(Math.abs(p[i]! - reference.expected.probBest[i]!)).toBeLessThan(1e-8); // absolute, as the reference is
    });
  });

  it('pulls every arm as often as its propensity says', () => {
    const policy = fed(cases[1]!);
    const p = [...policy.probabilities().values()];
    const counts = p.map(() => 0);
    for (let k = 0; k < 20_000; k += 1) counts[policy.selectIndex()]! += 1;
    counts.forEach((n, i) => {
      const se = Math.sqrt((p[i]! * (1 - p[i]!)) / 20_000);
      expect(Math.abs(n / 20_000 - p[i]!)).toBeLessThan(4.5 * se + 1e-4);
    });
  });

  it('pulls as its propensity says with top-two sampling and an exploration floor', () => {
    const policy = new ThompsonPolicy({ arms: ['a', 'b', 'c'], seed: 8, topTwo: 0.5, explorationFloor: 0.3 });
    for (let k = 0; k < 12; k += 1) {
      policy.update('a', k % 2);
      policy.update('b', k % 3 === 0 ? 1 : 0);
    }
    const p = [...policy.probabilities().values()];
    expectClose(p[0]! + p[1]! + p[2]!, 1, 1e-12);
    const counts = [0, 0, 0];
    for (let k = 0; k < 20_000; k += 1) counts[policy.selectIndex()]! += 1;
    counts.forEach((n, i) => {
      expect(Math.abs(n / 20_000 - p[i]!)).toBeLessThan(4.5 * Math.sqrt((p[i]! * (1 - p[i]!)) / 20_000));
    });
    expect(Math.min(...p)).toBeGreaterThan(0.1);
  });

  it('learns the same mean from soft and from binarised fractions, and refuses them when asked to', () => {
    const soft = new ThompsonPolicy({ arms: ['a', 'b'], seed: 1, rewardRange: [-1, 1] });
    const binarised = new ThompsonPolicy({ arms: ['a', 'b'], seed: 1, rewardRange: [-1, 1], fractional: 'binarise' });
    for (let k = 0; k < 4_000; k += 1) {
      soft.update('a', 0.2);
      binarised.update('a', 0.2);
    }
    expectClose(soft.statistics()[0]!.estimate, 0.2, 1e-3);
    expect(Math.abs(binarised.statistics()[0]!.estimate - 0.2)).toBeLessThan(0.07); // 4.5 sd of 2 B(4000, .6) / 4000
    expect(binarised.statistics()[0]!.estimate).not.toBe(soft.statistics()[0]!.estimate);
    expect(binarised.statistics()[0]!.meanReward).toBeCloseTo(0.2, 12);
    const strict = new ThompsonPolicy({ arms: ['a'], seed: 1, fractional: 'refuse' });
    strict.update('a', 1);
    expect(() => strict.update('a', 0.5)).toThrow("reward must be 0 or 1, as fractional: 'refuse' asks, got 0.5");
    expect(strict.statistics()[0]!.pulls).toBe(1);
  });

  it('ranks several arms at once without repeating one', () => {
    const policy = new ThompsonPolicy({ arms: ['a', 'b', 'c', 'd'], seed: 4 });
    for (let k = 0; k < 200; k += 1) for (const arm of ['a', 'c']) policy.update(arm, k % 10 === 0 ? 0 : 1);
    for (let k = 0; k < 200; k += 1) for (const arm of ['b', 'd']) policy.update(arm, k % 10 === 0 ? 1 : 0);
    expect(policy.rank(2).toSorted()).toEqual(['a', 'c']);
    expect(policy.rank(4).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(() => policy.rank(5)).toThrow('k must be an integer within [1, 4]');
    expect(policy.rank(2, undefined, { eligible: [true, true, false, true] })[0]).toBe('a');
  });

  it('refuses bad options', () => {
    const arms = ['a'];
    expect(() => new ThompsonPolicy({ arms, prior: { alpha: 0, beta: 1 } })).toThrow('prior.alpha must be');
    expect(() => new ThompsonPolicy({ arms, prior: { mean: 0.5, weight: 1 } })).toThrow(
      'prior must be { alpha, beta }',
    );
    expect(() => new ThompsonPolicy({ arms, topTwo: 0 })).toThrow('topTwo must be');
    expect(() => new ThompsonPolicy({ arms, fractional: 'hard' as never })).toThrow('fractional must be one of');
    expect(() => new ThompsonPolicy({ arms: [] })).toThrow('arms must be a list of names');
    expect(() => new ThompsonPolicy({ arms: ['a', 'a'] })).toThrow('arms must be a list of distinct names');
    expect(() => new ThompsonPolicy({ arms, explorationFloor: 1.1 })).toThrow('explorationFloor must be within [0, 1]');
  });
});
