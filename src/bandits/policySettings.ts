import type { Rng } from '../random/Rng.ts';
import type { BanditPolicy, Prior } from './policies/BanditPolicy.ts';

/** What a bandit over models settles itself: its policy's arms and their priors, and the random stream. */
export type SettledByStrategy = 'arms' | 'seed' | 'rng' | 'priors';

/** The options of a policy that a bandit over models takes as its own. */
export type PolicySettings<Options> = Omit<Options, SettledByStrategy>;

/** How a policy is made from its options. */
export type PolicyFactory = (options: never) => BanditPolicy<never>;

/** Names of the settings of every policy over a table of arms. */
export const tableSettings: readonly string[] = ['ties', 'minPulls', 'explorationFloor', 'rewardRange', 'memory'];

/** Names of the settings of every policy that learns from contexts. */
export const linearSettings: readonly string[] = [
  'ties',
  'minPulls',
  'explorationFloor',
  'rewardRange',
  'dimension',
  'lambda',
];

/** The options of a policy: the named settings among a bandit's options, and what the strategy settles itself. */
export function policyOptions(
  options: object,
  names: readonly string[],
  settled: {
    readonly arms: readonly string[];
    readonly rng: Rng;
    readonly rewardRange: readonly [number, number] | undefined;
    readonly priors: Readonly<Record<string, Prior>> | undefined;
  },
): object {
  const defined = (entries: readonly (readonly [string, unknown])[]): object =>
    Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const given = names.map((name) => [name, (options as Readonly<Record<string, unknown>>)[name]] as const);
  return { ...defined(Object.entries(settled)), ...defined(given) };
}
