import { chiSquaredDistribution, normalDistribution } from '../distributions/index.ts';
import { crossing } from '../sequential/crossing.ts';
import type { Interval } from '../types.ts';

/** From this non-centrality on the normal approximation is right to some digits more than anybody reads. */
const LARGE = 1000;
/** So many standard deviations of the Poisson weights count. */
const WIDTH = 9;

/**
 * P(X <= x) for the non-central chi-squared distribution, by its Poisson mixture; beyond large non-centralities by
 * Sankaran's normal approximation. Good enough for an interval, not meant for tails.
 * @see Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, eq. 29.2; Sankaran (1963), doi:10.1093/biomet/50.1-2.199
 */
function noncentralCdf(x: number, df: number, lambda: number): number {
  if (lambda > LARGE) {
    const [mean, spread] = [df + lambda, df + 2 * lambda];
    const h = 1 - (2 * mean * (df + 3 * lambda)) / (3 * spread * spread);
    const p = spread / (mean * mean);
    const m = (h - 1) * (1 - 3 * h);
    const centre = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p);
    return normalDistribution.cdf(((x / mean) ** h - centre) / (h * Math.sqrt(2 * p) * (1 + 0.5 * m * p)));
  }
  const mean = lambda / 2;
  const reach = WIDTH * Math.sqrt(mean) + 20;
  let [sum, total] = [0, 0];
  let logWeight = 0;
  // Weights relative to the first one that counts: their sum divides them in the end.
  const first = Math.max(0, Math.floor(mean - reach));
  const logMean = Math.log(mean);
  const weights: number[] = [];
  for (let j = first; j <= mean + reach; j += 1) {
    if (j > first) logWeight += logMean - Math.log(j);
    weights.push(logWeight);
  }
  const largest = Math.max(...weights);
  weights.forEach((log, i) => {
    const weight = Math.exp(log - largest);
    sum += weight * chiSquaredDistribution.cdf(x, df + 2 * (first + i));
    total += weight;
  });
  return sum / total;
}

/** How closely a bound is found, relative to its size. */
const TOLERANCE = 1e-9;

/**
 * The interval for the non-centrality of a chi-squared statistic, by inverting its distribution: from it follow the
 * intervals of Cramér's V and Cohen's w. It contains `max(0, statistic - df)`.
 * @see Smithson (2003), Confidence Intervals, doi:10.4135/9781412983761, chapter 4
 */
export function noncentralityInterval(statistic: number, df: number, level: number): Interval {
  const tail = (1 - level) / 2;
  const centre = Math.max(0, statistic - df);
  const tolerance = (x: number): number => TOLERANCE * (1 + x);
  const short = (lambda: number): number => noncentralCdf(statistic, df, lambda) - (1 - tail);
  const long = (lambda: number): number => tail - noncentralCdf(statistic, df, lambda);
  // At a level near 0 the bound would pass the centre.
  const lower = short(0) < 0 ? 0 : short(centre) >= 0 ? centre : crossing(short, centre, 0, tolerance);
  if (long(centre) >= 0) return [lower, centre];
  let far = centre + 1 + 4 * Math.sqrt(df + 2 * centre);
  while (long(far) < 0) far += far - centre;
  return [lower, crossing(long, centre, far, tolerance)];
}
