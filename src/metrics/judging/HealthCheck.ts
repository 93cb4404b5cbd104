/**
 * One evaluation's verdict. `inconclusive`: not proven either way. `no-data`: a metric that must have data has none.
 * `error`: the judge itself broke.
 */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'no-data' | 'error';

/** What one metric says of the new model. */
export interface MetricCheck {
  readonly metric: string;
  readonly verdict: Verdict;
  /** The new model's value and the baseline's, in the metric's unit, at the last stage that has any. */
  readonly canary: number | undefined;
  readonly baseline: number | undefined;
  /**
   * What is held against the limit: a ratio canary / baseline for relative limits (in the bad direction: above 1 is
   * worse), the canary's value for absolute ones, the share of values beyond the limit for quantiles.
   */
  readonly estimate: number | undefined;
  /** Bounds of the estimate, valid at every look where the judge is the sequential one; undefined where there are none. */
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  /** The estimate at which it is too bad. */
  readonly limit: number | undefined;
  readonly nCanary: number;
  readonly nBaseline: number;
  /** About how many canary observations a pass still takes, at the present estimate; undefined where that is not known. */
  readonly needed: number | undefined;
  /** Guards can fail the canary, but a pass does not wait for them. */
  readonly guard: boolean;
  readonly dryRun: boolean;
  readonly critical: boolean;
  /** The metric's part in the error budget and in the score. */
  readonly weight: number;
  readonly reason: string;
}

/** One evaluation of the new model's health. */
export interface HealthCheck {
  /** Percent of the traffic that the new model had. */
  readonly stage: number;
  /** The new model's metrics by name; metrics without data are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly baselineMetrics: Readonly<Record<string, number>>;
  /** Whether the verdict is `pass`. Not passed is not failed: look at `verdict`. */
  readonly passed: boolean;
  /** Begins with `waiting:` while data are missing. */
  readonly reason: string;
  readonly verdict: Verdict;
  /** The weight of the metrics that pass, in percent of those that pass or fail; undefined while none does. */
  readonly score: number | undefined;
  readonly checks: readonly MetricCheck[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}
