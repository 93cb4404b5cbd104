import type { Executor } from '../../shadow/Executor.ts';
import { ClosedError, FullError } from '../support/errors.ts';
import { WorkerExitedError, WorkerStartError } from './errors.ts';
import { checkWorkerOptions, type WorkerExecutorOptions, type WorkerSettings } from './WorkerExecutorOptions.ts';
import { type Job, WorkerThread } from './WorkerThread.ts';

/** What a worker executor has done so far. `requests` is the sum of those below it and of `pending`. */
export interface WorkerCounts {
  /** Calls of `run`. */
  readonly requests: number;
  /** Those that wait or are with a thread. */
  readonly pending: number;
  /** Those that were answered. */
  readonly answered: number;
  /** Those whose model threw, or whose input or answer cannot be copied to another thread. */
  readonly failed: number;
  /** Those whose thread ended, or could not be started. */
  readonly lost: number;
  /** Those whose signal aborted first. */
  readonly aborted: number;
  /** Those that were refused because too many waited, or because the executor was closed. */
  readonly refused: number;
  /** Threads that were started, the first ones too. */
  readonly starts: number;
  /** Threads that exited by themselves, or could not load their model. */
  readonly crashes: number;
  /** Threads that were ended because they were stuck, or held too many requests that never came to an end. */
  readonly terminations: number;
}

type Fate = 'answered' | 'failed' | 'lost' | 'aborted' | 'refused';

/** One place for a thread, over all the threads that come and go in it. */
interface Slot {
  thread: WorkerThread | undefined;
  /** Ends in a row without an answer in between. */
  failures: number;
  cancelRestart: (() => void) | undefined;
}

/**
 * Runs a model in threads of its own, so that what it computes costs the serving thread nothing but the copies of inputs and answers. A
 * thread that crashes, runs out of memory or is stuck takes down the request that it was at, those of the last millisecond whose
 * answers were not handed over yet, and nothing else; another is started, after a pause that doubles while none of them answers.
 * Inputs are copied, never transferred.
 *
 * It runs JavaScript and WebAssembly. A crash of native code ends the whole process, threads and all: such a model belongs into a
 * process of its own.
 *
 * `run` rejects with the model's own error (its name and message), a `WorkerExitedError`, a `WorkerStartError` while the model
 * cannot be loaded, a `FullError`, a `ClosedError`, or the signal's reason.
 */
export class WorkerExecutor<Input = unknown, Output = unknown> implements Executor<Input, Output> {
  readonly isolated = true as const;
  readonly version?: string;
  readonly #settings: WorkerSettings;
  readonly #slots: Slot[];
  readonly #queue: Job[] = [];
  readonly #owners: Map<Job, WorkerThread> = new Map();
  readonly #counts = {
    requests: 0,
    answered: 0,
    failed: 0,
    lost: 0,
    aborted: 0,
    refused: 0,
    starts: 0,
    crashes: 0,
    terminations: 0,
  };
  #pending = 0;
  #startError: WorkerStartError | undefined;
  #flushing = false;
  #closing: Promise<void> | undefined;

  /** Starts the threads. @throws InvalidOptionError */
  constructor(options: WorkerExecutorOptions) {
    this.#settings = checkWorkerOptions(options);
    if (options.version !== undefined) this.version = options.version;
    this.#slots = Array.from({ length: this.#settings.threads }, () => ({
      thread: undefined,
      failures: 0,
      cancelRestart: undefined,
    }));
    for (const slot of this.#slots) this.#start(slot);
  }

  /** What has been done so far. */
  get counts(): WorkerCounts {
    return { ...this.#counts, pending: this.#pending };
  }

  run(input: Input, options: { readonly signal?: AbortSignal } = {}): Promise<Output> {
    this.#counts.requests += 1;
    const { signal } = options;
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#counts[refusal instanceof WorkerStartError ? 'lost' : 'refused'] += 1;
      return Promise.reject(refusal);
    }
    if (signal?.aborted === true) {
      this.#counts.aborted += 1;
      return Promise.reject(signal.reason);
    }
    return new Promise((resolve, reject) => {
      const job = this.#makeJob(input, signal, resolve as (value: unknown) => void, reject);
      this.#queue.push(job);
      this.#flushSoon();
    });
  }

  /** Ends the threads at once; what waits or is under way rejects with a `ClosedError`. A second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #refusal(): Error | undefined {
    if (this.#closing !== undefined) return new ClosedError('the executor');
    // Nobody who waits would be answered: the model cannot even be loaded.
    if (this.#startError !== undefined) return this.#startError;
    const { maxPending } = this.#settings;
    return this.#queue.length < maxPending ? undefined : new FullError('the executor', this.#queue.length, maxPending);
  }

  #makeJob(
    input: unknown,
    signal: AbortSignal | undefined,
    resolve: (value: unknown) => void,
    reject: (error: unknown) => void,
  ): Job {
    let settled = false;
    const end = (fate: Fate): void => {
      settled = true;
      signal?.removeEventListener('abort', abort);
      this.#counts[fate] += 1;
      this.#pending -= 1;
      this.#owners.delete(job);
      if (this.#pending === 0) this.#hold(false);
    };
    const job: Job = {
      input,
      get settled() {
        return settled;
      },
      settle: (outcome) => {
        if (settled) return;
        end('value' in outcome ? 'answered' : fateOf(outcome.error));
        if ('value' in outcome) resolve(outcome.value);
        else reject(outcome.error);
      },
    };
    const abort = (): void => {
      const owner = this.#owners.get(job);
      const at = owner === undefined ? this.#queue.indexOf(job) : -1;
      if (at >= 0) this.#queue.splice(at, 1);
      end('aborted');
      reject(signal?.reason);
      owner?.abandon(job);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#pending += 1;
    if (this.#pending === 1) this.#hold(true);
    return job;
  }

  /** Whether the process waits for the threads: only while somebody waits for an answer. */
  #hold(wanted: boolean): void {
    for (const { thread } of this.#slots) thread?.hold(wanted);
  }

  /** What is asked for in one go travels in one message. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  #flush(): void {
    const ready = this.#slots
      .flatMap(({ thread }) => (thread !== undefined && thread.room > 0 ? thread : []))
      .sort((a, b) => a.load - b.load);
    ready.forEach((thread, index) => {
      const share = Math.ceil(this.#queue.length / (ready.length - index));
      const jobs = this.#queue.splice(0, Math.min(thread.room, share));
      for (const job of jobs) this.#owners.set(job, thread);
      if (jobs.length > 0) thread.send(jobs);
    });
  }

  #start(slot: Slot): void {
    this.#counts.starts += 1;
    const thread = new WorkerThread(this.#settings, {
      ready: (version) => {
        this.#startError = undefined;
        if (version !== undefined && this.version === undefined) (this as { version?: string }).version = version;
        this.#flush();
      },
      answered: () => {
        slot.failures = 0;
        this.#flush();
      },
      ended: (error, unbegun) => this.#replace(slot, error, unbegun),
    });
    slot.thread = thread;
    thread.hold(this.#pending > 0);
  }

  /** Another thread takes the place of one that has ended, after a pause; what that one had not begun comes first. */
  #replace(slot: Slot, error: WorkerExitedError | WorkerStartError, unbegun: readonly Job[]): void {
    this.#counts[error instanceof WorkerExitedError && error.end !== 'crashed' ? 'terminations' : 'crashes'] += 1;
    slot.thread = undefined;
    for (const job of unbegun) this.#owners.delete(job);
    this.#queue.unshift(...unbegun);
    if (error instanceof WorkerStartError && this.#slots.every(({ thread }) => thread === undefined)) {
      this.#startError = error;
      for (const job of this.#queue.splice(0)) job.settle({ error });
    }
    const { backoffMs, maxBackoffMs, clock } = this.#settings;
    const pause = Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(slot.failures, 30));
    slot.failures += 1;
    slot.cancelRestart = clock.schedule(() => this.#start(slot), pause, this.#queue.length > 0);
    this.#flush();
  }

  async #shutDown(): Promise<void> {
    const error = new ClosedError('the executor');
    for (const job of [...this.#owners.keys(), ...this.#queue.splice(0)]) job.settle({ error });
    for (const { cancelRestart } of this.#slots) cancelRestart?.();
    await Promise.all(this.#slots.map(({ thread }) => thread?.close()));
  }
}

function fateOf(error: unknown): Fate {
  if (error instanceof ClosedError) return 'refused';
  return error instanceof WorkerExitedError || error instanceof WorkerStartError ? 'lost' : 'failed';
}
