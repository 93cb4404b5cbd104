import { InvalidDataError } from '../../core/errors.ts';
import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import { meanDifference } from '../meanDifference.ts';
import type { SampleMoments, TestResult } from '../types.ts';
import { welchError } from '../welchError.ts';
import { checkTestOptions, type LocationTestOptions } from './TestOptions.ts';
import { tTestEstimate } from './tTestEstimate.ts';

/**
 * A difference of two means within strata, first minus second, at one planned look: the differences of the strata
 * weighted by the harmonic size n1 n2 / (n1 + n2), as Cochran, Mantel and Haenszel do, with Welch's variance of each.
 * Degrees of freedom by Satterthwaite. With one stratum it is Welch's test. The effect size is the standardised difference
 * over the pooled spread within arms and strata.
 *
 * @param strata both samples of each stratum; those with fewer than two observations in a sample do not count
 * @returns `inconclusive` where no stratum counts, or nothing varies
 * @throws InvalidOptionError, InvalidDataError for moments that no sample can have
 * @see Cochran (1954), Biometrics 10(4), doi:10.2307/3001616; Satterthwaite (1946), doi:10.2307/3002019
 */
export function stratifiedDifferenceTest(
  strata: readonly (readonly [first: SampleMoments, second: SampleMoments])[],
  options: LocationTestOptions = {},
): TestResult {
  const checked = checkTestOptions('stratifiedDifferenceTest', options, ['nullValue']);
  if (strata.length === 0) throw new InvalidDataError('strata', strata, 'at least one stratum');
  strata.forEach(([a, b], i) => {
    checkMoments(`strata[${i}][0]`, a);
    checkMoments(`strata[${i}][1]`, b);
  });
  const method = 'stratified-welch-t';
  const counted = strata.filter(([a, b]) => a.n >= 2 && b.n >= 2);
  const n = [0, 1].map((arm) => counted.reduce((sum, stratum) => sum + stratum[arm as 0 | 1].n, 0));
  if (counted.length === 0) return inconclusive(method, n, 'no stratum has two observations in each sample');
  const { estimate, variance, df, spread } = combine(counted);
  if (!(variance > 0)) return inconclusive(method, n, 'neither sample varies: there is no standard error');
  const standardError = Math.sqrt(variance);
  const effectSize = { name: 'cohen-d', value: estimate / Math.sqrt(spread) };
  return tTestEstimate({ method, n, estimate, standardError, df, effectSize }, checked);
}

function combine(strata: readonly (readonly [SampleMoments, SampleMoments])[]) {
  const total = strata.reduce((sum, [a, b]) => sum + (a.n * b.n) / (a.n + b.n), 0);
  let [estimate, variance, shrunk, squares, count] = [0, 0, 0, 0, 0];
  for (const [a, b] of strata) {
    const weight = (a.n * b.n) / (a.n + b.n) / total;
    estimate += weight * meanDifference(a, b);
    squares += (a.n - 1) * a.variance + (b.n - 1) * b.variance;
    count += a.n + b.n - 2;
    if (!(a.variance > 0 || b.variance > 0)) continue;
    const { standardError, df } = welchError(a, b);
    const part = weight * weight * standardError * standardError;
    variance += part;
    shrunk += (part * part) / df;
  }
  return { estimate, variance, df: (variance * variance) / shrunk, spread: squares / count };
}
