import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/random/index.ts';
import {
  betaDistribution,
  fDistribution,
  gammaDistribution,
  noncentralTDistribution,
  studentTDistribution,
} from '../../../src/stats/distributions/index.ts';
import { incompleteBeta, incompleteGamma } from '../../../src/stats/special/index.ts';

const rng = createRng('robustness');

/** A number between `low` and `high`, evenly on the logarithmic scale. */
function between(low: number, high: number): number {
  return Math.exp(Math.log(low) + rng.next() * (Math.log(high) - Math.log(low)));
}

function expectTails(lower: number, upper: number, label: string): void {
  expect(Math.abs(lower + upper - 1), label).toBeLessThanOrEqual(1e-15);
  expect(Math.min(lower, upper), label).toBeGreaterThanOrEqual(0);
}

describe('far outside the domain that anybody needs', () => {
  it('has tails that are numbers, for shapes from 1e-300 to 1e15 and values from 1e-300 to 1e300', () => {
    for (let i = 0; i < 3000; i += 1) {
      const [a, b] = [between(1e-300, 1e15), between(1e-300, 1e15)];
      const x = rng.next() < 0.5 ? rng.next() : between(1e-300, 1);
      const far = between(1e-300, 1e300);
      const near = Math.max(a + (rng.next() - 0.5) * 80 * Math.sqrt(a), 0);
      const beta = incompleteBeta(a, b, x);
      expectTails(beta.lower, beta.upper, `beta ${x}, ${a}, ${b}`);
      for (const value of [far, near]) {
        const gamma = incompleteGamma(a, value);
        expectTails(gamma.lower, gamma.upper, `gamma ${value}, ${a}`);
      }
      expectTails(studentTDistribution.cdf(-far, a), studentTDistribution.sf(-far, a), `t ${-far}, ${a}`);
      expectTails(fDistribution.cdf(far, a, b), fDistribution.sf(far, a, b), `F ${far}, ${a}, ${b}`);
    }
  });

  it('has densities, logarithms and quantiles that are not NaN', () => {
    for (let i = 0; i < 1000; i += 1) {
      const [a, b] = [between(1e-300, 1e15), between(1e-300, 1e15)];
      const p = rng.next() < 0.5 ? rng.next() : between(1e-300, 1);
      const far = between(1e-300, 1e300);
      const values = {
        pdfs: [
          studentTDistribution.pdf(far, a),
          fDistribution.pdf(far, a, b),
          gammaDistribution.pdf(far, a, b),
          betaDistribution.pdf(p, a, b),
        ],
        logs: [
          studentTDistribution.logSf(far, a),
          fDistribution.logSf(far, a, b),
          gammaDistribution.logCdf(far, a, b),
          betaDistribution.logSf(p, a, b),
        ],
        quantiles: [
          studentTDistribution.quantile(p, a),
          fDistribution.isf(p, a, b),
          gammaDistribution.isf(p, a),
          gammaDistribution.quantile(p, a),
          betaDistribution.quantile(p, a, b),
        ],
      };
      for (const [kind, list] of Object.entries(values)) {
        expect(list.some(Number.isNaN), `${kind} at ${far}, ${p}, ${a}, ${b}: ${list}`).toBe(false);
      }
    }
  });

  it('has non-central tails for statistics beyond every measure', () => {
    for (const t of [1e12, 1e100, 1e300]) {
      for (const df of [0.1, 3, 1e9]) {
        const [lower, upper] = [noncentralTDistribution.cdf(t, df, 7), noncentralTDistribution.sf(t, df, 7)];
        expectTails(lower, upper, `${t}, ${df}`);
      }
    }
    // The tail of a t with few degrees of freedom is a power.
    const ratio = noncentralTDistribution.sf(1e100, 0.5, 2) / noncentralTDistribution.sf(1e104, 0.5, 2);
    expect(Math.abs(ratio / 100 - 1)).toBeLessThan(1e-12);
  });

  it('finds quantiles of tiny shapes far out in the upper tail', () => {
    for (const a of [1e-4, 1e-7, 1e-12]) {
      for (const p of [1e-44, 1e-175, 1e-290]) {
        expect(Math.abs(gammaDistribution.sf(gammaDistribution.isf(p, a), a) / p - 1)).toBeLessThan(3e-13);
      }
    }
  });
});
