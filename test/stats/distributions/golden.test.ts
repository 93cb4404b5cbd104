import { describe, expect, it } from 'vitest';
import {
  betaDistribution,
  binomialDistribution,
  chiSquaredDistribution,
  fDistribution,
  hypergeometricDistribution,
  kolmogorovDistribution,
  normalDistribution,
  studentTDistribution,
} from '../../../src/stats/distributions/index.ts';
import { incompleteGamma } from '../../../src/stats/special/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

type Numbers = Record<string, number>;
type Distribution = (i: Numbers) => Numbers;

const golden = readGolden<GoldenFile<Numbers, Numbers>>('distributions.json');

const compute: Record<string, Distribution> = {
  studentT: ({ t = Number.NaN, df = Number.NaN }) => ({
    pTwoSided: studentTDistribution.twoSided(t, df),
    cdf: studentTDistribution.cdf(t, df),
    sf: studentTDistribution.sf(t, df),
    cdfNegative: studentTDistribution.cdf(-t, df),
  }),
  studentTQuantile: ({ p = Number.NaN, df = Number.NaN }) => ({ quantile: studentTDistribution.quantile(p, df) }),
  normal: ({ z = Number.NaN }) => ({
    cdf: normalDistribution.cdf(z),
    sf: normalDistribution.sf(z),
    cdfNegative: normalDistribution.cdf(-z),
    logSf: normalDistribution.logSf(z),
  }),
  normalQuantile: ({ p = Number.NaN }) => ({ quantile: normalDistribution.quantile(p) }),
  chiSquared: ({ x = Number.NaN, df = Number.NaN }) => ({
    cdf: chiSquaredDistribution.cdf(x, df),
    sf: chiSquaredDistribution.sf(x, df),
  }),
  chiSquaredQuantile: ({ p = Number.NaN, df = Number.NaN }) => ({ quantile: chiSquaredDistribution.quantile(p, df) }),
  fDist: ({ x = Number.NaN, df1 = Number.NaN, df2 = Number.NaN }) => ({
    cdf: fDistribution.cdf(x, df1, df2),
    sf: fDistribution.sf(x, df1, df2),
  }),
  beta: ({ x = Number.NaN, a = Number.NaN, b = Number.NaN }) => ({
    cdf: betaDistribution.cdf(x, a, b),
    sf: betaDistribution.sf(x, a, b),
  }),
  betaQuantile: ({ p = Number.NaN, a = Number.NaN, b = Number.NaN }) => ({
    quantile: betaDistribution.quantile(p, a, b),
  }),
  binomial: ({ k = Number.NaN, n = Number.NaN, p = Number.NaN }) => ({
    pmf: binomialDistribution.pmf(k, n, p),
    cdf: binomialDistribution.cdf(k, n, p),
    sf: binomialDistribution.sf(k, n, p),
  }),
  hypergeometric: ({ k = Number.NaN, populationSize = Number.NaN, successes = Number.NaN, draws = Number.NaN }) => ({
    pmf: hypergeometricDistribution.pmf(k, populationSize, successes, draws),
    cdf: hypergeometricDistribution.cdf(k, populationSize, successes, draws),
    sf: hypergeometricDistribution.sf(k, populationSize, successes, draws),
  }),
  kolmogorov: ({ lambda_ = Number.NaN }) => ({ sf: kolmogorovDistribution.sf(lambda_) }),
  regularizedGamma: ({ a = Number.NaN, x = Number.NaN }) => ({ ...incompleteGamma(a, x) }),
};

describe('the golden file of distributions', () => {
  it('has no kind that is not looked at', () => {
    expect([...new Set(golden.cases.map((c) => c.kind))].sort()).toEqual(Object.keys(compute).sort());
  });

  for (const [kind, evaluate] of Object.entries(compute)) {
    const cases = golden.cases.filter((c) => c.kind === kind);
    it(`${kind}: ${cases.length} cases`, () => {
      expect(cases.length).toBeGreaterThan(0);
      for (const { id, input, expected } of cases) {
        const got = evaluate(input);
        for (const [name, want] of Object.entries(expected)) {
          expectClose(got[name] ?? Number.NaN, want, 1e-12, `${id} ${name}`);
        }
      }
    });
  }
});
