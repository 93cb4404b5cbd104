import { checkFinite, checkInteger, checkShare } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { normal, type Rng } from '../../random/index.ts';
import type { Environment, EnvironmentRun } from './Environment.ts';

function armNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `arm ${i + 1}`);
}

function checkMeans(option: string, means: readonly number[], check: (option: string, x: number) => number): void {
  if (!Array.isArray(means) || means.length === 0) throw new InvalidOptionError(option, means, 'a list of means');
  means.forEach((mean, i) => {
    check(`${option}[${i}]`, mean);
  });
}

/**
 * Rewards of 1 with the given probabilities, otherwise 0.
 * @throws InvalidOptionError if a probability lies outside [0, 1] or there is none
 */
export function bernoulliEnvironment(means: readonly number[]): Environment {
  checkMeans('means', means, checkShare);
  return {
    name: `Bernoulli(${means.join(', ')})`,
    arms: armNames(means.length),
    start: () => ({
      mean: (arm) => means[arm]!,
      reward: (arm, _t, _context, rng) => (rng.next() < means[arm]! ? 1 : 0),
    }),
  };
}

/**
 * Normal rewards.
 * @param sd standard deviation of every arm, at least 0
 * @defaultValue sd 1
 * @throws InvalidOptionError if a mean or sd is not finite, or sd is negative
 */
export function gaussianEnvironment(means: readonly number[], sd = 1): Environment {
  checkMeans('means', means, checkFinite);
  checkFinite('sd', sd, { ge: 0 });
  return {
    name: `Gaussian(${means.join(', ')}; sd ${sd})`,
    arms: armNames(means.length),
    start: () => ({
      mean: (arm) => means[arm]!,
      reward: (arm, _t, _context, rng) => means[arm]! + sd * normal(rng),
    }),
  };
}

/** Options of {@link linearEnvironment}. */
export interface LinearEnvironmentOptions {
  /** Number of arms, at least 1. */
  readonly arms: number;
  /** Length of the context, at least 1; its first entry is constant. */
  readonly dimension: number;
  /** Standard deviation of the rewards around their means. @defaultValue 0.5 */
  readonly noise?: number;
}

/**
 * Linear rewards: a parameter vector N(0, I) per arm, drawn anew each run; contexts (1, N(0, 1), …) / sqrt(dimension);
 * the reward is their product plus normal noise.
 * @throws InvalidOptionError
 */
export function linearEnvironment(options: LinearEnvironmentOptions): Environment<Float64Array> {
  const arms = checkInteger('arms', options.arms, { ge: 1 });
  const dimension = checkInteger('dimension', options.dimension, { ge: 1 });
  const noise = checkFinite('noise', options.noise ?? 0.5, { ge: 0 });
  const unit = 1 / Math.sqrt(dimension);
  return {
    name: `linear (${arms} arms, dimension ${dimension}, noise ${noise})`,
    arms: armNames(arms),
    start: (rng) => {
      const theta = Array.from({ length: arms }, () => Float64Array.from({ length: dimension }, () => normal(rng)));
      const mean = (arm: number, _t: number, x: Float64Array): number =>
        x.reduce((s, v, i) => s + v * theta[arm]![i]!, 0);
      return {
        context: (_t, stream) =>
          Float64Array.from({ length: dimension }, (_, i) => (i === 0 ? unit : unit * normal(stream))),
        mean,
        reward: (arm, t, x, stream) => mean(arm, t, x) + noise * normal(stream),
      };
    },
  };
}

/** From request `from` on, the arms have these means. */
export interface DriftPhase {
  /** Number of the first request of the phase; the first phase starts at 0. */
  readonly from: number;
  readonly means: readonly number[];
}

/**
 * Bernoulli rewards whose probabilities change at given requests. Regret is dynamic: against the best arm of the moment.
 * @throws InvalidOptionError if phases are not in order from 0 on, or not of the same arms
 */
export function driftEnvironment(phases: readonly DriftPhase[]): Environment {
  if (!Array.isArray(phases) || phases.length === 0) throw new InvalidOptionError('phases', phases, 'a list of phases');
  phases.forEach(({ from, means }, i) => {
    checkMeans(`phases[${i}].means`, means, checkShare);
    if (means.length !== phases[0]!.means.length) {
      throw new InvalidOptionError(`phases[${i}].means`, means, 'of the same arms as the first');
    }
    if (i === 0) checkInteger('phases[0].from', from, { ge: 0, le: 0 });
    else checkInteger(`phases[${i}].from`, from, { gt: phases[i - 1]!.from });
  });
  return {
    name: `drift (${phases.map(({ from, means }) => `from ${from}: ${means.join(', ')}`).join('; ')})`,
    arms: armNames(phases[0]!.means.length),
    start: () => {
      // Requests are asked for in order, but rewards may be asked for again: walk both ways.
      let phase = 0;
      const mean = (arm: number, t: number): number => {
        while (phase + 1 < phases.length && phases[phase + 1]!.from <= t) phase += 1;
        while (phases[phase]!.from > t) phase -= 1;
        return phases[phase]!.means[arm]!;
      };
      return { mean, reward: (arm, t, _context, rng) => (rng.next() < mean(arm, t) ? 1 : 0) };
    },
  };
}

/**
 * The same problem with rewards that arrive later.
 * @param delay after how many further requests a reward arrives: constant, or drawn for each; an integer of at least 0
 * @throws InvalidOptionError at the run, if a delay is no such integer
 */
export function delayEnvironment<Context>(
  environment: Environment<Context>,
  delay: number | ((t: number, rng: Rng) => number),
): Environment<Context> {
  const draw = typeof delay === 'number' ? () => delay : delay;
  return {
    name: `${environment.name}, delayed`,
    arms: environment.arms,
    start: (rng): EnvironmentRun<Context> => ({
      ...environment.start(rng),
      delay: (t, stream) => checkInteger('delay', draw(t, stream), { ge: 0 }),
    }),
  };
}
