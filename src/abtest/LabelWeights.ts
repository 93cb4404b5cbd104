import { hashSeed } from '../assignment/hashSeed.ts';
import { hashUnit } from '../assignment/hashUnit.ts';
import { checkFunction, checkOptions, checkProbability } from '../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../core/errors.ts';
import { abandon } from '../core/perRow.ts';
import { defineMetric } from '../metrics/defineMetric.ts';
import type { Metric, MetricKind } from '../metrics/Metric.ts';
import { type Measured, measure } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { augmentedValue } from '../stats/adjustment/augmentedValue.ts';

/** A truth that a request may turn out to have. */
export interface ExpectedTruth {
  readonly truth: unknown;
  /** Within [0, 1]; over the list they sum to 1. */
  readonly probability: number;
}

/**
 * For truths that are seen or not because of the answer itself: a blocked payment is never charged back. Every request
 * must keep a known chance that its truth is seen (let one blocked payment in twenty through); then each truth stands for
 * 1 / propensity requests, and what is compared is the metric over all requests, not over the easy ones.
 */
export interface LabelOptions<Input = unknown, Prediction = unknown> {
  /** The probability, given the answer that was served, that the truth of this request is seen. Within [floor, 1]. */
  readonly propensity: (outcome: Outcome<Input, Prediction>) => number;
  /** The smallest probability there is: a truth that claims a smaller one is left out and reported. Above 0, below 1. */
  readonly floor: number;
  /**
   * What the truth of a request is expected to be, from what was known when it was served: a model of the truth, be it one
   * of those that are tested. Every request then counts, whether its truth is seen or not, as what is expected of it, and
   * truths that are seen correct that by what it was wrong, times 1 / propensity (AIPW). The estimate is right if either
   * the propensities or these probabilities are, and varies less than without the better they are. It may learn while the
   * test runs, from truths that came before the request was served, never from its own. Needs `analyse: 'matured'`: that
   * no truth was seen is known once the window for it (`truth.windowMs`) is over, or by `record(id, undefined)`.
   * @defaultValue none: truths are weighted alone
   */
  readonly outcomeModel?: (outcome: Outcome<Input, Prediction>) => readonly ExpectedTruth[];
}

const SEED = hashSeed('labels');
const CIRCLE = 2 ** 32;
const WEIGHTED: readonly MetricKind[] = ['mean', 'rate', 'ratio'];

/** Checks the option; whatever inputs its functions take, they will get those of the test. @throws InvalidOptionError */
export function checkLabels(labels: LabelOptions<never, never> | undefined): LabelOptions | undefined {
  if (labels === undefined) return undefined;
  checkOptions('labels', labels, ['propensity', 'floor', 'outcomeModel']);
  const { propensity, floor, outcomeModel } = labels as LabelOptions;
  return {
    propensity: checkFunction('labels.propensity', propensity),
    floor: checkProbability('labels.floor', floor),
    ...(outcomeModel === undefined ? {} : { outcomeModel: checkFunction('labels.outcomeModel', outcomeModel) }),
  };
}

/**
 * A metric of truths as a ratio of weighted sums, with the standard error that the weights leave (Hájek's estimator by the
 * delta method); metrics that need no truth stay what they are.
 *
 * A cap at a quantile stays with it: it cuts values before they are weighted.
 *
 * @throws InvalidOptionError for kinds that are no ratio of sums, and with a covariate
 */
export function weightedMetric(metric: Metric): Metric {
  if (metric.due === 'serve') return metric;
  const { name, kind, direction, role, minEffect, margin, minSamples } = metric;
  if (!WEIGHTED.includes(kind) || metric.covariate !== undefined) {
    const rule = 'left out with such metrics: truths are weighted in means, rates and ratios without a covariate';
    throw new InvalidOptionError('labels', name, rule);
  }
  const value = (outcome: Outcome): readonly [number, number] | undefined => {
    const measured = measure(metric, outcome);
    return typeof measured === 'number' ? [measured, 1] : measured;
  };
  const weighted = defineMetric({
    name,
    kind: 'ratio',
    direction,
    role,
    margin,
    value,
    ...(minEffect === undefined ? {} : { minEffect }),
    ...(minSamples === undefined ? {} : { minSamples }),
  }) as Metric;
  return typeof metric.cap === 'object' ? Object.freeze({ ...weighted, cap: metric.cap }) : weighted;
}

/** How many requests a truth stands for. @throws InvalidDataError for a propensity outside [floor, 1], and what it throws */
export function weightOf({ propensity, floor }: LabelOptions, outcome: Outcome): number {
  const chance = propensity(outcome);
  if (typeof chance === 'number' && chance >= floor && chance <= 1) return 1 / chance;
  abandon(chance);
  throw new InvalidDataError('labels.propensity', chance, `within [${floor}, 1]`);
}

/** How a request stands with its truth: how many requests it speaks for, and what was expected of it. */
export interface Standing {
  readonly weight: number;
  /** Undefined without a model of the truth. */
  readonly expected: readonly ExpectedTruth[] | undefined;
}

/** Metrics that need no truth, and truths that are all seen alike. */
export const PLAIN: Standing = { weight: 1, expected: undefined };

/** @throws InvalidDataError for a propensity or probabilities that are none, and what the functions throw */
export function standingOf(labels: LabelOptions | undefined, outcome: Outcome): Standing {
  if (labels === undefined) return PLAIN;
  return {
    weight: weightOf(labels, outcome),
    expected: labels.outcomeModel && expectedTruths(labels.outcomeModel(outcome)),
  };
}

function expectedTruths(found: readonly ExpectedTruth[]): readonly ExpectedTruth[] {
  const sound =
    Array.isArray(found) &&
    found.every((one) => one?.truth !== undefined && one.probability >= 0 && one.probability <= 1) &&
    Math.abs(found.reduce((sum, { probability }) => sum + probability, 0) - 1) <= 1e-9;
  if (sound) return found;
  for (const one of Array.isArray(found) ? found : [found]) abandon(one);
  throw new InvalidDataError('labels.outcomeModel', found, 'truths with probabilities that sum to 1');
}

/**
 * What an outcome adds to the sums of a metric of truths: its value as often as it counts; where the truth is modelled, the
 * expected value and what the truth, if it was seen, corrects. Undefined where it has none, whatever the truth.
 *
 * @param cap what every value of it, seen or expected, is cut at
 */
export function measureWeighted(
  metric: Metric,
  outcome: Outcome,
  { weight, expected }: Standing,
  cap: number = Number.POSITIVE_INFINITY,
): Measured | undefined {
  const found = cut(measure(metric, outcome), cap);
  if (expected === undefined) return found === undefined || weight === 1 ? found : weighted(found, weight);
  let any = found !== undefined;
  const mean: [number, number] = [0, 0];
  for (const { truth, probability } of expected) {
    if (probability === 0) continue;
    const possible = cut(measure(metric, { ...outcome, truth }), cap);
    if (possible === undefined) continue;
    any = true;
    const [a, b] = partsOf(possible);
    mean[0] += probability * a;
    mean[1] += probability * b;
  }
  if (!any) return undefined;
  if (outcome.truth === undefined) return mean;
  const seen = partsOf(found ?? [0, 0]);
  // It is the summary that counts what is invalid.
  if (![...mean, ...seen].every(Number.isFinite)) return [Number.NaN, Number.NaN];
  return [augmentedValue(mean[0], seen[0], 1 / weight), augmentedValue(mean[1], seen[1], 1 / weight)];
}

/** The value of a weighted mean stands in front of its one. */
function cut(value: Measured | undefined, cap: number): Measured | undefined {
  return typeof value === 'object' && value[0] > cap ? [cap, value[1]] : value;
}

function partsOf(value: Measured): readonly [number, number] {
  return typeof value === 'number' ? [value, 1] : value;
}

function weighted(value: Measured, weight: number): Measured {
  return typeof value === 'number' ? value : [weight * value[0], weight * value[1]];
}

/**
 * Whether a truth counts in the check for missing labels: thinned by its hash to the smallest propensity, all requests
 * have the same chance to count, whatever was answered.
 */
export function countsAsLabel({ floor }: LabelOptions, weight: number, requestId: string): boolean {
  return hashUnit(requestId, SEED) < floor * weight * CIRCLE;
}
