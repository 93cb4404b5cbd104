import { betaPowerTail, betaTail } from '../special/betaTail.ts';
import { stirlingRemainder } from '../special/stirlingRemainder.ts';
import { HALF_LOG_TWO_PI } from '../special/stirlingSeries.ts';
import { logLower, type TailPair } from '../special/TailPair.ts';
import { betaQuantileLogit } from './betaQuantile.ts';
import { normalDistribution } from './normalDistribution.ts';
import { normalQuantile } from './normalQuantile.ts';
import { logNormalUpperTail, normalUpperTail } from './normalTail.ts';
import { requireNumber, requirePositive, requireProbability } from './parameters.ts';
import type { StudentTDistribution } from './types.ts';

/** From here on t is normal to the last digit wherever its tail is above 1e-300. */
const NORMAL_DF = 1e22;

function requireDf(df: number): void {
  if (df !== Number.POSITIVE_INFINITY) requirePositive('df', df);
}

/** P(|T| > |t|) as `lower` and P(|T| < |t|) as `upper`: the beta distribution of df / (df + t^2). */
function tails(t: number, df: number): TailPair {
  const square = (t / df) * t;
  if (square > 1e30) return betaPowerTail(df / 2, 0.5, Math.log(df) - 2 * Math.log(Math.abs(t)));
  const x = 1 / (1 + square);
  // a y - b x, where the square of t is not rounded a second time.
  return betaTail(df / 2, 0.5, x, square * x, 0.5 * (t - 1) * (t + 1) * x);
}

function upperTail(t: number, df: number): number {
  if (df >= NORMAL_DF) return normalUpperTail(t);
  const { lower, upper } = tails(t, df);
  return t > 0 ? 0.5 * lower : 0.5 + 0.5 * upper;
}

function logUpperTail(t: number, df: number): number {
  if (df >= NORMAL_DF) return logNormalUpperTail(t);
  const pair = tails(t, df);
  return t > 0 ? logLower(pair) - Math.LN2 : Math.log1p(-0.5 * pair.lower);
}

/** The t with probability p above it, for p of at most 1/2. */
function upperQuantile(p: number, df: number): number {
  if (df >= NORMAL_DF) return normalDistribution.isf(p);
  // D. L. Wallace, "Bounds on normal approximations to Student's and the chi-square distributions" (1959).
  const z = ((8 * df + 3) / (8 * df + 1)) * normalQuantile(p);
  const ratio = (z * z) / df;
  const guess = df >= 1 && p < 0.5 && ratio < 30 ? -Math.log(Math.expm1(ratio)) : Number.NaN;
  return Math.sqrt(df) * Math.exp(-0.5 * betaQuantileLogit(2 * p, false, df / 2, 0.5, guess));
}

/**
 * Student's t distribution, also for degrees of freedom that are not whole, as Welch's are.
 * Relative error of both tails below 1e-12 where they are above 1e-300, for df within [1e-3, 1e6] (docs/accuracy.md).
 *
 * @example
 * ```ts
 * studentTDistribution.twoSided(2.042, 30); // 0.050028670656197934
 * studentTDistribution.quantile(0.975, 30); // 2.0422724563012378
 * ```
 */
export const studentTDistribution: StudentTDistribution = {
  pdf(x, df) {
    requireNumber('x', x);
    requireDf(df);
    if (df >= NORMAL_DF) return normalDistribution.pdf(x);
    const a = df / 2;
    const square = (x / df) * x;
    const spread = square > 1e30 ? 2 * Math.log(Math.abs(x)) - Math.log(df) : Math.log1p(square);
    // Γ(a + 1/2) / Γ(a) from Stirling's formula; its leading terms are a ln(1 + 1/(2a)) - 1/2.
    const gammas = stirlingRemainder(a + 0.5) - stirlingRemainder(a) + a * Math.log1p(0.5 / a) - 0.5;
    return Math.exp(gammas - HALF_LOG_TWO_PI - (a + 0.5) * spread);
  },
  cdf(x, df) {
    requireNumber('x', x);
    requireDf(df);
    return upperTail(-x, df);
  },
  sf(x, df) {
    requireNumber('x', x);
    requireDf(df);
    return upperTail(x, df);
  },
  logCdf(x, df) {
    requireNumber('x', x);
    requireDf(df);
    return logUpperTail(-x, df);
  },
  logSf(x, df) {
    requireNumber('x', x);
    requireDf(df);
    return logUpperTail(x, df);
  },
  quantile(p, df) {
    requireProbability('p', p);
    requireDf(df);
    return p <= 0.5 ? -upperQuantile(p, df) : upperQuantile(1 - p, df);
  },
  isf(p, df) {
    requireProbability('p', p);
    requireDf(df);
    return p <= 0.5 ? upperQuantile(p, df) : -upperQuantile(1 - p, df);
  },
  twoSided(t, df) {
    requireNumber('t', t);
    requireDf(df);
    return df >= NORMAL_DF ? 2 * normalUpperTail(Math.abs(t)) : tails(t, df).lower;
  },
};
