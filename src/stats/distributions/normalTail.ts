import { erf, erfcx, gaussian } from '../special/erf.ts';

/** The probability above z of a standard normal, without checks. */
export function normalUpperTail(z: number): number {
  if (z > 0.75) return 0.5 * gaussian(z, 0.5) * erfcx(z * Math.SQRT1_2);
  return z < -0.75 ? 1 - normalUpperTail(-z) : 0.5 - 0.5 * erf(z * Math.SQRT1_2);
}

/** Its logarithm, which does not underflow. */
export function logNormalUpperTail(z: number): number {
  if (!(z > 0.75)) return Math.log1p(-normalUpperTail(-z));
  return Math.log(0.5 * erfcx(z * Math.SQRT1_2)) - 0.5 * z * z;
}
