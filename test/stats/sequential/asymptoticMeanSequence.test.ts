import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asymptoticMeanSequence, normalMixtureRho } from '../../../src/stats/sequential/index.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { conclusive, expectSound, momentsOf } from './support.ts';

interface Input {
  n: number;
  variance: number;
  estimate: number;
  nullValue: number;
  alpha: number;
  tuningN: number;
}
const golden = readGolden<GoldenFile<Input, Record<string, number>>>('sequential.json');
const alternatives = fc.constantFrom('two-sided', 'less', 'greater') as fc.Arbitrary<'two-sided' | 'less' | 'greater'>;

describe('asymptoticMeanSequence', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'asymptoticCs') continue;
    const { n, variance, estimate: mean, nullValue, alpha, tuningN: horizon } = input;
    it(`agrees with the reference: ${id}`, () => {
      expectClose(normalMixtureRho({ horizon, alpha }) ** -0.5, expected.rhoApprox!, 1e-12);
      expectClose(normalMixtureRho({ horizon, alpha, form: 'exact' }) ** -0.5, expected.rhoExact!, 1e-12);
      if (n < 2) return;
      const options = { alpha, horizon, burnIn: 2, nullValue };
      const two = conclusive(asymptoticMeanSequence({ n, mean, variance }, options));
      expectClose(two.interval[1] - mean, expected.halfWidth!, 1e-10, 'halfWidth');
      expectClose(two.logEValue!, expected.logEValue!, 1e-10, 'logEValue');
      expectClose(two.pValue, expected.pAtN!, 1e-10, 'p');
      const one = conclusive(asymptoticMeanSequence({ n, mean, variance }, { ...options, alternative: 'greater' }));
      expectClose(mean - one.interval[0], expected.halfWidthOneSided!, 1e-10, 'halfWidthOneSided');
      expect(one.interval[1]).toBe(Number.POSITIVE_INFINITY);
    });
  }

  const sample = fc.record({
    n: fc.integer({ min: 100, max: 1_000_000 }),
    mean: fc.double({ min: -5, max: 5, noNaN: true }),
    variance: fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
  });

  it('is sound: estimate inside, p-value and interval agree, e-value at least as strong', () => {
    fc.assert(
      fc.property(sample, alternatives, fc.double({ min: 1e-4, max: 0.4, noNaN: true }), (m, alternative, alpha) => {
        expectSound(conclusive(asymptoticMeanSequence(m, { alpha, alternative, nullValue: 0.1 })), 0.1);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it('says the same of mirrored data, of shifted data and in other units', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: -9, max: 9, noNaN: true }), ({ n, mean, variance }, power) => {
        const scale = 10 ** power;
        const base = conclusive(asymptoticMeanSequence({ n, mean, variance }));
        const mirrored = conclusive(asymptoticMeanSequence({ n, mean: -mean, variance }));
        expectClose(mirrored.logEValue!, base.logEValue!, 1e-12);
        expect(mirrored.interval).toEqual([0 - base.interval[1], 0 - base.interval[0]]);
        const less = conclusive(asymptoticMeanSequence({ n, mean, variance }, { alternative: 'less' }));
        const greater = conclusive(asymptoticMeanSequence({ n, mean: -mean, variance }, { alternative: 'greater' }));
        expectClose(less.pValue, greater.pValue, 1e-12);
        const scaled = conclusive(
          asymptoticMeanSequence({ n, mean: mean * scale, variance: variance * scale * scale }, { nullValue: scale }),
        );
        const unit = conclusive(asymptoticMeanSequence({ n, mean, variance }, { nullValue: 1 }));
        expectClose(scaled.logEValue!, unit.logEValue!, 1e-9, '', 1);
        expectClose(scaled.interval[1] / scale, unit.interval[1], 1e-9, '', 1e-3);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('widens as alpha falls', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 1e-5, max: 0.1, noNaN: true }), alternatives, (m, alpha, alternative) => {
        const distance = (level: number) => {
          const [low, high] = conclusive(asymptoticMeanSequence(m, { alpha: level, alternative })).interval;
          return Math.min(m.mean - low, high - m.mean);
        };
        expect(distance(alpha / 2)).toBeGreaterThan(distance(alpha));
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('concludes the same from merged moments', () => {
    const values = Array.from({ length: 500 }, (_, i) => Math.sin(i * 1.7) + 0.05);
    const merged = new Moments().pushAll(values.slice(0, 123)).merge(new Moments().pushAll(values.slice(123)));
    const one = conclusive(asymptoticMeanSequence(momentsOf(values)));
    const two = conclusive(asymptoticMeanSequence(merged));
    expectClose(two.logEValue!, one.logEValue!, 1e-10);
    expectClose(two.interval[0], one.interval[0], 1e-10);
  });

  it('keeps a mean of 1e9 with a deviation of 1e-3', () => {
    const noise = Array.from({ length: 1000 }, (_, i) => Math.round(Math.sin(i * 1.7) * 2 ** 10) / 2 ** 20);
    const shifted = conclusive(asymptoticMeanSequence(momentsOf(noise.map((x) => 1e9 + x)), { nullValue: 1e9 }));
    const plain = conclusive(asymptoticMeanSequence(momentsOf(noise)));
    expectClose(shifted.logEValue!, plain.logEValue!, 1e-6);
  });

  it('takes the mean in two parts only where both are there', () => {
    const moments = { n: 1000, mean: 0.1, variance: 1 };
    const plain = asymptoticMeanSequence(moments);
    expect(asymptoticMeanSequence({ ...moments, pivot: 7 })).toEqual(plain);
    expect(asymptoticMeanSequence({ ...moments, offset: 7 })).toEqual(plain);
    expect(conclusive(asymptoticMeanSequence({ ...moments, pivot: 1, offset: 0.25 })).estimate).toBe(1.25);
  });

  it('waits for the burn-in and for observations that vary', () => {
    expect(asymptoticMeanSequence({ n: 99, mean: 9, variance: 1 })).toMatchObject({
      status: 'inconclusive',
      validity: 'anytime',
      reason: 'burn-in: the sample has 99 of 100 observations',
    });
    expect(asymptoticMeanSequence({ n: 1000, mean: 9, variance: 0 })).toMatchObject({
      status: 'inconclusive',
      validity: 'anytime',
      n: [1000],
      reason: 'the observations do not vary',
    });
    expect(asymptoticMeanSequence({ n: 0, mean: Number.NaN, variance: Number.NaN }, { burnIn: 2 }).status).toBe(
      'inconclusive',
    );
  });

  it('refuses what cannot be', () => {
    expect(() => asymptoticMeanSequence({ n: 10, mean: Number.NaN, variance: 1 })).toThrow('moments.mean');
    expect(() => asymptoticMeanSequence({ n: 10, mean: 1, variance: -1 })).toThrow('moments.variance');
    expect(() => asymptoticMeanSequence({ n: 10, mean: 1, variance: 1 }, { horizon: 0 })).toThrow('horizon');
    expect(() => asymptoticMeanSequence({ n: 10, mean: 1, variance: 1 }, { burnIn: 1 })).toThrow('burnIn');
    expect(() => asymptoticMeanSequence({ n: 10, mean: 1, variance: 1 }, { alpha: 0 })).toThrow('alpha');
    expect(() => asymptoticMeanSequence({ n: 10, mean: 1, variance: 1 }, { level: 0.9 } as never)).toThrow(
      'options.level',
    );
  });
});
