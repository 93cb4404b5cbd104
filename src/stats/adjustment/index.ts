export { augmentedValue } from './augmentedValue.ts';
export { clusteredVariance } from './clusteredVariance.ts';
export { type CupedOptions, type CupedResult, cuped } from './cuped.ts';
export { designEffect } from './designEffect.ts';
export { postStratify, type Stratum } from './postStratify.ts';
export { type QuantileCapOptions, quantileCaps } from './quantileCaps.ts';
export { ratioMetric } from './ratioMetric.ts';
export type { SampleCovariance } from './SampleCovariance.ts';
export { type Caps, winsorize } from './winsorize.ts';
