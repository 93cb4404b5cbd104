import {
  checkFinite,
  checkFunction,
  checkInteger,
  checkName,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkShare,
} from '../core/check.ts';
import { isAnswer } from '../core/dispatch.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { AnyModel } from '../core/Model.ts';
import type { Sink } from '../core/Sink.ts';
import { contextMark, isStrategy } from '../core/strategy.ts';
import type { Metric } from '../metrics/Metric.ts';
import { checkFixedCap } from '../metrics/measure.ts';
import type { ExecutedShadow, Executor } from './Executor.ts';
import { type ResolvedCriteria, resolveCriteria } from './promotion/PromotionCriteria.ts';
import { type ShadowClasses, type ShadowOptions, shadowOptionNames } from './ShadowOptions.ts';
import type { ShadowRecord } from './ShadowRecord.ts';

/** The options of a runner, checked, with the defaults filled in. */
export interface ResolvedOptions {
  readonly shadows: Readonly<Record<string, AnyModel>>;
  readonly executors: readonly Executor[];
  readonly versions: Readonly<Record<string, string | null>>;
  readonly metrics: readonly Metric[];
  readonly sampleRate: number;
  readonly queue: {
    readonly capacity: number;
    readonly maxBytes: number;
    readonly maxAgeMs: number;
    readonly onFull: 'drop-newest' | 'drop-oldest';
    readonly concurrency: number;
  };
  readonly cpuShare: number;
  readonly shadowTimeoutMs: number;
  readonly noiseRate: number;
  readonly worst: number;
  readonly sampleSize: number;
  readonly sinks: readonly Sink<ShadowRecord>[];
  readonly log: {
    readonly batchSize: number;
    readonly flushMs: number;
    readonly capacity: number;
    readonly writeTimeoutMs: number;
  };
  readonly criteria: ResolvedCriteria;
  /** Infinity where there is no end. */
  readonly expiresAt: number;
  readonly expiryWarningMs: number;
  readonly isValid: (prediction: unknown) => boolean;
}

const FUNCTIONS = ['runIf', 'compare', 'compareErrors', 'distance', 'subgroup', 'redact', 'isValid'] as const;

/** Checks everything at once, before anything is built. @throws InvalidOptionError */
export function resolveOptions(options: ShadowOptions<AnyModel>): ResolvedOptions {
  checkOptions('options', options, shadowOptionNames);
  const { shadows, executors } = splitShadows(options.shadows);
  for (const name of FUNCTIONS) if (options[name] !== undefined) checkFunction(name, options[name]);
  for (const ignore of [options.ignore ?? []].flat()) checkFunction('ignore', ignore);
  checkReadings(options);
  const metrics = (options.metrics ?? []) as readonly unknown[] as readonly Metric[];
  for (const metric of metrics) checkFixedCap(metric);
  const noiseRate = checkNoise(options);
  const { worst = 20, sampleSize = 10_000, cpuShare = 0.01, shadowTimeoutMs = 10_000 } = options;
  const { expiryWarningMs = 86_400_000 } = options;
  if (options.longRun !== undefined) checkName('longRun', options.longRun);
  return {
    shadows,
    executors,
    versions: versionsOf(options),
    metrics,
    sampleRate: checkShare('sampleRate', options.sampleRate ?? 1),
    queue: resolveQueue(options.queue ?? {}),
    cpuShare: checkFinite('cpuShare', cpuShare, { gt: 0, le: 1 }),
    shadowTimeoutMs: checkFinite('shadowTimeoutMs', shadowTimeoutMs, { gt: 0 }),
    noiseRate,
    worst: checkInteger('worst', worst, { ge: 0, le: 10_000 }),
    sampleSize: checkInteger('sampleSize', sampleSize, { ge: 2, le: 1e6 }),
    sinks: checkSinks(options.sinks ?? []),
    log: resolveLog(options.log ?? {}),
    criteria: resolveCriteria(options.promotion ?? {}, {
      metrics,
      classification: options.classification !== undefined,
      regression: options.regression !== undefined,
      noise: noiseRate > 0,
      subgroup: options.subgroup !== undefined,
    }),
    expiresAt: checkExpiry(options.expiresAt),
    expiryWarningMs: checkFinite('expiryWarningMs', expiryWarningMs, { ge: 0 }),
    isValid: options.isValid ?? isAnswer,
  };
}

function resolveQueue(queue: NonNullable<ShadowOptions['queue']>): ResolvedOptions['queue'] {
  checkOptions('queue', queue, ['capacity', 'maxBytes', 'maxAgeMs', 'onFull', 'concurrency']);
  const { capacity = 1024, maxBytes = 64 * 2 ** 20, maxAgeMs = 60_000 } = queue;
  const { onFull = 'drop-newest', concurrency = 1 } = queue;
  return {
    capacity: checkInteger('queue.capacity', capacity, { ge: 1, le: 2 ** 20 }),
    maxBytes: checkNumber('queue.maxBytes', maxBytes, { gt: 0 }),
    maxAgeMs: checkFinite('queue.maxAgeMs', maxAgeMs, { gt: 0 }),
    onFull: checkOneOf('queue.onFull', onFull, ['drop-newest', 'drop-oldest']),
    concurrency: checkInteger('queue.concurrency', concurrency, { ge: 1 }),
  };
}

function resolveLog(log: NonNullable<ShadowOptions['log']>): ResolvedOptions['log'] {
  checkOptions('log', log, ['input', 'prediction', 'batchSize', 'flushMs', 'capacity', 'writeTimeoutMs']);
  if (log.input !== undefined) checkFunction('log.input', log.input);
  if (log.prediction !== undefined) checkFunction('log.prediction', log.prediction);
  const { batchSize = 256, flushMs = 1000, capacity = 16_384, writeTimeoutMs = 10_000 } = log;
  return {
    batchSize: checkInteger('log.batchSize', batchSize, { ge: 1 }),
    flushMs: checkFinite('log.flushMs', flushMs, { ge: 0 }),
    capacity: checkInteger('log.capacity', capacity, { ge: batchSize }),
    writeTimeoutMs: checkFinite('log.writeTimeoutMs', writeTimeoutMs, { gt: 0 }),
  };
}

function checkReadings({ classification, classes, regression }: ShadowOptions): void {
  if (classes !== undefined) checkClasses(classes);
  const readings = [
    ['classification', classification, ['score', 'positive', 'truthPositive']],
    ['regression', regression, ['value', 'truthValue']],
  ] as const;
  for (const [option, value, names] of readings) {
    if (value === undefined) continue;
    checkOptions(option, value, names);
    for (const [name, read] of Object.entries(value)) {
      if (read !== undefined) checkFunction(`${option}.${name}`, read);
    }
  }
}

function checkClasses(classes: ShadowClasses): void {
  checkOptions('classes', classes, ['labels', 'label', 'truthLabel']);
  const { labels, label, truthLabel } = classes;
  const sound =
    Array.isArray(labels) &&
    labels.length > 1 &&
    new Set(labels).size === labels.length &&
    labels.every((one) => typeof one === 'string' || Number.isFinite(one));
  if (!sound) throw new InvalidOptionError('classes.labels', labels, 'two or more different strings or finite numbers');
  if (label !== undefined) checkFunction('classes.label', label);
  if (truthLabel !== undefined) checkFunction('classes.truthLabel', truthLabel);
}

/** A strategy that was asked twice would count the request twice. */
function checkNoise({ noise, primary }: ShadowOptions): number {
  if (noise === undefined) return 0;
  checkOptions('noise', noise, ['rate']);
  if (isStrategy(primary)) throw new InvalidOptionError('noise', noise, 'left out where the primary is a strategy');
  return checkShare('noise.rate', noise.rate);
}

function checkSinks(sinks: readonly Sink<ShadowRecord>[]): readonly Sink<ShadowRecord>[] {
  if (!Array.isArray(sinks)) throw new InvalidOptionError('sinks', sinks, 'a list of sinks');
  for (const [i, sink] of sinks.entries()) {
    if (typeof sink?.name === 'string' && typeof sink.write === 'function') continue;
    throw new InvalidOptionError(`sinks[${i}]`, sink, 'a sink: an object with a name and a write() method');
  }
  return sinks;
}

function checkExpiry(expiresAt: number | Date | undefined): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY;
  return checkFinite('expiresAt', expiresAt instanceof Date ? expiresAt.getTime() : expiresAt);
}

function splitShadows(shadows: ShadowOptions['shadows']): Pick<ResolvedOptions, 'shadows' | 'executors'> {
  const sound =
    typeof shadows === 'object' && shadows !== null && !Array.isArray(shadows) && Object.keys(shadows).length > 0;
  if (!sound) throw new InvalidOptionError('shadows', shadows, 'an object with at least one shadow');
  if ('primary' in shadows)
    throw new InvalidOptionError('shadows', 'primary', 'named otherwise: primary is the model in charge');
  const inherited = Object.getOwnPropertyNames(Object.prototype).find((name) => Object.hasOwn(shadows, name));
  if (inherited !== undefined) {
    throw new InvalidOptionError('shadows', inherited, 'named otherwise: every object has a property of that name');
  }
  const executors: Executor[] = [];
  const models = Object.entries(shadows).map(([name, shadow]) => {
    if (!isExecuted(shadow)) return [name, shadow] as const;
    checkFunction(`shadows.${name}.executor.run`, shadow.executor?.run);
    executors.push(shadow.executor);
    return [name, executed(shadow.executor)] as const;
  });
  return { shadows: Object.fromEntries(models) as Readonly<Record<string, AnyModel>>, executors };
}

function isExecuted(shadow: unknown): shadow is ExecutedShadow {
  return typeof shadow === 'object' && shadow !== null && 'executor' in shadow && !('predict' in shadow);
}

/** An executor as a model that takes a request: it gets the signal and the id, and nothing else of it. */
function executed(executor: Executor): AnyModel {
  const never = new AbortController().signal;
  return {
    [contextMark]: true,
    predict: (input: never, { signal = never, id }: { signal?: AbortSignal; id?: string } = {}) =>
      executor.run(input, { signal, requestId: id }),
  } as unknown as AnyModel;
}

function versionsOf({ primary, shadows }: ShadowOptions): Readonly<Record<string, string | null>> {
  const versionOf = (model: unknown): string | null => {
    const of = isExecuted(model) ? model.executor : model;
    const version = (of as { version?: unknown } | null | undefined)?.version;
    return typeof version === 'string' || typeof version === 'number' ? String(version) : null;
  };
  const named = Object.entries({ primary, ...shadows }).map(([name, model]) => [name, versionOf(model)] as const);
  return Object.fromEntries(named);
}
