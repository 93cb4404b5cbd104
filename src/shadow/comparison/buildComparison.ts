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
import { dropRate, dropWarnings, hourlyDropRates } from './dropRates.ts';
import type { LatencySummary, NoiseComparison, ShadowComparison, ShadowMetric } from './ShadowComparison.ts';

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

/** Where labels come for what was called positive only, rates among the negatives are not those of all requests. */
function warningsOf(evidence: ShadowEvidence): readonly string[] {
  const { classes, coverage, labelled, scores } = evidence;
  const warnings: string[] = [...dropWarnings(evidence)];
  const [negative, positive] = coverage.predicted.map((n, i) => (n === 0 ? undefined : coverage.labelled[i]! / n));
  const many = coverage.predicted.every((n) => n >= 50) && labelled >= 50;
  if (many && Math.max(negative!, positive!) > 1.5 * Math.min(negative!, positive!)) {
    const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
    warnings.push(
      `labels are selective: ${percent(positive!)} of what the shadow called positive has one, ${percent(negative!)} of what it called negative; rates among true negatives and positives are biased`,
    );
  }
  const foreign = (classes?.primary.invalid ?? 0) + (classes?.candidate.invalid ?? 0);
  if (foreign > 0)
    warnings.push(
      `${foreign} answers were none of the classes: wrong request by request, and left out of the scores of tables`,
    );
  if (!scores.complete)
    warnings.push(`drift, ranks and ROC curves rest on a random sample of ${scores.column(0).length} requests`);
  return warnings;
}

function quantiles(sketch: QuantileSketch): LatencySummary {
  const at = (p: number): number | undefined => (sketch.n === 0 ? undefined : sketch.quantile(p));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
