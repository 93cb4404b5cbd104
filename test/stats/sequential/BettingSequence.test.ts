import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BettingSequence, betaMixtureEProcess } from '../../../src/stats/sequential/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

summaryContract({
  name: 'BettingSequence',
  create: () => new BettingSequence({ range: [-1e10, 1e10] }),
  restore: BettingSequence.fromJSON,
  exact: (s) => s.n,
  close: (s) => ({ mean: [s.mean, 1e10] }),
});

const alternatives = fc.constantFrom('two-sided', 'less', 'greater') as fc.Arbitrary<'two-sided' | 'less' | 'greater'>;
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const samples = fc.array(unit, { minLength: 1, maxLength: 120 });

describe('BettingSequence', () => {
  it('keeps the mean of what it has seen', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 70 }), (xs, bins) => {
        const mean = xs.reduce((s, x) => s + x, 0) / xs.length;
        expect(new BettingSequence({ bins }).pushAll(xs).mean).toBeCloseTo(mean, 12);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('is sound on every side: estimate inside, p-value and interval agree', () => {
    fc.assert(
      fc.property(
        samples,
        alternatives,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (xs, alternative, nullValue) => {
          const sequence = new BettingSequence({ bins: 16 }).pushAll(xs);
          const result = conclusive(sequence.estimate({ alternative, nullValue }));
          expectSound(result, nullValue);
          expect(result.interval[0]).toBeGreaterThanOrEqual(0);
          expect(result.interval[1]).toBeLessThanOrEqual(1);
          expect(sequence.logEValue({ alternative, nullValue })).toBe(result.logEValue);
        },
      ),
      { seed: 42, numRuns: 150 },
    );
  });

  it('has an exact e-value: its expectation under the null is one, for every alternative', () => {
    // All 3^6 samples of a distribution on {0, 1/2, 1} with mean 0.3.
    const [values, weights] = [
      [0, 0.5, 1],
      [0.5, 0.4, 0.1],
    ] as const;
    for (const alternative of ['two-sided', 'greater', 'less'] as const) {
      let expectation = 0;
      for (let code = 0; code < 3 ** 6; code += 1) {
        const picks = Array.from({ length: 6 }, (_, i) => Math.floor(code / 3 ** i) % 3);
        const probability = picks.reduce((p, pick) => p * weights[pick]!, 1);
        const sequence = new BettingSequence({ bins: 2 }).pushAll(picks.map((pick) => values[pick]!));
        expectation += probability * Math.exp(sequence.logEValue({ alternative, nullValue: 0.3 }));
      }
      expectClose(expectation, 1, 1e-12, alternative);
    }
  });

  it('understates the wealth where observations fall between the edges of bins, and loses little', () => {
    const xs = Array.from({ length: 2000 }, (_, i) => 0.5 + 0.03 + 0.2 * Math.sin(i * 1.7));
    const logAt = (bins: number) => new BettingSequence({ bins }).pushAll(xs).logEValue();
    const [coarse, usual, fine] = [logAt(8), logAt(64), logAt(4096)];
    expect(coarse).toBeLessThan(usual);
    expect(usual).toBeLessThan(fine);
    expect(fine - usual).toBeLessThan(0.01 * fine);
  });

  it('does not care for the unit, from 1e-9 to 1e9, nor for the origin', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: -9, max: 9, noNaN: true }), (xs, power) => {
        const scale = 10 ** power;
        const one = conclusive(new BettingSequence().pushAll(xs).estimate({ nullValue: 0.4 }));
        const scaled = new BettingSequence({ range: [0, scale] }).pushAll(xs.map((x) => Math.min(scale, x * scale)));
        const two = conclusive(scaled.estimate({ nullValue: 0.4 * scale }));
        expectClose(two.logEValue!, one.logEValue!, 1e-9, '', 1);
        expectClose(two.interval[0] / scale, one.interval[0], 1e-8, '', 1e-3);
        const mirrored = new BettingSequence({ range: [-1, 0] }).pushAll(xs.map((x) => -x));
        expectClose(mirrored.logEValue({ nullValue: -0.4 }), one.logEValue!, 1e-9, '', 1);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('concludes the same from merged parts, in any order', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const whole = new BettingSequence().pushAll(a).pushAll(b);
        const merged = new BettingSequence().pushAll(b).merge(new BettingSequence().pushAll(a));
        expectClose(merged.logEValue(), whole.logEValue(), 1e-10, '', 1);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('widens as alpha falls', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 1e-5, max: 0.3, noNaN: true }), (xs, alpha) => {
        const sequence = new BettingSequence().pushAll(xs);
        const narrow = conclusive(sequence.estimate({ alpha })).interval;
        const wide = conclusive(sequence.estimate({ alpha: alpha / 3 })).interval;
        expect(wide[0]).toBeLessThanOrEqual(narrow[0] + 1e-8);
        expect(wide[1]).toBeGreaterThanOrEqual(narrow[1] - 1e-8);
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  it('is about as tight on coins as the mixture made for coins', () => {
    const coins = Array.from({ length: 1000 }, (_, i) => (i % 10 < 3 ? 1 : 0));
    const [low, high] = conclusive(new BettingSequence().pushAll(coins).estimate()).interval;
    const [a, b] = conclusive(betaMixtureEProcess({ successes: 300, trials: 1000 })).interval;
    expect((high - low) / (b - a)).toBeLessThan(1.1);
    expect((high - low) / (b - a)).toBeGreaterThan(0.8);
  });

  it('knows the edges: one observation, and all at the end of the range', () => {
    for (const x of [0, 0.3, 1]) expectSound(conclusive(new BettingSequence().push(x).estimate()), 0.5);
    const zeros = new BettingSequence().pushAll(new Array(500).fill(0));
    const result = conclusive(zeros.estimate());
    expect(result.interval[0]).toBe(0);
    expect(result.interval[1]).toBeLessThan(0.02);
    expect(result.pValue).toBeLessThan(1e-20);
  });

  it('warns of observations outside the range, waits for the first one', () => {
    const sequence = new BettingSequence();
    expect(sequence.estimate()).toMatchObject({ status: 'inconclusive', n: [0], validity: 'anytime' });
    expect(sequence.logEValue()).toBeCloseTo(0, 12);
    sequence.pushAll([0.5, 1.5, -0.1]);
    expect([sequence.n, sequence.invalid]).toEqual([1, 2]);
    expect(sequence.estimate().warnings).toEqual(['2 observations outside the range were left out']);
  });

  it('takes numbers only, and says nothing where nothing was left out', () => {
    const sequence = new BettingSequence().push(0.3);
    expect(sequence.estimate()).toMatchObject({ method: 'betting-sequence', n: [1], warnings: [] });
    expect(sequence.push('0.5' as never)).toMatchObject({ n: 1, invalid: 1 });
  });

  it('is held against the middle of the range unless told otherwise, and reaches exactly to its upper end', () => {
    const sequence = new BettingSequence({ range: [-1, 4] }).pushAll([0, 1, 3, 2.5]);
    expect(sequence.estimate()).toEqual(sequence.estimate({ nullValue: 1.5 }));
    expect(new BettingSequence({ bins: 49 }).push(1).mean).toBe(1);
  });

  it('ends where the p-value is alpha, whatever the unit, the origin and the distance from the edge', () => {
    for (const [low, width] of [
      [0, 1],
      [0, 1e-6],
      [0, 1e6],
      [1, 1],
      [-2, 1],
      [5, 100],
      [-300, 100],
    ] as const) {
      const range = [low, low + width] as const;
      for (const every of [2, 20, 500]) {
        for (const turned of [false, true]) {
          const sequence = new BettingSequence({ range });
          for (let i = 0; i < 5000; i += 1) sequence.push((i % every === 0) === turned ? range[0] : range[1]);
          for (const nullValue of conclusive(sequence.estimate()).interval) {
            expectClose(conclusive(sequence.estimate({ nullValue })).pValue, 0.05, low === 0 ? 1e-6 : 1e-4);
          }
        }
      }
      // One observation excludes no mean at such a level.
      const one = new BettingSequence({ range }).push(low + 0.3 * width);
      expect(conclusive(one.estimate({ alpha: 1e-30 })).interval).toEqual(range);
    }
  });

  it('ends as precisely far from 0 as near to it', () => {
    const one = (low: number) => new BettingSequence({ range: [low, low + 1] }).push(low + 0.375);
    const ends = (low: number) => conclusive(one(low).estimate()).interval;
    for (const nullValue of ends(0)) expectClose(conclusive(one(0).estimate({ nullValue })).pValue, 0.05, 1e-6);
    for (const [low, tolerance] of [
      [1e6, 1e-5],
      [-1e6, 1e-5],
      [2 ** 33, 1e-2],
    ] as const) {
      expectClose(ends(low)[0] - low, ends(0)[0], tolerance);
      expectClose(low + 1 - ends(low)[1], 1 - ends(0)[1], tolerance);
    }
  });

  it('refuses what cannot be', () => {
    expect(() => new BettingSequence().merge({} as never)).toThrow('betting-sequence');
    expect(() => new BettingSequence({ range: [1, 1] })).toThrow('range[1]');
    expect(() => new BettingSequence({ range: [Number.NaN, 1] })).toThrow('range[0]');
    expect(() => new BettingSequence({ range: [-1e308, 1e308] })).toThrow('range');
    expect(() => new BettingSequence({ bins: 0 })).toThrow('bins');
    expect(() => new BettingSequence({ min: 0 } as never)).toThrow('options.min');
    expect(() => new BettingSequence().push(0.5).estimate({ nullValue: 1 })).toThrow(
      'nullValue must be strictly within',
    );
    expect(() => new BettingSequence().merge(new BettingSequence({ bins: 8 }))).toThrow('same range and bins');
    expect(() => new BettingSequence().merge(new BettingSequence({ range: [0, 2] }))).toThrow('same range and bins');
    expect(() => new BettingSequence().merge(new BettingSequence({ range: [-1, 1] }))).toThrow('same range and bins');
    expect(() => new BettingSequence().push(0.5).estimate({ nullValue: 0 })).toThrow('strictly within');
    const state = new BettingSequence().toJSON();
    expect(() => BettingSequence.fromJSON({ ...state, weights: [1, -1] })).toThrow('weights');
    expect(() => BettingSequence.fromJSON({ ...state, range: undefined as never })).toThrow('range');
  });
});
