import { describe, expect, it } from 'vitest';
import { Exp3Policy } from '../../../src/bandits/policies/Exp3Policy.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

interface Exp3Case {
  readonly K: number;
  readonly gamma: number;
  readonly arms: number[];
  readonly rewards: number[];
  readonly expectedProbsBeforeEachStep: number[][];
  readonly finalProbs: number[];
}
const reference = readGolden<{ exp3: Exp3Case[] }>('bandits.json').exp3[0]!;

describe('Exp3Policy', () => {
  it('has the reference probabilities before every step', () => {
    const policy = new Exp3Policy({ arms: ['a', 'b', 'c'], seed: 1, gamma: reference.gamma });
    const expectLaw = (want: number[]): void => {
      [...policy.probabilities().values()].forEach((p, i) => {
        expectClose(p, want[i]!, 1e-12);
      });
    };
    reference.arms.forEach((arm, t) => {
      expectLaw(reference.expectedProbsBeforeEachStep[t]!);
      policy.update(arm, reference.rewards[t]!);
    });
    expectLaw(reference.finalProbs);
  });

  it('weighs a late reward by the propensity of its choice', () => {
    const late = new Exp3Policy({ arms: ['a', 'b'], seed: 1, gamma: 0.3 });
    const now = new Exp3Policy({ arms: ['a', 'b'], seed: 1, gamma: 0.3 });
    late.update('a', 1, undefined, { propensity: 0.5 });
    now.update('a', 1);
    expect(late.probabilities()).toEqual(now.probabilities());
    late.update('a', 1, undefined, { propensity: 0.01 });
    now.update('a', 1);
    expect(late.probabilities().get('a')).toBeGreaterThan(now.probabilities().get('a')!);
    expect(() => late.update('a', 1, undefined, { propensity: 0 })).toThrow('propensity must be');
  });

  it('does not overflow where a weight grows without bound', () => {
    const policy = new Exp3Policy({ arms: ['a', 'b'], seed: 1, gamma: 1 });
    for (let k = 0; k < 5_000; k += 1) policy.update('a', 1);
    expect([...policy.probabilities().values()]).toEqual([0.5, 0.5]);
    const anytime = new Exp3Policy({ arms: ['a', 'b'], seed: 1 });
    for (let k = 0; k < 20_000; k += 1)
      anytime.updateBatch([
        { arm: 'a', reward: 1 },
        { arm: 'b', reward: 0 },
      ]);
    const p = anytime.probabilities().get('a')!;
    expect(p).toBeGreaterThan(0.99);
    expect(p).toBeLessThanOrEqual(1);
    anytime.restore(JSON.parse(JSON.stringify(anytime.snapshot())));
  });

  it('refuses bad options', () => {
    expect(() => new Exp3Policy({ arms: ['a'], gamma: 0 })).toThrow('gamma must be');
    expect(() => new Exp3Policy({ arms: ['a'], gamma: 1.5 })).toThrow('gamma must be');
  });
});
