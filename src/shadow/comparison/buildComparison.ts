import { formatPercent } from '../../core/text/formatPercent.ts';
import { canPair } from '../../metrics/PairedValues.ts';
import { driftReport } from '../../stats/drift/driftReport.ts';
import { differenceOfIntervals } from '../../stats/intervals/combinedIntervals.ts';
import { betaMixtureEProcess } from '../../stats/sequential/betaMixtureEProcess.ts';
import type { QuantileSketch } from '../../stats/summaries/QuantileSketch.ts';
import type { IntervalResult, Proportion } from '../../stats/types.ts';
import type { NoiseEvidence } from '../evidence/NoiseEvidence.ts';
import type { ShadowEvidence } from '../evidence/ShadowEvidence.ts';
import { compareClasses } from './compareClasses.ts';
import { compareClassification, improvementOf } from './compareClassification.ts';
import { compareRegression } from './compareRegression.ts';
import { compareSubgroups } from './compareSubgroups.ts';
import type {
  HourlyDropRate,
  LatencySummary,
  NoiseComparison,
  ShadowComparison,
  ShadowMetric,
} from './ShadowComparison.ts';

/** All that the evidence of one shadow says. */
export function buildComparison(shadow: string, evidence: ShadowEvidence, noise: NoiseEvidence): ShadowComparison {
  const { tally, classification, classes, regression } = evidence;
  const counts = tally.summary();
  const { compared, agreed, disagreed } = counts;
  return Object.freeze({
    shadow,
    ...counts,
    agreement: compared === 0 ? undefined : agreed / compared,
    agreementRate: rateSequence({ successes: agreed, trials: compared }),
    dropRate: dropRate(evidence),
    dropRateByHour: hourlyDropRates(evidence),
    times: evidence.times,
    labelled: evidence.labelled,
    labelCoverage: evidence.coverage,
    metrics: evidence.metrics.map(
      ({ metric, primary, candidate, pairs }): ShadowMetric => ({
        metric: metric.name,
        primary: primary.value,
        shadow: candidate.value,
        n: canPair(metric) ? pairs.n : undefined,
        improvement: canPair(metric) ? improvementOf({ metric, primary, candidate, pairs } as never) : undefined,
      }),
    ),
    latencyMs: { primary: quantiles(tally.primaryLatency), shadow: quantiles(tally.shadowLatency) },
    classification: classification && compareClassification(classification),
    classes: classes && compareClasses(classes),
    regression: regression && compareRegression(regression),
    drift: driftReport(evidence.scores.column(0), evidence.scores.column(1)),
    noise: noise.compared === 0 ? undefined : compareNoise({ successes: disagreed, trials: compared }, noise),
    subgroups: compareSubgroups(evidence.subgroups, {
      classification: classification !== undefined,
      regression: regression !== undefined,
    }),
    worst: evidence.worst.list,
    warnings: warningsOf(evidence),
  });
}

/** Share of the offered requests that load, age or a failed copy took away. */
export function dropRate({ tally }: ShadowEvidence): number | undefined {
  const { offered } = tally.counts;
  const { full, bytes, 'too-old': old, 'copy-failed': failed } = tally.dropped;
  return offered === 0 ? undefined : (full + bytes + old + failed) / offered;
}

function hourlyDropRates({ tally: { hours } }: ShadowEvidence): readonly HourlyDropRate[] {
  return hours.offered.flatMap((offered, hour) => {
    const dropped = hours.dropped[hour]!;
    return offered === 0 ? [] : [{ hour, offered, dropped, dropRate: dropped / offered }];
  });
}

/** A rate with an interval that is valid at every look. */
export function rateSequence(proportion: Proportion, alpha = 0.05): IntervalResult {
  return betaMixtureEProcess(proportion, { alpha, alternative: 'two-sided' });
}

/** What the shadow disagrees beyond what the primary disagrees with itself: both intervals with half of alpha. */
export function beyondNoise(disagreement: Proportion, noise: Proportion, alpha = 0.05): IntervalResult {
  return differenceOfIntervals(rateSequence(disagreement, alpha / 2), rateSequence(noise, alpha / 2));
}

function compareNoise(disagreement: Proportion, noise: NoiseEvidence): NoiseComparison {
  const own = { successes: noise.disagreed, trials: noise.compared };
  return {
    compared: noise.compared,
    disagreed: noise.disagreed,
    disagreement: rateSequence(own),
    beyondNoise: beyondNoise(disagreement, own),
  };
}

/** An hour that is dropped twice as often as the others is half missing in every figure. */
function loadWarnings(evidence: ShadowEvidence): readonly string[] {
  const rates = hourlyDropRates(evidence).filter(({ offered }) => offered >= 50);
  const [worst] = [...rates].sort((a, b) => b.dropRate - a.dropRate);
  const overall = dropRate(evidence) ?? 0;
  if (worst === undefined || worst.dropRate < 0.01 || worst.dropRate <= 2 * overall) return [];
  const percent = (share: number): string => formatPercent(share, { decimals: 1 });
  const hour = `${String(worst.hour).padStart(2, '0')}:00`;
  return [
    `drops follow the load: ${percent(worst.dropRate)} in the hour from ${hour} UTC, ${percent(overall)} overall; figures say too little of that hour`,
  ];
}

/** Where labels come for what was called positive only, rates among the negatives are not those of all requests. */
function warningsOf(evidence: ShadowEvidence): readonly string[] {
  const { coverage, labelled, scores } = evidence;
  const warnings: string[] = [...loadWarnings(evidence)];
  const [negative, positive] = coverage.predicted.map((n, i) => (n === 0 ? undefined : coverage.labelled[i]! / n));
  const many = coverage.predicted.every((n) => n >= 50) && labelled >= 50;
  if (many && Math.max(negative!, positive!) > 1.5 * Math.min(negative!, positive!)) {
    const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
    warnings.push(
      `labels are selective: ${percent(positive!)} of what the shadow called positive has one, ${percent(negative!)} of what it called negative; rates among true negatives and positives are biased`,
    );
  }
  if (!scores.complete)
    warnings.push(`drift, ranks and ROC curves rest on a random sample of ${scores.column(0).length} requests`);
  return warnings;
}

function quantiles(sketch: QuantileSketch): LatencySummary {
  const at = (p: number): number | undefined => (sketch.n === 0 ? undefined : sketch.quantile(p));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
