/**
 * A shadow's model in threads of its own. Guide: docs/guides/logs.md.
 *
 * @packageDocumentation
 */

export { AdapterError, type AdapterErrorCode, ClosedError, FullError, InvalidOptionError } from '../support/errors.ts';
export { type ThreadEnd, WorkerExitedError, WorkerStartError } from './errors.ts';
export { type WorkerCounts, WorkerExecutor } from './WorkerExecutor.ts';
export type { WorkerExecutorOptions, WorkerLimits } from './WorkerExecutorOptions.ts';
