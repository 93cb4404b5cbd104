import { InvalidOptionError } from '../../core/errors.ts';
import { mannWhitneyTest } from '../../stats/tests/mannWhitneyTest.ts';
import { withFixedRelative } from './compareFixed.ts';
import { checkCompare, isZero, metricOf, totalOf } from './contrast.ts';
import type { CompareOptions, MetricComparison, MetricStratum } from './MetricComparison.ts';
import { toComparison } from './toComparison.ts';

/**
 * The Mann-Whitney U test of the values that the summaries have kept: all of them, or a random sample of each side, which
 * the result warns of. The estimate is the Hodges-Lehmann shift, oriented as an improvement; the statistic is U of the
 * sample that is subtracted from: the reference where lower is better.
 *
 * @throws InvalidDataError without strata
 * @throws InvalidOptionError for a threshold: shifts are not means
 */
export function compareRanks(strata: readonly MetricStratum[], options: CompareOptions = {}): MetricComparison {
  const { alpha, alternative, threshold } = checkCompare(options);
  if (!isZero(threshold)) throw new InvalidOptionError('threshold', threshold, '0 for a rank test');
  const { direction } = metricOf(strata);
  const reference = totalOf(strata.map((s) => s.reference));
  const candidate = totalOf(strata.map((s) => s.candidate));
  const [first, second] = direction === 'lower' ? [reference, candidate] : [candidate, reference];
  const result = mannWhitneyTest(first.sample, second.sample, { alternative, level: 1 - alpha });
  const kept = reference.sample.length + candidate.sample.length;
  const seen = reference.n + candidate.n;
  const warnings = [
    ...(kept < seen ? [`a random sample of ${kept} of ${seen} values`] : []),
    ...(reference.repeating || candidate.repeating ? [UNCLUSTERED_RANKS] : []),
    ...(strata.length > 1 ? ['the shares changed: ranks are pooled over the epochs'] : []),
  ];
  const base = withFixedRelative(strata, 1 - alpha);
  return toComparison(base, result, result.status === 'ok' ? result : { alternative }, warnings);
}

const UNCLUSTERED_RANKS = 'units come more than once: ranks take their requests as independent';
