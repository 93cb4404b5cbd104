import { betaExponent, betaScale, betaTail } from '../special/betaTail.ts';
import { betaDifference } from '../special/incompleteBeta.ts';
import { logShapeBeta } from '../special/logBeta.ts';
import { densityOverTail, logLower, logUpper } from '../special/TailPair.ts';
import { normalQuantile } from './normalQuantile.ts';
import { type LogTail, solveLogTail } from './solveLogTail.ts';

/** A normal approximation for parameters of at least 1 (Abramowitz and Stegun 26.5.22); NaN where it fails. */
function normalStart(p: number, upper: boolean, a: number, b: number): number {
  if (!(a >= 1 && b >= 1)) return Number.NaN;
  const z = upper ? normalQuantile(p) : -normalQuantile(p);
  const lambda = (z * z - 3) / 6;
  const ra = 1 / (2 * a - 1);
  const rb = 1 / (2 * b - 1);
  const h = 2 / (ra + rb);
  const w = (z * Math.sqrt(h + lambda)) / h - (rb - ra) * (lambda + 5 / 6 - 2 / (3 * h));
  return Math.log(a / b) - 2 * w;
}

interface Context {
  readonly a: number;
  readonly b: number;
  readonly upper: boolean;
}

function fill(w: number, tail: LogTail, { a, b, upper }: Context): void {
  const odds = Math.exp(-Math.abs(w));
  const large = 1 / (1 + odds);
  const small = odds * large;
  const x = w < 0 ? small : large;
  const y = w < 0 ? large : small;
  const difference = betaDifference(a, b, x, y);
  const pair = betaTail(a, b, x, y, difference);
  tail.value = upper ? logUpper(pair) : logLower(pair);
  // d I / d w = x^a y^b / B(a, b), whose own logarithmic derivative is a y - b x.
  let rate = densityOverTail(pair, upper, tail.value);
  if (Number.isNaN(rate)) rate = betaScale(a, b) * Math.exp(betaExponent(a, b, x, y, difference) - tail.value);
  tail.slope = upper ? -rate : rate;
  tail.curvature = upper ? -rate * (difference + rate) : rate * (difference - rate);
}

/**
 * The logit ln(x / y) of the point with probability p below it (above it, if `upper`) under the beta distribution.
 * Both x and y come from it without loss; by the tail that is at most 1/2, without checks.
 *
 * @param guess - A start that the caller knows to be good; NaN if there is none.
 */
export function betaQuantileLogit(p: number, upper: boolean, a: number, b: number, guess: number = Number.NaN): number {
  if (p > 0.5) return betaQuantileLogit(1 - p, !upper, a, b, guess);
  if (p === 0) return upper ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  let start = Number.isNaN(guess) ? normalStart(p, upper, a, b) : guess;
  if (Number.isNaN(start)) {
    // The leading powers x^a / (a B) and y^b / (b B) are exact where the next term is below the rounding of 1.
    const below = ((upper ? Math.log1p(-p) : Math.log(p)) + logShapeBeta(a, b)) / a;
    if (below + Math.log1p(b) < -40) return below;
    const above = -((upper ? Math.log(p) : Math.log1p(-p)) + logShapeBeta(b, a)) / b;
    if (above - Math.log1p(a) > 40) return above;
    start = below < -above ? below : above;
  }
  return solveLogTail(Math.log(p), start, !upper, fill, { a, b, upper });
}
