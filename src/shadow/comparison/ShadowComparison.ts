import type { MetricComparison } from '../../metrics/inference/MetricComparison.ts';
import type { DriftReport } from '../../stats/drift/driftReport.ts';
import type { ConfusionCounts } from '../../stats/quality/ConfusionCounts.ts';
import type { ClassLabel } from '../../stats/quality/ConfusionMatrix.ts';
import type { Calibration } from '../../stats/quality/calibration.ts';
import type { ConfusionRates } from '../../stats/quality/confusionRates.ts';
import type { ConfusionScores } from '../../stats/quality/confusionScores.ts';
import type { MulticlassScores } from '../../stats/quality/multiclassScores.ts';
import type { EstimateResult, Inconclusive, IntervalResult, TestResult } from '../../stats/types.ts';
import type { PairedVerdicts } from '../evidence/ClassificationEvidence.ts';
import type { DropReason } from '../evidence/drops.ts';
import type { LabelCoverage } from '../evidence/ShadowEvidence.ts';
import type { ShadowCounts } from '../evidence/ShadowTally.ts';
import type { ShadowDisagreement } from '../evidence/WorstDisagreements.ts';

/** A metric of both models on the same requests. */
export interface ShadowMetric {
  readonly metric: string;
  readonly primary: number | undefined;
  readonly shadow: number | undefined;
  /** Requests on which both have a value; undefined for metrics whose values cannot be subtracted. */
  readonly n: number | undefined;
  /** The improvement by the shadow, request by request, valid at every look; undefined where `n` is. */
  readonly improvement: MetricComparison | undefined;
}

/** Quantiles of a latency, in milliseconds; undefined where there is none. */
export interface LatencySummary {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
  readonly p99: number | undefined;
}

/** One model as a classifier of two classes. Intervals hold at one look. */
export interface ClassifierReport extends ConfusionRates {
  readonly counts: ConfusionCounts;
  readonly scores: ConfusionScores;
  readonly f1: IntervalResult;
  /** Of the scores kept, with DeLong's interval. */
  readonly rocAuc: IntervalResult;
  /** Of scores within [0, 1]. */
  readonly calibration: Calibration;
}

/** Both models as classifiers, on the requests whose truth is known. */
export interface ClassificationComparison {
  /** Labelled requests on which both have said something. */
  readonly n: number;
  readonly primary: ClassifierReport;
  readonly shadow: ClassifierReport;
  /** Both right, only the primary, only the shadow, neither. */
  readonly verdicts: PairedVerdicts;
  /** McNemar's exact test, at one look. The estimate is the accuracy of the primary minus that of the shadow. */
  readonly mcnemar: TestResult;
  /** DeLong's paired test of the areas under the ROC curves, at one look: shadow minus primary. */
  readonly rocAucDifference: TestResult;
  /** Improvements by the shadow, request by request, valid at every look (McNemar's e-process). */
  readonly improvement: Readonly<Record<'accuracy' | 'recall' | 'specificity', MetricComparison>>;
  /** Requests behind the ROC curves: a random sample beyond `sampleSize`. */
  readonly scoresKept: number;
}

/** One model as a classifier into several classes, by its table. The interval of the accuracy holds at one look. */
export interface ClassesReport extends MulticlassScores {
  /** Rows are actual classes, columns predicted ones, in the order of the labels. */
  readonly counts: readonly (readonly number[])[];
  /** Answers that are none of the classes: wrong in the pairs, in no cell of the table, and so in none of its scores. */
  readonly foreign: number;
}

/** Both models as classifiers into several classes, on the requests whose truth is one of them. */
export interface ClassesComparison {
  readonly labels: readonly ClassLabel[];
  /** Labelled requests on which both have answered. */
  readonly n: number;
  readonly primary: ClassesReport;
  readonly shadow: ClassesReport;
  /** The accuracy that the shadow gains, request by request, valid at every look. */
  readonly improvement: MetricComparison;
}

/** One model as a predictor of numbers. Intervals hold at one look. */
export interface PredictorReport {
  /** The mean of predicted - actual. */
  readonly meanError: IntervalResult;
  readonly meanAbsoluteError: IntervalResult;
  readonly rootMeanSquaredError: IntervalResult;
  /** Of the requests kept. */
  readonly rSquared: IntervalResult;
}

/** Both models as predictors of numbers, on the requests whose truth is known. */
export interface RegressionComparison {
  readonly n: number;
  readonly primary: PredictorReport;
  readonly shadow: PredictorReport;
  /** The paired t-test of the absolute errors, at one look: primary minus shadow, above 0 the shadow is closer. */
  readonly pairedT: TestResult;
  /** Wilcoxon's signed-rank test of the same differences, on the requests kept, at one look. */
  readonly wilcoxon: TestResult;
  /** On how many requests which of the two was closer to the truth. */
  readonly closer: { readonly primary: number; readonly shadow: number };
  /** Improvements by the shadow, request by request, valid at every look; `closer` is the share of requests won. */
  readonly improvement: Readonly<Record<'meanAbsoluteError' | 'rmse', MetricComparison>> & {
    readonly closer: EstimateResult;
  };
}

/** How often the primary disagrees with itself. */
export interface NoiseComparison {
  /** Requests on which it was asked twice. */
  readonly compared: number;
  readonly disagreed: number;
  readonly disagreement: IntervalResult;
  /** The shadow's disagreement beyond that, with an interval valid at every look. */
  readonly beyondNoise: IntervalResult;
}

/** The difference of one group from the rest of its attribute, for the shadow. */
export interface SubgroupGap {
  readonly metric: string;
  /** The primary's value in the group. */
  readonly primary: number | undefined;
  /** The shadow's value in the group. */
  readonly shadow: number | undefined;
  /** Group minus rest, with an interval that holds for all gaps together (Bonferroni). */
  readonly gap: TestResult;
  /** Corrected for all gaps (Holm); undefined where the gap is inconclusive. */
  readonly adjustedPValue: number | undefined;
}

/** One group of requests. */
export interface SubgroupComparison {
  readonly attribute: string;
  readonly group: string;
  /** Requests that were sampled and whose fate is known: compared + incomparable + every drop. What waits is in no group yet. */
  readonly offered: number;
  readonly compared: number;
  readonly incomparable: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** As `ShadowComparison.dropRate`, of this group. */
  readonly dropRate: number | undefined;
  readonly labelled: number;
  readonly agreement: IntervalResult;
  readonly gaps: readonly SubgroupGap[];
}

/** Drops of one hour of the day, over all days. */
export interface HourlyDropRate {
  /** 0 to 23, UTC. */
  readonly hour: number;
  readonly offered: number;
  readonly dropped: number;
  readonly dropRate: number;
}

/** What is known of one shadow beside the primary. */
export interface ShadowComparison extends ShadowCounts {
  readonly shadow: string;
  /** Share of the compared requests on which both gave the same answer; undefined where none was compared. */
  readonly agreement: number | undefined;
  /** The same with an interval that is valid at every look. */
  readonly agreementRate: IntervalResult;
  /**
   * Share of the requests that the shadow was to see which load, age or a failed copy took away: what `runIf` or the end of
   * shadowing left out is neither above nor below the line. Undefined where there was none.
   */
  readonly dropRate: number | undefined;
  /** The same by the hour of the day, UTC, where requests were offered: drops follow the load, and so does what is missing. */
  readonly dropRateByHour: readonly HourlyDropRate[];
  /** When the first and the last compared request was served, milliseconds since the epoch. */
  readonly times: { readonly first: number | null; readonly last: number | null };
  /** Requests whose truth is known. */
  readonly labelled: number;
  /** Labels among what the shadow called negative and positive. */
  readonly labelCoverage: LabelCoverage;
  readonly metrics: readonly ShadowMetric[];
  readonly latencyMs: { readonly primary: LatencySummary; readonly shadow: LatencySummary };
  readonly classification: ClassificationComparison | undefined;
  readonly classes: ClassesComparison | undefined;
  readonly regression: RegressionComparison | undefined;
  /** The shadow's scores (or numbers) against the primary's, on the same requests kept. */
  readonly drift: DriftReport | Inconclusive;
  readonly noise: NoiseComparison | undefined;
  readonly subgroups: readonly SubgroupComparison[];
  /** The worst first. */
  readonly worst: readonly ShadowDisagreement[];
  /** What the reader should know before trusting the numbers. */
  readonly warnings: readonly string[];
}
