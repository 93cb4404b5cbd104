export { ABTest, type ABTestStory, type ChangeOptions } from './ABTest.ts';
export type { ABTestEvent, AssignedEvent, DecisionEvent, EpochEvent, LookEvent } from './ABTestEvent.ts';
export type { ABTestAssignment, ABTestInference, ABTestOptions } from './ABTestOptions.ts';
export type { ABTestSummary, SummaryComparison, VariantMetric, VariantSummary } from './ABTestSummary.ts';
export type {
  Decision,
  DecisionReason,
  DecisionRule,
  DecisionVerdict,
  DecisionView,
  Remaining,
} from './decision/Decision.ts';
export { type DefaultRuleOptions, defaultRule } from './decision/defaultRule.ts';
export { type NotebookRuleOptions, notebookRule } from './decision/notebookRule.ts';
export type { SampleRatioCheck } from './SampleRatioCheck.ts';
export type { ServiceReport } from './ServiceTally.ts';
export type { StatisticalTestOptions, TestMethod } from './StatisticalTestOptions.ts';
export type {
  TestInput,
  TestModels,
  TestOutput,
  VariantInput,
  VariantInputs,
  VariantModel,
  VariantSpec,
} from './variants.ts';
