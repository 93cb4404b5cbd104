import { checkOneOf, checkOptions } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { ArmStatistics } from '../policies/BanditPolicy.ts';
import { probabilityBestBeta, probabilityBestStudent } from './probabilityBest.ts';

/** Options of {@link probabilityBestArm}. */
export interface ProbabilityBestArmOptions {
  /**
   * `beta`: rewards within `rewardRange`, as parts of successes under a uniform prior. `gaussian`: mean and variance of the
   * rewards, under the reference prior (Student-t); every arm needs two rewards that differ.
   * @defaultValue 'beta'
   */
  readonly model?: 'beta' | 'gaussian';
  /** Range of the rewards for the beta model. @defaultValue [0, 1] */
  readonly rewardRange?: readonly [number, number];
}

/**
 * The probability of each arm to have the highest mean, given what the memory holds: for any policy, from its statistics.
 * It is a posterior probability, not a propensity, unless the policy is Thompson sampling with the same prior.
 *
 * @throws InvalidOptionError for a bad range, or a Gaussian model of arms with too few rewards
 */
export function probabilityBestArm(
  statistics: readonly ArmStatistics[],
  options: ProbabilityBestArmOptions = {},
): ReadonlyMap<string, number> {
  checkOptions('probabilityBestArm options', options, ['model', 'rewardRange']);
  const p =
    checkOneOf('model', options.model ?? 'beta', ['beta', 'gaussian']) === 'gaussian'
      ? gaussian(statistics)
      : soft(statistics, options.rewardRange ?? [0, 1]);
  return new Map(statistics.map(({ arm }, i) => [arm, p[i]!]));
}

function soft(statistics: readonly ArmStatistics[], [low, high]: readonly [number, number]): readonly number[] {
  if (!(high > low && Number.isFinite(high - low))) {
    throw new InvalidOptionError('rewardRange', [low, high], 'a pair [lowest, highest] of finite numbers in order');
  }
  return probabilityBestBeta(
    statistics.map(({ effectivePulls, estimate, pulls }) => {
      const share = pulls === 0 ? 0.5 : Math.min(1, Math.max(0, (estimate - low) / (high - low)));
      return { alpha: 1 + effectivePulls * share, beta: 1 + effectivePulls * (1 - share) };
    }),
  );
}

function gaussian(statistics: readonly ArmStatistics[]): readonly number[] {
  return probabilityBestStudent(
    statistics.map(({ arm, effectivePulls, estimate, variance }) => {
      if (!(effectivePulls > 1 && variance > 0)) {
        throw new InvalidOptionError('model', 'gaussian', `'beta', or ${arm} needs two rewards that differ`);
      }
      return { location: estimate, scale: Math.sqrt(variance / effectivePulls), df: effectivePulls - 1 };
    }),
  );
}
