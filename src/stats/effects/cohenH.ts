import { checkShare } from '../../core/check.ts';

/** Above this distance of the two angles their difference loses nothing. */
const NEAR = 1e-3;

/**
 * Cohen's h: the difference of two proportions (`p1` minus `p2`) on the arcsine scale, 2 asin √p1 - 2 asin √p2, where
 * the spread of a proportion does not depend on the proportion. Within [-π, π]; 0.2 is small, 0.5 medium, 0.8 large.
 *
 * @throws InvalidOptionError if a proportion lies outside [0, 1]
 * @example
 * cohenH(0.6, 0.5); // 0.2013579207903309
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 6.2
 */
export function cohenH(p1: number, p2: number): number {
  checkShare('p1', p1);
  checkShare('p2', p2);
  const h = 2 * (angle(p1) - angle(p2));
  if (Math.abs(h) > NEAR) return h;
  // asin √p - asin √q = asin(√(p(1-q)) - √(q(1-p))), and the difference of the roots is (p - q) over their sum.
  const roots = Math.sqrt(p1 * (1 - p2)) + Math.sqrt(p2 * (1 - p1));
  return roots === 0 ? 0 : 2 * Math.asin((p1 - p2) / roots);
}

function angle(p: number): number {
  return Math.atan2(Math.sqrt(p), Math.sqrt(1 - p));
}
