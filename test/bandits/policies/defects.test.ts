import { describe, expect, it } from 'vitest';
import { replay } from '../../../src/bandits/evidence/index.ts';
import {
  EpsilonGreedyPolicy,
  ImedPolicy,
  KlUcbPolicy,
  LinUcbPolicy,
  SoftmaxPolicy,
  ThompsonPolicy,
  Ucb1Policy,
  UcbPolicy,
} from '../../../src/bandits/policies/index.ts';
import { beta, createRng } from '../../../src/random/index.ts';
import { draw, expectMoments } from '../../support/samples.ts';

/** Defects that were found in other bandit libraries, each as a test that it is not here. */
describe('defects of other libraries', () => {
  it('1: an arm added later does not starve because it has no index yet', () => {
    for (const Policy of [UcbPolicy, Ucb1Policy, KlUcbPolicy, ImedPolicy]) {
      const policy = new Policy({ arms: ['a', 'b'], seed: 1 });
      const rng = createRng(2);
      const means: Record<string, number> = { a: 0.5, b: 0.4, new: 0.95 };
      for (let t = 0; t < 2_500; t += 1) {
        if (t === 500) policy.addArm('new');
        const arm = policy.select();
        policy.update(arm, rng.next() < means[arm]! ? 1 : 0);
      }
      const added = policy.statistics()[2]!;
      expect(added.pulls, policy.kind).toBeGreaterThan(600);
      expect(policy.bestArm()).toBe('new');
    }
  });

  it('3: softmax pulls with the probabilities of its definition', () => {
    const policy = new SoftmaxPolicy({ arms: ['a', 'b', 'c'], seed: 3, temperature: 1, rewardRange: [0, 2] });
    policy.updateBatch([
      { arm: 'a', reward: 2 },
      { arm: 'b', reward: 1 },
      { arm: 'c', reward: 0 },
    ]);
    const want = [2, 1, 0].map((mean) => Math.exp(mean) / (Math.exp(2) + Math.exp(1) + 1));
    const counts = [0, 0, 0];
    for (let k = 0; k < 40_000; k += 1) counts[policy.selectIndex()]! += 1;
    [...policy.probabilities().values()].forEach((p, i) => {
      expect(p).toBeCloseTo(want[i]!, 12);
      expect(Math.abs(counts[i]! / 40_000 - p)).toBeLessThan(4.5 * Math.sqrt((p * (1 - p)) / 40_000));
    });
  });

  it('4: totals follow the arms, and equals are chosen at random', () => {
    const policy = new Ucb1Policy({ arms: ['a', 'b', 'c'], seed: 1 });
    for (const arm of ['a', 'b', 'c']) for (let k = 0; k < 10; k += 1) policy.update(arm, k % 2);
    expect(() => policy.update('unknown', 1)).toThrow('arm must be one of');
    policy.removeArm('c');
    const fresh = new Ucb1Policy({ arms: ['a', 'b'], seed: 1 });
    for (const arm of ['a', 'b']) for (let k = 0; k < 10; k += 1) fresh.update(arm, k % 2);
    expect(policy.statistics()).toEqual(fresh.statistics());
    expect(policy.statistics().reduce((sum, s) => sum + s.selectionRate, 0)).toBe(1);
    const greedy = new EpsilonGreedyPolicy({ arms: ['a', 'b'], seed: 1, epsilon: 0 });
    greedy.updateBatch([
      { arm: 'a', reward: 1 },
      { arm: 'b', reward: 1 },
    ]);
    let second = 0;
    for (let k = 0; k < 1_000; k += 1) second += greedy.selectIndex();
    expect(Math.abs(second - 500)).toBeLessThan(75);
  });

  it('2: a cold arm of a linear policy is as wide as its prior, 1 / sqrt(lambda) and not sqrt(lambda)', () => {
    for (const [lambda, wide] of [
      [10, false],
      [0.1, true],
    ] as const) {
      const policy = new LinUcbPolicy({ arms: ['known', 'cold'], seed: 1, dimension: 1, lambda });
      for (let k = 0; k < 1_000; k += 1) policy.update('known', 1, [1]);
      // The cold arm's bound is its width: 0.316 at lambda 10, 3.16 at 0.1; the known arm's is about 1.
      expect(policy.select([1])).toBe(wide ? 'cold' : 'known');
    }
  });

  it('5: decisions that a policy would not have made earn it nothing, not the mean reward of the arm', () => {
    const log = [
      ...Array.from({ length: 50 }, () => ({ arm: 'a', propensity: 0.5, reward: 0 })),
      ...Array.from({ length: 50 }, () => ({ arm: 'b', propensity: 0.5, reward: 1 })),
    ];
    const onlyA = new EpsilonGreedyPolicy({
      arms: ['a', 'b'],
      seed: 1,
      epsilon: 0,
      ties: 'first',
      optimism: { mean: 0.5, weight: 1 },
    });
    // Arm a never pays: after one pull the policy turns to b, and 49 decisions of a pass it by.
    const result = replay(log, onlyA);
    expect(result.matched).toBe(51);
    expect(result.value).toBe(50 / 51);
  });

  it('10: replay runs, over a policy of any kind', () => {
    const log = Array.from({ length: 40 }, (_, t) => ({
      arm: t % 2 ? 'a' : 'b',
      propensity: 0.5,
      reward: 1,
      context: [1, t],
    }));
    for (const policy of [
      new ThompsonPolicy({ arms: ['a', 'b'], seed: 1 }),
      new LinUcbPolicy({ arms: ['a', 'b'], seed: 1, dimension: 2 }),
    ]) {
      expect(replay<number[]>(log, policy).matched).toBeGreaterThan(0);
    }
  });

  it('6: the beta sampler samples the beta distribution, and one bad reward removes nobody', () => {
    for (const [a, b] of [
      [1, 1],
      [1, 2],
      [5e5, 5e5],
    ] as const) {
      const rng = createRng(`beta ${a} ${b}`);
      const s = a + b;
      expectMoments(
        draw(40_000, () => beta(rng, a, b)),
        a / s,
        (a * b) / (s * s * (s + 1)),
        `beta(${a}, ${b})`,
      );
    }
    const policy = new ThompsonPolicy({ arms: ['a', 'b'], seed: 1 });
    for (const bad of [2, Number.NaN, -0.1]) expect(() => policy.update('a', bad)).toThrow('reward must be');
    const chosen = new Set(Array.from({ length: 100 }, () => policy.select()));
    expect(chosen).toEqual(new Set(['a', 'b']));
  });

  it('7: choices before the first reward spread over the arms', () => {
    for (const Policy of [UcbPolicy, KlUcbPolicy, ImedPolicy]) {
      const policy = new Policy({ arms: ['a', 'b', 'c'], seed: 1 });
      expect(() => policy.update('a', Number.NaN)).toThrow('reward must be');
      const random = Array.from({ length: 60 }, () => policy.selectIndex());
      expect(new Set(random).size).toBe(3);
      const pending = [0, 0, 0];
      for (let k = 0; k < 6; k += 1) pending[policy.selectIndex(undefined, { pending })]! += 1;
      expect(pending).toEqual([2, 2, 2]);
    }
  });

  it('8: IMED takes the smallest index, and so does not play at random', () => {
    let regret = 0;
    for (let run = 0; run < 40; run += 1) {
      const policy = new ImedPolicy({ arms: ['a', 'b'], seed: run });
      const rng = createRng(`imed ${run}`);
      for (let t = 0; t < 1_000; t += 1) {
        const i = policy.selectIndex();
        regret += i * 0.1;
        policy.update(i, rng.next() < (i === 0 ? 0.9 : 0.8) ? 1 : 0);
      }
    }
    expect(regret / 40).toBeLessThan(15); // 6.7 by the reference, 50 at random
  });

  it('9: Gaussian Thompson sampling draws the mean, not a reward, and so concentrates', () => {
    const policy = new ThompsonPolicy({ arms: ['a', 'b'], seed: 4, model: 'gaussian' });
    const rng = createRng(5);
    for (let k = 0; k < 2_000; k += 1) {
      policy.update('a', 0.3 + 2 * (rng.next() - 0.5));
      policy.update('b', 2 * (rng.next() - 0.5));
    }
    // The rewards overlap (sd 0.58, gap 0.3); the posteriors of the means do not (sd 0.013).
    expect(policy.probabilities().get('a')).toBeGreaterThan(0.999999);
    expect(new Set(Array.from({ length: 200 }, () => policy.select()))).toEqual(new Set(['a']));
  });
});
