import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError } from '../../../src/core/errors.ts';
import { augmentedValue } from '../../../src/stats/adjustment/index.ts';
import { expectClose } from '../../support/golden.ts';

const chance = fc.double({ min: 0.01, max: 1, noNaN: true });
const value = fc.double({ min: -100, max: 100, noNaN: true });

/** All that can happen to a request of a kind: its metric is 0 or 1, and it is observed or not. */
interface RequestKind {
  /** How often a request is of this kind. */
  readonly share: number;
  /** How often its metric is 1. */
  readonly p: number;
  readonly seen: number;
}

/** Expectation and variance of the value over everything that can happen: no draws. */
function lawOf(
  kinds: readonly RequestKind[],
  expected: (k: RequestKind) => number,
  propensity: (k: RequestKind) => number,
) {
  const cases = kinds.flatMap((kind) => {
    const { share, p, seen } = kind;
    const of = (observed: number | undefined): number => augmentedValue(expected(kind), observed, propensity(kind));
    return [
      [share * (1 - seen), of(undefined)],
      [share * seen * p, of(1)],
      [share * seen * (1 - p), of(0)],
    ] as const;
  });
  const mean = cases.reduce((sum, [weight, x]) => sum + weight * x, 0);
  return { mean, variance: cases.reduce((sum, [weight, x]) => sum + weight * (x - mean) ** 2, 0) };
}

describe('augmentedValue', () => {
  const kinds = fc
    .array(fc.record({ share: chance, p: fc.double({ min: 0, max: 1, noNaN: true }), seen: chance }), {
      minLength: 1,
      maxLength: 6,
    })
    .map((rows) => {
      const total = rows.reduce((sum, { share }) => sum + share, 0);
      return rows.map((row) => ({ ...row, share: row.share / total }));
    });

  it('is right on average if either the propensities or the expectations are', () => {
    fc.assert(
      fc.property(kinds, value, chance, (rows, off, other) => {
        const truth = rows.reduce((sum, { share, p }) => sum + share * p, 0);
        expectClose(
          lawOf(
            rows,
            () => off,
            (k) => k.seen,
          ).mean,
          truth,
          1e-9,
          '',
          1,
        );
        expectClose(
          lawOf(
            rows,
            (k) => k.p,
            () => other,
          ).mean,
          truth,
          1e-9,
          '',
          1,
        );
      }),
    );
  });

  it('varies least with the right expectations, and never more than without any', () => {
    fc.assert(
      fc.property(kinds, fc.double({ min: 0, max: 1, noNaN: true }), (rows, other) => {
        const seen = (k: RequestKind): number => k.seen;
        const best = lawOf(rows, (k) => k.p, seen).variance;
        expect(best).toBeLessThanOrEqual(lawOf(rows, () => 0, seen).variance + 1e-9);
        expect(best).toBeLessThanOrEqual(lawOf(rows, () => other, seen).variance + 1e-9);
      }),
    );
  });

  it('is what is expected without an observation, and the observation where all are observed', () => {
    fc.assert(
      fc.property(value, value, chance, (expected, observed, propensity) => {
        expect(augmentedValue(expected, undefined, propensity)).toBe(expected);
        expectClose(augmentedValue(expected, observed, 1), observed, 1e-9, '', 1);
        expectClose(augmentedValue(0, observed, propensity), observed / propensity, 1e-12, '', 1);
      }),
    );
  });

  it('refuses what is no number or no probability', () => {
    for (const bad of [0, -0.1, 1.1, Number.NaN, '0.5']) {
      expect(() => augmentedValue(0, 1, bad as number)).toThrow(InvalidDataError);
    }
    expect(() => augmentedValue(Number.NaN, 1, 0.5)).toThrow(InvalidDataError);
    expect(() => augmentedValue(0, Number.POSITIVE_INFINITY, 0.5)).toThrow(InvalidDataError);
  });
});
