import { checkMoments } from '../checkMoments.ts';
import { meanDifference } from '../meanDifference.ts';
import type { SampleMoments } from '../types.ts';

/**
 * Cohen's d: the difference of means (`a` minus `b`) in units of the pooled standard deviation.
 * By Cohen's convention 0.2 is small, 0.5 medium, 0.8 large.
 *
 * @returns `undefined` where there is no pooled standard deviation: below three observations in total, an empty
 * sample, or values that do not vary
 * @throws InvalidDataError for moments that no sample can have
 * @example
 * cohenD({ n: 20, mean: 12, variance: 4 }, { n: 20, mean: 11, variance: 4 }); // 0.5
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 2.2
 */
export function cohenD(a: SampleMoments, b: SampleMoments): number | undefined {
  checkMoments('a', a);
  checkMoments('b', b);
  const df = a.n + b.n - 2;
  if (!(a.n >= 1 && b.n >= 1)) return undefined;
  // A single observation has no variance and adds nothing to the pooled sum of squares.
  const part = ({ n, variance }: SampleMoments): number => (n > 1 ? ((n - 1) / df) * variance : 0);
  const pooled = part(a) + part(b);
  return pooled > 0 ? meanDifference(a, b) / Math.sqrt(pooled) : undefined;
}
