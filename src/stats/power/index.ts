export type { AnytimeDesign } from './AnytimeDesign.ts';
export { type AnytimePowerOptions, anytimePower } from './anytimePower.ts';
export { type AnytimeSampleSize, type AnytimeSampleSizeOptions, anytimeSampleSize } from './anytimeSampleSize.ts';
export type { GroupSizes, PowerOptions, SampleSize, TargetPowerOptions } from './PowerOptions.ts';
export type { ProportionFormula } from './ProportionFormula.ts';
export {
  type PairedTTestMinimumDetectableEffectOptions,
  pairedTTestMinimumDetectableEffect,
} from './pairedTTestMinimumDetectableEffect.ts';
export { type PairedTTestPowerOptions, pairedTTestPower } from './pairedTTestPower.ts';
export {
  type PairedSampleSize,
  type PairedTTestSampleSizeOptions,
  pairedTTestSampleSize,
} from './pairedTTestSampleSize.ts';
export {
  type DetectableProportion,
  type DetectableProportions,
  type ProportionMinimumDetectableEffectOptions,
  proportionMinimumDetectableEffect,
} from './proportionMinimumDetectableEffect.ts';
export { type ProportionPowerOptions, proportionPower } from './proportionPower.ts';
export { type ProportionSampleSizeOptions, proportionSampleSize } from './proportionSampleSize.ts';
export {
  type TTestMinimumDetectableEffectOptions,
  tTestMinimumDetectableEffect,
} from './tTestMinimumDetectableEffect.ts';
export { type TTestPowerOptions, tTestPower } from './tTestPower.ts';
export { type TTestSampleSizeOptions, tTestSampleSize } from './tTestSampleSize.ts';
