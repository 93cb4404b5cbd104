/**
 * The statistics, which stand alone: distributions, tests, intervals, anytime-valid sequences, power, drift,
 * mergeable summaries.
 *
 * @packageDocumentation
 */

export * from './adjustment/index.ts';
export * from './bayes/index.ts';
export * from './bootstrap/index.ts';
export * from './distributions/index.ts';
export * from './drift/index.ts';
export * from './effects/index.ts';
export * from './intervals/index.ts';
export * from './multiplicity/index.ts';
export * from './power/index.ts';
export * from './quality/index.ts';
export * from './quantiles/index.ts';
export * from './sequential/index.ts';
export * from './special/index.ts';
export * from './summaries/index.ts';
export * from './tests/index.ts';
export type {
  Alternative,
  EffectSize,
  Estimate,
  EstimateResult,
  Inconclusive,
  Interval,
  IntervalEstimate,
  IntervalResult,
  Proportion,
  SampleMoments,
  TestEstimate,
  TestResult,
  Validity,
} from './types.ts';
