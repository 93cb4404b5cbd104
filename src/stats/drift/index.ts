export { countInBins } from './countInBins.ts';
export { hellingerDistance } from './hellingerDistance.ts';
export { jensenShannonDistance } from './jensenShannonDistance.ts';
export { jensenShannonDivergence } from './jensenShannonDivergence.ts';
export { type DivergenceOptions, klDivergence } from './klDivergence.ts';
export { type PopulationStabilityOptions, populationStabilityIndex } from './populationStabilityIndex.ts';
export { quantileBins } from './quantileBins.ts';
export { totalVariation } from './totalVariation.ts';
export { wassersteinDistance } from './wassersteinDistance.ts';
