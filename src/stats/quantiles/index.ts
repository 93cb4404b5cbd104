export type { QuantileType } from '../sortedQuantile.ts';
export { type QuantileOptions, quantile } from './quantile.ts';
export { type QuantileIntervalEstimate, quantileInterval } from './quantileInterval.ts';
