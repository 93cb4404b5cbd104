import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cohenH, oddsRatio, relativeRisk, riskDifference } from '../../../src/stats/effects/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

interface Input {
  x1: number;
  n1: number;
  x2: number;
  n2: number;
}
interface Expected {
  difference: number;
  cohenH: number;
  riskRatio?: { estimate: number };
  oddsRatio?: { estimate: number };
}
const golden = readGolden<GoldenFile<Input, Expected>>('proportions.json');

describe('golden/proportions.json', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'twoProportions') continue;
    it(id, () => {
      const a = { successes: input.x1, trials: input.n1 };
      const b = { successes: input.x2, trials: input.n2 };
      expectClose(riskDifference(a, b)!, expected.difference, 1e-10, 'difference');
      expectClose(cohenH(input.x1 / input.n1, input.x2 / input.n2), expected.cohenH, 1e-10, 'h');
      if (expected.riskRatio) expectClose(relativeRisk(a, b)!, expected.riskRatio.estimate, 1e-12, 'RR');
      if (expected.oddsRatio) expectClose(oddsRatio(a, b)!, expected.oddsRatio.estimate, 1e-12, 'OR');
    });
  }
});

describe('nasty case 8: empty cells and boundary proportions', () => {
  const none = { successes: 0, trials: 20 };
  const some = { successes: 5, trials: 20 };
  const all = { successes: 20, trials: 20 };
  const empty = { successes: 0, trials: 0 };
  it('ratios are 0 or infinite where one side is empty, and have no value where both are', () => {
    expect(relativeRisk(none, some)).toBe(0);
    expect(relativeRisk(some, none)).toBe(Number.POSITIVE_INFINITY);
    expect(relativeRisk(none, none)).toBeUndefined();
    expect(oddsRatio(all, some)).toBe(Number.POSITIVE_INFINITY);
    expect(oddsRatio(some, all)).toBe(0);
    expect(oddsRatio(all, all)).toBeUndefined();
    expect(oddsRatio(none, none)).toBeUndefined();
  });
  it('nothing has a value without trials', () => {
    for (const effect of [riskDifference, relativeRisk, oddsRatio]) {
      expect(effect(empty, some)).toBeUndefined();
      expect(effect(some, empty)).toBeUndefined();
    }
  });
  it('Cohen h at the ends of its range, and at no difference', () => {
    expect(cohenH(1, 0)).toBe(Math.PI);
    expect(cohenH(0, 1)).toBe(-Math.PI);
    for (const p of [0, 0.3, 1]) expect(cohenH(p, p)).toBe(0);
  });
});

const share = fc.double({ min: 0, max: 1, noNaN: true });
describe('cohenH', () => {
  it('is antisymmetric and sees failures as it sees successes', () => {
    fc.assert(
      fc.property(share, share, (p, q) => {
        expect(cohenH(q, p)).toBeCloseTo(0 - cohenH(p, q), 14);
        expect(cohenH(1 - p, 1 - q)).toBeCloseTo(0 - cohenH(p, q), 7);
      }),
      { seed: 42, numRuns: 300 },
    );
  });
  // mpmath at 40 digits from the two doubles
  it.each([
    [0.01, 0.0100000001, -1.0050378087560643e-9],
    [0.5, 0.5000000001, -2.000000165480742e-10],
    [1e-12, 1.0001e-12, -9.999750012501148e-11],
    [0.3, 0.3005, -0.0010908300078643917],
  ])('keeps the digits of small differences: %d, %d', (p, q, want) => {
    expectClose(cohenH(p, q), want, 2e-13);
  });
  it('refuses what is no proportion', () => {
    expect(() => cohenH(1.2, 0.5)).toThrow('p1 must be within [0, 1], got 1.2');
    expect(() => cohenH(0.2, Number.NaN)).toThrow('p2 must be within [0, 1], got NaN');
  });
});

describe('counts that no proportion has', () => {
  it.each([
    [{ successes: -1, trials: 5 }, 'a.successes must be within [0, 5], the trials, got -1'],
    [{ successes: 6, trials: 5 }, 'a.successes must be within [0, 5], the trials, got 6'],
    [{ successes: 1, trials: Number.NaN }, 'a.trials must be a finite count at least 0, got NaN'],
    [{ successes: Number.NaN, trials: 5 }, 'a.successes must be within [0, 5], the trials, got NaN'],
  ])('%o', (bad, message) => {
    const good = { successes: 1, trials: 2 };
    for (const effect of [riskDifference, relativeRisk, oddsRatio]) {
      expect(() => effect(bad, good)).toThrow(message);
      expect(() => effect(good, bad)).toThrow('b.');
    }
  });
});

describe('cohenH far apart', () => {
  it('keeps its digits where one proportion is next to 1 and the other 0', () => {
    const p = 1 - 2 ** -40;
    expectClose(cohenH(p, 0), Math.PI - 2 * Math.asin(2 ** -20), 4e-16);
    expectClose(cohenH(0, p), 2 * Math.asin(2 ** -20) - Math.PI, 4e-16);
    for (const q of [1 - 1e-7, 1 - 1e-10, 1 - 3e-12]) {
      expectClose(cohenH(q, 0), Math.PI - 2 * Math.asin(Math.sqrt(1 - q)), 4e-16);
    }
  });
});
