import { InvalidDataError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { AnyModel } from '../../core/Model.ts';
import type { Metric } from '../../metrics/Metric.ts';
import { type Measured, measure } from '../../metrics/measure.ts';
import type { Outcome } from '../../metrics/Outcome.ts';
import type { ClassLabel } from '../../stats/quality/ConfusionMatrix.ts';
import { NO_GROUPS } from '../evidence/GroupTable.ts';
import type { IgnoreRule, ShadowClasses, ShadowOptions } from '../ShadowOptions.ts';
import type {
  ComparisonRecord,
  Draft,
  NoiseRecord,
  RecordedAnswer,
  RecordedReading,
  TruthRecord,
} from '../ShadowRecord.ts';
import { describeFailure } from '../serving/describeFailure.ts';
import type { QueuedJob, ShadowFailure, ShadowJob, ShadowResult } from '../serving/ShadowJob.ts';
import { sameAnswer } from './sameAnswer.ts';

/** Runs a function of the user's; what it throws is contained and reported. */
export type Guard = <R>(where: string, task: () => R) => R | undefined;

type Comparison = ComparisonRecord['comparison'];
type Any = (value: never) => unknown;

/** Class names and objects are no verdicts: taken for "no" they would pass every limit on false positives. */
const isPositive = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  if (Number.isFinite(value)) return (value as number) >= 0.5;
  throw new InvalidDataError('classification', value, 'read with functions of your own, or true, false, or a number');
};
const verdict = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  throw new InvalidDataError('classification', value, 'read as true or false');
};
const itself = (value: unknown): unknown => value;

/**
 * Turns what models answered into records of plain readings. All of the user's functions are called here and nowhere
 * else, guarded, behind the scenes.
 */
export class Reader {
  readonly #options: ShadowOptions<AnyModel>;
  readonly #metrics: readonly Metric[];
  readonly #ignore: readonly IgnoreRule<never>[];
  readonly #guard: Guard;

  constructor(options: ShadowOptions<AnyModel>, guard: Guard) {
    this.#options = options;
    this.#metrics = (options.metrics ?? []) as readonly unknown[] as readonly Metric[];
    const { ignore = [] } = options;
    this.#ignore = (Array.isArray(ignore) ? ignore : [ignore]) as readonly IgnoreRule<never>[];
    this.#guard = guard;
  }

  /** Reads what there is to be read of the input, before a shadow can change it. */
  prepare({ job, outcome }: QueuedJob): void {
    job.subgroups ??= this.subgroups(job.input, outcome.context);
    job.logged ??= this.#logged('log.input', this.#options.log?.input, job.input) ?? null;
  }

  /** The groups of a request by attribute; none where `subgroup` is left out, or throws. */
  subgroups(input: unknown, context: unknown): Readonly<Record<string, string>> {
    const { subgroup } = this.#options;
    if (subgroup === undefined) return NO_GROUPS;
    // What it returns is read within the guard: names that cannot be written throw as well.
    const read = (): Readonly<Record<string, string>> => {
      const groups: unknown = subgroup(input as never, context);
      if (typeof groups !== 'object' || groups === null) return {};
      const named = Object.entries(groups).filter(([, group]) => group !== undefined && group !== null);
      return Object.fromEntries(named.map(([attribute, group]) => [attribute, String(group)]));
    };
    return this.#guard('subgroup', read) ?? NO_GROUPS;
  }

  /** What the primary and one shadow made of a request. */
  comparison(shadow: string, { job, outcome }: QueuedJob, result: ShadowResult): Draft<ComparisonRecord> {
    const candidate = resultOutcome(outcome, result);
    const comparison = this.#compare(outcome, result);
    const [first, second] = [this.#answer(outcome, 'serve'), this.#answer(candidate, 'serve')];
    return {
      kind: 'comparison',
      requestId: outcome.requestId ?? null,
      servedAt: outcome.at,
      shadow,
      sampleRate: job.sampleRate,
      comparison,
      distance: this.#distance(comparison, outcome, result, first, second),
      primary: first,
      candidate: second,
      subgroups: job.subgroups ?? {},
      ...(job.logged === null ? {} : { input: job.logged }),
    };
  }

  /** What both had said of a request whose truth has come. */
  truth(shadow: string, outcome: Outcome, result: ShadowResult, job: ShadowJob): Draft<TruthRecord> {
    return {
      kind: 'truth',
      requestId: outcome.requestId ?? null,
      servedAt: outcome.at,
      shadow,
      truth: this.#readTruth(outcome.truth),
      primary: this.#reading(outcome, 'truth'),
      candidate: this.#reading(resultOutcome(outcome, result), 'truth'),
      subgroups: job.subgroups ?? {},
    };
  }

  /** What the primary made of a request the second time. */
  noise({ outcome }: QueuedJob, result: ShadowResult): Draft<NoiseRecord> {
    const comparison = this.#compare(outcome, result);
    const [first, second] = [outcome, resultOutcome(outcome, result)].map((of) => this.#reading(of, undefined)) as [
      RecordedReading,
      RecordedReading,
    ];
    const distance = this.#distance(comparison, outcome, result, first, second);
    return { kind: 'noise', requestId: outcome.requestId ?? null, servedAt: outcome.at, comparison, distance };
  }

  #compare(outcome: Outcome, result: ShadowResult): Comparison {
    const { compare = sameAnswer, compareErrors = sameFailure } = this.#options;
    if (outcome.status === 'error' && result.status === 'error') {
      const [a, b] = [describeFailure(outcome.error), result.error!];
      return this.#guard('compareErrors', () => compareErrors(a, b)) === true ? 'agreed' : 'disagreed';
    }
    if (outcome.status !== 'ok' || result.status !== 'ok') return 'incomparable';
    const [a, b] = [outcome.prediction, result.prediction] as [never, never];
    if (this.#guard('compare', () => compare(a, b)) === true) return 'agreed';
    const ignored = this.#ignore.some((ignore) => this.#guard('ignore', () => ignore(a, b)) === true);
    return ignored ? 'ignored' : 'disagreed';
  }

  #distance(
    comparison: Comparison,
    outcome: Outcome,
    result: ShadowResult,
    first: RecordedReading,
    second: RecordedReading,
  ): number | null {
    if (outcome.status !== 'ok' || result.status !== 'ok') return null;
    const { distance } = this.#options;
    if (distance !== undefined) {
      const [a, b] = [outcome.prediction, result.prediction] as [never, never];
      return finite(this.#guard('distance', () => distance(a, b)));
    }
    const [a, b] = [first.score ?? first.value, second.score ?? second.value];
    if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b);
    return comparison === 'agreed' ? 0 : 1;
  }

  #answer(outcome: Outcome, due: 'serve'): RecordedAnswer {
    const { status, latencyMs } = outcome;
    const prediction =
      status === 'ok' ? this.#logged('log.prediction', this.#options.log?.prediction, outcome.prediction) : undefined;
    return {
      status,
      latencyMs,
      ...(status === 'error' || status === 'timeout' ? { error: describeFailure(outcome.error).name } : {}),
      ...this.#reading(outcome, due),
      ...(prediction === undefined ? {} : { prediction }),
    };
  }

  #reading(outcome: Outcome, due: 'serve' | 'truth' | undefined): RecordedReading {
    const { classification, classes, regression } = this.#options;
    const { prediction } = outcome;
    const answered = outcome.status === 'ok';
    const read = (where: string, of: unknown): unknown => this.#guard(where, () => (of as Any)(prediction as never));
    const score = answered && classification ? read('score', classification.score ?? itself) : undefined;
    const value = answered ? read('value', regression?.value ?? itself) : undefined;
    const says: Any = classification?.positive ?? isPositive;
    const positive = answered && classification ? read('positive', (of: never) => verdict(says(of))) : undefined;
    const label = answered && classes ? (read('label', classes.label ?? itself) ?? null) : undefined;
    const metrics = due === undefined ? undefined : this.#measure(outcome, due);
    return {
      ...(typeof score === 'number' ? { score: finite(score) } : {}),
      ...(typeof value === 'number' ? { value: finite(value) } : {}),
      ...(typeof positive === 'boolean' ? { positive } : {}),
      ...(label === undefined ? {} : { label: classOf(classes!, label) }),
      ...(metrics === undefined ? {} : { metrics }),
    };
  }

  #readTruth(truth: unknown): TruthRecord['truth'] {
    const { classification, classes, regression } = this.#options;
    const read = (where: string, of: unknown): unknown => this.#guard(where, () => (of as Any)(truth as never));
    const known = classification !== undefined && truth !== undefined;
    const says: Any = classification?.truthPositive ?? isPositive;
    const positive = known ? read('truthPositive', (of: never) => verdict(says(of))) : undefined;
    const label = classes && truth !== undefined ? read('truthLabel', classes.truthLabel ?? itself) : undefined;
    const value = regression === undefined ? undefined : read('truthValue', regression.truthValue ?? itself);
    return {
      ...(typeof positive === 'boolean' ? { positive } : {}),
      ...(label === undefined ? {} : { label: classOf(classes!, label) }),
      ...(typeof value === 'number' ? { value: finite(value) } : {}),
    };
  }

  #measure(outcome: Outcome, due: 'serve' | 'truth'): RecordedReading['metrics'] | undefined {
    let values: Record<string, NonNullable<RecordedReading['metrics']>[string]> | undefined;
    for (const metric of this.#metrics) {
      if (metric.due !== due) continue;
      const value = this.#guard(`metric:${metric.name}`, () => measure(metric, outcome));
      if (value === undefined) continue;
      values ??= {};
      values[metric.name] = plain(value);
    }
    return values;
  }

  #logged(where: string, log: Any | undefined, value: unknown): Json | undefined {
    if (log === undefined) return undefined;
    // Written and read again: a circle or a bigint costs this one field, not the batch and the snapshot that it lies in.
    const text = this.#guard(where, () => JSON.stringify(log(value as never)));
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  }
}

/** The outcome as it would have been with the shadow in charge. */
function resultOutcome(outcome: Outcome, { status, prediction, latencyMs, error }: ShadowResult): Outcome {
  return { ...outcome, status, prediction, latencyMs, error };
}

/** Records name the classes alone: what else a model says may quote its input. */
function classOf({ labels }: ShadowClasses, label: unknown): ClassLabel | null {
  return labels.includes(label as ClassLabel) ? (label as ClassLabel) : null;
}

function sameFailure(a: ShadowFailure, b: ShadowFailure): boolean {
  return a.name === b.name && a.message === b.message;
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function plain(value: Measured): number | null | readonly [number | null, number | null] {
  return typeof value === 'number' ? finite(value) : [finite(value[0]), finite(value[1])];
}
