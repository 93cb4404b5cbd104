import { describe, expect, it } from 'vitest';
import { UcbPolicy } from '../../../src/bandits/policies/UcbPolicy.ts';
import { readGolden } from '../../support/golden.ts';

interface Trajectory {
  readonly c: number;
  readonly rewardTable: number[][];
  readonly expectedArms: number[];
  readonly expectedPulls: number[];
  readonly expectedTotalReward: number[];
}
const golden = readGolden<{ ucb_trajectory: Trajectory[] }>('bandits.json');

describe('UcbPolicy', () => {
  it.each(golden.ucb_trajectory)('follows the reference trajectory at c = $c', (reference) => {
    const policy = new UcbPolicy({ arms: ['a', 'b', 'c'], seed: 1, ties: 'first', explorationParameter: reference.c });
    const arms = reference.rewardTable.map((row) => {
      const arm = policy.selectIndex();
      policy.update(arm, row[arm]!);
      return arm;
    });
    expect(arms).toEqual(reference.expectedArms);
    expect(policy.statistics().map((s) => s.pulls)).toEqual(reference.expectedPulls);
    expect(policy.statistics().map((s) => s.totalReward)).toEqual(reference.expectedTotalReward);
  });

  it('scales its bonus with the declared range, so that units do not matter', () => {
    const unit = new UcbPolicy({ arms: ['a', 'b'], seed: 3 });
    const raw = new UcbPolicy({ arms: ['a', 'b'], seed: 3, rewardRange: [100, 300] });
    for (let t = 0; t < 300; t += 1) {
      const arm = unit.select();
      expect(raw.select()).toBe(arm);
      const x = (t % 8) / 8;
      unit.update(arm, x);
      raw.update(arm, 100 + 200 * x);
    }
    expect(raw.statistics()[0]!.estimate).toBeCloseTo(100 + 200 * unit.statistics()[0]!.estimate, 9);
  });

  it('counts pulls in flight: a batch of 4 on 4 new arms takes each once, and then waits for what is unknown', () => {
    const policy = new UcbPolicy({ arms: ['a', 'b', 'c', 'd'], seed: 5 });
    const pending = [0, 0, 0, 0];
    for (let k = 0; k < 8; k += 1) pending[policy.selectIndex(undefined, { pending })]! += 1;
    expect(pending).toEqual([2, 2, 2, 2]);
    policy.update('b', 0);
    // Three arms are unknown and in flight: only b can be judged.
    expect(policy.select(undefined, { pending: [2, 1, 2, 2] })).toBe('b');
  });

  it('spreads a batch over the arms once they are known', () => {
    const policy = new UcbPolicy({ arms: ['a', 'b'], seed: 5, explorationParameter: 1 });
    for (const arm of ['a', 'b']) for (let k = 0; k < 10; k += 1) policy.update(arm, k < 6 ? 1 : 0);
    const pending = [0, 0];
    for (let k = 0; k < 40; k += 1) pending[policy.selectIndex(undefined, { pending })]! += 1;
    expect(pending).toEqual([20, 20]);
  });

  it("with c 'auto' learns the scale of the rewards, without a finite range too", () => {
    const low = new UcbPolicy({ arms: ['a', 'b'], seed: 1, explorationParameter: 'auto' });
    const two = new UcbPolicy({ arms: ['a', 'b'], seed: 1 });
    for (const policy of [low, two]) {
      for (let k = 0; k < 200; k += 1) policy.update('a', k % 2 === 0 ? 0.25 : 0.35);
      for (let k = 0; k < 30; k += 1) policy.update('b', 0.1);
    }
    expect(low.select()).toBe('a'); // the rewards vary by 0.05 only: c is about 0.1, and b lies 0.2 below
    expect(two.select()).toBe('b');
    const open = new UcbPolicy({
      arms: ['a', 'b'],
      seed: 1,
      explorationParameter: 'auto',
      rewardRange: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    });
    for (let k = 0; k < 100; k += 1) open.update(open.select(), 1e6 + k);
    expect(open.statistics().every((s) => s.pulls >= 2)).toBe(true);
  });

  it('starts optimistically without forced pulls', () => {
    const policy = new UcbPolicy({
      arms: ['a', 'b', 'c'],
      seed: 1,
      explorationParameter: 0,
      optimism: { mean: 1, weight: 5 },
    });
    const first = [0, 1, 2].map(() => {
      const arm = policy.select();
      policy.update(arm, 0.5);
      return arm;
    });
    expect(first.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('refuses bad options', () => {
    const arms = ['a', 'b'];
    expect(() => new UcbPolicy({ arms, explorationParameter: -1 })).toThrow('explorationParameter must be');
    expect(() => new UcbPolicy({ arms, explorationParameter: Number.NaN })).toThrow('explorationParameter must be');
    expect(() => new UcbPolicy({ arms, rewardRange: [0, Number.POSITIVE_INFINITY] })).toThrow(
      'rewardRange must be finite',
    );
    expect(() => new UcbPolicy({ arms, rewardRange: [1, 0] })).toThrow('rewardRange must be a pair');
    expect(() => new UcbPolicy({ arms, minPulls: 0 })).toThrow('minPulls must be an integer at least 1');
    expect(() => new UcbPolicy({ arms, optimism: { mean: 2, weight: 1 } })).toThrow('optimism.mean must be');
    expect(() => new UcbPolicy({ arms, epsilon: 1 } as never)).toThrow('UcbPolicy options.epsilon must be left out');
  });
});
