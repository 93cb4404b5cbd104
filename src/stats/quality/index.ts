export type { ConfusionCounts } from './ConfusionCounts.ts';
export { type BinaryLabel, ConfusionTable, type ConfusionTableState } from './ConfusionTable.ts';
export { type ConfusionRates, confusionRates } from './confusionRates.ts';
export { type ConfusionScores, confusionScores } from './confusionScores.ts';
export { fBeta } from './fBeta.ts';
