import { hashSeed } from '../assignment/hashSeed.ts';
import { hashUnit } from '../assignment/hashUnit.ts';
import { checkFunction, checkOptions, checkProbability } from '../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../core/errors.ts';
import { defineMetric } from '../metrics/defineMetric.ts';
import type { Metric, MetricKind } from '../metrics/Metric.ts';
import { type Measured, measure } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';

/**
 * For truths that are seen or not because of the answer itself: a blocked payment is never charged back. Every request
 * must keep a known chance that its truth is seen (let one blocked payment in twenty through); then each truth stands for
 * 1 / propensity requests, and what is compared is the metric over all requests, not over the easy ones.
 */
export interface LabelOptions {
  /** The probability, given the answer that was served, that the truth of this request is seen. Within [floor, 1]. */
  readonly propensity: (outcome: Outcome) => number;
  /** The smallest probability there is: a truth that claims a smaller one is left out and reported. Above 0, below 1. */
  readonly floor: number;
}

const SEED = hashSeed('labels');
const CIRCLE = 2 ** 32;
const WEIGHTED: readonly MetricKind[] = ['mean', 'rate', 'ratio'];

/** Checks the option. @throws InvalidOptionError */
export function checkLabels(labels: LabelOptions | undefined): LabelOptions | undefined {
  if (labels === undefined) return undefined;
  checkOptions('labels', labels, ['propensity', 'floor']);
  const { propensity, floor } = labels;
  return { propensity: checkFunction('labels.propensity', propensity), floor: checkProbability('labels.floor', floor) };
}

/**
 * A metric of truths as a ratio of weighted sums, with the standard error that the weights leave (Hájek's estimator by the
 * delta method); metrics that need no truth stay what they are.
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
  return defineMetric({
    name,
    kind: 'ratio',
    direction,
    role,
    margin,
    value,
    ...(minEffect === undefined ? {} : { minEffect }),
    ...(minSamples === undefined ? {} : { minSamples }),
  }) as Metric;
}

/** How many requests a truth stands for. @throws InvalidDataError for a propensity outside [floor, 1], and what it throws */
export function weightOf({ propensity, floor }: LabelOptions, outcome: Outcome): number {
  const chance = propensity(outcome);
  if (typeof chance === 'number' && chance >= floor && chance <= 1) return 1 / chance;
  throw new InvalidDataError('labels.propensity', chance, `within [${floor}, 1]`);
}

/** What a truth adds to the sums. */
export function weighted(value: Measured, weight: number): Measured {
  return typeof value === 'number' ? value : [weight * value[0], weight * value[1]];
}

/**
 * Whether a truth counts in the check for missing labels: thinned by its hash to the smallest propensity, all requests
 * have the same chance to count, whatever was answered.
 */
export function countsAsLabel({ floor }: LabelOptions, weight: number, requestId: string): boolean {
  return hashUnit(requestId, SEED) < floor * weight * CIRCLE;
}
