import type { Rng } from '../random/Rng.ts';
import type { TablePolicyOptions } from './policies/PolicyOptions.ts';

/** Options of the policy beneath that a bandit over models takes as its own; arms, seed and stream are its own business. */
export type PolicySettings = Omit<TablePolicyOptions, 'arms' | 'seed' | 'rng'>;

/** The names of `PolicySettings`. */
export const policySettingNames: readonly (keyof PolicySettings)[] = [
  'ties',
  'minPulls',
  'explorationFloor',
  'rewardRange',
  'memory',
];

/** What every table policy is built with: the settings among a bandit's options, the arms and the stream. */
export function tablePolicyOptions(
  options: PolicySettings,
  arms: readonly string[],
  rng: Rng,
  range: readonly [number, number] | undefined,
): TablePolicyOptions {
  const given = policySettingNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return { ...(range === undefined ? {} : { rewardRange: range }), ...Object.fromEntries(given), arms, rng };
}
