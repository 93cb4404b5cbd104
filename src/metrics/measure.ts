import { InvalidDataError, InvalidOptionError } from '../core/errors.ts';
import { abandon } from '../core/perRow.ts';
import type { Metric } from './Metric.ts';
import type { Outcome } from './Outcome.ts';

/** One measured value: a number, or a pair for metrics of pairs. */
export type Measured = number | readonly [number, number];

const pairKinds: ReadonlySet<string> = new Set(['ratio', 'pearson', 'r2', 'auc', 'calibration']);

/**
 * A metric's value of an outcome: booleans as 0 and 1, caps applied that are numbers, undefined where there is none. NaN passes: it is
 * the summary that counts what is invalid. What the user's function throws, passes too: callers guard it.
 *
 * @throws InvalidDataError for a value that the metric's kind cannot have
 */
export function measure(metric: Metric, outcome: Outcome): Measured | undefined {
  const value = metric.value(outcome);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') {
    const paired = Array.isArray(value) && pairKinds.has(metric.kind);
    abandon(value);
    if (!paired)
      throw new InvalidDataError(`${metric.name}.value`, value, 'a number, or a pair where the kind takes one');
    return value;
  }
  const number = Number(value);
  // A fraction is no yes or no: counts and exact tests would go by successes that nobody had.
  if (metric.kind === 'rate' && number !== 0 && number !== 1 && Number.isFinite(number)) {
    throw new InvalidDataError(`${metric.name}.value`, value, 'true or false, 1 or 0: fractions are a mean');
  }
  return typeof metric.cap === 'number' ? capped(metric, number, metric.cap) : number;
}

/** A value cut down to the cap; of errors, whichever sign they have. */
export function capped({ kind }: Pick<Metric, 'kind'>, value: number, cap: number): number {
  if (kind !== 'rmse') return Math.min(value, cap);
  return Math.max(-cap, Math.min(value, cap));
}

/** For strategies that look at no pilot. @throws InvalidOptionError for a metric whose cap is a quantile */
export function checkFixedCap({ name, cap }: Pick<Metric, 'name' | 'cap'>): void {
  if (typeof cap !== 'object') return;
  throw new InvalidOptionError(`${name}.cap`, cap, 'a number: only A/B tests fix caps at a quantile');
}
