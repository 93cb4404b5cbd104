/**
 * What a service needs: the strategies, the rollout, metrics, and the words that they share.
 *
 * @packageDocumentation
 */

// The public face: what a service needs. The statistics stand alone in coronate/stats, assignment in
// coronate/assignment, charts and tables in coronate/report.
export * from './abtest/index.ts';
export * from './bandits/index.ts';
export * from './bluegreen/index.ts';
export * from './canary/index.ts';
export * from './core/index.ts';
export * from './metrics/index.ts';
export * from './random/index.ts';
export * from './rollout/index.ts';
export * from './shadow/index.ts';
export type { Alternative, Estimate, EstimateResult, Inconclusive, Interval, Validity } from './stats/types.ts';
