export { type AnytimeCompareOptions, compareAnytime } from './compareAnytime.ts';
export { type BayesianCompareOptions, compareBayesian, compareBayesianPairs } from './compareBayesian.ts';
export { compareFixed, type FixedCompareOptions } from './compareFixed.ts';
export {
  compareGroupSequential,
  compareGroupSequentialPairs,
  type GroupSequentialCompareOptions,
} from './compareGroupSequential.ts';
export { comparePaired, type MetricPairs, type PairedCompareOptions } from './comparePaired.ts';
export { compareRanks } from './compareRanks.ts';
export type {
  CompareOptions,
  ComparisonBase,
  ComparisonDetails,
  MetricComparison,
  MetricSide,
  MetricStratum,
  RelativeImprovement,
  Threshold,
} from './MetricComparison.ts';
export { type MetricMoments, metricMoments } from './metricMoments.ts';
