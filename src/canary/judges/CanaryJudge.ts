import type { Metric } from '../../metrics/Metric.ts';
import type { MetricSummary } from '../../metrics/MetricSummary.ts';
import type { MetricCheck } from '../HealthCheck.ts';

/** What both models showed of one metric at one stage, at the same time. */
export interface StageEvidence {
  readonly canary: MetricSummary;
  readonly baseline: MetricSummary;
  /** For quantiles with a relative limit: canary values beyond the limit, judged when they came. */
  readonly beyond: number;
}

/** All that is known of one metric. */
export interface MetricEvidence {
  readonly metric: Metric;
  /** By stage; stages that have not begun are empty. */
  readonly stages: readonly StageEvidence[];
  /** The present stage. */
  readonly stage: number;
  /** A pass does not wait for it. */
  readonly guard: boolean;
}

/** The rules by which a judge decides about one metric. */
export interface JudgeRules {
  /** This metric's part of the rollout's budget for false rollbacks. */
  readonly alpha: number;
  readonly passAlpha: number;
  readonly minSamples: number;
  readonly passSamples: number;
}

/** Turns evidence into a verdict. A judge of the user's own may throw: that is the verdict `error`. */
export interface CanaryJudge {
  readonly name: string;
  /** What one metric says. */
  check(evidence: MetricEvidence, rules: JudgeRules): MetricCheck;
}
