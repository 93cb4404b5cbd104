import { describe, expect, it } from 'vitest';
import { SuccessiveEliminationPolicy } from '../../../src/bandits/policies/SuccessiveEliminationPolicy.ts';
import { readGolden } from '../../support/golden.ts';

interface Elimination {
  readonly rewardTable: number[][];
  readonly delta: number;
  readonly expected: {
    readonly eliminatedAtPhase: Record<string, number>;
    readonly survivors: number[];
    readonly phases: number;
  };
}
const reference = readGolden<{ successive_elimination: Elimination[] }>('bandits.json').successive_elimination[0]!;

describe('SuccessiveEliminationPolicy', () => {
  it('eliminates the arms of the reference in the same rounds', () => {
    const { rewardTable, delta, expected } = reference;
    const policy = new SuccessiveEliminationPolicy({ arms: ['0', '1', '2'], seed: 1, ties: 'first', delta });
    const out: Record<string, number> = {};
    for (let phase = 1; phase <= expected.phases; phase += 1) {
      const remaining = policy.remainingArms();
      for (const name of remaining) {
        const arm = policy.select();
        expect(arm).toBe(name);
        policy.update(arm, rewardTable[phase - 1]![Number(arm)]!);
      }
      for (const name of remaining) if (!policy.remainingArms().includes(name)) out[name] = phase;
    }
    expect(out).toEqual(expected.eliminatedAtPhase);
    expect(policy.remainingArms()).toEqual(expected.survivors.map(String));
    for (let k = 0; k < 5; k += 1) expect(policy.select()).toBe('0');
  });

  it('gives way where guards exclude the arms that remain', () => {
    const policy = new SuccessiveEliminationPolicy({ arms: ['a', 'b'], seed: 1 });
    for (let k = 0; k < 200; k += 1)
      policy.updateBatch([
        { arm: 'a', reward: 1 },
        { arm: 'b', reward: 0 },
      ]);
    expect(policy.remainingArms()).toEqual(['a']);
    expect(policy.select(undefined, { eligible: [false, true] })).toBe('b');
    policy.removeArm('a');
    expect(policy.remainingArms()).toEqual(['b']);
  });

  it('pulls an arm that is added until it has caught up or is out', () => {
    const policy = new SuccessiveEliminationPolicy({ arms: ['a', 'b'], seed: 1 });
    for (let k = 0; k < 50; k += 1) for (const arm of ['a', 'b']) policy.update(arm, 0.9);
    policy.addArm('c');
    let pulls = 0;
    while (policy.remainingArms().includes('c')) {
      expect(policy.select()).toBe('c');
      policy.update('c', 0);
      pulls += 1;
    }
    // sqrt(ln(12 n^2 / 0.05) / (2n)) falls below 0.9 - 0.365 at n = 21.
    expect(pulls).toBe(21);
    expect(policy.remainingArms()).toEqual(['a', 'b']);
  });

  it('refuses delta at or outside the ends of (0, 1)', () => {
    for (const delta of [0, 1, -1, Number.NaN]) {
      expect(() => new SuccessiveEliminationPolicy({ arms: ['a'], delta })).toThrow('delta must be strictly between');
    }
  });
});
