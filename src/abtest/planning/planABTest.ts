import { MEANS_WEIGHT } from '../../metrics/inference/rateEvidence.ts';
import { anytimeSampleSize } from '../../stats/power/anytimeSampleSize.ts';
import { pairedTTestSampleSize } from '../../stats/power/pairedTTestSampleSize.ts';
import { tTestSampleSize } from '../../stats/power/tTestSampleSize.ts';
import { mcnemarSize } from './mcnemarSize.ts';
import type { Plan, PlanOptions } from './Plan.ts';
import { type ResolvedPlan, resolvePlan } from './resolvePlan.ts';

/**
 * How many requests, and days, a test will take to find an effect, by the sequence that it would be watched with: the
 * asymptotic one, with the part of alpha that a rate's counts leave to it; for paired rates McNemar's e-process, up to
 * 20,000 disagreements. Paired means of a known range are bet on and take about a third more than is said here.
 *
 * @throws InvalidOptionError
 * @example
 * planABTest({ baseline: { rate: 0.9 }, effect: { absolute: 0.01 }, inference: 'fixed' }).requests; // about 27,000
 */
export function planABTest(options: PlanOptions): Plan {
  const resolved = resolvePlan(options);
  const { alpha, power, mode, inference, effect, effectSize, shares } = resolved;
  const common = { effectSize, alpha, power };
  const done = (requests: number, perVariant: readonly [number, number], median?: number): Plan => ({
    requests,
    perVariant,
    days: options.requestsPerDay === undefined ? undefined : requests / options.requestsPerDay,
    medianRequests: median,
    horizon: requests,
    effectSize,
    effect,
    power,
    alpha,
    inference,
    mode,
  });
  if (inference === 'anytime') {
    const { total, perVariant, median } = anytimePlan(options, resolved);
    return done(total, perVariant, median);
  }
  if (mode === 'paired') {
    const { n } = pairedTTestSampleSize(common);
    return done(n, [n, n]);
  }
  const { n } = tTestSampleSize({ ...common, ratio: shares[1] / shares[0] });
  return done(n[0] + n[1], [n[0], n[1]]);
}

interface AnytimePlan {
  readonly total: number;
  readonly perVariant: readonly [number, number];
  readonly median: number;
}

/** By the sequence that the test would use. */
function anytimePlan({ baseline, disagreement }: PlanOptions, resolved: ResolvedPlan): AnytimePlan {
  const { alpha, power, mode, effect, effectSize, shares } = resolved;
  if (mode === 'split') {
    // Of a rate's error probability a part is spent on the counts: what is left tests the means.
    const spent = 'rate' in baseline ? alpha * MEANS_WEIGHT : alpha;
    const { total, n, medianStop } = anytimeSampleSize({ effectSize, alpha: spent, power, shares });
    return { total, perVariant: [n[0]!, n[1]!], median: Math.ceil(medianStop) };
  }
  const exact =
    'rate' in baseline
      ? mcnemarSize({ disagreement: disagreement!, effect: Math.abs(effect), alpha, power })
      : undefined;
  if (exact !== undefined) return { total: exact.pairs, perVariant: [exact.pairs, exact.pairs], median: exact.median };
  const { total, medianStop } = anytimeSampleSize({ effectSize, alpha, power, paired: true });
  return { total, perVariant: [total, total], median: Math.ceil(medianStop) };
}
