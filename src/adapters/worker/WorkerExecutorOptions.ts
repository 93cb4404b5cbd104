import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '../../core/clock.ts';
import { checkInteger, checkMethods, checkName, checkNumber, checkOptions } from '../support/check.ts';
import { InvalidOptionError } from '../support/errors.ts';
import { systemClock } from '../support/systemClock.ts';

/** What a thread may use, as `node:worker_threads` takes it. Beyond the memory it is ended, and only it. */
export interface WorkerLimits {
  readonly maxOldGenerationSizeMb?: number;
  readonly maxYoungGenerationSizeMb?: number;
  readonly codeRangeSizeMb?: number;
  readonly stackSizeMb?: number;
}

/** Options of `WorkerExecutor`. */
export interface WorkerExecutorOptions {
  /**
   * The module that holds the model: a URL, such as `new URL('./model.js', import.meta.url)`, or an absolute path. It exports
   * `createModel`, a function that is given `options` and returns a model or a promise of one, or `model`, or has either as its default.
   */
  readonly module: URL | string;
  /** The name of the export. @defaultValue the first there is of `createModel`, `model`, `default` */
  readonly exportName?: string;
  /** What `createModel` is given: anything that can be copied to another thread. @defaultValue undefined */
  readonly options?: unknown;
  /** Threads, each with a model of its own. @defaultValue 1 */
  readonly threads?: number;
  /** Requests that are with a thread at once at most: they travel in one message, and wait there. @defaultValue 16 */
  readonly inFlight?: number;
  /** Requests that wait for a thread at most; more are refused with a `FullError`. @defaultValue 1024 */
  readonly maxPending?: number;
  /** What each thread may use. @defaultValue Node's own limits */
  readonly resourceLimits?: WorkerLimits;
  /**
   * How far the threads stand back for others, 0 to 19 (POSIX niceness). On Linux only, where threads have one each.
   * @defaultValue 0
   */
  readonly nice?: number;
  /** A thread that does not answer for so long after a request it works on was given up is ended, milliseconds. @defaultValue 100 */
  readonly graceMs?: number;
  /** A thread that has not loaded its model after so long is ended, milliseconds. @defaultValue 30_000 */
  readonly startTimeoutMs?: number;
  /** The pause before a thread is started again; doubled each time that it ends without an answer in between, milliseconds. @defaultValue 50 */
  readonly backoffMs?: number;
  /** The longest such pause, milliseconds. @defaultValue 30_000 */
  readonly maxBackoffMs?: number;
  /** Options of Node itself for the threads, such as `['--max-semi-space-size=16']`. @defaultValue those of the process */
  readonly execArgv?: readonly string[];
  /** What stands in records and reports as the model's version. @defaultValue what the model has as `version`, once it is loaded */
  readonly version?: string;
  /** The source of time. @defaultValue the system's */
  readonly clock?: Clock;
}

/** Options as checked, with their defaults. */
export interface WorkerSettings {
  readonly module: string;
  readonly exportName: string | undefined;
  readonly options: unknown;
  readonly threads: number;
  readonly inFlight: number;
  readonly maxPending: number;
  readonly resourceLimits: WorkerLimits | undefined;
  readonly nice: number | undefined;
  readonly graceMs: number;
  readonly startTimeoutMs: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly execArgv: readonly string[] | undefined;
  readonly clock: Clock;
}

const names = [
  'module',
  'exportName',
  'options',
  'threads',
  'inFlight',
  'maxPending',
  'resourceLimits',
  'nice',
  'graceMs',
  'startTimeoutMs',
  'backoffMs',
  'maxBackoffMs',
  'execArgv',
  'version',
  'clock',
];

function checkModule(module: unknown): string {
  if (module instanceof URL) return module.href;
  if (typeof module === 'string' && isAbsolute(module)) return pathToFileURL(module).href;
  throw new InvalidOptionError('module', module, 'a URL or an absolute path');
}

/** What cannot be copied would fail at every start. */
function checkCopyable(options: unknown): unknown {
  try {
    structuredClone(options);
  } catch (error) {
    throw new InvalidOptionError('options', options, 'what can be copied to another thread', { cause: error });
  }
  return options;
}

function checkLimits(limits: WorkerLimits | undefined): WorkerLimits | undefined {
  if (limits === undefined) return undefined;
  const known = ['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'];
  checkOptions('resourceLimits', limits, known);
  for (const [name, value] of Object.entries(limits)) checkNumber(`resourceLimits.${name}`, value, { ge: 1 });
  return limits;
}

/** @throws InvalidOptionError */
export function checkWorkerOptions(options: WorkerExecutorOptions): WorkerSettings {
  checkOptions('options', options, names);
  const { clock = systemClock, exportName, execArgv, nice, version } = options;
  if (version !== undefined) checkName('version', version);
  if (execArgv !== undefined && !(Array.isArray(execArgv) && execArgv.every((flag) => typeof flag === 'string')))
    throw new InvalidOptionError('execArgv', execArgv, 'a list of strings');
  const backoffMs = checkNumber('backoffMs', options.backoffMs ?? 50, { ge: 0 });
  return {
    module: checkModule(options.module),
    exportName: exportName === undefined ? undefined : checkName('exportName', exportName),
    options: checkCopyable(options.options),
    threads: checkInteger('threads', options.threads ?? 1, { ge: 1, le: 1024 }),
    inFlight: checkInteger('inFlight', options.inFlight ?? 16, { ge: 1 }),
    maxPending: checkInteger('maxPending', options.maxPending ?? 1024, { ge: 1 }),
    resourceLimits: checkLimits(options.resourceLimits),
    nice: nice === undefined ? undefined : checkInteger('nice', nice, { ge: 0, le: 19 }),
    graceMs: checkNumber('graceMs', options.graceMs ?? 100, { ge: 1 }),
    startTimeoutMs: checkNumber('startTimeoutMs', options.startTimeoutMs ?? 30_000, { ge: 1 }),
    backoffMs,
    maxBackoffMs: checkNumber('maxBackoffMs', options.maxBackoffMs ?? Math.max(30_000, backoffMs), { ge: backoffMs }),
    execArgv,
    clock: checkMethods('clock', clock, 'a Clock', ['now', 'monotonic', 'schedule']),
  };
}
