export { erf, erfc, erfcx } from './erf.ts';
export { incompleteBeta } from './incompleteBeta.ts';
export { incompleteGamma, type Tails } from './incompleteGamma.ts';
export { logBeta } from './logBeta.ts';
export { logGamma } from './logGamma.ts';
