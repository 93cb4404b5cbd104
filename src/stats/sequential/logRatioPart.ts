import type { SampleMoments } from '../types.ts';
import type { InformationEstimate } from './InformationEstimate.ts';

/** What there is to say where nothing can be said. @internal */
export const NOTHING: InformationEstimate = { estimate: 0, information: 0 };

/**
 * `logRatioInformation` with the conservative standard error, of moments that are known to be sound: for a judge that
 * looks at every request.
 * @internal
 */
export function logRatioPart(first: SampleMoments, second: SampleMoments, exponent: number): InformationEstimate {
  const [n, m] = [first.n, second.n];
  const [a, b] = [first.mean, second.mean];
  if (!(n >= 2 && m >= 2 && a > 0 && b > 0)) return NOTHING;
  const x = first.variance / (a * a);
  const y = second.variance / (b * b);
  const pooled = ((n - 1) * x + (m - 1) * y) / (n + m - 2);
  const information = 1 / (exponent * exponent * Math.max(x / n + y / m, pooled / n + pooled / m));
  if (!Number.isFinite(information)) return NOTHING;
  return { estimate: exponent * Math.log(a / b), information };
}
