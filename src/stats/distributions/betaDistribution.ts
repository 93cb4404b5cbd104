import { betaExponent, betaScale, betaTail, POWER_BELOW } from '../special/betaTail.ts';
import { betaDifference } from '../special/incompleteBeta.ts';
import { logShapeBeta } from '../special/logBeta.ts';
import { logLower, logUpper, type TailPair } from '../special/TailPair.ts';
import { betaQuantileLogit } from './betaQuantile.ts';
import { requireNumber, requireProbability, requireShape } from './parameters.ts';
import type { BetaDistribution } from './types.ts';

function requireShapes(a: number, b: number): void {
  requireShape('a', a);
  requireShape('b', b);
}

function tails(x: number, a: number, b: number): TailPair {
  requireNumber('x', x);
  requireShapes(a, b);
  const inside = Math.min(Math.max(x, 0), 1);
  const y = 1 - inside;
  return betaTail(a, b, inside, y, betaDifference(a, b, inside, y));
}

/** The density where it is not that of an inner point. */
function edge(shape: number, other: number): number {
  if (shape === 1) return other;
  return shape < 1 ? Number.POSITIVE_INFINITY : 0;
}

function fromLogit(w: number): number {
  return 1 / (1 + Math.exp(-w));
}

/**
 * The beta distribution on [0, 1] with shapes a and b.
 * Relative error of both tails below 1e-12 where they are above 1e-300, for shapes up to 1e6 (docs/accuracy.md).
 *
 * @example
 * ```ts
 * betaDistribution.cdf(0.25, 2, 3); // 0.26171875000000006
 * betaDistribution.quantile(0.975, 50, 950); // 0.06432986442771636
 * ```
 */
export const betaDistribution: BetaDistribution = {
  pdf(x, a, b) {
    requireNumber('x', x);
    requireShapes(a, b);
    if (x < 0 || x > 1) return 0;
    if (x === 0) return edge(a, b);
    if (x === 1) return edge(b, a);
    if (x < POWER_BELOW) return Math.exp(Math.log(a) + (a - 1) * Math.log(x) - logShapeBeta(a, b));
    const y = 1 - x;
    const scale = betaScale(a, b);
    const exponent = betaExponent(a, b, x, y, betaDifference(a, b, x, y));
    return ((scale / x) * Math.exp(exponent)) / y;
  },
  cdf(x, a, b) {
    return tails(x, a, b).lower;
  },
  sf(x, a, b) {
    return tails(x, a, b).upper;
  },
  logCdf(x, a, b) {
    return logLower(tails(x, a, b));
  },
  logSf(x, a, b) {
    return logUpper(tails(x, a, b));
  },
  quantile(p, a, b) {
    requireProbability('p', p);
    requireShapes(a, b);
    return fromLogit(betaQuantileLogit(p, false, a, b));
  },
  isf(p, a, b) {
    requireProbability('p', p);
    requireShapes(a, b);
    return fromLogit(betaQuantileLogit(p, true, a, b));
  },
};
