import { normalDistribution } from '../distributions/index.ts';
import { boundsFor } from '../intervals/IntervalOptions.ts';
import { wilsonBounds } from '../intervals/wilsonBounds.ts';
import type { Alternative, Interval } from '../types.ts';
import type { FourfoldTable } from './FourfoldTable.ts';

/**
 * The interval for the difference of two paired proportions, made of their Wilson intervals and their correlation.
 * Contains (b - c) / n and stays within [-1, 1].
 * @see Newcombe (1998), doi:10.1002/(SICI)1097-0258(19981130)17:22%3C2635::AID-SIM954%3E3.0.CO;2-C, method 10
 */
export function pairedDifferenceInterval(
  { a, b, c, d }: FourfoldTable,
  alternative: Alternative,
  level: number,
): Interval {
  const n = a + b + c + d;
  const z = Math.max(0, normalDistribution.isf(alternative === 'two-sided' ? (1 - level) / 2 : 1 - level));
  const [p, q] = [(a + b) / n, (a + c) / n];
  const [lowP, highP] = wilsonBounds(a + b, n, z);
  const [lowQ, highQ] = wilsonBounds(a + c, n, z);
  const phi = correlation({ a, b, c, d });
  const difference = (b - c) / n;
  const spread = (s: number, t: number): number => Math.sqrt(Math.max(0, s * s - 2 * phi * s * t + t * t));
  const lower = Math.max(-1, difference - spread(p - lowP, highQ - q));
  const upper = Math.min(1, difference + spread(highP - p, q - lowQ));
  return boundsFor(alternative, lower, upper, [-1, 1]);
}

/** The phi coefficient, a positive one moved towards 0 by the continuity correction of Newcombe's method 10. */
function correlation({ a, b, c, d }: FourfoldTable): number {
  const n = a + b + c + d;
  const scale = Math.sqrt((a + b) * (c + d)) * Math.sqrt((a + c) * (b + d));
  if (scale === 0) return 0;
  const product = a * d - b * c;
  return (product > 0 ? Math.max(0, product - n / 2) : product) / scale;
}
