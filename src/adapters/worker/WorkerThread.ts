import { Worker } from 'node:worker_threads';
import { type ThreadEnd, WorkerExitedError, WorkerStartError } from './errors.ts';
import type { FromThread, TaskResult, ThreadSetup, ToThread } from './protocol.ts';
import { revive } from './revive.ts';
import type { WorkerSettings } from './WorkerExecutorOptions.ts';

/** A request, from the call to its end. */
export interface Job {
  readonly input: unknown;
  /** Answers the caller, once; what comes later is ignored. */
  settle(outcome: { readonly value: unknown } | { readonly error: unknown }): void;
  /** Whether the caller has been answered, or has given up. */
  readonly settled: boolean;
}

/** Whom a thread tells. */
export interface ThreadHost {
  /** It has loaded its model. */
  ready(version: string | undefined): void;
  /** It has answered; there may be room for more. */
  answered(): void;
  /** It has ended, and will not come back. What it had not begun is handed back in order. */
  ended(error: WorkerExitedError | WorkerStartError, unbegun: readonly Job[]): void;
}

/** Given-up requests that a living thread may have under way: each holds memory there. */
const MAX_ABANDONED = 64;

/** The thread's side, which lies beside this file. */
const main = new URL('./workerMain.js', import.meta.url);

/** One thread with one model, from its start to its end. */
export class WorkerThread {
  readonly #settings: WorkerSettings;
  readonly #host: ThreadHost;
  readonly #worker: Worker;
  readonly #begun: Int32Array = new Int32Array(new SharedArrayBuffer(4));
  readonly #givenUp: Int32Array;
  /** Requests that are with it, by their place among all that it was sent. It begins them in this order. */
  readonly #sent: Map<number, Job> = new Map();
  readonly #abandoned: Set<number> = new Set();
  #next = 0;
  #ready = false;
  #over = false;
  #end: ThreadEnd = 'crashed';
  #startError: WorkerStartError | undefined;
  #cause: unknown;
  #cancelStart: () => void;
  #probes = 0;
  #cancelProbe: (() => void) | undefined;

  constructor(settings: WorkerSettings, host: ThreadHost) {
    this.#settings = settings;
    this.#host = host;
    const { module, exportName, options, nice, inFlight, resourceLimits, execArgv, clock, startTimeoutMs } = settings;
    // What is not begun is the newest, and no more than `inFlight`: two of them never share a place.
    this.#givenUp = new Int32Array(new SharedArrayBuffer(4 * inFlight));
    const workerData: ThreadSetup = { module, exportName, options, nice, begun: this.#begun, givenUp: this.#givenUp };
    this.#worker = new Worker(main, {
      workerData,
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    });
    this.#worker.unref();
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('messageerror', (error) => this.#kill('crashed', error));
    this.#worker.on('error', (error) => {
      this.#cause = error;
    });
    this.#worker.on('exit', (code) => this.#exit(code));
    this.#cancelStart = clock.schedule(() => {
      this.#failStart(`its model was not there after ${startTimeoutMs} ms`);
      void this.#worker.terminate();
    }, startTimeoutMs);
  }

  /** How many more requests it takes now. */
  get room(): number {
    return this.#ready && !this.#over ? Math.max(0, this.#settings.inFlight - this.#sent.size) : 0;
  }

  /** Requests that are with it. */
  get load(): number {
    return this.#sent.size;
  }

  /** Hands requests over in one message. Inputs are copied, never transferred: the caller keeps its buffers. */
  send(jobs: readonly Job[]): void {
    const tasks = jobs.map((job, index) => ({ id: this.#next + index, input: job.input }));
    try {
      this.#post(tasks);
      for (const job of jobs) {
        this.#sent.set(this.#next, job);
        this.#next += 1;
      }
    } catch (error) {
      // An input among them cannot be copied: that one request has failed.
      if (jobs.length > 1) for (const job of jobs) this.send([job]);
      else jobs[0]!.settle({ error });
    }
  }

  /** The caller of a request that is with the thread has given up: it is not begun any more, or its thread must not be stuck in it. */
  abandon(job: Job): void {
    for (const [place, sent] of this.#sent) {
      if (sent !== job) continue;
      const flag = place % this.#givenUp.length;
      if (place >= Atomics.load(this.#begun, 0)) Atomics.store(this.#givenUp, flag, 1);
      if (place < Atomics.load(this.#begun, 0)) this.#probe();
      return;
    }
  }

  /** Whether the process waits for it. */
  hold(wanted: boolean): void {
    if (wanted) this.#worker.ref();
    else this.#worker.unref();
  }

  /** Ends it. Its requests are not handed back. */
  async close(): Promise<void> {
    this.#over = true;
    this.#cancelTimers();
    await this.#worker.terminate();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromThread): void {
    if (this.#over) return;
    if (message.type === 'results') this.#takeResults(message.results);
    else if (message.type === 'alive') this.#alive(message.number);
    else if (message.type === 'failed') this.#failStart(message.error.message, revive(message.error));
    else {
      this.#ready = true;
      this.#cancelStart();
      this.#host.ready(message.version);
    }
  }

  #takeResults(results: readonly TaskResult[]): void {
    for (const result of results) {
      this.#abandoned.delete(result.id);
      const job = this.#sent.get(result.id);
      this.#sent.delete(result.id);
      job?.settle(result.ok ? { value: result.value } : { error: revive(result.error) });
    }
    this.#host.answered();
  }

  /** Asks for a sign of life: a thread that gives none, and begins nothing new, is stuck. */
  #probe(): void {
    if (this.#cancelProbe !== undefined || this.#over) return;
    const { clock, graceMs } = this.#settings;
    const begun = Atomics.load(this.#begun, 0);
    this.#probes += 1;
    this.#post(this.#probes);
    this.#cancelProbe = clock.schedule(() => {
      this.#cancelProbe = undefined;
      if (Atomics.load(this.#begun, 0) === begun) this.#kill('stuck');
      else this.#probe();
    }, graceMs);
  }

  /** It lives: what was given up and is still under way goes on without holding a place. */
  #alive(number: number): void {
    if (number !== this.#probes) return;
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
    const begun = Atomics.load(this.#begun, 0);
    for (const [place, job] of this.#sent) {
      if (!job.settled || place >= begun) continue;
      this.#sent.delete(place);
      this.#abandoned.add(place);
    }
    if (this.#abandoned.size >= MAX_ABANDONED) this.#kill('abandoned');
    else this.#host.answered();
  }

  #kill(end: ThreadEnd, cause?: unknown): void {
    this.#end = end;
    this.#cause ??= cause;
    this.#ready = false;
    void this.#worker.terminate();
  }

  #failStart(message: string, cause?: Error): void {
    const options = cause === undefined ? undefined : { cause };
    this.#startError = new WorkerStartError(this.#settings.module, message, options);
  }

  #exit(code: number): void {
    if (this.#over) return;
    if (!this.#ready && this.#end === 'crashed' && this.#next === 0 && this.#startError === undefined) {
      const why = this.#cause instanceof Error ? this.#cause.message : `its thread exited with code ${code}`;
      this.#failStart(why, this.#cause instanceof Error ? this.#cause : undefined);
    }
    this.#over = true;
    this.#cancelTimers();
    const cause = this.#cause === undefined ? undefined : { cause: this.#cause };
    const error = this.#startError ?? new WorkerExitedError(this.#end, code, cause);
    const begun = Atomics.load(this.#begun, 0);
    const unbegun: Job[] = [];
    for (const [place, job] of this.#sent) {
      if (place < begun) job.settle({ error });
      else if (!job.settled) unbegun.push(job);
    }
    this.#host.ended(error, unbegun);
  }

  #cancelTimers(): void {
    this.#cancelStart();
    this.#cancelProbe?.();
    this.#cancelProbe = undefined;
  }
}
