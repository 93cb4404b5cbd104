import type { MetricComparison } from '../../metrics/inference/index.ts';
import type { Metric } from '../../metrics/Metric.ts';
import type { BalanceCheck } from '../BalanceLedger.ts';
import type { KillReport } from '../KillSwitch.ts';
import type { LabelCheck, SampleRatioCheck } from '../SampleRatioCheck.ts';
import type { StatisticalTestOptions } from '../StatisticalTestOptions.ts';

/**
 * What a test says of its challengers. `PROMOTE`: one is better, and worth it. `REJECT`: none will be. `CONTINUE`: not
 * known yet. `INVALID`: the experiment itself is broken, whatever the numbers say.
 */
export type DecisionVerdict = 'PROMOTE' | 'REJECT' | 'CONTINUE' | 'INVALID';

/** One check of a decision, and how it came out. */
export interface DecisionReason {
  /** The check, for example `goal`, `guardrail`, `sample-ratio`, `min-duration`, `kill-switch`, `missing-data`. */
  readonly rule: string;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly message: string;
  readonly variant?: string;
  readonly metric?: string;
}

/** What is still missing before a conclusion can be expected. */
export interface Remaining {
  /** Requests over all variants; undefined where there is no way to tell. */
  readonly requests: number | undefined;
  /** Days at the present pace, or until the least duration is over; undefined where there is no way to tell. */
  readonly days: number | undefined;
}

/** A conclusion with its reasons. */
export interface Decision {
  readonly decision: DecisionVerdict;
  /** The challenger to promote; undefined otherwise. */
  readonly variant: string | undefined;
  readonly reasons: readonly DecisionReason[];
  /** Undefined unless the decision is `CONTINUE`. */
  readonly remaining: Remaining | undefined;
  /** The rule's name. */
  readonly rule: string;
}

/** What a rule may look at. */
export interface DecisionView {
  readonly metrics: readonly Metric[];
  /** Names of the challengers. */
  readonly challengers: readonly string[];
  /** Challengers that fail too often: not all of them, or the rule is not asked. None of them is promoted, whatever it says. */
  readonly killed: readonly KillReport[];
  readonly alpha: number;
  readonly minSamples: number;
  readonly minDurationMs: number;
  readonly elapsedMs: number;
  /** Requests that were assigned a variant. */
  readonly requests: number;
  /** Whether the planned end has come; for anytime-valid inference only by `maxDurationMs`. */
  readonly ended: boolean;
  readonly sampleRatio: SampleRatioCheck;
  readonly labels: LabelCheck;
  readonly balance: readonly BalanceCheck[];
  /** Compares a challenger with the champion. */
  statisticalTest(metric: string, options?: StatisticalTestOptions): MetricComparison;
}

/** How a test concludes. */
export interface DecisionRule {
  readonly name: string;
  /** The decision on what is known so far; asked again at every look. */
  decide(view: DecisionView): Decision;
}
