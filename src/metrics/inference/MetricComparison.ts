import type { Alternative, EffectSize, Estimate, Inconclusive, Interval, Validity } from '../../stats/types.ts';
import type { Direction } from '../Metric.ts';
import type { MetricSummary } from '../MetricSummary.ts';

/**
 * A metric of two models while one plan of shares stood: what a comparison is made of. An experiment whose shares never
 * changed has one stratum.
 */
export interface MetricStratum {
  /** The model in charge. */
  readonly reference: MetricSummary;
  /** The model that may take its place. */
  readonly candidate: MetricSummary;
  /**
   * The planned share of the candidate among the two: makes the sequences of rare rates exact.
   * @defaultValue the realised share
   */
  readonly share?: number;
}

/** What is known of a metric of one model. */
export interface MetricSide {
  /** Observations that count. */
  readonly n: number;
  /** Observations that were NaN or infinite. */
  readonly invalid: number;
  /** The metric in its own unit; undefined where there is nothing to say. */
  readonly value: number | undefined;
}

/**
 * An improvement as a fraction of the reference's value: 0.05 is 5 % better. The interval comes from the logarithm of the
 * ratio, never from the linear delta method.
 */
export interface RelativeImprovement {
  readonly estimate: number;
  readonly interval: Interval;
  readonly method: string;
  readonly validity: Validity;
}

/** What every comparison says, conclusive or not. */
export interface ComparisonBase {
  readonly metric: string;
  readonly direction: Direction;
  readonly reference: MetricSide;
  readonly candidate: MetricSide;
  /** Undefined where there is no such number: a reference of 0, or means of different signs. */
  readonly relative: RelativeImprovement | undefined;
}

/** What only some methods have. */
export interface ComparisonDetails {
  readonly alternative: Alternative;
  /** The test statistic: t of Welch's and Student's tests, U of the first sample of Mann and Whitney's. */
  readonly statistic?: number;
  readonly df?: number;
  readonly effectSize?: EffectSize;
  /** The probability, after the data, that the candidate is better. */
  readonly chanceToWin?: number;
  /** What is lost on average, in the metric's unit, by taking the candidate where the reference is better. */
  readonly expectedLoss?: number;
}

/**
 * A candidate beside a reference in one metric. `estimate` and `interval` are the improvement in the metric's unit, so
 * that positive is better whichever way the metric goes: reference minus candidate where lower is better, candidate minus
 * reference where higher is. `n` is [reference, candidate].
 */
export type MetricComparison = (Estimate & ComparisonBase & ComparisonDetails) | (Inconclusive & ComparisonBase);

/** An improvement that is tested against: in the metric's unit, or as a fraction of the reference's value. May be negative. */
export type Threshold = { readonly absolute: number } | { readonly relative: number };

/** Options that all comparisons share. */
export interface CompareOptions {
  /** @defaultValue 0.05 */
  readonly alpha?: number;
  /** `greater` asks whether the improvement exceeds the threshold, `less` whether it falls short of it. @defaultValue 'two-sided' */
  readonly alternative?: Alternative;
  /**
   * The improvement that the p-value and the e-value speak against: a negative one asks for non-inferiority. A relative
   * threshold is tested as a contrast of the two means, exactly, not by dividing estimates.
   * @defaultValue { absolute: 0 }
   */
  readonly threshold?: Threshold;
}
