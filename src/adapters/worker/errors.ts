import { AdapterError } from '../support/errors.ts';

/** Why a thread has ended. */
export type ThreadEnd =
  /** It exited, ran out of memory, or an error nobody caught ended it. */
  | 'crashed'
  /** It was stuck in a request that had been given up. */
  | 'stuck'
  /** Too many asynchronous requests that had been given up never came to an end. */
  | 'abandoned';

/** The thread that worked on a request has ended. Other requests that it had not begun are done by the next one. */
export class WorkerExitedError extends AdapterError {
  readonly end: ThreadEnd;
  /** The thread's exit code. */
  readonly exitCode: number;
  constructor(end: ThreadEnd, exitCode: number, options?: ErrorOptions) {
    super('ERR_WORKER_EXITED', `the thread ${describe(end, exitCode, options?.cause)}`, options);
    this.end = end;
    this.exitCode = exitCode;
  }
}

function describe(end: ThreadEnd, exitCode: number, cause: unknown): string {
  if (end === 'stuck') return 'was stuck in a request and has been ended';
  if (end === 'abandoned') return 'had too many requests that never came to an end, and has been ended';
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return `exited with code ${exitCode}${why}`;
}

/** The model could not be loaded in its thread. It is tried again; until then every request is refused. */
export class WorkerStartError extends AdapterError {
  constructor(module: string, message: string, options?: ErrorOptions) {
    super('ERR_WORKER_START', `${module} could not be started: ${message}`, options);
  }
}
