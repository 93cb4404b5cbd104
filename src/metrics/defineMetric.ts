import {
  checkBoolean,
  checkFinite,
  checkFunction,
  checkInteger,
  checkName,
  checkOneOf,
  checkOptions,
  checkProbability,
} from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type {
  Amount,
  Direction,
  Limit,
  Metric,
  MetricOptions,
  MetricRole,
  NumberMetric,
  PairMetric,
  QuantileCap,
} from './Metric.ts';
import type { Outcome } from './Outcome.ts';

/** What makes a metric besides the options that every metric takes. */
export interface NumberMetricDefinition<Input = unknown, Prediction = unknown, Truth = unknown> extends MetricOptions {
  readonly name: string;
  readonly kind: 'mean' | 'rate' | 'rmse' | 'quantile';
  readonly direction: Direction;
  /** The outcome's value; undefined where it has none. */
  readonly value: (outcome: Outcome<Input, Prediction, Truth>) => number | boolean | undefined;
  /** `serve` where the value needs no truth. @defaultValue 'truth' */
  readonly due?: 'serve' | 'truth';
  /** The order of the quantile, needed where `kind` is `quantile`. */
  readonly quantile?: number;
  /** Whether the answer decides if there is a value at all, as with precision. @defaultValue false */
  readonly selective?: boolean;
  /** The closed range of the values, where it is known. @defaultValue [0, 1] for rates, else none */
  readonly range?: readonly [number, number];
}

/** What makes a metric of pairs. */
export interface PairMetricDefinition<Input = unknown, Prediction = unknown, Truth = unknown> extends MetricOptions {
  readonly name: string;
  readonly kind: 'ratio' | 'pearson' | 'r2' | 'auc' | 'calibration';
  readonly direction: Direction;
  /** The outcome's pair; undefined where it has none. */
  readonly value: (outcome: Outcome<Input, Prediction, Truth>) => readonly [number, number] | undefined;
  /** `serve` where the pair needs no truth. @defaultValue 'truth' */
  readonly due?: 'serve' | 'truth';
  /** Bins of equal width, at most 1000, where `kind` is `calibration`. @defaultValue 10 */
  readonly bins?: number;
}

const kinds = ['mean', 'rate', 'rmse', 'quantile', 'ratio', 'pearson', 'r2', 'auc', 'calibration'] as const;

/** Kinds of which one value is a pair. */
const PAIRS: readonly Metric['kind'][] = ['ratio', 'pearson', 'r2', 'auc', 'calibration'];

/** Values that may be held until a cap is fixed. */
const MOST_PILOT = 100_000;

/** The names of `MetricOptions`, for `checkOptions`. */
export const metricOptionNames: readonly (keyof MetricOptions)[] = [
  'name',
  'role',
  'minEffect',
  'margin',
  'cap',
  'covariate',
  'limit',
  'critical',
  'dryRun',
  'weight',
  'missing',
  'minSamples',
];

/**
 * A metric of the user's own, good for A/B tests, canaries, shadows and as a bandit's reward alike.
 *
 * @throws InvalidOptionError
 * @example
 * const revenue = defineMetric({
 *   name: 'revenue', kind: 'mean', direction: 'higher',
 *   value: ({ truth }: Outcome<Row, Bin, Sale>) => truth?.price,
 *   role: 'guardrail', margin: { relative: 0.05 }, cap: { quantile: 0.99 }, // single huge sales do not decide
 * });
 */
export function defineMetric<Input, Prediction, Truth>(
  definition: NumberMetricDefinition<Input, Prediction, Truth>,
): NumberMetric<Input, Prediction, Truth>;
export function defineMetric<Input, Prediction, Truth>(
  definition: PairMetricDefinition<Input, Prediction, Truth>,
): PairMetric<Input, Prediction, Truth>;
export function defineMetric<Input, Prediction, Truth>(
  definition: NumberMetricDefinition<Input, Prediction, Truth> | PairMetricDefinition<Input, Prediction, Truth>,
): Metric<Input, Prediction, Truth> {
  checkOptions('metric', definition, [
    ...metricOptionNames,
    'kind',
    'direction',
    'value',
    'due',
    'quantile',
    'range',
    'selective',
    'bins',
  ]);
  const name = checkName('metric.name', definition.name);
  const { due = 'truth', role = 'secondary', margin = { relative: 0 }, missing = 'hold' } = definition;
  const { critical = false, dryRun = false, weight = 1, minEffect, cap, covariate, limit, minSamples } = definition;
  const at = (option: string): string => `${name}.${option}`;
  const kind = checkOneOf(at('kind'), definition.kind, kinds);
  const extra = definition as {
    quantile?: number;
    range?: readonly [number, number];
    selective?: boolean;
    bins?: number;
  };
  if (covariate !== undefined) checkCovariate(at('covariate'), kind, covariate);
  if (kind !== 'quantile') checkAbsent(at('quantile'), extra.quantile, 'quantiles');
  if (kind !== 'calibration') checkAbsent(at('bins'), extra.bins, 'calibrations');
  if (minSamples !== undefined) checkInteger(at('minSamples'), minSamples, { ge: 1 });
  return Object.freeze({
    name,
    kind,
    direction: checkOneOf(at('direction'), definition.direction, ['lower', 'higher']),
    value: checkFunction(at('value'), definition.value),
    due: checkOneOf(at('due'), due, ['serve', 'truth']),
    quantile: kind === 'quantile' ? checkProbability(at('quantile'), extra.quantile) : undefined,
    range: checkRange(at('range'), extra.range ?? (kind === 'rate' ? [0, 1] : undefined)),
    selective: checkSelective(at('selective'), kind, extra.selective ?? false),
    bins: kind === 'calibration' ? checkInteger(at('bins'), extra.bins ?? 10, { ge: 1, le: 1000 }) : undefined,
    role: checkRole(at('role'), kind, role),
    minEffect: minEffect === undefined ? undefined : checkAmount(at('minEffect'), minEffect),
    margin: checkAmount(at('margin'), margin),
    cap: cap === undefined ? undefined : checkCap(at('cap'), kind, cap),
    covariate,
    limit: limit === undefined ? undefined : checkLimit(at('limit'), limit),
    critical: checkBoolean(at('critical'), critical),
    dryRun: checkBoolean(at('dryRun'), dryRun),
    weight: checkFinite(at('weight'), weight, { ge: 0 }),
    missing: checkOneOf(at('missing'), missing, ['hold', 'fail', 'ignore']),
    minSamples,
  }) as Metric<Input, Prediction, Truth>;
}

/** Noise alone raises a calibration error, the more the fewer the requests: it is no ground for a decision. */
function checkRole(option: string, kind: Metric['kind'], role: MetricRole): MetricRole {
  checkOneOf(option, role, ['goal', 'guardrail', 'secondary']);
  if (kind !== 'calibration' || role === 'secondary') return role;
  throw new InvalidOptionError(option, role, "'secondary' for a calibration: decide by brier() or logLoss()");
}

/** An option that this kind of metric has no use for: taken silently, it would promise what nobody does. */
function checkAbsent(option: string, value: unknown, kinds: string): void {
  if (value !== undefined) throw new InvalidOptionError(option, value, `left out for other metrics than ${kinds}`);
}

/** The adjusted value is a mean: that of a quantile, a root or a ratio would be another quantity. */
function checkCovariate(option: string, kind: Metric['kind'], covariate: unknown): void {
  checkFunction(option, covariate);
  if (kind !== 'mean' && kind !== 'rate') checkAbsent(option, covariate, 'means and rates');
}

function checkSelective(option: string, kind: Metric['kind'], selective: boolean): boolean {
  if (!checkBoolean(option, selective) || kind === 'mean' || kind === 'rate') return selective;
  throw new InvalidOptionError(option, selective, 'left out for other metrics than means and rates');
}

function checkCap(option: string, kind: Metric['kind'], cap: number | QuantileCap): number | Required<QuantileCap> {
  if (typeof cap !== 'object' || cap === null) {
    if (PAIRS.includes(kind)) checkAbsent(option, cap, 'single numbers');
    if (kind === 'rate') checkAbsent(option, cap, 'numbers that may be large');
    return checkFinite(option, cap);
  }
  checkOptions(option, cap, ['quantile', 'pilot']);
  if (kind !== 'mean' && kind !== 'rmse') {
    throw new InvalidOptionError(option, cap, 'left out for other metrics than means and root mean squares');
  }
  const quantile = checkProbability(`${option}.quantile`, cap.quantile);
  // Up to rounding: of 0.9 the tenth part is a hair less than a tenth.
  const least = Math.ceil(1 / (1 - quantile) - 1e-6);
  if (least > MOST_PILOT) {
    throw new InvalidOptionError(
      `${option}.quantile`,
      quantile,
      `at most 1 - 1/${MOST_PILOT}: the pilot must reach it`,
    );
  }
  const pilot = cap.pilot ?? Math.min(MOST_PILOT, Math.max(1000, 10 * least));
  return { quantile, pilot: checkInteger(`${option}.pilot`, pilot, { ge: least, le: MOST_PILOT }) };
}

function checkRange(
  option: string,
  range: readonly [number, number] | undefined,
): readonly [number, number] | undefined {
  if (range === undefined) return undefined;
  if (!Array.isArray(range)) throw new InvalidOptionError(option, range, 'a range [low, high]');
  const low = checkFinite(`${option}[0]`, range[0]);
  return [low, checkFinite(`${option}[1]`, range[1], { gt: low })];
}

function onlyKey(option: string, value: unknown, keys: readonly string[]): string {
  const found = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const key = found[0];
  if (found.length === 1 && key !== undefined && keys.includes(key)) return key;
  throw new InvalidOptionError(option, value, `an object with one of the keys ${keys.join(', ')}`);
}

/** An `Amount` with a finite size that is not negative. @throws InvalidOptionError */
export function checkAmount(option: string, amount: Amount): Amount {
  const key = onlyKey(option, amount, ['absolute', 'relative']);
  checkFinite(`${option}.${key}`, (amount as Record<string, number>)[key], { ge: 0 });
  return amount;
}

/** A `Limit` with a finite bound. @throws InvalidOptionError */
export function checkLimit(option: string, limit: Limit): Limit {
  const key = onlyKey(option, limit, ['relative', 'max', 'min']);
  checkFinite(`${option}.${key}`, (limit as Record<string, number>)[key], key === 'relative' ? { ge: 0 } : {});
  return limit;
}
