export {
  type AssignedDifferenceOptions,
  AssignedDifferenceSequence,
  type AssignedDifferenceState,
} from './AssignedDifferenceSequence.ts';
export {
  type AlphaSpending,
  type AlphaSpendingOptions,
  type HwangShihDeCaniSpendingOptions,
  hwangShihDeCaniSpending,
  type ObrienFlemingSpendingOptions,
  obrienFlemingSpending,
  type PowerSpendingOptions,
  pocockSpending,
  powerSpending,
} from './alphaSpending.ts';
export { asymptoticDifferenceSequence } from './asymptoticDifferenceSequence.ts';
export { asymptoticMeanSequence } from './asymptoticMeanSequence.ts';
export { BettingSequence, type BettingSequenceOptions, type BettingSequenceState } from './BettingSequence.ts';
export { type BetaMixtureEProcessOptions, betaMixtureEProcess, betaMixtureLogEValue } from './betaMixtureEProcess.ts';
export { eBenjaminiHochberg } from './eBenjaminiHochberg.ts';
export {
  type AverageEValuesOptions,
  averageEValues,
  eValueToPValue,
  multiplyEValues,
  pValueToLogEValue,
} from './eValues.ts';
export { type EventEpoch, type EventExcessOptions, eventExcessLogEValue } from './eventExcess.ts';
export { type ExceedanceEProcessOptions, exceedanceEProcess, exceedanceLogEValue } from './exceedanceEProcess.ts';
export {
  type ClassicalBoundariesOptions,
  classicalBoundaries,
  type GroupSequentialBoundaries,
  type GroupSequentialOptions,
  groupSequentialBoundaries,
} from './groupSequentialBoundaries.ts';
export { HedgedCapital, type HedgedCapitalOptions, type HedgedCapitalState } from './HedgedCapital.ts';
export { combineInformation, type InformationEstimate } from './InformationEstimate.ts';
export { type InformationSequenceOptions, informationSequence } from './informationSequence.ts';
export type { BetaPrior } from './logBetaMixture.ts';
export { type LogRatioInformationOptions, logRatioInformation } from './logRatioInformation.ts';
export {
  type LogRatioSequenceOptions,
  logRatioSequence,
  type StagedLogRatioSequenceOptions,
  stagedLogRatioSequence,
} from './logRatioSequence.ts';
export { mcnemarEProcess, mcnemarLogEValue, type PairedCounts } from './mcnemarEProcess.ts';
export {
  type MultinomialEProcessOptions,
  type MultinomialEstimate,
  multinomialEProcess,
  multinomialLogEValue,
} from './multinomialEProcess.ts';
export {
  type NormalMixtureBoundaryOptions,
  type NormalMixtureOptions,
  normalMixtureBoundary,
  normalMixtureLogEValue,
} from './normalMixture.ts';
export { type NormalMixtureRhoOptions, normalMixtureRho } from './normalMixtureRho.ts';
export { normalMixtureTest } from './normalMixtureTest.ts';
export { pairedDifferenceSequence } from './pairedDifferenceSequence.ts';
export { type PairedLogRatioInformationOptions, pairedLogRatioInformation } from './pairedLogRatioInformation.ts';
export type { QuantileSource } from './QuantileSource.ts';
export { quantileDifferenceSequence } from './quantileDifferenceSequence.ts';
export { quantileSequence } from './quantileSequence.ts';
export { RunningSequence, type RunningSequenceState } from './RunningSequence.ts';
export type { QuantileSequenceOptions } from './rankEvidence.ts';
export {
  type RateEpoch,
  type RateRatioSequenceOptions,
  rateRatioLogEValue,
  rateRatioSequence,
} from './rateRatioSequence.ts';
export { type CovariateMoments, regressionAdjustedSequence } from './regressionAdjustedSequence.ts';
export type { AsymptoticSequenceOptions, SequenceOptions, TwoSampleSequenceOptions } from './SequenceOptions.ts';
export type { ShareCounts } from './ShareCounts.ts';
export {
  type DifferenceStage,
  type StagedDifferenceSequenceOptions,
  stagedDifferenceSequence,
} from './stagedDifferenceSequence.ts';
export { type StitchedBoundaryOptions, stitchedBoundary } from './stitchedBoundary.ts';
