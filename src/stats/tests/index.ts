export { type ChiSquaredOptions, chiSquaredTest } from './chiSquaredTest.ts';
export { type EffectTrendOptions, effectTrendTest, type TimedEstimate } from './effectTrendTest.ts';
export { fisherTest } from './fisherTest.ts';
export { type HeterogeneityEstimate, type HeterogeneityOptions, heterogeneityTest } from './heterogeneityTest.ts';
export {
  type KolmogorovSmirnovEstimate,
  type KolmogorovSmirnovOptions,
  kolmogorovSmirnovTest,
} from './kolmogorovSmirnovTest.ts';
export { type MannWhitneyEstimate, type MannWhitneyOptions, mannWhitneyTest } from './mannWhitneyTest.ts';
export { type McnemarMethod, type McnemarOptions, mcnemarTest } from './mcnemarTest.ts';
export { oneSampleTTest } from './oneSampleTTest.ts';
export { pairedTTest } from './pairedTTest.ts';
export { type ProportionZTestOptions, proportionZTest } from './proportionZTest.ts';
export { type SampleRatioEstimate, type SampleRatioOptions, sampleRatioTest } from './sampleRatioTest.ts';
export { stratifiedDifferenceTest } from './stratifiedDifferenceTest.ts';
export { studentTest } from './studentTest.ts';
export type { LocationTestOptions, TestOptions } from './TestOptions.ts';
export { welchTest } from './welchTest.ts';
export { type WilcoxonOptions, wilcoxonTest } from './wilcoxonTest.ts';
