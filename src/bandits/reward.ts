import { checkFunction } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { NumberMetric } from '../metrics/Metric.ts';
import { checkFixedCap, measure } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';

/**
 * What an arm earns with an outcome: a metric of which more is better, or a function of the outcome. True and false are 1
 * and 0; undefined where the outcome says nothing.
 */
export type RewardSource =
  | NumberMetric<never, never, never>
  | ((outcome: Outcome<never, never, never>) => number | boolean | undefined);

/** A reward as the bandit asks for it. */
export interface Reward {
  /** Whether it is known with the answer, or with the truth. */
  readonly due: 'serve' | 'truth';
  /** Whether there is one at all, or rewards are handed in as such. */
  readonly given: boolean;
  readonly range: readonly [number, number] | undefined;
  of(outcome: Outcome): number | undefined;
}

/** @throws InvalidOptionError if it is neither, or a metric of which less is better, or not a mean of values */
export function createReward(source: RewardSource | undefined): Reward {
  if (source === undefined) return { due: 'truth', given: false, range: undefined, of: () => undefined };
  if (typeof source === 'function') {
    const read = source as (outcome: Outcome) => number | boolean | undefined;
    const of = (outcome: Outcome): number | undefined => {
      const value = read(outcome);
      return typeof value === 'boolean' ? Number(value) : value;
    };
    return { due: 'truth', given: true, range: undefined, of };
  }
  const metric = source as unknown as NumberMetric;
  if (typeof metric !== 'object' || metric === null) {
    throw new InvalidOptionError('reward', source, 'a metric or a function of the outcome');
  }
  checkFunction('reward.value', metric.value);
  if (metric.direction !== 'higher') {
    throw new InvalidOptionError(
      'reward',
      metric.name,
      'a metric of which more is better (closeness() makes one of an error)',
    );
  }
  if (metric.kind !== 'mean' && metric.kind !== 'rate') {
    throw new InvalidOptionError('reward', metric.name, 'a mean or a rate: other kinds are no sum over requests');
  }
  checkFixedCap(metric);
  return {
    due: metric.due,
    given: true,
    range: metric.range,
    of: (outcome) => measure(metric, outcome) as number | undefined,
  };
}

/** A reward that was handed in as such, in place of a truth. */
export class GivenReward {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}
