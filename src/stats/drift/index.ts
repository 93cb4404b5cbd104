export type { BinnedDrift } from './BinnedDrift.ts';
export { countInBins } from './countInBins.ts';
export { type DriftOptions, type DriftReport, driftReport } from './driftReport.ts';
export { hellingerDistance } from './hellingerDistance.ts';
export {
  type HistogramCounts,
  type HistogramDriftReport,
  histogramDriftReport,
} from './histogramDriftReport.ts';
export { jensenShannonDistance } from './jensenShannonDistance.ts';
export { jensenShannonDivergence } from './jensenShannonDivergence.ts';
export { type DivergenceOptions, klDivergence } from './klDivergence.ts';
export { type PopulationStabilityOptions, populationStabilityIndex } from './populationStabilityIndex.ts';
export { quantileBins } from './quantileBins.ts';
export { totalVariation } from './totalVariation.ts';
export { wassersteinDistance } from './wassersteinDistance.ts';
