import { describe, expect, it } from 'vitest';
import { estimateRegret, probabilityBestArm } from '../../../src/bandits/evidence/index.ts';
import { KlUcbPolicy, ThompsonPolicy, UcbPolicy } from '../../../src/bandits/policies/index.ts';
import { createRng } from '../../../src/random/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('estimateRegret', () => {
  it('is the sum of pulls times gaps, within an interval that the corners of the box of means bound', () => {
    const policy = {
      statistics: (level = 0.95) => {
        const half = level > 0.96 ? 0.1 : 0.05; // the Bonferroni level is asked for
        return [
          { arm: 'a', pulls: 100, meanReward: 0.6 },
          { arm: 'b', pulls: 10, meanReward: 0.4 },
        ].map((s) => ({ ...s, interval: [s.meanReward - half, s.meanReward + half] as const }));
      },
    };
    const result = estimateRegret(policy as never);
    if (result.status !== 'ok') return expect.unreachable();
    expectClose(result.regret, 2, 1e-12);
    expect(result.bestArm).toBe('a');
    expectClose(result.perPull, 2 / 110, 1e-12);
    // Least: a at 0.5, b at 0.5. Most: b is best at 0.5 (then a loses nothing at 0.5), or a at 0.7 and b at 0.3.
    expectClose(result.interval[0], 0, 1e-12, 'least', 1);
    expectClose(result.interval[1], 10 * 0.4, 1e-12);
  });

  it('covers the true regret of a running bandit', () => {
    const rate = [0.7, 0.5, 0.45];
    let covered = 0;
    for (let run = 0; run < 60; run += 1) {
      const policy = new KlUcbPolicy({ arms: ['a', 'b', 'c'], seed: run });
      const rng = createRng(`regret ${run}`);
      let truth = 0;
      for (let t = 0; t < 400; t += 1) {
        const arm = policy.selectIndex();
        truth += 0.7 - rate[arm]!;
        policy.update(arm, rng.next() < rate[arm]! ? 1 : 0);
      }
      const result = estimateRegret(policy);
      if (result.status !== 'ok') return expect.unreachable();
      expect(result.interval[0]).toBeLessThanOrEqual(result.regret);
      covered += truth >= result.interval[0] && truth <= result.interval[1] ? 1 : 0;
    }
    expect(covered).toBeGreaterThanOrEqual(57);
  });

  it('is inconclusive while an arm has no reward', () => {
    const policy = new UcbPolicy({ arms: ['a', 'b'], seed: 1 });
    policy.update('a', 1);
    expect(estimateRegret(policy)).toEqual({ status: 'inconclusive', reason: 'no reward yet of b' });
    expect(() => estimateRegret(policy, 1)).toThrow('level must be');
  });
});

describe('probabilityBestArm', () => {
  it('is the propensity of Thompson sampling with the same prior, for any policy', () => {
    const rows = Array.from({ length: 60 }, (_, t) => ({ arm: t % 3, reward: ((t * 7) % 10) / 10 }));
    const thompson = new ThompsonPolicy({ arms: ['a', 'b', 'c'], seed: 1 });
    const ucb = new UcbPolicy({ arms: ['a', 'b', 'c'], seed: 1 });
    thompson.updateBatch(rows);
    ucb.updateBatch(rows);
    const want = thompson.probabilities();
    for (const [arm, p] of probabilityBestArm(ucb.statistics())) expectClose(p, want.get(arm)!, 1e-9);
  });

  it('takes ranges, arms without rewards, and Gaussian rewards', () => {
    const raw = new UcbPolicy({ arms: ['a', 'b'], seed: 1, rewardRange: [-10, 10] });
    for (let k = 0; k < 40; k += 1) raw.update('a', 5);
    const p = probabilityBestArm(raw.statistics(), { rewardRange: [-10, 10] });
    expect(p.get('a')).toBeGreaterThan(0.7);
    expectClose(p.get('a')! + p.get('b')!, 1, 1e-12);
    const gaussian = new ThompsonPolicy({ arms: ['a', 'b'], seed: 1, model: 'gaussian' });
    for (let k = 0; k < 9; k += 1) {
      gaussian.update('a', 100 + k);
      gaussian.update('b', 90 + k);
    }
    expect(probabilityBestArm(gaussian.statistics(), { model: 'gaussian' }).get('a')).toBeGreaterThan(0.999);
    expect(() => probabilityBestArm(raw.statistics(), { model: 'gaussian' })).toThrow(
      'a needs two rewards that differ',
    );
    expect(() => probabilityBestArm(raw.statistics(), { rewardRange: [1, 1] })).toThrow('rewardRange must be');
  });
});
