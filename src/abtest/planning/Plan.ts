/** A metric as it is before the test. */
export type PlanBaseline =
  /** A rate: its variance follows from it. */
  | { readonly rate: number }
  /** A mean with the standard deviation of one observation, which in paired mode is not read: `disagreement` is. */
  | { readonly mean: number; readonly sd: number };

/** Options of `ABTest.plan`. */
export interface PlanOptions {
  /** The champion's metric. */
  readonly baseline: PlanBaseline;
  /** The improvement that is to be found, in the metric's unit or as a fraction of the baseline. */
  readonly effect: { readonly absolute: number } | { readonly relative: number };
  /** @defaultValue 0.05 */
  readonly alpha?: number;
  /** The probability of finding it. @defaultValue 0.8 */
  readonly power?: number;
  /** @defaultValue 'anytime' */
  readonly inference?: 'anytime' | 'fixed';
  /** @defaultValue 'split' */
  readonly mode?: 'split' | 'paired';
  /** The challenger's share of the traffic; only in split mode. @defaultValue 0.5 */
  readonly trafficShare?: number;
  /**
   * Only in paired mode: the share of requests on which exactly one of the models is right (for a rate), or the standard
   * deviation of the difference of both values on one request (for a mean).
   */
  readonly disagreement?: number;
  /** The fraction of the variance that a covariate explains (CUPED). @defaultValue 0 */
  readonly explained?: number;
  /** The pace, for a duration in days. */
  readonly requestsPerDay?: number;
}

/** What a test will take. */
export interface Plan {
  /** Requests over both variants (in paired mode each is scored by both) with which the power is reached. */
  readonly requests: number;
  /** Requests of each, champion first. */
  readonly perVariant: readonly [champion: number, challenger: number];
  /** Days; undefined without a pace. */
  readonly days: number | undefined;
  /** Requests at which half of such tests have concluded; for `anytime` only. */
  readonly medianRequests: number | undefined;
  /** The horizon to hand to the test. */
  readonly horizon: number;
  /** The effect in standard deviations of one observation, or of one difference. */
  readonly effectSize: number;
  /** The effect in the metric's unit. */
  readonly effect: number;
  readonly power: number;
  readonly alpha: number;
  readonly inference: 'anytime' | 'fixed';
  readonly mode: 'split' | 'paired';
}
