export { betaDistribution } from './betaDistribution.ts';
export { chiSquaredDistribution } from './chiSquaredDistribution.ts';
export { fDistribution } from './fDistribution.ts';
export { gammaDistribution } from './gammaDistribution.ts';
export { normalDistribution } from './normalDistribution.ts';
export { studentTDistribution } from './studentTDistribution.ts';
export type {
  BetaDistribution,
  ChiSquaredDistribution,
  ContinuousDistribution,
  DiscreteDistribution,
  FDistribution,
  GammaDistribution,
  NormalDistribution,
  StudentTDistribution,
} from './types.ts';
