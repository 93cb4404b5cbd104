import { describe, expect, it } from 'vitest';
import { hypergeometricDistribution } from '../../../src/stats/distributions/index.ts';
import type { FourfoldTable } from '../../../src/stats/tests/FourfoldTable.ts';
import { noncentralHypergeometric } from '../../../src/stats/tests/noncentralHypergeometric.ts';
import { expectClose } from '../../support/golden.ts';

function logFactorial(n: number): number {
  let sum = 0;
  for (let k = 2; k <= n; k += 1) sum += Math.log(k);
  return sum;
}

/** All tables with the same margins, each with its weight. */
function enumerated({ a, b, c, d }: FourfoldTable, logOdds: number) {
  const [first, last] = [-Math.min(a, d), Math.min(b, c)];
  const logs: number[] = [];
  for (let s = first; s <= last; s += 1) {
    logs.push(s * logOdds - [a + s, b - s, c - s, d + s].reduce((sum, n) => sum + logFactorial(n), 0));
  }
  const largest = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - largest));
  const sum = (of: (shift: number) => number) => weights.reduce((total, w, i) => total + w * of(first + i), 0);
  const total = sum(() => 1);
  return {
    mean: a + sum((s) => s) / total,
    lower: sum((s) => (s <= 0 ? 1 : 0)) / total,
    upper: sum((s) => (s >= 0 ? 1 : 0)) / total,
  };
}

describe('noncentralHypergeometric', () => {
  it('has the moments of all tables with the same margins', () => {
    for (const table of [
      { a: 3, b: 1, c: 1, d: 3 },
      { a: 0, b: 5, c: 4, d: 2 },
      { a: 5, b: 0, c: 2, d: 4 },
      { a: 7, b: 2, c: 9, d: 1 },
      { a: 2, b: 9, c: 1, d: 12 },
      { a: 60, b: 20, c: 30, d: 5 },
    ]) {
      for (const logOdds of [-40, -3, -0.2, 0, 0.7, 2, 40]) {
        const [got, want] = [noncentralHypergeometric(table, logOdds), enumerated(table, logOdds)];
        for (const key of ['mean', 'lower', 'upper'] as const) {
          expectClose(got[key], want[key], 1e-11, `${JSON.stringify(table)} at ${logOdds}: ${key}`, 1e-3);
        }
      }
    }
  });

  it('is the hypergeometric distribution at an odds ratio of 1, for tables whose weights span all doubles', () => {
    for (const [a, b, c, d] of [
      [5030, 4970, 4990, 5010],
      [3100, 900, 7000, 2000],
      [20, 30_000, 25, 40_000],
      [12_000, 12_100, 200, 190],
    ] as const) {
      const { mean, lower, upper } = noncentralHypergeometric({ a, b, c, d }, 0);
      const total = a + b + c + d;
      expectClose(mean, ((a + b) / total) * (a + c), 1e-12);
      expectClose(lower, hypergeometricDistribution.cdf(a, total, a + c, a + b), 1e-10);
      expectClose(upper, hypergeometricDistribution.sf(a - 1, total, a + c, a + b), 1e-10);
    }
  });

  it('turns around with the columns, far from an odds ratio of 1 too', () => {
    for (const [a, b, c, d] of [
      [8000, 2000, 3000, 7000],
      [400, 9000, 8000, 300],
    ] as const) {
      for (const shift of [-2, 0.01, 3]) {
        const logOdds = Math.log((a * d) / (b * c)) + shift / Math.sqrt(a);
        const [here, there] = [
          noncentralHypergeometric({ a, b, c, d }, logOdds),
          noncentralHypergeometric({ a: b, b: a, c: d, d: c }, -logOdds),
        ];
        expectClose(here.mean, a + b - there.mean, 1e-10);
        expectClose(here.upper, there.lower, 1e-9);
        expect(Math.abs(here.mean - a)).toBeLessThan(5 * Math.sqrt(a));
      }
    }
  });
});
