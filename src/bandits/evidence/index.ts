export { type BetaBelief, probabilityBestBeta, probabilityBestStudent, type StudentBelief } from './probabilityBest.ts';
