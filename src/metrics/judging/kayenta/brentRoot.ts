/**
 * A root of a function between two points of opposite sign, to within half of an absolute tolerance: inverse quadratic
 * interpolation where that gets on, bisection where it does not. On a step function the answer depends on every detail
 * of the method, so it follows the published one to the letter.
 *
 * @param fa the function at `a`, of another sign than `fb`
 * @param fb the function at `b`
 * @see Brent (1973), Algorithms for Minimization without Derivatives, chapter 4
 */
export function brentRoot(
  f: (x: number) => number,
  a: number,
  b: number,
  fa: number,
  fb: number,
  tolerance: number,
): number {
  if (fa === 0) return a;
  let [older, previous, best] = [a, a, b];
  let [fOlder, fPrevious, fBest] = [fa, fa, fb];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    if (Math.abs(fOlder) < Math.abs(fBest)) {
      [previous, best, older] = [best, older, best];
      [fPrevious, fBest, fOlder] = [fBest, fOlder, fBest];
    }
    const least = 2 * Number.EPSILON * Math.abs(best) + tolerance / 2;
    const half = (older - best) / 2;
    if (Math.abs(half) <= least || fBest === 0) return best;
    const last = best - previous;
    let step = half;
    if (Math.abs(last) >= least && Math.abs(fPrevious) > Math.abs(fBest)) {
      const aimed = interpolate(previous, best, older, fPrevious, fBest, fOlder);
      const short = aimed.up < 0.75 * 2 * half * aimed.down - Math.abs(least * aimed.down) / 2;
      if (short && aimed.up < Math.abs((last * aimed.down) / 2)) step = aimed.up / aimed.down;
    }
    if (Math.abs(step) < least) step = step > 0 ? least : -least;
    [previous, fPrevious] = [best, fBest];
    best += step;
    fBest = f(best);
    if (fBest > 0 === fOlder > 0 && fBest !== 0 && fOlder !== 0) [older, fOlder] = [previous, fPrevious];
  }
  return best;
}

const MOST_ROUNDS = 1000;

/** The step from `b` to the interpolated root as a fraction whose numerator is not negative. */
function interpolate(
  a: number,
  b: number,
  c: number,
  fa: number,
  fb: number,
  fc: number,
): { up: number; down: number } {
  const reach = c - b;
  let up: number;
  let down: number;
  if (a === c) {
    const slope = fb / fa;
    up = reach * slope;
    down = 1 - slope;
  } else {
    const [ac, bc, ba] = [fa / fc, fb / fc, fb / fa];
    up = ba * (reach * ac * (ac - bc) - (b - a) * (bc - 1));
    down = (ac - 1) * (bc - 1) * (ba - 1);
  }
  return up > 0 ? { up, down: -down } : { up: -up, down };
}
