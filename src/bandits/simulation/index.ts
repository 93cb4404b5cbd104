export type { Environment, EnvironmentRun } from './Environment.ts';
export {
  bernoulliEnvironment,
  type DriftPhase,
  delayEnvironment,
  driftEnvironment,
  gaussianEnvironment,
  type LinearEnvironmentOptions,
  linearEnvironment,
} from './environments.ts';
export type { RegretCurve, RegretReport } from './RegretReport.ts';
export { regretCsv } from './regretCsv.ts';
export { regretTable } from './regretTable.ts';
export { type RegretChartOptions, regretVegaLite } from './regretVegaLite.ts';
