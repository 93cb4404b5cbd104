import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileSequence } from '../../../src/stats/sequential/index.ts';
import { QuantileSketch } from '../../../src/stats/summaries/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

const alternatives = fc.constantFrom('two-sided', 'less', 'greater') as fc.Arbitrary<'two-sided' | 'less' | 'greater'>;
/** Ascending samples with ties. */
const samples = fc
  .array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 200 })
  .map((xs) => [...xs].sort((a, b) => a - b));
const quantiles = fc.constantFrom(0.05, 0.5, 0.9, 0.99);
const ranks = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('quantileSequence', () => {
  it('is sound on every side, ties included: estimate inside, p-value and interval agree', () => {
    fc.assert(
      fc.property(
        samples,
        alternatives,
        quantiles,
        fc.integer({ min: -22, max: 22 }),
        (xs, alternative, quantile, nullValue) => {
          const result = conclusive(quantileSequence(xs, { quantile, alternative, nullValue, horizon: 100 }));
          expectSound(result, nullValue);
          expect(result.estimate).toBe(xs[Math.ceil(quantile * xs.length - 1e-9) - 1]);
        },
      ),
      { seed: 42, numRuns: 500 },
    );
  });

  it('has an e-value whose expectation under the null is at most one, whatever lies at the quantile', () => {
    // Values -1, 0, 1 with P(< 0) = 0.3 and P(<= 0) = 0.6: 0 is the median, and an atom.
    const weights = [0.3, 0.3, 0.4];
    for (const alternative of ['two-sided', 'greater', 'less'] as const) {
      let expectation = 0;
      for (let code = 0; code < 3 ** 6; code += 1) {
        const picks = Array.from({ length: 6 }, (_, i) => Math.floor(code / 3 ** i) % 3);
        const probability = picks.reduce((p, pick) => p * weights[pick]!, 1);
        const sorted = picks.map((pick) => pick - 1).sort((a, b) => a - b);
        expectation += probability * conclusive(quantileSequence(sorted, { alternative, horizon: 20 })).eValue!;
      }
      expect(expectation).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  it('turns over with the sample', () => {
    fc.assert(
      fc.property(samples, (xs) => {
        const [low, high] = conclusive(quantileSequence(xs, { quantile: 0.8 })).interval;
        const turned = [...xs].reverse().map((x) => 0 - x);
        const back = conclusive(quantileSequence(turned, { quantile: 0.2 })).interval;
        expect(back).toEqual([0 - high, 0 - low]);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('only knows ranks: any increasing transformation goes through, from 1e-9 to 1e9', () => {
    const xs = ranks(400);
    for (const transform of [(x: number) => x * 1e9, (x: number) => x * 1e-9, (x: number) => Math.exp(x / 40)]) {
      const plain = conclusive(quantileSequence(xs, { quantile: 0.9, nullValue: 340 }));
      const other = conclusive(quantileSequence(xs.map(transform), { quantile: 0.9, nullValue: transform(340) }));
      expect(other.interval).toEqual(plain.interval.map(transform));
      expect(other.logEValue).toBe(plain.logEValue);
    }
  });

  it('narrows with n, widens as alpha falls, and is open where too little lies beyond', () => {
    const widths = [100, 1000, 10_000].map((n) => {
      const [low, high] = conclusive(quantileSequence(ranks(n), { quantile: 0.5 })).interval;
      return (high - low) / n;
    });
    expect(widths[1]!).toBeLessThan(widths[0]!);
    expect(widths[2]!).toBeLessThan(widths[1]!);
    const narrow = conclusive(quantileSequence(ranks(1000), { quantile: 0.9 })).interval;
    const wide = conclusive(quantileSequence(ranks(1000), { quantile: 0.9, alpha: 0.001 })).interval;
    expect(wide[0]).toBeLessThan(narrow[0]);
    expect(wide[1]).toBeGreaterThan(narrow[1]);
    const early = conclusive(quantileSequence(ranks(20), { quantile: 0.99 })).interval;
    expect(early[1]).toBe(Number.POSITIVE_INFINITY);
    expect(conclusive(quantileSequence([7])).interval).toEqual([-Infinity, Infinity]);
  });

  it('takes a sketch, widened by its rank error', () => {
    const xs = Float64Array.from({ length: 20_000 }, (_, i) => -Math.log((i + 0.5) / 20_000)).sort();
    const sketch = new QuantileSketch().pushAll(xs);
    for (const quantile of [0.5, 0.95, 0.99]) {
      const options = { quantile, nullValue: 4 };
      const exact = conclusive(quantileSequence(xs, options));
      const rough = conclusive(quantileSequence(sketch, options));
      expect(rough.interval[0]).toBeLessThanOrEqual(exact.interval[0]);
      expect(rough.interval[1]).toBeGreaterThanOrEqual(exact.interval[1]);
      expect(rough.logEValue!).toBeLessThanOrEqual(exact.logEValue!);
      expect(rough.interval[1] - rough.interval[0]).toBeLessThan(3.5 * (exact.interval[1] - exact.interval[0]));
    }
    const small = new QuantileSketch().pushAll(ranks(150));
    const same = conclusive(quantileSequence(small, { quantile: 0.5, nullValue: 60 }));
    expect(same).toEqual(quantileSequence(ranks(150), { quantile: 0.5, nullValue: 60 }));
  });

  it('judges a limit as the count of exceedances does', () => {
    const greater = conclusive(quantileSequence(ranks(400), { quantile: 0.9, nullValue: 330, alternative: 'greater' }));
    expect(greater.pValue).toBeLessThan(0.02);
    expect(greater.interval[0]).toBeGreaterThan(330);
    expect(greater.interval[1]).toBe(Number.POSITIVE_INFINITY);
    expectClose(greater.pValue, Math.exp(-greater.logEValue!), 1e-12);
  });

  it('waits for observations and refuses what cannot be', () => {
    expect(quantileSequence([])).toMatchObject({ status: 'inconclusive', n: [0], validity: 'anytime' });
    expect(quantileSequence(new QuantileSketch()).status).toBe('inconclusive');
    expect(() => quantileSequence([2, 1])).toThrow('source[1] must be at least 2: the sample must be ascending');
    expect(() => quantileSequence([1, Number.NaN])).toThrow('source[1]');
    expect(() => quantileSequence([1], { quantile: 1 })).toThrow('quantile');
    expect(() => quantileSequence([1], { horizon: -5 })).toThrow('horizon');
  });
});
