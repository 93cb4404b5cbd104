export { Covariance, type CovarianceState } from './Covariance.ts';
export { Moments, type MomentsState } from './Moments.ts';
export { Reservoir, type ReservoirOptions, type ReservoirState } from './Reservoir.ts';
export type { NumberSummary, Summary } from './Summary.ts';
export type { Versioned } from './snapshot.ts';
