import type { MetricComparison, MetricSide } from '../metrics/inference/index.ts';
import type { MetricRole } from '../metrics/Metric.ts';
import type { TruthCounts } from '../metrics/TruthCounts.ts';
import type { BalanceCheck } from './BalanceLedger.ts';
import type { CapReport } from './CapPilots.ts';
import type { CalibrationReport } from './calibrationReports.ts';
import type { DisagreementReport } from './DisagreementTally.ts';
import type { Decision } from './decision/Decision.ts';
import type { KillReport } from './KillSwitch.ts';
import type { HeldTruths } from './MaturedPrefix.ts';
import type { LabelCheck, SampleRatioCheck } from './SampleRatioCheck.ts';
import type { ServiceReport } from './ServiceTally.ts';

/** A metric of one variant. */
export interface VariantMetric extends MetricSide {
  readonly metric: string;
  readonly role: MetricRole;
}

/** What is known of one variant. */
export interface VariantSummary extends ServiceReport {
  readonly variant: string;
  readonly version: string;
  /** Its share of the traffic now. */
  readonly share: number;
  /** Requests that were assigned to it. */
  readonly assigned: number;
  readonly metrics: readonly VariantMetric[];
}

/** A comparison with what it is for. */
export type SummaryComparison = MetricComparison & {
  readonly variant: string;
  readonly role: MetricRole;
  /** The p-value after the correction for several challengers and metrics of the same role. */
  readonly adjustedPValue: number | undefined;
};

/** All that a test knows, as plain data. */
export interface ABTestSummary {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly elapsedMs: number;
  readonly epoch: number;
  /** Requests that were assigned a variant. */
  readonly requests: number;
  /** Requests that were not part of the experiment, by reason; forced ones too. */
  readonly excluded: Readonly<Record<string, number>>;
  readonly variants: readonly VariantSummary[];
  readonly comparisons: readonly SummaryComparison[];
  readonly sampleRatio: SampleRatioCheck;
  readonly labels: LabelCheck;
  readonly balance: readonly BalanceCheck[];
  /** How probabilities come true, for every variant and metric of calibration. */
  readonly calibrations: readonly CalibrationReport[];
  /** Caps that are quantiles of the data. */
  readonly caps: readonly CapReport[];
  /** Only in paired mode. */
  readonly disagreements: readonly DisagreementReport[];
  readonly truths: TruthCounts;
  /** With `analyse: 'matured'`, truths that are here and not analysed yet. */
  readonly held: HeldTruths;
  /** What the numbers cannot show: models that learn while they are compared. */
  readonly warnings: readonly string[];
  /** Challengers that fail too often; see `killSwitch`. */
  readonly killed: readonly KillReport[];
  readonly decision: Decision;
}
