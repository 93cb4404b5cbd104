export { betaDistribution } from './betaDistribution.ts';
export { binomialDistribution } from './binomialDistribution.ts';
export { chiSquaredDistribution } from './chiSquaredDistribution.ts';
export { fDistribution } from './fDistribution.ts';
export { gammaDistribution } from './gammaDistribution.ts';
export { hypergeometricDistribution } from './hypergeometricDistribution.ts';
export { kolmogorovDistribution } from './kolmogorovDistribution.ts';
export { noncentralTDistribution } from './noncentralTDistribution.ts';
export { normalDistribution } from './normalDistribution.ts';
export { poissonDistribution } from './poissonDistribution.ts';
export { studentTDistribution } from './studentTDistribution.ts';
export type {
  BetaDistribution,
  BinomialDistribution,
  ChiSquaredDistribution,
  ContinuousDistribution,
  DiscreteDistribution,
  FDistribution,
  GammaDistribution,
  HypergeometricDistribution,
  KolmogorovDistribution,
  NoncentralTDistribution,
  NormalDistribution,
  PoissonDistribution,
  StudentTDistribution,
} from './types.ts';
