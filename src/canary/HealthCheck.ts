import type { CanaryVerdict } from './CanaryState.ts';

/** What one metric says of the canary. */
export interface MetricCheck {
  readonly metric: string;
  readonly verdict: CanaryVerdict;
  /** The canary's value and the baseline's, in the metric's unit. */
  readonly canary: number | undefined;
  readonly baseline: number | undefined;
  /**
   * What is held against the limit: a ratio canary / baseline for relative limits (in the bad direction: above 1 is
   * worse), else the canary's value.
   */
  readonly estimate: number | undefined;
  /** Anytime-valid bounds of the estimate; undefined while there are none. */
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  /** The estimate at which it is too bad. */
  readonly limit: number | undefined;
  readonly nCanary: number;
  readonly nBaseline: number;
  /** About how many canary observations a pass still takes, at the present estimate; undefined where none would do. */
  readonly needed: number | undefined;
  /** Guards can fail the canary, but a pass does not wait for them. */
  readonly guard: boolean;
  readonly dryRun: boolean;
  readonly critical: boolean;
  readonly reason: string;
}

/** One evaluation of the canary's health. */
export interface HealthCheck {
  /** Percent of the traffic that the canary had. */
  readonly stage: number;
  /** The canary's metrics by name; metrics without data are left out. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly baselineMetrics: Readonly<Record<string, number>>;
  /** Whether the verdict is `pass`. Not passed is not failed: look at `verdict`. */
  readonly passed: boolean;
  /** Begins with `waiting:` while data are missing. */
  readonly reason: string;
  readonly verdict: CanaryVerdict;
  readonly checks: readonly MetricCheck[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}
