import { NoConvergenceError } from '../../core/errors.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';

/** Beyond this many standard deviations the normal quantile of a power says nothing more about where the target is. */
const FAR = 8;

function probit(power: number): number {
  const p = Math.min(1, Math.max(0, power));
  return Math.min(FAR, Math.max(-FAR, normalDistribution.quantile(p)));
}

/**
 * The x at which a power that increases in x reaches `target`: by regula falsi (Illinois variant) on the normal
 * quantile of the power, which is nearly linear in the effect and in the root of n.
 *
 * @param low an x whose power is below the target
 * @param start a first guess above `low`
 */
export function solvePower(power: (x: number) => number, target: number, low: number, start: number): number {
  const goal = probit(target);
  const miss = (x: number): number => probit(power(x)) - goal;
  let [a, b] = [low, start];
  let [missA, missB] = [miss(a), miss(b)];
  for (let i = 0; missB < 0; i += 1) {
    if (i === 200) throw new NoConvergenceError('power', `no x below ${b} has a power of ${target}`);
    [a, missA] = [b, missB];
    b *= 2;
    missB = miss(b);
  }
  let side = 0;
  for (let i = 0; i < 200; i += 1) {
    if (missB === 0) return b;
    const x = (a * missB - b * missA) / (missB - missA);
    const missX = miss(x);
    if (missX === 0) return x;
    if (missX > 0) {
      const step = b - x;
      [b, missB] = [x, missX];
      if (side > 0) missA /= 2;
      side = 1;
      if (step <= 1e-13 * b) return b;
    } else {
      const step = x - a;
      [a, missA] = [x, missX];
      if (side < 0) missB /= 2;
      side = -1;
      if (step <= 1e-13 * a) return a;
    }
  }
  throw new NoConvergenceError('power', `the bracket [${a}, ${b}] did not close`);
}
