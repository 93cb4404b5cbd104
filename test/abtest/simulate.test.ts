import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';
import { normal } from '../../src/random/index.ts';

describe('ABTest.simulate', () => {
  const champion = { predict: (x: number) => x };
  const challenger = { predict: (x: number) => 0.5 * x };
  const world = (rng: { next(): number }) => ({ input: normal(rng as never), truth: 0 });

  it('shows what the rule does to equal and to better models', () => {
    const options = { champion, challenger, metrics: [absoluteError({ role: 'goal' })], horizon: 1000 };
    const { aa, ab, power, falsePositiveRate } = ABTest.simulate({
      test: options,
      world,
      requests: 1000,
      runs: 30,
      every: 100,
    });
    expect(falsePositiveRate).toBeLessThanOrEqual(0.1);
    expect(aa.runs).toBe(30);
    expect(power).toBe(1);
    expect(ab.meanRequests).toBeLessThan(600);
    expect(ab.medianRequests).toBeGreaterThanOrEqual(200);
    const again = ABTest.simulate({ test: options, world, requests: 1000, runs: 30, every: 100 });
    expect(again.aa).toEqual(aa);
  });

  it('refuses what it cannot run', () => {
    const test = { champion, challenger };
    expect(() => ABTest.simulate({ test, world: 3 as never, requests: 10 })).toThrow('world');
    expect(() => ABTest.simulate({ test, world, requests: 0 })).toThrow('requests');
  });
});
