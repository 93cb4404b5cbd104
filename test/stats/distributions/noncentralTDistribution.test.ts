import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import {
  noncentralTDistribution,
  normalDistribution,
  studentTDistribution,
} from '../../../src/stats/distributions/index.ts';
import { expectClose } from '../../support/golden.ts';

const nct = noncentralTDistribution;
const df = fc.double({ min: Math.log(0.5), max: Math.log(1e6), noNaN: true }).map(Math.exp);
const ncp = fc.double({ min: -20, max: 20, noNaN: true });
const t = fc.double({ min: -60, max: 60, noNaN: true });

describe('noncentralTDistribution', () => {
  it('has tails within [0, 1] that add up to 1, and is reflected with its non-centrality', () => {
    fc.assert(
      fc.property(t, df, ncp, (x, v, d) => {
        const [lower, upper] = [nct.cdf(x, v, d), nct.sf(x, v, d)];
        expect(Math.min(lower, upper)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(lower + upper - 1)).toBeLessThanOrEqual(1e-15);
        expect(nct.cdf(-x, v, -d)).toBe(upper);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('falls in t and grows with the non-centrality', () => {
    fc.assert(
      fc.property(t, df, ncp, fc.double({ min: 1e-3, max: 3, noNaN: true }), (x, v, d, step) => {
        expect(nct.sf(x + step, v, d)).toBeLessThanOrEqual(nct.sf(x, v, d) * (1 + 1e-12));
        expect(nct.sf(x, v, d + step)).toBeGreaterThanOrEqual(nct.sf(x, v, d) * (1 - 1e-12));
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('is Student’s t without non-centrality', () => {
    fc.assert(
      fc.property(t, df, (x, v) => {
        const want = studentTDistribution.sf(x, v);
        if (want > 1e-300) expectClose(nct.sf(x, v, 0), want, 1e-12, `t = ${x}, df = ${v}`);
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it('is a shifted normal for infinite degrees of freedom, and at 0', () => {
    expect(nct.sf(3, Number.POSITIVE_INFINITY, 2)).toBe(normalDistribution.sf(1));
    expectClose(nct.sf(3, 1e15, 2), normalDistribution.sf(1), 1e-12);
    expect(nct.sf(0, 7, 2)).toBe(normalDistribution.cdf(2));
    expect(nct.cdf(0, 7, 2)).toBe(normalDistribution.cdf(-2));
  });

  it('answers at the ends and refuses what is outside its domain', () => {
    expect([nct.cdf(Number.NEGATIVE_INFINITY, 5, 1), nct.cdf(Number.POSITIVE_INFINITY, 5, 1)]).toEqual([0, 1]);
    expect([nct.sf(Number.NEGATIVE_INFINITY, 5, 1), nct.sf(Number.POSITIVE_INFINITY, 5, 1)]).toEqual([1, 0]);
    for (const args of [
      [Number.NaN, 5, 1],
      [1, 0.05, 1],
      [1, 0, 1],
      [1, Number.NaN, 1],
      [1, 5, Number.NaN],
      [1, 5, Number.POSITIVE_INFINITY],
    ]) {
      const [x = 0, v = 0, d = 0] = args;
      expect(() => nct.sf(x, v, d), `${args}`).toThrow(InvalidOptionError);
      expect(() => nct.cdf(x, v, d), `${args}`).toThrow(InvalidOptionError);
    }
  });

  it('is right to the last digits for non-centralities beyond those of any study, and in ordinary use', () => {
    // By mpmath.
    for (const [x, v, d, want] of [
      [5, 30, 2, 0.006082866436117435],
      [-1, 30, 2, 0.9984995250658575],
      [3, 0.5, 1, 0.39903297794856635],
      [20, 7, 10, 0.030946115025867627],
      [-8, 12, -3, 0.9964722358681147],
      [1e8 + 1, 1e20, 1e8, 0.15866130304852358],
      [1e6 + 3, 1e16, 1e6, 0.0013502304472957829],
    ] as const) {
      expectClose(nct.sf(x, v, d), want, 3e-13, `sf(${x}, ${v}, ${d})`);
    }
  });

  it('is the normal itself at 0, digit for digit', () => {
    for (const v of [0.1, 0.7, 3, 12, 150, 1e4]) {
      for (const d of [-4, -1.3, 0, 0.2, 0.9, 2.5]) {
        expect(nct.sf(0, v, d)).toBe(normalDistribution.cdf(d));
        expect(nct.cdf(0, v, d)).toBe(normalDistribution.cdf(-d));
      }
    }
  });
});
