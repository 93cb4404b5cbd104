/**
 * What is measured of a request, and what of it is good, worse or too bad; the judges of canaries.
 *
 * @packageDocumentation
 */

export {
  accuracy,
  type BinaryOptions,
  brier,
  calibrationError,
  f1,
  falseNegativeRate,
  falsePositiveRate,
  logLoss,
  precision,
  recall,
  rocAuc,
  specificity,
} from './classificationMetrics.ts';
export { defineMetric, type NumberMetricDefinition, type PairMetricDefinition } from './defineMetric.ts';
export {
  absoluteError,
  closeness,
  correlation,
  type NumericOptions,
  pinballLoss,
  r2,
  rmse,
  squaredError,
} from './errorMetrics.ts';
export {
  type AnytimeCompareOptions,
  type BayesianCompareOptions,
  type CompareOptions,
  type ComparisonBase,
  type ComparisonDetails,
  compareAnytime,
  compareBayesian,
  compareBayesianPairs,
  compareFixed,
  compareGroupSequential,
  compareGroupSequentialPairs,
  comparePaired,
  compareRanks,
  type FixedCompareOptions,
  type GroupSequentialCompareOptions,
  type MetricComparison,
  type MetricMoments,
  type MetricPairs,
  type MetricSide,
  type MetricStratum,
  metricMoments,
  type PairedCompareOptions,
  type RelativeImprovement,
  type Threshold,
} from './inference/index.ts';
export type {
  Amount,
  Direction,
  Limit,
  Metric,
  MetricKind,
  MetricOptions,
  MetricRole,
  MissingPolicy,
  NumberMetric,
  PairMetric,
  QuantileCap,
} from './Metric.ts';
export { MetricSummary, type MetricSummaryOptions } from './MetricSummary.ts';
export type { Measured } from './measure.ts';
export type { Outcome } from './Outcome.ts';
export type { PairedMoments } from './PairedRatios.ts';
export { canPair, PairedValues } from './PairedValues.ts';
export type { StrategyOptions } from './StrategyRuntime.ts';
export { errorRate, latency, serviceTime } from './serviceMetrics.ts';
export type { TruthCounts } from './TruthCounts.ts';
export type { TruthOptions } from './TruthOptions.ts';
