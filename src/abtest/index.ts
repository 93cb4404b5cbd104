/**
 * A/B tests: is the challenger better, by enough, and no worse anywhere else? Guide: docs/guides/abtest.md.
 *
 * @packageDocumentation
 */

export { ABTest } from './ABTest.ts';
export type {
  ABTestEvent,
  AssignedEvent,
  DecisionEvent,
  EpochEvent,
  KilledEvent,
  LookEvent,
  MergedEvent,
} from './ABTestEvent.ts';
export type { ABTestAssignment, ABTestInference, ABTestOptions, PairedOptions } from './ABTestOptions.ts';
export type { ABTestSummary, SummaryComparison, VariantMetric, VariantSummary } from './ABTestSummary.ts';
export type { BalanceCheck } from './BalanceLedger.ts';
export type { CapReport } from './CapPilots.ts';
export type { CalibrationReport } from './calibrationReports.ts';
export type { Disagreement, DisagreementReport } from './DisagreementTally.ts';
export type {
  Decision,
  DecisionReason,
  DecisionRule,
  DecisionVerdict,
  DecisionView,
  Remaining,
} from './decision/Decision.ts';
export { type DefaultRuleOptions, defaultRule } from './decision/defaultRule.ts';
export { nonInferiorityRule } from './decision/nonInferiorityRule.ts';
export { type NotebookRuleOptions, notebookRule } from './decision/notebookRule.ts';
export type { ABTestStory } from './Enrolment.ts';
export type { ABTestChange, ChangeOptions } from './EpochControl.ts';
export { compareSummaries, type FromSummaryOptions, type SummaryRow } from './fromSummary.ts';
export type { KillReport, KillSwitchOptions } from './KillSwitch.ts';
export type { ExpectedTruth, LabelOptions } from './LabelWeights.ts';
export type { HeldTruths } from './MaturedPrefix.ts';
export { type DetectableOptions, detectableEffect } from './planning/detectableEffect.ts';
export type { Plan, PlanBaseline, PlanOptions } from './planning/Plan.ts';
export { planABTest } from './planning/planABTest.ts';
export { summaryToMarkdown, summaryToText } from './renderSummary.ts';
export type { LabelCheck, SampleRatioCheck } from './SampleRatioCheck.ts';
export type { PeriodComparison, SegmentComparison, SegmentReport, TrendReport } from './SegmentReport.ts';
export type { ServiceReport } from './ServiceTally.ts';
export type { StatisticalTestOptions, TestMethod } from './StatisticalTestOptions.ts';
export type { SimulatedRequest, SimulatedRuns, SimulateOptions, Simulation } from './simulate.ts';
export type {
  TestInput,
  TestModels,
  TestOutput,
  VariantInput,
  VariantInputs,
  VariantModel,
  VariantSpec,
} from './variants.ts';
