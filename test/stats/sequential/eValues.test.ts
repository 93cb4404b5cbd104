import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averageEValues,
  eValueToPValue,
  multiplyEValues,
  pValueToLogEValue,
} from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';

const logs = fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 1, maxLength: 12 });

describe('combining e-values', () => {
  it('multiplies independent ones and averages the others', () => {
    expectClose(multiplyEValues([Math.log(4), Math.log(6)]), Math.log(24), 1e-14);
    expectClose(averageEValues([Math.log(4), Math.log(6)]), Math.log(5), 1e-14);
    expectClose(averageEValues([Math.log(4), Math.log(6)], { weights: [3, 1] }), Math.log(4.5), 1e-14);
    expectClose(averageEValues([2000, 0]), 2000 - Math.LN2, 1e-14);
    expect(averageEValues([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
    expect(averageEValues([Number.POSITIVE_INFINITY, 0], { weights: [0, 1] })).toBe(0);
    expect(multiplyEValues([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  });

  it('gives an average between the smallest and the largest', () => {
    fc.assert(
      fc.property(logs, (list) => {
        const average = averageEValues(list);
        expect(average).toBeGreaterThanOrEqual(Math.min(...list) - 1e-12);
        expect(average).toBeLessThanOrEqual(Math.max(...list) + 1e-12);
      }),
      { seed: 42 },
    );
  });

  it('refuses what cannot be', () => {
    expect(() => multiplyEValues([])).toThrow('logEValues must be at least one e-value');
    expect(() => multiplyEValues([1, '2' as never])).toThrow('logEValues[1]');
    expect(() => averageEValues(['2' as never])).toThrow('logEValues[0]');
    expect(() => averageEValues([Number.NaN])).toThrow('logEValues[0]');
    expect(() => averageEValues([0, 0], { weights: [1] })).toThrow('weights');
    expect(() => averageEValues([0, 0], { weights: [0, 0] })).toThrow('weights');
    expect(() => averageEValues([0, 0], { weights: [1, -1] })).toThrow('weights[1]');
    expect(() => eValueToPValue(Number.NaN)).toThrow('logEValue');
    expect(() => pValueToLogEValue(1.1)).toThrow('pValue');
  });
});

describe('calibration', () => {
  it('turns an e-value into the p-value of Markov', () => {
    expectClose(eValueToPValue(Math.log(20)), 0.05, 1e-14);
    expect(eValueToPValue(-3)).toBe(1);
    expect(eValueToPValue(Number.POSITIVE_INFINITY)).toBe(0);
  });

  it('turns p-values into e-values whose expectation under the null is one', () => {
    // The integral over p in (0, 1), with p = exp(-u): e^-u E(u) = (1 - (1 + u) e^-u) / u^2, whose tail beyond U is 1/U.
    let integral = 0;
    const step = 0.01;
    const end = 400;
    for (let i = 0; i < end / step; i += 1) {
      const u = (i + 0.5) * step;
      integral += Math.exp(pValueToLogEValue(Math.exp(-u)) - u) * step;
    }
    expect(integral + 1 / end).toBeCloseTo(1, 5);
  });

  it('follows its series near p = 1', () => {
    // (e^u - 1 - u) / u^2 at u = 9e-4, the next term being u^3 / 120.
    const u = 9e-4;
    expectClose(Math.exp(pValueToLogEValue(Math.exp(-u))), 0.5 + u / 6 + u ** 2 / 24 + u ** 3 / 120, 1e-10);
  });

  it('falls in p without a seam between its forms', () => {
    expectClose(Math.exp(pValueToLogEValue(1)), 0.5, 1e-12);
    expect(pValueToLogEValue(0)).toBe(Number.POSITIVE_INFINITY);
    for (const p of [1e-300, 4.2e-18, 1e-5, 0.05, 0.5, Math.exp(-1e-3), 0.99999]) {
      const [a, b] = [pValueToLogEValue(p * (1 - 1e-7)), pValueToLogEValue(p * (1 + 1e-9))];
      expect(a).toBeGreaterThan(b);
      expect(a - b).toBeLessThan(1e-6);
    }
  });
});
