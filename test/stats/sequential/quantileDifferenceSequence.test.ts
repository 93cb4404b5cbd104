import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileDifferenceSequence, quantileSequence } from '../../../src/stats/sequential/index.ts';
import { QuantileSketch } from '../../../src/stats/summaries/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

const alternatives = fc.constantFrom('two-sided', 'less', 'greater') as fc.Arbitrary<'two-sided' | 'less' | 'greater'>;
const samples = (most: number) =>
  fc
    .array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: most })
    .map((xs) => [...xs].sort((a, b) => a - b));
const ranks = (n: number, shift = 0) => Array.from({ length: n }, (_, i) => i + 1 + shift);

describe('quantileDifferenceSequence', () => {
  it('is sound on every side, ties included: estimate inside, p-value and interval agree', () => {
    const nulls = fc.integer({ min: -40, max: 40 });
    fc.assert(
      fc.property(samples(120), samples(120), alternatives, nulls, (a, b, alternative, nullValue) => {
        const options = { quantile: 0.6, alternative, nullValue, horizon: 60 };
        expectSound(conclusive(quantileDifferenceSequence(a, b, options)), nullValue);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('turns its sign with the samples', () => {
    fc.assert(
      fc.property(samples(80), samples(80), (a, b) => {
        const forward = conclusive(quantileDifferenceSequence(a, b, { nullValue: 3 }));
        const back = conclusive(quantileDifferenceSequence(b, a, { nullValue: -3 }));
        expect(back.interval).toEqual([0 - forward.interval[1], 0 - forward.interval[0]]);
        expectClose(back.logEValue!, forward.logEValue!, 1e-12);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('is what a search over all places of the quantiles finds', () => {
    const [a, b] = [ranks(60, 25), ranks(90).map((x) => x / 1.5)];
    const logE = (sample: readonly number[], place: number, alternative: 'greater' | 'less') =>
      conclusive(quantileSequence(sample, { alternative, nullValue: place, horizon: 100, alpha: 0.05 })).logEValue!;
    let least = Number.POSITIVE_INFINITY;
    for (const place of [...a, ...b, -1, 200]) {
      for (const nudge of [-0.25, 0, 0.25]) {
        least = Math.min(least, logE(a, place + nudge, 'greater') + logE(b, place + nudge, 'less'));
      }
    }
    const result = conclusive(quantileDifferenceSequence(a, b, { alternative: 'greater', horizon: 100 }));
    expectClose(result.logEValue!, least, 1e-9);
    expect(least).toBeGreaterThan(1);
  });

  it('is narrower than the difference of two sequences', () => {
    const [a, b] = [ranks(2000), ranks(2000)];
    const [low, high] = conclusive(quantileDifferenceSequence(a, b, { quantile: 0.9 })).interval;
    const one = conclusive(quantileSequence(a, { quantile: 0.9, alpha: 0.025 })).interval;
    expect(high - low).toBeLessThan(0.8 * 2 * (one[1] - one[0]));
  });

  it('is hardly wider where it thins the ranks out, and wider on sketches', () => {
    const [a, b] = [ranks(30_000), ranks(30_000, 700)];
    const options = { quantile: 0.5, nullValue: 0 } as const;
    const exact = conclusive(quantileDifferenceSequence(a, b, options));
    expectSound(exact, 0);
    const deviation = Math.sqrt(30_000 / 4) * Math.SQRT2;
    expect(exact.interval[1] - exact.estimate).toBeLessThan(5 * deviation);
    const sketch = (xs: readonly number[]) => new QuantileSketch().pushAll(xs);
    const rough = conclusive(quantileDifferenceSequence(sketch(a), sketch(b), options));
    expect(rough.interval[0]).toBeLessThanOrEqual(exact.interval[0]);
    expect(rough.interval[1]).toBeGreaterThanOrEqual(exact.interval[1]);
    expect(rough.logEValue!).toBeLessThanOrEqual(exact.logEValue!);
  });

  it('has no lower end where three observations are held against a quantile of one in a thousand', () => {
    const options = { quantile: 0.001, horizon: 5, alternative: 'greater' } as const;
    const [low] = conclusive(quantileDifferenceSequence(ranks(10, 99), [0, 1, 2], options)).interval;
    expect(low).toBe(Number.NEGATIVE_INFINITY);
  });

  it('waits for both samples and refuses what cannot be', () => {
    expect(quantileDifferenceSequence([], [1])).toMatchObject({ status: 'inconclusive', n: [0, 1] });
    expect(conclusive(quantileDifferenceSequence([1], [1])).interval).toEqual([-Infinity, Infinity]);
    expect(() => quantileDifferenceSequence([1], [2, 1])).toThrow('second[1]');
    expect(() => quantileDifferenceSequence([1], [1], { quantile: 0 })).toThrow('quantile');
  });
});
