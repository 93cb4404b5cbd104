import { NoConvergenceError } from '../../core/errors.ts';
import { expm1mx } from './expm1mx.ts';
import { deviance, log1pmx } from './log1pmx.ts';
import { logShapeBeta } from './logBeta.ts';
import { stirlingRemainder } from './stirlingRemainder.ts';
import { swapTails, type TailPair, tailPair } from './TailPair.ts';
import { integrationEnd, NODES, WEIGHTS } from './tailIntegral.ts';

const EPSILON = 2 ** -54;
const MAX_STEPS = 10_000;
const LARGE_SHAPE = 10_000;
/** Below it the power of x is all there is for every shape up to 1e15; products with x may have lost their digits. */
export const POWER_BELOW = 1e-40;

/**
 * The logarithm of x^a y^b / B(a, b) * sqrt(2π (a + b) / (a b)) as a saddle-point form: deviances, which are accurate
 * where logarithms of gamma functions cancel (Loader 2000).
 */
export function betaExponent(a: number, b: number, x: number, y: number, difference: number): number {
  const n = a + b;
  return (
    stirlingRemainder(n) -
    stirlingRemainder(a) -
    stirlingRemainder(b) -
    deviance(a, n * x, -difference) -
    deviance(b, n * y, difference)
  );
}

/** What the exponential of that is to be multiplied by to give x^a y^b / B(a, b). */
export function betaScale(a: number, b: number): number {
  return Math.sqrt((a / (2 * Math.PI)) * (b / (a + b)));
}

/** I_x(a, b) / (x^a y^b / B(a, b)) by its power series (NIST DLMF 8.17.8): all terms positive. */
function powerSeries(a: number, b: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 0; n < MAX_STEPS; n += 1) {
    term *= (x * (a + b + n)) / (a + 1 + n);
    sum += term;
    if (term <= EPSILON * sum) return sum / a;
  }
  throw new NoConvergenceError('incompleteBeta series', `a = ${a}, b = ${b}, x = ${x}`);
}

/**
 * I_x(a, b) / (x^a y^b / B(a, b)) by the continued fraction of A. R. DiDonato and A. H. Morris, "Significant digit
 * computation of the incomplete beta function ratios", ACM TOMS 18 (1992), equation 9. Its elements hold
 * `difference` = a y - b x itself, so that nothing cancels for large parameters. Numerators and denominators of its
 * convergents go forward side by side, so that few divisions are needed.
 */
function continuedFraction(a: number, b: number, x: number, y: number, difference: number): number {
  let inverse = 1 / (a + 1);
  let before = 1;
  let now = a * inverse * (difference + 1);
  let beforeTop = 0;
  let nowTop = 1;
  let value = 1 / now;
  let lastChange = 0;
  for (let n = 1; n <= MAX_STEPS; n += 1) {
    const share = x * inverse;
    const odd = n * (b - n) * share;
    const numerator = (a + n - 1) * (a + b + n - 1) * odd * share;
    inverse = 1 / (a + 2 * n + 1);
    const denominator = n + odd + (a + n) * inverse * (difference + 1 + n * (1 + y));
    const next = denominator * now + numerator * before;
    const nextTop = denominator * nowTop + numerator * beforeTop;
    before = now;
    now = next;
    beforeTop = nowTop;
    nowTop = nextTop;
    if (n % 4 !== 0) continue;
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
  throw new NoConvergenceError('incompleteBeta continued fraction', `a = ${a}, b = ${b}, x = ${x}`);
}

/** The tail below x in units of x^a y^b / B(a, b), by quadrature over s = logit(x) - logit(t). */
function quadrature(a: number, b: number, x: number, y: number, difference: number): number {
  const n = a + b;
  const end = integrationEnd(difference, n * x * y);
  // ln(y + x e^-s) + x s, written from the smaller side so that its leading terms do not cancel.
  const share = Math.min(x, y);
  const sign = x <= y ? -1 : 1;
  let sum = 0;
  for (let i = 0; i < NODES.length; i += 1) {
    const s = end * (NODES[i] as number);
    const curve = expm1mx(sign * s);
    const excess = share * curve + log1pmx(share * (curve + sign * s));
    sum += (WEIGHTS[i] as number) * Math.exp(-difference * s - n * excess);
  }
  return end * sum;
}

/** Small shape a, with x on the side where I_x is close to 1 for every x: both tails computed. */
function smallShape(a: number, b: number, x: number): TailPair {
  let term = 1;
  let sum = 0;
  for (let n = 1; n <= 80; n += 1) {
    term *= ((n - b) * x) / n;
    const step = term / (a + n);
    sum += step;
    if (Math.abs(step) <= EPSILON * Math.abs(sum)) break;
  }
  const exponent = a * Math.log(x) - logShapeBeta(a, b);
  const rest = a * sum;
  const power = Math.exp(exponent);
  const lower = power * (1 + rest);
  const upper = -Math.expm1(exponent) - power * rest;
  return lower <= upper
    ? { lower, upper, tailIsUpper: false, factor: 1 + rest, exponent, scale: Number.NaN }
    : { lower, upper, tailIsUpper: true, factor: upper, exponent: 0, scale: Number.NaN };
}

/** Both tails where x is so small that nothing but its power counts; `logX` may be below the logarithm of any double. */
export function betaPowerTail(a: number, b: number, logX: number): TailPair {
  const exponent = a * logX - logShapeBeta(a, b);
  const lower = Math.exp(exponent);
  const upper = -Math.expm1(exponent);
  return lower <= upper
    ? { lower, upper, tailIsUpper: false, factor: 1, exponent, scale: Number.NaN }
    : { lower, upper, tailIsUpper: true, factor: upper, exponent: 0, scale: Number.NaN };
}

/**
 * Both tails of the beta distribution at x. `difference` is a y - b x, positive below the mean; callers who know it
 * better than from the rounded x and y hand it in.
 */
export function betaTail(a: number, b: number, x: number, y: number, difference: number): TailPair {
  if (x < POWER_BELOW) return betaPowerTail(a, b, Math.log(x));
  if (y < POWER_BELOW) return swapTails(betaPowerTail(b, a, Math.log(y)));
  if (x <= 0.5 && b * x <= 1.2) {
    if (a < 0.5) return smallShape(a, b, x);
    return scaled(false, a, b, x, y, difference, powerSeries(a, b, x));
  }
  if (y <= 0.5 && a * y <= 1.2) {
    if (b < 0.5) return swapTails(smallShape(b, a, y));
    return scaled(true, a, b, x, y, difference, powerSeries(b, a, y));
  }
  const central = Math.min(a, b) >= LARGE_SHAPE && difference * difference < 2 * (a + b) * x * y;
  const ratio = central ? quadrature : continuedFraction;
  if (difference >= 0) return scaled(false, a, b, x, y, difference, ratio(a, b, x, y, difference));
  return scaled(true, a, b, x, y, difference, ratio(b, a, y, x, -difference));
}

function scaled(
  tailIsUpper: boolean,
  a: number,
  b: number,
  x: number,
  y: number,
  difference: number,
  ratio: number,
): TailPair {
  const scale = betaScale(a, b);
  return tailPair(tailIsUpper, scale * ratio, betaExponent(a, b, x, y, difference), scale);
}
