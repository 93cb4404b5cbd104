import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohenD, glassDelta, hedgesCorrection, hedgesG } from '../../../src/stats/effects/index.ts';
import type { SampleMoments } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

interface Expected {
  cohenD?: number;
  hedgesG?: number;
  hedgesJ?: number;
  degenerate?: boolean;
  summary?: { n1: number; mean1: number; variance1: number; n2: number; mean2: number; variance2: number };
}
const golden = readGolden<GoldenFile<Expected, Expected>>('welch.json');

describe('golden/welch.json: Cohen d and Hedges g', () => {
  for (const { id, input, expected } of golden.cases) {
    const summary = expected.summary ?? input.summary!;
    if (expected.cohenD === undefined || id.startsWith('huge-offset')) continue;
    it(id, () => {
      const a = { n: summary.n1!, mean: summary.mean1!, variance: summary.variance1! };
      const b = { n: summary.n2!, mean: summary.mean2!, variance: summary.variance2! };
      expectClose(cohenD(a, b)!, expected.cohenD!, 1e-10, 'd');
      if (expected.hedgesG !== undefined) expectClose(hedgesG(a, b)!, expected.hedgesG, 1e-10, 'g');
      if (expected.hedgesJ !== undefined) expectClose(hedgesCorrection(a.n + b.n - 2), expected.hedgesJ, 1e-14, 'J');
    });
  }
  it('has cases', () => expect(golden.cases.filter((c) => c.expected.cohenD !== undefined).length).toBeGreaterThan(10));
});

describe('hedgesCorrection', () => {
  // mpmath: gamma(df/2) / (sqrt(df/2) * gamma((df-1)/2)) at 40 digits
  it.each([
    [2, 0.5641895835477563],
    [3, 0.7236012545582676],
    [8, 0.9027033336764101],
    [43, 0.9824389568070998],
    [1000, 0.9992497811797164],
    [1e6, 0.9999992499997813],
    [1e9, 0.99999999925],
  ])('df = %d', (df, want) => expectClose(hedgesCorrection(df), want, 2e-15));
});

const moments = fc.record({
  n: fc.integer({ min: 2, max: 1e6 }),
  mean: fc.integer({ min: -1000, max: 1000 }),
  variance: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
});
const scaled = ({ n, mean, variance }: SampleMoments, s: number) => ({ n, mean: mean * s, variance: variance * s * s });

describe('standardised differences', () => {
  it.each([
    ['cohenD', cohenD],
    ['hedgesG', hedgesG],
    ['glassDelta', glassDelta],
  ] as const)('%s does not depend on the unit, from 1e-9 to 1e9', (_name, effect) => {
    fc.assert(
      fc.property(moments, moments, fc.integer({ min: -9, max: 9 }), (a, b, exponent) => {
        const s = 10 ** exponent;
        expectClose(effect(scaled(a, s), scaled(b, s))!, effect(a, b)!, 1e-12);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('cohenD and hedgesG change sign with the order of the samples; g is the smaller one', () => {
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        expect(cohenD(b, a)!).toBe(0 - cohenD(a, b)!);
        expect(Math.abs(hedgesG(a, b)!)).toBeLessThanOrEqual(Math.abs(cohenD(a, b)!));
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('keeps a difference that pivots carry and means have lost (mean 1e9, deviation 1e-3)', () => {
    const a = { n: 100, mean: 1e9, variance: 1e-6, pivot: 1e9, offset: 3e-4 };
    const b = { n: 100, mean: 1e9, variance: 1e-6, pivot: 1e9, offset: 1e-4 };
    expectClose(cohenD(a, b)!, 0.2, 1e-12);
    expectClose(glassDelta(a, b)!, 0.2, 1e-12);
  });
  it('has a pooled deviation from 1 + 2 observations on', () => {
    expect(cohenD({ n: 1, mean: 3, variance: Number.NaN }, { n: 2, mean: 1, variance: 4 })).toBe(1);
    expect(cohenD({ n: 1, mean: 3, variance: Number.NaN }, { n: 1, mean: 1, variance: Number.NaN })).toBeUndefined();
    expect(hedgesG({ n: 1, mean: 3, variance: Number.NaN }, { n: 2, mean: 1, variance: 4 })).toBeUndefined();
  });
  it('nasty case 4: has no value where nothing varies', () => {
    const constant = { n: 9, mean: 2, variance: 0 };
    expect(cohenD(constant, constant)).toBeUndefined();
    expect(cohenD(constant, { n: 9, mean: 3, variance: 0 })).toBeUndefined();
    expect(hedgesG(constant, constant)).toBeUndefined();
    expect(glassDelta({ n: 9, mean: 3, variance: 4 }, constant)).toBeUndefined();
    expect(glassDelta(constant, { n: 9, mean: 3, variance: 4 })).toBe(-0.5);
  });
  it('has no value for an empty sample, whose mean is no number', () => {
    const empty = { n: 0, mean: Number.NaN, variance: Number.NaN };
    const full = { n: 9, mean: 2, variance: 1 };
    expect(cohenD(empty, full)).toBeUndefined();
    expect(cohenD(full, empty)).toBeUndefined();
    expect(glassDelta(empty, full)).toBeUndefined();
    expect(glassDelta(full, empty)).toBeUndefined();
  });
  it('refuses moments that no sample has', () => {
    const good = { n: 9, mean: 2, variance: 1 };
    expect(() => cohenD(good, { ...good, variance: -1 })).toThrow(
      'b.variance must be a finite number at least 0, got -1',
    );
    expect(() => cohenD({ ...good, mean: Number.NaN }, good)).toThrow('a.mean must be a finite number, got NaN');
    expect(() => glassDelta({ ...good, n: -1 }, good)).toThrow('treatment.n must be a finite count at least 0, got -1');
    expect(() => glassDelta(good, { ...good, variance: Number.POSITIVE_INFINITY })).toThrow('control.variance');
  });
  it('has no standard deviation of a control of one observation, whatever its moments say', () => {
    expect(glassDelta({ n: 5, mean: 1, variance: 1 }, { n: 1, mean: 0, variance: 3 })).toBeUndefined();
    expect(glassDelta({ n: 1, mean: 1, variance: 0 }, { n: 2, mean: 0, variance: 4 })).toBe(0.5);
  });
});
