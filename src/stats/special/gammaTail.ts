import { NoConvergenceError } from '../../core/errors.ts';
import { erfcx } from './erf.ts';
import { expm1mx } from './expm1mx.ts';
import { deviance } from './log1pmx.ts';
import { logGamma1p } from './logGamma.ts';
import { stirlingRemainder } from './stirlingRemainder.ts';
import { NOTHING_ABOVE, NOTHING_BELOW, type TailPair, tailPair } from './TailPair.ts';
import { integrationEnd, NODES, WEIGHTS } from './tailIntegral.ts';

const EPSILON = 2 ** -54;
const MAX_STEPS = 10_000;
/** From this shape on the quadrature is cheaper than the series not far below and the fraction near the mean. */
const LARGE_SHAPE = 2000;

/** Above this shape the fraction is as cheap as a sum of that many terms. */
const LARGEST_SUM = 30;
/** Above this the fraction needs few steps, and the powers in the sum would overflow in the end. */
const LARGEST_POWER = 700;
const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** The logarithm of x^a e^-x / Γ(a) * sqrt(2π / a), as a saddle-point form: no large logarithms are subtracted. */
export function gammaExponent(a: number, x: number, difference: number): number {
  return -deviance(a, x, difference) - stirlingRemainder(a);
}

/** The sum over n of x^n / ((a + 1) … (a + n)). */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= MAX_STEPS; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (term <= EPSILON * sum) return sum;
  }
  throw new NoConvergenceError('incompleteGamma series', `a = ${a}, x = ${x}`);
}

/**
 * Γ(a, x) e^x x^-a by Legendre's continued fraction (NIST DLMF 8.9.2). Numerators and denominators of its convergents
 * go forward side by side, so that a division is needed only where convergence is looked at.
 */
function continuedFraction(a: number, difference: number): number {
  let b = difference + 1;
  let value = 1 / b;
  let before = value;
  let now = 1;
  let beforeTop = 0;
  let nowTop = value;
  let lastChange = 0;
  // Elements beyond this would overflow within the steps between two looks.
  const pace = b < 1e50 ? 4 : 1;
  for (let n = 1; n <= MAX_STEPS; n += 1) {
    const numerator = n * (a - n);
    b += 2;
    const next = b * now + numerator * before;
    const nextTop = b * nowTop + numerator * beforeTop;
    before = now;
    now = next;
    beforeTop = nowTop;
    nowTop = nextTop;
    if (n % pace !== 0) continue;
    // Convergents keep their value when numerator and denominator are scaled alike.
    const scale = 1 / now;
    const latest = nowTop * scale;
    const change = Math.abs(latest - value);
    // Changes fall by about the same factor from look to look: what is to come after this one is known without it.
    if (change <= 4 * EPSILON * latest || change * change <= EPSILON * latest * lastChange) return latest;
    value = latest;
    lastChange = change;
    before *= scale;
    beforeTop *= scale;
    nowTop = latest;
    now = 1;
  }
  throw new NoConvergenceError('incompleteGamma continued fraction', `a = ${a}, x - a = ${difference}`);
}

/** Γ(a, x) e^x / Γ(a) of a whole or half shape: a finite sum of positive terms (NIST DLMF 8.4.8, 8.4.14 and 8.8.8). */
function finiteSum(a: number, x: number): number {
  const whole = Math.floor(a) === a;
  const root = Math.sqrt(x);
  let term = whole ? 1 : root * TWO_OVER_ROOT_PI;
  let sum = whole ? 0 : erfcx(root);
  for (let k = whole ? 1 : 1.5; k <= a; k += 1) {
    sum += term;
    term *= x / k;
  }
  return sum;
}

/** Small shape and x: neither tail may be one minus the other, since the lower one is close to 1 for every x. */
function smallShape(a: number, x: number): TailPair {
  let term = 1;
  let sum = 0;
  for (let n = 1; n <= 40; n += 1) {
    term *= -x / n;
    const step = term / (a + n);
    sum += step;
    if (Math.abs(step) <= EPSILON * Math.abs(sum)) break;
  }
  const exponent = a * Math.log(x) - logGamma1p(a);
  const rest = a * sum;
  const power = Math.exp(exponent);
  const lower = power * (1 + rest);
  const upper = -Math.expm1(exponent) - power * rest;
  return lower <= upper
    ? { lower, upper, tailIsUpper: false, factor: 1 + rest, exponent, scale: Number.NaN }
    : { lower, upper, tailIsUpper: true, factor: upper, exponent: 0, scale: Number.NaN };
}

/**
 * Both tails of the gamma distribution with shape a and scale 1 at x. `difference` is x - a, which callers who know it
 * better than by subtraction hand in.
 */
export function gammaTail(a: number, x: number, difference: number): TailPair {
  if (x <= 0) return NOTHING_BELOW;
  if (x === Number.POSITIVE_INFINITY) return NOTHING_ABOVE;
  if (a < 0.5 && x <= 1.2) return smallShape(a, x);
  if (difference >= 0 && a <= LARGEST_SUM && x <= LARGEST_POWER && Math.floor(2 * a) === 2 * a) {
    return tailPair(true, finiteSum(a, x), -x);
  }
  const exponent = gammaExponent(a, x, difference);
  const scale = Math.sqrt(a / (2 * Math.PI));
  const central = difference * difference < 4 * x || (difference < 0 && difference > -0.2 * a);
  if (a >= LARGE_SHAPE && central) {
    return tailPair(difference > 0, scale * quadrature(x, difference), exponent, scale);
  }
  if (difference < 0 || x <= 1.2) return tailPair(false, (scale / a) * series(a, x), exponent, scale);
  return tailPair(true, scale * continuedFraction(a, difference), exponent, scale);
}

/** The tail in units of x^a e^-x / Γ(a), by quadrature over s = |ln(t / x)|, away from the mean. */
function quadrature(x: number, difference: number): number {
  const slope = Math.abs(difference);
  const sign = difference > 0 ? 1 : -1;
  const end = integrationEnd(slope, x);
  let sum = 0;
  for (let i = 0; i < NODES.length; i += 1) {
    const s = end * (NODES[i] as number);
    sum += (WEIGHTS[i] as number) * Math.exp(-slope * s - x * expm1mx(sign * s));
  }
  return end * sum;
}
