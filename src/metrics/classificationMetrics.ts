import { checkFinite, checkFunction, checkOptions } from '../core/check.ts';
import { defineMetric, metricOptionNames } from './defineMetric.ts';
import { type NumericOptions, pairReader, plainOptions } from './errorMetrics.ts';
import type { MetricOptions, NumberMetric, PairMetric } from './Metric.ts';
import type { Outcome } from './Outcome.ts';

/** How a metric of two classes tells positive from negative. */
export interface BinaryOptions<Prediction = unknown, Truth = unknown> extends MetricOptions {
  /** Whether a prediction says positive. @defaultValue true, or a number of at least 0.5 */
  readonly positive?: (prediction: Prediction) => boolean;
  /** Whether a truth is positive. @defaultValue true, or a number of at least 0.5 */
  readonly truthPositive?: (truth: Truth) => boolean;
}

const own = ['positive', 'truthPositive'];
/** Probabilities clipped at less leave a range so wide that bets within it win next to nothing. */
const NARROW = 0.001;
const isPositive = (value: unknown): boolean => value === true || (typeof value === 'number' && value >= 0.5);

type Reader<P, T> = (outcome: Outcome<unknown, P, T>) => readonly [predicted: boolean, actual: boolean] | undefined;

function binaryReader<P, T>(options: BinaryOptions<P, T>): Reader<P, T> {
  checkOptions('metric', options, [...metricOptionNames, ...own]);
  const { positive = isPositive, truthPositive = isPositive } = options;
  checkFunction('positive', positive);
  checkFunction('truthPositive', truthPositive);
  return ({ status, prediction, truth }) =>
    status !== 'ok' || truth === undefined ? undefined : [positive(prediction as P), truthPositive(truth)];
}

/** A rate among the outcomes that `among` picks. */
function binaryRate<P, T>(
  name: string,
  direction: 'lower' | 'higher',
  options: BinaryOptions<P, T>,
  among: (predicted: boolean, actual: boolean) => boolean,
  hit: (predicted: boolean, actual: boolean) => boolean,
  selective = false,
): NumberMetric<unknown, P, T> {
  const read = binaryReader(options);
  const value = (outcome: Outcome<unknown, P, T>): boolean | undefined => {
    const pair = read(outcome);
    return pair === undefined || !among(pair[0], pair[1]) ? undefined : hit(pair[0], pair[1]);
  };
  return defineMetric({ name, kind: 'rate', direction, value, selective, ...plainOptions(options, own) });
}

/**
 * The share of right predictions. Higher is better.
 * `equal` compares a prediction with a truth. @defaultValue `Object.is`
 */
export function accuracy<Prediction = unknown, Truth = unknown>(
  options: MetricOptions & { readonly equal?: (prediction: Prediction, truth: Truth) => boolean } = {},
): NumberMetric<unknown, Prediction, Truth> {
  checkOptions('metric', options, [...metricOptionNames, 'equal']);
  const { equal = Object.is } = options;
  checkFunction('equal', equal);
  const value = ({ status, prediction, truth }: Outcome<unknown, Prediction, Truth>): boolean | undefined =>
    status !== 'ok' || truth === undefined ? undefined : equal(prediction as Prediction, truth);
  return defineMetric({
    name: 'accuracy',
    kind: 'rate',
    direction: 'higher',
    value,
    ...plainOptions(options, ['equal']),
  });
}

/** The share of true positives among the predicted positives. Higher is better. */
export function precision<P = unknown, T = unknown>(options: BinaryOptions<P, T> = {}): NumberMetric<unknown, P, T> {
  return binaryRate(
    'precision',
    'higher',
    options,
    (predicted) => predicted,
    (_, actual) => actual,
    true,
  );
}

/** The share of positives that are found (sensitivity, detection rate). Higher is better. */
export function recall<P = unknown, T = unknown>(options: BinaryOptions<P, T> = {}): NumberMetric<unknown, P, T> {
  return binaryRate(
    'recall',
    'higher',
    options,
    (_, actual) => actual,
    (predicted) => predicted,
  );
}

/** The share of negatives that are recognised. Higher is better. */
export function specificity<P = unknown, T = unknown>(options: BinaryOptions<P, T> = {}): NumberMetric<unknown, P, T> {
  return binaryRate(
    'specificity',
    'higher',
    options,
    (_, actual) => !actual,
    (predicted) => !predicted,
  );
}

/** The share of negatives that are called positive. Lower is better. */
export function falsePositiveRate<P = unknown, T = unknown>(
  options: BinaryOptions<P, T> = {},
): NumberMetric<unknown, P, T> {
  return binaryRate(
    'falsePositiveRate',
    'lower',
    options,
    (_, actual) => !actual,
    (predicted) => predicted,
  );
}

/** The share of positives that are missed. Lower is better. */
export function falseNegativeRate<P = unknown, T = unknown>(
  options: BinaryOptions<P, T> = {},
): NumberMetric<unknown, P, T> {
  return binaryRate(
    'falseNegativeRate',
    'lower',
    options,
    (_, actual) => actual,
    (predicted) => !predicted,
  );
}

/** F1 = 2 TP / (2 TP + FP + FN), as a ratio of sums. Higher is better. */
export function f1<P = unknown, T = unknown>(options: BinaryOptions<P, T> = {}): PairMetric<unknown, P, T> {
  const read = binaryReader(options);
  const value = (outcome: Outcome<unknown, P, T>): readonly [number, number] | undefined => {
    const pair = read(outcome);
    if (pair === undefined) return undefined;
    const hits = Number(pair[0] && pair[1]);
    return [2 * hits, 2 * hits + Number(pair[0] !== pair[1])];
  };
  return defineMetric({ name: 'f1', kind: 'ratio', direction: 'higher', value, ...plainOptions(options, own) });
}

/**
 * The mean negative log-likelihood of a predicted probability of the positive class. Lower is better. Probabilities
 * are kept `epsilon` away from 0 and 1, or a single confident mistake would be infinite. @defaultValue epsilon 1e-15
 *
 * One mistake costs up to -ln(epsilon): 34.5 by default, which a few requests decide and no exact method can bet on, so
 * that the asymptotic sequence judges it. From 0.001 on (6.9) the metric has the range [0, -ln(epsilon)], and models that
 * answer the same requests are judged by bets, exact from the first request. It is then the log loss of the clipped
 * probabilities: choose it at what a decision can still tell apart.
 *
 * @throws InvalidOptionError for an epsilon outside (0, 0.5)
 * @example
 * const test = new ABTest({ name: 'risk', champion, challenger, mode: 'paired', metrics: [logLoss({ role: 'goal', epsilon: 0.01 })] });
 * @see Choe & Ramdas (2024), Oper. Res., doi:10.1287/opre.2021.0792 (differences of bounded scores)
 */
export function logLoss<P = number, T = number | boolean>(
  options: NumericOptions<P, T> & { readonly epsilon?: number } = {},
): NumberMetric<unknown, P, T> {
  const { epsilon = 1e-15 } = options;
  checkFinite('epsilon', epsilon, { gt: 0, lt: 0.5 });
  const read = pairReader(options, ['epsilon']);
  const value = (outcome: Outcome<unknown, P, T>): number | undefined => {
    const pair = read(outcome);
    if (pair === undefined) return undefined;
    const p = Math.min(1 - epsilon, Math.max(epsilon, pair[0]));
    return -(pair[1] * Math.log(p) + (1 - pair[1]) * Math.log1p(-p));
  };
  const plain = plainOptions(options, ['of', 'truthOf', 'epsilon']);
  const bounded = epsilon >= NARROW ? { range: [0, -Math.log(epsilon)] as const } : {};
  return defineMetric({ name: 'logLoss', kind: 'mean', direction: 'lower', value, ...bounded, ...plain });
}

/** The mean of (probability - truth)² (Brier 1950). Lower is better. */
export function brier<P = number, T = number | boolean>(
  options: NumericOptions<P, T> = {},
): NumberMetric<unknown, P, T> {
  const read = pairReader(options);
  const value = (outcome: Outcome<unknown, P, T>): number | undefined => {
    const pair = read(outcome);
    return pair && (pair[0] - pair[1]) ** 2;
  };
  return defineMetric({
    name: 'brier',
    kind: 'mean',
    direction: 'lower',
    range: [0, 1],
    value,
    ...plainOptions(options),
  });
}

/**
 * Whether predicted probabilities of the positive class come true as often as they say: the expected calibration error,
 * the mean of |predicted - observed| over bins of equal width. Lower is better, and never 0 by noise alone; an A/B test
 * reports the bins of every variant with intervals (`summary().calibrations`). It is always `secondary`: decide by a
 * proper score, `brier()` or `logLoss()`.
 *
 * @throws InvalidOptionError for another role, or bins that are no whole number within [1, 1000]
 * @see Naeini, Cooper & Hauskrecht (2015), AAAI-15, doi:10.1609/aaai.v29i1.9602
 * @example
 * const test = new ABTest({ name: 'risk', champion, challenger, metrics: [brier({ role: 'goal' }), calibrationError()] });
 * test.summary().calibrations[0]?.bins; // [{ lower: 0, upper: 0.1, n, predicted, observed: { estimate, interval, … } }, …]
 */
export function calibrationError<P = number, T = number | boolean>(
  options: NumericOptions<P, T> & { readonly bins?: number } = {},
): PairMetric<unknown, P, T> {
  const value = pairReader(options, ['bins']);
  const { bins = 10 } = options;
  const plain = plainOptions(options, ['of', 'truthOf', 'bins']);
  return defineMetric({ name: 'calibrationError', kind: 'calibration', direction: 'lower', bins, value, ...plain });
}

/** The area under the ROC curve of a score. Higher is better. */
export function rocAuc<P = number, T = number | boolean>(
  options: NumericOptions<P, T> = {},
): PairMetric<unknown, P, T> {
  const value = pairReader(options);
  return defineMetric({ name: 'rocAuc', kind: 'auc', direction: 'higher', value, ...plainOptions(options) });
}
