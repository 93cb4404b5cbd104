import { betaExponent, betaPowerTail, betaScale, betaTail } from '../special/betaTail.ts';
import { logLower, logUpper, swapTails, type TailPair } from '../special/TailPair.ts';
import { betaQuantileLogit } from './betaQuantile.ts';
import { requireNumber, requireProbability, requireShape } from './parameters.ts';
import type { FDistribution } from './types.ts';

function requireDfs(df1: number, df2: number): void {
  requireShape('df1', df1);
  requireShape('df2', df2);
}

/** F follows from the beta distribution of x = q / (1 + q) with q = F df1 / df2. */
function tails(f: number, df1: number, df2: number): TailPair {
  requireNumber('x', f);
  requireDfs(df1, df2);
  const a = 0.5 * df1;
  const b = 0.5 * df2;
  if (f <= 0) return betaTail(a, b, 0, 1, a);
  const q = f * (df1 / df2);
  const extreme = q < 1e-290 || q > 1e290;
  if (extreme) {
    const logQ = Math.log(f) + Math.log(df1) - Math.log(df2);
    return q < 1 ? betaPowerTail(a, b, logQ) : swapTails(betaPowerTail(b, a, -logQ));
  }
  const y = 1 / (1 + q);
  return betaTail(a, b, q * y, y, a * (1 - f) * y);
}

function fromLogit(w: number, df1: number, df2: number): number {
  const ratio = df2 / df1;
  return Math.abs(w) < 700 ? Math.exp(w) * ratio : Math.exp(w + Math.log(ratio));
}

/**
 * Fisher's F distribution with df1 degrees of freedom in the numerator and df2 in the denominator.
 * Relative error of both tails below 1e-12 where they are above 1e-300, for df up to 1e6 (docs/accuracy.md).
 *
 * @example
 * ```ts
 * fDistribution.sf(4.17, 1, 30); // 0.050022588644401234
 * ```
 */
export const fDistribution: FDistribution = {
  pdf(x, df1, df2) {
    requireNumber('x', x);
    requireDfs(df1, df2);
    if (x < 0) return 0;
    if (x === 0) return df1 < 2 ? Number.POSITIVE_INFINITY : df1 === 2 ? 1 : 0;
    const a = 0.5 * df1;
    const b = 0.5 * df2;
    const q = x * (df1 / df2);
    // Where q is beyond the doubles, q^a or q^-b is all there is of the density.
    if (q > 1e290) return (b * tails(x, df1, df2).upper) / x;
    if (q < 1e-290) return (a * tails(x, df1, df2).lower) / x;
    const y = 1 / (1 + q);
    const scale = betaScale(a, b);
    return (scale * Math.exp(betaExponent(a, b, q * y, y, a * (1 - x) * y))) / x;
  },
  cdf(x, df1, df2) {
    return tails(x, df1, df2).lower;
  },
  sf(x, df1, df2) {
    return tails(x, df1, df2).upper;
  },
  logCdf(x, df1, df2) {
    return logLower(tails(x, df1, df2));
  },
  logSf(x, df1, df2) {
    return logUpper(tails(x, df1, df2));
  },
  quantile(p, df1, df2) {
    requireProbability('p', p);
    requireDfs(df1, df2);
    return fromLogit(betaQuantileLogit(p, false, 0.5 * df1, 0.5 * df2), df1, df2);
  },
  isf(p, df1, df2) {
    requireProbability('p', p);
    requireDfs(df1, df2);
    return fromLogit(betaQuantileLogit(p, true, 0.5 * df1, 0.5 * df2), df1, df2);
  },
};
