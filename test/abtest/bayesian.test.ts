import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';

const sure = <T extends { status: string }>(result: T): Extract<T, { status: 'ok' }> => {
  if (result.status !== 'ok') throw new Error('inconclusive');
  return result as Extract<T, { status: 'ok' }>;
};

describe('a belief', () => {
  it('says how likely the challenger is better, and what it may lose', () => {
    const clock = new ManualClock(0);
    const test = new ABTest({
      champion: { predict: () => 0.3 },
      challenger: { predict: () => 0 },
      seed: 7,
      clock,
      inference: 'bayesian',
      metrics: [absoluteError({ role: 'goal' })],
    });
    const rng = createRng(4);
    for (let i = 0; i < 2000; i += 1) test.record(test.serve(0).requestId, normal(rng));
    const found = sure(test.statisticalTest('absoluteError'));
    expect(found.method).toBe('normal-posterior');
    const welch = sure(test.statisticalTest('absoluteError', { method: 'welch' }));
    // The prior draws towards 0.
    expect(Math.abs(found.estimate)).toBeLessThan(Math.abs(welch.estimate));
    expect(found.chanceToWin).toBeGreaterThan(0.5);
    expect(found.expectedLoss).toBeGreaterThanOrEqual(0);
    expect(found.expectedLoss).toBeLessThan(0.02);
    expect(found.statistic).toBeUndefined();
  });
});
