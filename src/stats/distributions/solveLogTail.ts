import { NoConvergenceError } from '../../core/errors.ts';

/** What a quantile search needs to know of a tail at u: its logarithm and the first two derivatives of that in u. */
export interface LogTail {
  value: number;
  slope: number;
  curvature: number;
}

/** Steps after which something is odd: Halley's method takes two or three, ten from a bad start. */
const PATIENCE = 30;

/**
 * Solves `value(u) = target` for a monotone logarithm of a tail, by Halley's method kept within a bracket.
 * On this scale tails are concave and nearly straight far out, so that few steps are needed from any start.
 *
 * @param increasing - Whether the logarithm grows with u.
 * @param evaluate - Fills in the tail at u; it is called with the same objects again and again.
 * @param context - What `evaluate` needs besides.
 */
export function solveLogTail<Context>(
  target: number,
  start: number,
  increasing: boolean,
  evaluate: (u: number, tail: LogTail, context: Context) => void,
  context: Context,
): number {
  const tail: LogTail = { value: 0, slope: 0, curvature: 0 };
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let u = start;
  for (let step = 0; step < 200; step += 1) {
    evaluate(u, tail, context);
    const error = tail.value - target;
    if (error === 0) return u;
    if (error > 0 === increasing) high = u;
    else low = u;
    const newton = error / tail.slope;
    const damping = 1 - (0.5 * newton * tail.curvature) / tail.slope;
    let next = u - newton / Math.min(Math.max(damping, 0.5), 2);
    // Cubic convergence: after a step from here nothing is left but rounding.
    if (Math.abs(error) < 1e-5 || Math.abs(next - u) <= 2 ** -52 * Math.abs(u)) return next;
    // Where rounding has spoilt the slope, halving still gets there.
    if (!(next > low && next < high) || step > PATIENCE) next = inside(low, high);
    u = next;
  }
  throw new NoConvergenceError('quantile', `log tail ${target}`);
}

function inside(low: number, high: number): number {
  if (low === Number.NEGATIVE_INFINITY) return high - Math.max(1, Math.abs(high));
  if (high === Number.POSITIVE_INFINITY) return low + Math.max(1, Math.abs(low));
  return low + 0.5 * (high - low);
}
