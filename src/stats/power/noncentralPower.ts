import { noncentralTDistribution } from '../distributions/noncentralTDistribution.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import type { ResolvedPower } from './PowerOptions.ts';

/** The probability that a t statistic of this non-centrality is significant; two-sided it counts both tails. */
export function noncentralPower(df: number, ncp: number, { alternative, tail }: ResolvedPower): number {
  const critical = studentTDistribution.isf(tail, df);
  const above = alternative === 'less' ? 0 : noncentralTDistribution.sf(critical, df, ncp);
  const below = alternative === 'greater' ? 0 : noncentralTDistribution.cdf(-critical, df, ncp);
  return Math.min(1, above + below);
}

/** The non-centrality of the two-sample t-test: the effect in units of its standard error. */
export function twoSampleNcp(effectSize: number, n1: number, n2: number): number {
  return effectSize * Math.sqrt((n1 / (n1 + n2)) * n2);
}
