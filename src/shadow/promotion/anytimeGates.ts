import { formatPercent } from '../../core/text/formatPercent.ts';
import type { MetricComparison } from '../../metrics/inference/MetricComparison.ts';
import { driftReport } from '../../stats/drift/driftReport.ts';
import { inconclusive } from '../../stats/inconclusive.ts';
import { largestDifference, ratioOfIntervals } from '../../stats/intervals/combinedIntervals.ts';
import { quantileSequence } from '../../stats/sequential/quantileSequence.ts';
import type { QuantileSketch } from '../../stats/summaries/QuantileSketch.ts';
import type { IntervalResult, Proportion } from '../../stats/types.ts';
import { beyondNoise, rateSequence } from '../comparison/buildComparison.ts';
import { improvementOf } from '../comparison/compareClassification.ts';
import { groupRate } from '../comparison/compareSubgroups.ts';
import type { MetricEvidence } from '../evidence/MetricEvidence.ts';
import type { NoiseEvidence } from '../evidence/NoiseEvidence.ts';
import type { ShadowEvidence } from '../evidence/ShadowEvidence.ts';
import type { GroupEvidence } from '../evidence/SubgroupEvidence.ts';
import { bothSides, boundGate, exactGate, type GateLevels, meanGate, plain, rateGate } from './limitGates.ts';
import type { PromotionGate } from './Promotion.ts';
import type { ResolvedCriteria, SubgroupCriterion } from './PromotionCriteria.ts';

/** The gates that hold at every look. */
export function anytimeGates(
  criteria: ResolvedCriteria,
  evidence: ShadowEvidence,
  noise: NoiseEvidence,
  levels: GateLevels,
): readonly PromotionGate[] {
  return [
    ...serviceGates(criteria, evidence, noise, levels),
    ...classGates(criteria, evidence, levels),
    ...numberGates(criteria, evidence, levels),
    ...pairedGates(criteria, evidence, levels),
    ...(criteria.subgroups ?? []).map((criterion) => subgroupGate(criterion, evidence, levels)),
  ];
}

function serviceGates(
  { agreement, errorRate, latencyRatio, beyondNoise: beyond, stabilityIndex }: ResolvedCriteria,
  { tally, scores }: ShadowEvidence,
  noise: NoiseEvidence,
  levels: GateLevels,
): readonly PromotionGate[] {
  const counts = tally.summary();
  const { compared, agreed, disagreed, incomparable, shadowErrors, shadowTimeouts, shadowInvalid } = counts;
  const gates: PromotionGate[] = [];
  if (agreement) gates.push(rateGate('agreement', agreement, { successes: agreed, trials: compared }, levels));
  const failures = shadowErrors + shadowTimeouts + shadowInvalid;
  gates.push(rateGate('errorRate', errorRate, { successes: failures, trials: compared + incomparable }, levels));
  if (beyond) {
    const own = { successes: noise.disagreed, trials: noise.compared };
    const seen = { successes: disagreed, trials: compared };
    const bounds = bothSides('less', levels, (_, alpha) => beyondNoise(seen, own, alpha));
    gates.push(boundGate('beyondNoise', beyond, bounds, 'anytime', (x) => formatPercent(x, { decimals: 2 })));
  }
  if (latencyRatio) {
    const quantile = latencyRatio.quantile ?? 0.99;
    const bounds = bothSides('less', levels, (_, alpha) => latencyRatioSequence(tally, quantile, alpha));
    gates.push(boundGate('latencyRatio', { below: latencyRatio.below }, bounds, 'anytime', plain));
  }
  if (stabilityIndex) {
    const drift = driftReport(scores.column(0), scores.column(1));
    const index = drift.status === 'ok' ? drift.populationStabilityIndex : undefined;
    const { below } = stabilityIndex;
    gates.push(exactGate('stabilityIndex', index, `below ${plain(below)}`, index !== undefined && index < below));
  }
  return gates;
}

/** The ratio of one quantile of both latencies: each interval has half of alpha. */
function latencyRatioSequence(tally: ShadowEvidence['tally'], quantile: number, alpha: number): IntervalResult {
  const ask = (sketch: QuantileSketch): IntervalResult => quantileSequence(sketch, { quantile, alpha: alpha / 2 });
  return ratioOfIntervals(ask(tally.shadowLatency), ask(tally.primaryLatency));
}

function classGates(
  criteria: ResolvedCriteria,
  { classification }: ShadowEvidence,
  levels: GateLevels,
): readonly PromotionGate[] {
  if (classification === undefined) return [];
  const { table } = classification.candidate;
  const { truePositives: tp, falseNegatives: fn } = table;
  const rates: Readonly<Record<string, Proportion>> = {
    accuracy: groupRate('accuracy', table),
    precision: groupRate('precision', table),
    recall: groupRate('recall', table),
    specificity: groupRate('specificity', table),
    falsePositiveRate: groupRate('falsePositiveRate', table),
    falseNegativeRate: { successes: fn, trials: tp + fn },
  };
  return Object.entries(rates).flatMap(([name, proportion]) => {
    const criterion = criteria[name as 'accuracy'];
    return criterion === undefined ? [] : [rateGate(name, criterion, proportion, levels)];
  });
}

function numberGates(
  { meanAbsoluteError, rmse, metrics = {} }: ResolvedCriteria,
  { regression, metrics: own }: ShadowEvidence,
  levels: GateLevels,
): readonly PromotionGate[] {
  const gates: PromotionGate[] = [];
  if (regression !== undefined && meanAbsoluteError) {
    const { moments } = regression.paired.meanAbsoluteError.candidate;
    gates.push(meanGate('meanAbsoluteError', meanAbsoluteError, moments, levels));
  }
  if (regression !== undefined && rmse) {
    gates.push(meanGate('rmse', rmse, regression.paired.rmse.candidate.moments, levels, true));
  }
  for (const [name, criterion] of Object.entries(metrics)) {
    const { metric, candidate } = own.find((evidence) => evidence.metric.name === name)!;
    const { moments } = candidate;
    if (metric.kind === 'rate') {
      gates.push(rateGate(name, criterion, { successes: Math.round(moments.sum), trials: moments.n }, levels));
    } else gates.push(meanGate(name, criterion, moments, levels, metric.kind === 'rmse'));
  }
  return gates;
}

function pairedGates(
  { nonInferiority = {}, superiority = {}, minLabelled }: ResolvedCriteria,
  evidence: ShadowEvidence,
  levels: GateLevels,
): readonly PromotionGate[] {
  const gate = (kind: string, name: string, threshold: number): PromotionGate[] => {
    const paired = pairedOf(evidence, name);
    if (paired === undefined) return [];
    const ask = (alternative: 'greater' | 'less', alpha: number): MetricComparison =>
      improvementOf(paired, {
        alternative,
        alpha,
        threshold: { absolute: threshold },
        horizon: minLabelled > 0 ? minLabelled : 5000,
      });
    return [boundGate(`${kind} ${name}`, { above: threshold }, bothSides('greater', levels, ask), 'anytime', plain)];
  };
  return [
    ...Object.entries(nonInferiority).flatMap(([name, margin]) => gate('nonInferiority', name, 0 - margin)),
    ...Object.entries(superiority).flatMap(([name, effect]) => gate('superiority', name, effect)),
  ];
}

/** The pairs of a metric; undefined for the area under the curve, which has none. */
function pairedOf({ metrics, classification, regression }: ShadowEvidence, name: string): MetricEvidence | undefined {
  const own = metrics.find(({ metric }) => metric.name === name);
  const built = { ...classification?.paired, ...regression?.paired } as Readonly<Record<string, MetricEvidence>>;
  return own ?? built[name];
}

/** The largest difference of two groups of one attribute. */
function subgroupGate(
  { metric = 'recall', minEach = 200, maxGap }: SubgroupCriterion,
  { subgroups }: ShadowEvidence,
  levels: GateLevels,
): PromotionGate {
  const proportion = (group: GroupEvidence): Proportion =>
    metric === 'agreement' ? { successes: group.agreed, trials: group.compared } : groupRate(metric, group.candidate);
  // A group that `runIf` keeps from the shadow is not missed; one that was dropped is, even where nothing is known of it.
  const attributes = [...subgroups.attributes.values()].map((groups) =>
    [...groups.values()].filter(({ losses }) => losses.due > 0).map(proportion),
  );
  const fewest = Math.min(...attributes.flat().map(({ trials }) => trials));
  const seen = Number.isFinite(fewest) ? fewest : 0;
  const families = attributes.map((groups) => groups.map((group) => (alpha: number) => rateSequence(group, alpha)));
  const ask = (alternative: 'less' | 'greater', alpha: number): IntervalResult =>
    seen >= minEach && attributes.length > 0
      ? largestDifference(families, { alpha, alternative })
      : inconclusive('largest-difference', [seen], `the smallest group has ${seen} of ${minEach} requests`, 'anytime');
  const bounds = bothSides('less', levels, ask);
  const format = (x: number): string => formatPercent(x, { decimals: 2 });
  return boundGate(`subgroup gap of ${metric}`, { below: maxGap }, bounds, 'anytime', format);
}
