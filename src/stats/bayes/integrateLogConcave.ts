import { NoConvergenceError } from '../../core/errors.ts';
import { gaussKronrod } from './gaussKronrod.ts';

/** The integrand is left out where it is below exp(-DEPTH) of its greatest value. */
const DEPTH = 40;
/** Where even the maximum is below exp(SMALLEST), the integral is not a double any more. */
const SMALLEST = -720;
/** What the two rules of a panel may differ by, in parts of the whole; the better one is far nearer to the truth. */
const TOLERANCE = 1e-10;
const MOST_PANELS = 2000;

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
 * ∫ exp(log(u)) du over the line, for a smooth concave `log` that falls to both sides: adaptive Gauss–Kronrod panels.
 *
 * @param low below the maximum
 * @param high above the maximum
 * @param turns where the integrand may change quickly: the first panels end there, so that no step is overlooked
 * @returns 0 where the integral is below the smallest double
 */
export function integrateLogConcave(
  log: (u: number) => number,
  low: number,
  high: number,
  turns: readonly number[],
): number {
  const centre = mode(log, low, high);
  const top = log(centre);
  if (!(top > SMALLEST)) return 0;
  const [left, right] = [centre - reach(log, centre, -1), centre + reach(log, centre, 1)];
  const inside = turns.filter((u) => u > left && u < right).sort((u, v) => u - v);
  const ends = [left, ...inside, right];
  const height = (u: number): number => Math.exp(log(u) - top);
  const waiting = ends.slice(1).map((end, i) => gaussKronrod(height, ends[i]!, end));
  const rough = waiting.reduce((sum, panel) => sum + panel.integral, 0);
  let sum = 0;
  for (let count = waiting.length; ; ) {
    const panel = waiting.pop();
    if (panel === undefined) return sum * Math.exp(top);
    const { from, to, integral, difference } = panel;
    const middle = (from + to) / 2;
    if (difference <= TOLERANCE * Math.max(rough, sum) || middle === from || middle === to) sum += integral;
    else if (count >= MOST_PANELS) throw new NoConvergenceError('integral', `between ${left} and ${right}`);
    else {
      waiting.push(gaussKronrod(height, from, middle), gaussKronrod(height, middle, to));
      count += 2;
    }
  }
}
