import { describe, expect, it } from 'vitest';
import { SoftmaxPolicy } from '../../../src/bandits/policies/SoftmaxPolicy.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

const cases = readGolden<{ softmax: { means: number[]; tau: number; probs: number[] }[] }>('bandits.json').softmax;

describe('SoftmaxPolicy', () => {
  it.each(cases)('has the reference probabilities at temperature $tau', ({ means, tau, probs }) => {
    const arms = means.map((_, i) => `arm ${i}`);
    const policy = new SoftmaxPolicy({ arms, seed: 1, temperature: tau });
    policy.updateBatch(means.map((reward, arm) => ({ arm, reward })));
    [...policy.probabilities().values()].forEach((p, i) => {
      expectClose(p, probs[i]!, 1e-12);
    });
    const raw = new SoftmaxPolicy({ arms, seed: 1, temperature: tau * 40, rewardRange: [-10, 30] });
    raw.updateBatch(means.map((mean, arm) => ({ arm, reward: -10 + 40 * mean })));
    [...raw.probabilities().values()].forEach((p, i) => {
      expectClose(p, probs[i]!, 1e-12);
    });
  });

  it('survives a temperature that makes weights underflow, and takes a schedule', () => {
    const cold = new SoftmaxPolicy({ arms: ['a', 'b'], seed: 1, temperature: 1e-9 });
    cold.updateBatch([
      { arm: 'a', reward: 0.5 },
      { arm: 'b', reward: 0.4 },
    ]);
    expect([...cold.probabilities().values()]).toEqual([1, 0]);
    const scheduled = new SoftmaxPolicy({ arms: ['a'], seed: 1, temperature: (t) => (t < 3 ? 1 : -1) });
    scheduled.update('a', 1);
    expect(scheduled.select()).toBe('a');
    scheduled.update('a', 1);
    expect(() => scheduled.select()).toThrow('temperature must be a finite number greater than 0, got -1');
    expect(() => new SoftmaxPolicy({ arms: ['a'], temperature: 0 })).toThrow('temperature must be');
  });
});
