import { NoConvergenceError } from '../../core/errors.ts';

const MAX_STEPS = 200;

/**
 * Where a function that is negative at `inside` and not negative at `outside` crosses zero. The answer lies on the
 * outer side of the crossing, within `tolerance` of it, so that an interval that ends there never falls short.
 * The function may be infinite outside. Illinois' variant of the false position, bisecting where that gains too little.
 * @internal
 */
export function crossing(
  f: (x: number) => number,
  inside: number,
  outside: number,
  tolerance: (x: number) => number,
): number {
  let [low, high] = [inside, outside];
  let [below, above] = [f(low), f(high)];
  let kept = 0;
  let width = Math.abs(high - low);
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    if (!(Math.abs(high - low) > tolerance(high))) return high;
    // Three false positions have to halve the bracket, or it is bisected.
    const stuck = step % 3 === 0 && Math.abs(high - low) > 0.5 * width;
    if (step % 3 === 0) width = Math.abs(high - low);
    let x = low + (high - low) * (below / (below - above));
    if (stuck || !Number.isFinite(x) || x === low || x === high) x = 0.5 * (low + high);
    if (x === low || x === high) return high;
    const value = f(x);
    if (value >= 0) {
      [high, above] = [x, value];
      if (kept < 0) below *= 0.5;
      kept = -1;
    } else {
      [low, below] = [x, value];
      if (kept > 0) above *= 0.5;
      kept = 1;
    }
  }
  throw new NoConvergenceError('the end of a confidence sequence', `still ${width} wide after ${MAX_STEPS} steps`);
}

/** From the log odds to the probability; exact 0 and 1 far out. @internal */
export function fromLogOdds(x: number): number {
  return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
}

/** The log odds of a probability. @internal */
export function logOdds(p: number): number {
  return Math.log(p) - Math.log1p(-p);
}

const FARTHEST = 700;

/**
 * Where a function of a positive quantity's logarithm (log odds, log ratio) crosses zero on the way from `inside`
 * outwards; an infinity where it never does within what doubles can hold.
 * @internal
 */
export function logCrossing(f: (x: number) => number, inside: number, direction: -1 | 1): number {
  let near = inside;
  for (let step = 0.125; ; step *= 2) {
    const far = inside + direction * step;
    if (f(far) >= 0) return crossing(f, near, far, () => 1e-13);
    if (Math.abs(far) > FARTHEST) return direction * Number.POSITIVE_INFINITY;
    near = far;
  }
}
