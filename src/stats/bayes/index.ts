export {
  type BetaBinomialComparison,
  type BetaBinomialOptions,
  type BetaPosterior,
  betaBinomial,
} from './betaBinomial.ts';
export type { BetaShapes } from './betaLogits.ts';
export { type NormalDecision, type NormalDecisionOptions, normalDecision } from './normalDecision.ts';
export { normalDifference } from './normalDifference.ts';
export { type NormalBelief, normalPosterior } from './normalPosterior.ts';
export { probabilityBest } from './probabilityBest.ts';
