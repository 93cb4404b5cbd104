import jStat from 'jstat';
import { describe, expect, it } from 'vitest';
import {
  betaDistribution,
  chiSquaredDistribution,
  fDistribution,
  hypergeometricDistribution,
  normalDistribution,
  studentTDistribution,
} from '../../src/stats/distributions/index.ts';
import { hypergeometricProduct } from '../../src/stats/jstat.ts';
import { expectClose } from '../support/golden.ts';

/** What the audit found right in jstat, and how right: an implementation that shares no line with ours. */
const oracle = jStat as unknown as {
  ibeta(x: number, a: number, b: number): number;
  lowRegGamma(a: number, x: number): number;
  normal: { cdf(x: number, mean: number, sd: number): number };
  hypgeom: { cdf(k: number, population: number, successes: number, draws: number): number };
};

describe('hypergeometricProduct', () => {
  it('is the lady tasting tea', () => {
    expect([0, 1, 2, 3, 4].map((k) => Math.round(hypergeometricProduct(k, 8, 4, 4) * 70))).toEqual([1, 16, 36, 16, 1]);
  });
});

describe('jstat, as an independent oracle where it is right', () => {
  it('agrees on two-sided t, F and beta to 1e-6', () => {
    for (const df of [1, 2.5, 30, 998.3]) {
      for (const t of [0.01, 0.5, 2.1, 8, 40]) {
        const want = oracle.ibeta(df / (df + t * t), df / 2, 0.5);
        expectClose(studentTDistribution.twoSided(t, df), want, 1e-6, `t = ${t}, df = ${df}`);
        expectClose(fDistribution.sf(t, 3, df), oracle.ibeta(df / (df + 3 * t), df / 2, 1.5), 1e-6, `F = ${t}, ${df}`);
      }
    }
    for (const x of [0.03, 0.05, 0.07]) {
      expectClose(betaDistribution.cdf(x, 50, 950), oracle.ibeta(x, 50, 950), 1e-6, `x = ${x}`);
    }
  });

  it('agrees on the lower tails of chi-squared and normal to 1e-9', () => {
    for (const df of [1, 3, 100]) {
      for (const x of [0.1, 2, 90, 120]) {
        const want = oracle.lowRegGamma(df / 2, x / 2);
        if (want > 1e-300) expectClose(chiSquaredDistribution.cdf(x, df), want, 1e-9, `x = ${x}, df = ${df}`);
      }
    }
    for (const z of [-3.9, -1, 0, 2]) expectClose(normalDistribution.cdf(z), oracle.normal.cdf(z, 0, 1), 1e-12);
  });

  it('agrees on the hypergeometric lower tail to 1e-13', () => {
    for (const k of [40, 55, 60]) {
      const want = oracle.hypgeom.cdf(k, 2000, 110, 1000);
      expectClose(hypergeometricDistribution.cdf(k, 2000, 110, 1000), want, 1e-13, `k = ${k}`);
    }
  });
});
