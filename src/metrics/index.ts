export {
  accuracy,
  type BinaryOptions,
  brier,
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
} from './Metric.ts';
export type { Outcome } from './Outcome.ts';
export type { StrategyOptions } from './StrategyRuntime.ts';
export { errorRate, latency, serviceTime } from './serviceMetrics.ts';
export type { TruthCounts, TruthOptions } from './TruthLedger.ts';
