import { checkFinite, checkInteger, checkOneOf, checkOptions, checkShare } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { createRng, type Rng, randomSeed } from '../../random/index.ts';
import type { Prior } from './BanditPolicy.ts';
import type { MemoryOptions } from './memory/Memory.ts';

/** What every policy takes. */
export interface PolicyOptions {
  /** Names of the arms, at least one, all different. */
  readonly arms: readonly string[];
  /** Seed of the policy's random stream. @defaultValue a random seed */
  readonly seed?: string | number | bigint;
  /** The random stream itself, in place of a seed. */
  readonly rng?: Rng;
  /** How a choice between exactly equal arms is made: by the random stream, or the first in order. @defaultValue 'random' */
  readonly ties?: 'random' | 'first';
  /** Pulls that every arm gets before any is judged. @defaultValue what the policy needs: 1, or 0 where it has a prior */
  readonly minPulls?: number;
  /**
   * Share of choices made uniformly at random, so that every arm's propensity is at least this divided by the number
   * of arms: what off-policy evaluation of a deterministic policy needs. Within [0, 1].
   * @defaultValue 0
   */
  readonly explorationFloor?: number;
}

/** What the policies over a table of arms take: all but the contextual ones. */
export interface TablePolicyOptions extends PolicyOptions {
  /**
   * Lowest and highest possible reward. A reward outside it is refused, and bounds in the policies scale with it. An
   * infinite end is possible where the policy needs no range.
   * @defaultValue [0, 1]; [-Infinity, Infinity] for Gaussian Thompson sampling
   */
  readonly rewardRange?: readonly [lowest: number, highest: number];
  /** How the policy forgets. @defaultValue `{ type: 'stationary' }` */
  readonly memory?: MemoryOptions;
  /**
   * What is believed of single arms beforehand, by name: a warm start.
   * @defaultValue the policy's own prior for every arm
   */
  readonly priors?: Readonly<Record<string, Prior>>;
}

/** What the frequentist policies take. */
export interface OptimismOptions {
  /**
   * Pulls that every arm is taken to have had, `weight` of them with mean reward `mean` (in reward units): with a high
   * mean, an optimistic start that makes even a greedy policy try every arm.
   * @defaultValue none: every arm is pulled `minPulls` times first
   */
  readonly optimism?: { readonly mean: number; readonly weight: number };
}

/** Names of the options that every policy over a table takes. */
export const TABLE_OPTIONS: readonly string[] = [
  'arms',
  'seed',
  'rng',
  'ties',
  'minPulls',
  'explorationFloor',
  'rewardRange',
  'memory',
  'priors',
];

/** Checks the options of a frequentist policy with a finite reward range. @throws InvalidOptionError */
export function optimisticPolicy(
  where: string,
  options: TablePolicyOptions & OptimismOptions,
  ...own: readonly string[]
): { readonly scale: RewardScale; readonly optimism: { readonly weight: number; readonly sum: number } } {
  checkPolicyOptions(where, options, [...TABLE_OPTIONS, 'optimism', ...own]);
  const scale = rewardScale(options.rewardRange ?? [0, 1], true);
  return { scale, optimism: standardisedOptimism(options, scale) };
}

/** A reward range as origin and span; origin 0 and span 1 where it is open. */
export interface RewardScale {
  readonly lowest: number;
  readonly highest: number;
  readonly bounded: boolean;
  readonly origin: number;
  readonly span: number;
}

/** @throws InvalidOptionError if an option is unknown or breaks its rule */
export function checkPolicyOptions(where: string, options: PolicyOptions, known: readonly string[]): void {
  checkOptions(where, options, known);
  checkOneOf('ties', options.ties ?? 'random', ['random', 'first']);
  checkShare('explorationFloor', options.explorationFloor ?? 0);
  if (options.minPulls !== undefined) checkInteger('minPulls', options.minPulls, { ge: 0 });
}

/** The random stream that the options ask for. @throws InvalidOptionError if there are both a seed and a stream */
export function policyRng(options: PolicyOptions): Rng {
  if (options.rng === undefined) return createRng(options.seed ?? randomSeed());
  if (options.seed === undefined) return options.rng;
  throw new InvalidOptionError('seed', options.seed, 'left out where rng is given');
}

/** A range that rewards are held against, but not standardised to: for policies that learn the scale. */
export function rawScale(range: readonly [number, number] = [-Infinity, Infinity]): RewardScale {
  return { ...rewardScale(range, false), bounded: false, origin: 0, span: 1 };
}

/** @throws InvalidOptionError if the ends are no numbers in order, or open where they must not be */
export function rewardScale(range: readonly [number, number], mustBeBounded: boolean): RewardScale {
  const [lowest, highest] = Array.isArray(range) ? range : [];
  const numbers = typeof lowest === 'number' && typeof highest === 'number' && lowest < highest;
  if (!numbers || range.length !== 2) {
    throw new InvalidOptionError('rewardRange', range, 'a pair [lowest, highest] of numbers in order');
  }
  const bounded = Number.isFinite(highest - lowest);
  if (mustBeBounded && !bounded) {
    throw new InvalidOptionError('rewardRange', range, 'finite at both ends: this policy scales its bounds with it');
  }
  return { lowest, highest, bounded, origin: bounded ? lowest : 0, span: bounded ? highest - lowest : 1 };
}

/** Optimism as pseudo-pulls of the standardised reward. @throws InvalidOptionError */
export function standardisedOptimism(
  { optimism }: OptimismOptions,
  scale: RewardScale,
): { readonly weight: number; readonly sum: number } {
  if (optimism === undefined) return { weight: 0, sum: 0 };
  checkOptions('optimism', optimism, ['mean', 'weight']);
  const weight = checkFinite('optimism.weight', optimism.weight, { gt: 0 });
  const mean = checkFinite('optimism.mean', optimism.mean, { ge: scale.lowest, le: scale.highest });
  return { weight, sum: (weight * (mean - scale.origin)) / scale.span };
}
