import { NoConvergenceError } from '../../core/errors.ts';

/** The integrand is left out where it is below exp(-DEPTH) of its greatest value. */
const DEPTH = 40;
const MOST_STEPS = 2 ** 16;

/** The maximum of a concave function, by golden section. */
function mode(log: (u: number) => number, low: number, high: number): number {
  const shrink = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [left, right] = [b - shrink * (b - a), a + shrink * (b - a)];
  let [atLeft, atRight] = [log(left), log(right)];
  while (b - a > 1e-9 * (1 + Math.abs(a) + Math.abs(b))) {
    if (atLeft < atRight) {
      [a, left, atLeft] = [left, right, atRight];
      right = a + shrink * (b - a);
      atRight = log(right);
    } else {
      [b, right, atRight] = [right, left, atLeft];
      left = b - shrink * (b - a);
      atLeft = log(left);
    }
  }
  return (a + b) / 2;
}

/** How far from the mode, in the direction of `sign`, the integrand falls by DEPTH. */
function reach(log: (u: number) => number, centre: number, sign: number): number {
  const floor = log(centre) - DEPTH;
  let [near, far] = [0, 1e-6];
  while (log(centre + sign * far) > floor) [near, far] = [far, 2 * far];
  for (let k = 0; k < 5; k += 1) {
    const middle = (near + far) / 2;
    if (log(centre + sign * middle) > floor) near = middle;
    else far = middle;
  }
  return far;
}

/**
 * ∫ exp(log(u)) du over the line, for a smooth concave `log` that falls to both sides: the trapezoidal rule, which
 * converges exponentially there, refined until the last halving changes nothing.
 *
 * @param low below the maximum
 * @param high above the maximum
 */
export function integrateLogConcave(log: (u: number) => number, low: number, high: number): number {
  const centre = mode(log, low, high);
  const top = log(centre);
  const [left, right] = [centre - reach(log, centre, -1), centre + reach(log, centre, 1)];
  let steps = 32;
  let width = (right - left) / steps;
  let sum = 0;
  for (let i = 1; i < steps; i += 1) sum += Math.exp(log(left + i * width) - top);
  for (;;) {
    let between = 0;
    for (let i = 0; i < steps; i += 1) between += Math.exp(log(left + (i + 0.5) * width) - top);
    const settled = Math.abs(between - sum) <= 1e-9 * sum;
    sum += between;
    steps *= 2;
    width /= 2;
    if (settled) return width * sum * Math.exp(top);
    if (steps > MOST_STEPS) throw new NoConvergenceError('integral', `between ${left} and ${right}`);
  }
}
