/**
 * What a strategy concluded as a run of MLflow. No peer. Guide: docs/guides/observability.md.
 *
 * @packageDocumentation
 */

export {
  type LogMlflowOptions,
  logMlflowRun,
  type MlflowFetch,
  type MlflowRequest,
  type MlflowResponse,
} from './logMlflowRun.ts';
export {
  MLFLOW_LIMITS,
  type MlflowBatch,
  type MlflowCreate,
  type MlflowEntry,
  type MlflowMetric,
  type MlflowRun,
  type MlflowUpdate,
} from './MlflowRun.ts';
export { type MlflowOptions, toMlflowRun } from './toMlflowRun.ts';
