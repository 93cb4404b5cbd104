import type { Metric } from '../Metric.ts';
import type { MetricCheck, Verdict } from './HealthCheck.ts';
import type { StageEvidence } from './StageEvidence.ts';

/** All that is known of one metric. */
export interface MetricEvidence {
  readonly metric: Metric;
  /** By stage; stages that have not begun are empty. */
  readonly stages: readonly StageEvidence[];
  /** The index of the present stage. */
  readonly stage: number;
  /** A pass does not wait for it. */
  readonly guard: boolean;
}

/** The rules by which a judge decides about one metric. */
export interface JudgeRules {
  /** This metric's part of the whole rollout's budget for false alarms. */
  readonly alpha: number;
  readonly passAlpha: number;
  readonly minSamples: number;
  readonly passSamples: number;
}

/** Turns evidence into a verdict. A judge of the user's own may throw: that is the verdict `error`. */
export interface Judge {
  readonly name: string;
  /** Values of each metric, model and stage that must be kept for it; a random sample beyond. @defaultValue 0 */
  readonly sampleSize?: number;
  /** What one metric says. */
  check(evidence: MetricEvidence, rules: JudgeRules): MetricCheck;
  /**
   * The verdict alone, for every outcome: a function that looks at the evidence as it then is, and that says the same as
   * `check` or costs nothing. Left out: `check` is asked at every outcome.
   */
  watch?(evidence: MetricEvidence, rules: JudgeRules): () => Verdict;
}
