export { type MannWhitneyEstimate, type MannWhitneyOptions, mannWhitneyTest } from './mannWhitneyTest.ts';
export { oneSampleTTest } from './oneSampleTTest.ts';
export { pairedTTest } from './pairedTTest.ts';
export { stratifiedDifferenceTest } from './stratifiedDifferenceTest.ts';
export { studentTest } from './studentTest.ts';
export type { LocationTestOptions, TestOptions } from './TestOptions.ts';
export { welchTest } from './welchTest.ts';
