export { cohenD } from './cohenD.ts';
export { cohenH } from './cohenH.ts';
export { glassDelta } from './glassDelta.ts';
export { hedgesCorrection, hedgesG } from './hedgesG.ts';
export { oddsRatio } from './oddsRatio.ts';
export { relativeRisk } from './relativeRisk.ts';
export { riskDifference } from './riskDifference.ts';
