import { checkFinite, checkFunction, checkOptions } from '../core/check.ts';
import { defineMetric, metricOptionNames } from './defineMetric.ts';
import type { MetricOptions, NumberMetric, PairMetric } from './Metric.ts';
import type { Outcome } from './Outcome.ts';

/** How a metric reads numbers out of predictions and truths that are not plain numbers. */
export interface NumericOptions<Prediction = number, Truth = number> extends MetricOptions {
  /** The number in a prediction. @defaultValue the prediction itself, where it is a number */
  readonly of?: (prediction: Prediction) => number;
  /** The number in a truth. @defaultValue the truth itself, where it is a number */
  readonly truthOf?: (truth: Truth) => number;
}

const own = ['of', 'truthOf'];
const asIs = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : Number.NaN;

/** A reader of (prediction, truth) pairs of answered outcomes whose truth is known; undefined for all others. */
export function pairReader<Prediction, Truth>(
  options: NumericOptions<Prediction, Truth>,
  more: readonly string[] = [],
): (outcome: Outcome<unknown, Prediction, Truth>) => readonly [number, number] | undefined {
  checkOptions('metric', options, [...metricOptionNames, ...own, ...more]);
  const { of = asIs, truthOf = asIs } = options;
  checkFunction('of', of);
  checkFunction('truthOf', truthOf);
  return ({ status, prediction, truth }) =>
    status !== 'ok' || truth === undefined ? undefined : [of(prediction as Prediction), truthOf(truth)];
}

/** The options that every metric takes, without those that only a factory knows. */
export function plainOptions(options: MetricOptions, more: readonly string[] = own): MetricOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => !more.includes(key)));
}

/** The mean of |prediction - truth|. Lower is better. */
export function absoluteError<Prediction = number, Truth = number>(
  options: NumericOptions<Prediction, Truth> = {},
): NumberMetric<unknown, Prediction, Truth> {
  const read = pairReader(options);
  const value = (outcome: Outcome<unknown, Prediction, Truth>): number | undefined => {
    const pair = read(outcome);
    return pair && Math.abs(pair[0] - pair[1]);
  };
  return defineMetric({ name: 'absoluteError', kind: 'mean', direction: 'lower', value, ...plainOptions(options) });
}

/** The mean of (prediction - truth)². Lower is better. */
export function squaredError<Prediction = number, Truth = number>(
  options: NumericOptions<Prediction, Truth> = {},
): NumberMetric<unknown, Prediction, Truth> {
  const read = pairReader(options);
  const value = (outcome: Outcome<unknown, Prediction, Truth>): number | undefined => {
    const pair = read(outcome);
    return pair && (pair[0] - pair[1]) ** 2;
  };
  return defineMetric({ name: 'squaredError', kind: 'mean', direction: 'lower', value, ...plainOptions(options) });
}

/** The root of the mean squared error. Lower is better. Its limit for a canary: 20 % above the baseline's. */
export function rmse<Prediction = number, Truth = number>(
  options: NumericOptions<Prediction, Truth> = {},
): NumberMetric<unknown, Prediction, Truth> {
  const read = pairReader(options);
  const value = (outcome: Outcome<unknown, Prediction, Truth>): number | undefined => {
    const pair = read(outcome);
    return pair && pair[0] - pair[1];
  };
  const limit = { relative: 0.2 };
  return defineMetric({ name: 'rmse', kind: 'rmse', direction: 'lower', value, limit, ...plainOptions(options) });
}

/** The pinball loss of a predicted quantile of order `tau` (Koenker & Bassett 1978). Lower is better. @throws InvalidOptionError */
export function pinballLoss<Prediction = number, Truth = number>(
  options: NumericOptions<Prediction, Truth> & { readonly tau: number },
): NumberMetric<unknown, Prediction, Truth> {
  const tau = checkFinite('tau', options.tau, { gt: 0, lt: 1 });
  const read = pairReader(options, ['tau']);
  const value = (outcome: Outcome<unknown, Prediction, Truth>): number | undefined => {
    const pair = read(outcome);
    if (pair === undefined) return undefined;
    const excess = pair[1] - pair[0];
    return excess >= 0 ? tau * excess : (tau - 1) * excess;
  };
  const plain = plainOptions(options, [...own, 'tau']);
  return defineMetric({ name: 'pinballLoss', kind: 'mean', direction: 'lower', value, ...plain });
}

/**
 * 1 - min(|prediction - truth| / scale, 1): an error turned into a reward within [0, 1]. Higher is better.
 * @throws InvalidOptionError unless `scale` is positive
 */
export function closeness<Prediction = number, Truth = number>(
  options: NumericOptions<Prediction, Truth> & { readonly scale: number },
): NumberMetric<unknown, Prediction, Truth> {
  const scale = checkFinite('scale', options.scale, { gt: 0 });
  const read = pairReader(options, ['scale']);
  const value = (outcome: Outcome<unknown, Prediction, Truth>): number | undefined => {
    const pair = read(outcome);
    // Written out: Math.min would turn a NaN into NaN as well, but a comparison keeps 1 - 1 exact.
    return pair && 1 - Math.min(Math.abs(pair[0] - pair[1]) / scale, 1);
  };
  const plain = plainOptions(options, [...own, 'scale']);
  return defineMetric({ name: 'closeness', kind: 'mean', direction: 'higher', range: [0, 1], value, ...plain });
}

/** Pearson's correlation of predictions with truths. Higher is better. */
export function correlation<Prediction = number, Truth = number>(
  options: NumericOptions<Prediction, Truth> = {},
): PairMetric<unknown, Prediction, Truth> {
  const value = pairReader(options);
  return defineMetric({ name: 'correlation', kind: 'pearson', direction: 'higher', value, ...plainOptions(options) });
}

/** The coefficient of determination R². Higher is better. */
export function r2<Prediction = number, Truth = number>(
  options: NumericOptions<Prediction, Truth> = {},
): PairMetric<unknown, Prediction, Truth> {
  const value = pairReader(options);
  return defineMetric({ name: 'r2', kind: 'r2', direction: 'higher', value, ...plainOptions(options) });
}
