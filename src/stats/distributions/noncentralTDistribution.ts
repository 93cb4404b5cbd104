import { checkFinite } from '../../core/check.ts';
import { NoConvergenceError } from '../../core/errors.ts';
import { erfcx } from '../special/erf.ts';
import { expm1mx } from '../special/expm1mx.ts';
import { stirlingRemainder } from '../special/stirlingRemainder.ts';
import { logNormalUpperTail, normalUpperTail } from './normalTail.ts';
import { requireFinite, requireNumber } from './parameters.ts';
import type { NoncentralTDistribution } from './types.ts';

/** From here on the denominator is 1 to the last digit wherever the tail is above 1e-300. */
const NORMAL_DF = 1e22;
/** The integrand is left out where it is below exp(-DEPTH) of its greatest value. */
const DEPTH = 42;
const MOST_STEPS = 2 ** 17;

/** The logarithm of the integrand over u = ln s, s = chi / sqrt(df), but for a constant: P(Z > t s - ncp) and chi. */
type Integrand = (u: number) => number;

function integrand(t: number, df: number, ncp: number): Integrand {
  return (u) => logNormalUpperTail(shifted(u, t, ncp)) - 0.5 * df * expm1mx(2 * u);
}

/** t e^u - ncp without cancellation, neither near u = 0 nor for t beyond every measure. */
function shifted(u: number, t: number, ncp: number): number {
  return u < -0.5 ? t * Math.exp(u) - ncp : t - ncp + t * Math.expm1(u);
}

/** The derivative of the integrand's logarithm. */
function slope(u: number, t: number, df: number, ncp: number): number {
  const hazard = Math.sqrt(2 / Math.PI) / erfcx(shifted(u, t, ncp) * Math.SQRT1_2);
  return -hazard * t * Math.exp(u) - df * Math.expm1(2 * u);
}

/** The one mode: the slope is positive far to the left and negative far to the right of it. */
function mode(t: number, df: number, ncp: number): number {
  let step = 1;
  let low = 0;
  let high = 0;
  if (slope(0, t, df, ncp) > 0) for (; slope(high, t, df, ncp) > 0; step *= 2) high += step;
  else for (; slope(low, t, df, ncp) < 0; step *= 2) low -= step;
  for (let k = 0; k < 30; k += 1) {
    const middle = 0.5 * (low + high);
    if (slope(middle, t, df, ncp) > 0) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/** How far from the mode, in the direction of `sign`, the integrand falls by DEPTH. */
function reach(log: Integrand, centre: number, sign: number, df: number): number {
  const floor = log(centre) - DEPTH;
  let near = 0;
  let far = 1 / Math.sqrt(df + 1);
  while (log(centre + sign * far) > floor) {
    near = far;
    far *= 2;
  }
  for (let k = 0; k < 5; k += 1) {
    const middle = 0.5 * (near + far);
    if (log(centre + sign * middle) > floor) near = middle;
    else far = middle;
  }
  return far;
}

/**
 * P(T > t) by the trapezoidal rule over u = ln s, which converges exponentially for an integrand that is analytic and
 * vanishes at both ends; refined until the last halving changes nothing.
 */
function tail(t: number, df: number, ncp: number): number {
  const log = integrand(t, df, ncp);
  const centre = mode(t, df, ncp);
  const a = 0.5 * df;
  // Below every double, where the rounding of so great an exponent would not let the sums settle.
  if (log(centre) + Math.log1p(a) < -800) return 0;
  const left = centre - reach(log, centre, -1, df);
  const right = centre + reach(log, centre, 1, df);
  const top = log(centre);
  let steps = 32;
  let width = (right - left) / steps;
  let sum = 0;
  for (let i = 1; i < steps; i += 1) sum += Math.exp(log(left + i * width) - top);
  for (;;) {
    let between = 0;
    for (let i = 0; i < steps; i += 1) between += Math.exp(log(left + (i + 0.5) * width) - top);
    // The error of the trapezoidal rule is squared when the width is halved.
    const settled = Math.abs(between - sum) <= 1e-9 * sum;
    sum += between;
    steps *= 2;
    width /= 2;
    if (settled) break;
    if (steps > MOST_STEPS) throw new NoConvergenceError('noncentral t', `t = ${t}, df = ${df}, ncp = ${ncp}`);
  }
  return Math.min(2 * width * sum * Math.sqrt(a / (2 * Math.PI)) * Math.exp(top - stirlingRemainder(a)), 1);
}

function upperTail(t: number, df: number, ncp: number): number {
  if (t === 0) return normalUpperTail(-ncp);
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1;
  if (df >= NORMAL_DF) return normalUpperTail(t - ncp);
  return t > ncp ? tail(t, df, ncp) : 1 - tail(-t, df, -ncp);
}

function requireParameters(t: number, df: number, ncp: number): void {
  requireNumber('t', t);
  if (df !== Number.POSITIVE_INFINITY) checkDf(df);
  requireFinite('ncp', ncp);
}

function checkDf(df: number): void {
  if (!(df >= 0.1 && df < Number.POSITIVE_INFINITY)) checkFinite('df', df, { ge: 0.1 });
}

/**
 * The non-central t distribution: (Z + ncp) / sqrt(chi-squared / df), the law of a t statistic when there is an effect.
 * The power of a t-test is its tail beyond the critical value.
 *
 * By quadrature over the chi distribution. Domain: df of at least 0.1, any t, any finite non-centrality; for |ncp| up
 * to 100 the relative error of both tails is below 1e-12 where they are above 1e-300 (docs/accuracy.md).
 *
 * @example
 * ```ts
 * noncentralTDistribution.sf(2.0024654592910065, 57, 2); // 0.5025086801767823, the power of a t-test
 * ```
 */
export const noncentralTDistribution: NoncentralTDistribution = {
  cdf(t, df, ncp) {
    requireParameters(t, df, ncp);
    return upperTail(-t, df, -ncp);
  },
  sf(t, df, ncp) {
    requireParameters(t, df, ncp);
    return upperTail(t, df, ncp);
  },
};
