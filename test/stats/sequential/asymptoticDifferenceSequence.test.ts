import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asymptoticDifferenceSequence } from '../../../src/stats/sequential/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { conclusive, expectSound, momentsOf } from './support.ts';

interface Input {
  n1: number;
  n2: number;
  variance1: number;
  variance2: number;
  difference: number;
  alpha: number;
  tuningN: number;
}
interface Expected {
  halfWidth: number;
  ci: [number, number];
  logEValue: number;
  p: number;
  seSquared: number;
}
const golden = readGolden<GoldenFile<Input, Expected>>('sequential.json');
const sample = fc.record({
  n: fc.integer({ min: 100, max: 100_000 }),
  mean: fc.double({ min: -2, max: 2, noNaN: true }),
  variance: fc.double({ min: 1e-6, max: 1e3, noNaN: true }),
});

describe('asymptoticDifferenceSequence', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'asymptoticCsTwoSample') continue;
    it(`agrees with the reference: ${id}`, () => {
      const result = conclusive(
        asymptoticDifferenceSequence(
          { n: input.n1, mean: input.difference, variance: input.variance1 },
          { n: input.n2, mean: 0, variance: input.variance2 },
          { alpha: input.alpha, horizon: input.tuningN, standardError: 'welch' },
        ),
      );
      expectClose(result.standardError! ** 2, expected.seSquared, 1e-10);
      expectClose(result.interval[0], expected.ci[0], 1e-10, 'lower');
      expectClose(result.interval[1], expected.ci[1], 1e-10, 'upper');
      expectClose(result.logEValue!, expected.logEValue, 1e-10, 'logEValue');
      expectClose(result.pValue, expected.p, 1e-10, 'p');
    });
  }

  it('is sound, and turns its sign with the samples', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const forward = conclusive(asymptoticDifferenceSequence(a, b, { nullValue: 0.05 }));
        const back = conclusive(asymptoticDifferenceSequence(b, a, { nullValue: -0.05 }));
        expectSound(forward, 0.05);
        expectClose(back.logEValue!, forward.logEValue!, 1e-12);
        expect(back.estimate).toBeCloseTo(-forward.estimate, 12);
        const greater = conclusive(asymptoticDifferenceSequence(a, b, { alternative: 'greater' }));
        const less = conclusive(asymptoticDifferenceSequence(b, a, { alternative: 'less' }));
        expectClose(less.pValue, greater.pValue, 1e-12);
        expectSound(greater, 0);
        expectSound(less, 0);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('does not care for the unit, from 1e-9 to 1e9', () => {
    fc.assert(
      fc.property(sample, sample, fc.double({ min: -9, max: 9, noNaN: true }), (a, b, power) => {
        const scale = 10 ** power;
        const to = ({ n, mean, variance }: typeof a) => ({ n, mean: mean * scale, variance: variance * scale ** 2 });
        const one = conclusive(asymptoticDifferenceSequence(a, b));
        const two = conclusive(asymptoticDifferenceSequence(to(a), to(b)));
        expectClose(two.logEValue!, one.logEValue!, 1e-9, '', 1);
        expectClose(two.interval[0] / scale, one.interval[0], 1e-9, '', 1e-3);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('survives means of 1e9 that differ by a thousandth', () => {
    const noise = Array.from({ length: 400 }, (_, i) => Math.round(Math.sin(i * 1.7) * 2 ** 10) / 2 ** 20);
    const challenger = noise.map((x) => 1e9 + x + 2 ** -12);
    const champion = noise.map((x) => 1e9 + x);
    const result = conclusive(asymptoticDifferenceSequence(momentsOf(challenger), momentsOf(champion)));
    expectClose(result.estimate, 2 ** -12, 1e-6);
  });

  it('says which sample is too small, and that nothing varies', () => {
    const ready = { n: 100, mean: 0, variance: 1 };
    expect(asymptoticDifferenceSequence(ready, { ...ready, n: 37 })).toMatchObject({
      status: 'inconclusive',
      validity: 'anytime',
      n: [100, 37],
      reason: 'burn-in: sample 2 has 37 of 100 observations',
    });
    const constant = { n: 1000, mean: 1, variance: 0 };
    expect(asymptoticDifferenceSequence(constant, { ...constant, mean: 2 })).toMatchObject({
      status: 'inconclusive',
      validity: 'anytime',
      reason: 'the observations do not vary in either sample',
    });
    expect(asymptoticDifferenceSequence(constant, { ...ready, n: 1000 }).status).toBe('ok');
  });

  it('refuses what cannot be', () => {
    const ready = { n: 100, mean: 0, variance: 1 };
    expect(() => asymptoticDifferenceSequence({ ...ready, n: -1 }, ready)).toThrow('first.n');
    expect(() => asymptoticDifferenceSequence(ready, { ...ready, mean: Number.POSITIVE_INFINITY })).toThrow(
      'second.mean',
    );
    expect(() => asymptoticDifferenceSequence(ready, ready, { alternative: 'up' as never })).toThrow('alternative');
  });
});
