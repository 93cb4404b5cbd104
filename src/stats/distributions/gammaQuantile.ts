import { gammaExponent, gammaTail } from '../special/gammaTail.ts';
import { logGamma, logGamma1p } from '../special/logGamma.ts';
import { densityOverTail, logLower, logUpper } from '../special/TailPair.ts';
import { normalQuantile } from './normalQuantile.ts';
import { type LogTail, solveLogTail } from './solveLogTail.ts';

/** ln x from the leading power of the lower tail: x^a / Γ(a + 1) = P. Exact where x is below the rounding of 1. */
function powerStart(p: number, upper: boolean, a: number): number {
  const logLower = upper ? Math.log1p(-p) : Math.log(p);
  return (logLower + (a <= 1 ? logGamma1p(a) : logGamma(a + 1))) / a;
}

/** ln x from Wilson and Hilferty's cube of a normal; from the decay a e^-x of the upper tail where that fails. */
function start(p: number, upper: boolean, a: number, power: number): number {
  const z = upper ? -normalQuantile(p) : normalQuantile(p);
  const root = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  if (root > 0.2) return Math.log(a) + 3 * Math.log(root);
  const decay = Math.log(a) - Math.log(p);
  return upper && decay > 1 ? Math.log(decay) : power;
}

interface Context {
  readonly a: number;
  readonly upper: boolean;
  readonly logScale: number;
}

function fill(u: number, tail: LogTail, { a, upper, logScale }: Context): void {
  const x = Math.exp(u);
  const pair = gammaTail(a, x, x - a);
  tail.value = upper ? logUpper(pair) : logLower(pair);
  // d P / d ln x = x^a e^-x / Γ(a), whose own logarithmic derivative is a - x.
  let rate = densityOverTail(pair, upper, tail.value);
  if (Number.isNaN(rate)) rate = Math.exp(gammaExponent(a, x, x - a) + logScale - tail.value);
  tail.slope = upper ? -rate : rate;
  tail.curvature = upper ? -rate * (a - x + rate) : rate * (a - x - rate);
}

/**
 * The x with probability p below it (above it, if `upper`) under the gamma distribution with shape a and scale 1.
 * Solved for ln x, by the tail that is at most 1/2; without checks.
 */
export function gammaQuantile(p: number, upper: boolean, a: number): number {
  if (p > 0.5) return gammaQuantile(1 - p, !upper, a);
  if (p === 0) return upper ? Number.POSITIVE_INFINITY : 0;
  const power = powerStart(p, upper, a);
  if (power < -40) return Math.exp(power);
  const context: Context = { a, upper, logScale: 0.5 * Math.log(a / (2 * Math.PI)) };
  return Math.exp(solveLogTail(Math.log(p), start(p, upper, a, power), !upper, fill, context));
}
