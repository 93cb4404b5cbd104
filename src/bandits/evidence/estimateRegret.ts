import { checkProbability } from '../../core/check.ts';
import type { Interval } from '../../stats/types.ts';
import type { ArmStatistics } from '../policies/BanditPolicy.ts';

/** What a bandit has lost so far against always pulling its best arm, as far as its rewards tell. */
export interface RegretEstimate {
  readonly status: 'ok';
  /** Σ pulls × (best mean − mean of the arm), in units of the reward. */
  readonly regret: number;
  /** Covers the true regret (in means) at the level, if the rewards of each arm keep their mean. */
  readonly interval: Interval;
  readonly level: number;
  /** The arm with the highest mean, which the regret is held against. */
  readonly bestArm: string;
  readonly pulls: number;
  /** `regret / pulls`. */
  readonly perPull: number;
}

/** An arm without rewards, so that nothing bounds what was missed. */
export interface RegretInconclusive {
  readonly status: 'inconclusive';
  readonly reason: string;
}

/**
 * Estimates the regret of a bandit in production, where the true means are unknown, from its own statistics.
 *
 * The interval is that of the regret over all means within the arms' simultaneous intervals (Bonferroni): the largest where
 * one arm is as good and all others as bad as possible; the smallest where no arm is better than the highest lower end and
 * every arm as good as that allows. It says nothing where rewards drift.
 *
 * @param policy anything with the statistics of a policy
 * @param level confidence level
 * @defaultValue level 0.95
 * @throws InvalidOptionError if the level is not strictly between 0 and 1
 */
export function estimateRegret(
  policy: { statistics(level?: number): readonly ArmStatistics[] },
  level = 0.95,
): RegretEstimate | RegretInconclusive {
  checkProbability('level', level);
  const arms = policy.statistics(1 - (1 - level) / policy.statistics().length);
  const untried = arms.filter(({ pulls }) => pulls === 0).map(({ arm }) => arm);
  if (untried.length > 0) return { status: 'inconclusive', reason: `no reward yet of ${untried.join(', ')}` };
  const pulls = arms.reduce((sum, arm) => sum + arm.pulls, 0);
  const best = arms.reduce((top, arm) => (arm.meanReward > top.meanReward ? arm : top));
  const regret = arms.reduce((sum, arm) => sum + arm.pulls * (best.meanReward - arm.meanReward), 0);
  const interval: Interval = [Math.min(leastRegret(arms), regret), Math.max(mostRegret(arms), regret)];
  return { status: 'ok', regret, interval, level, bestArm: best.arm, pulls, perPull: regret / pulls };
}

/** The means that lose least: none above the highest lower end, each as high as it may be. */
function leastRegret(arms: readonly ArmStatistics[]): number {
  const top = arms.reduce((max, { interval }) => Math.max(max, interval[0]), Number.NEGATIVE_INFINITY);
  return arms.reduce((sum, { pulls, interval }) => sum + pulls * (top - Math.min(top, interval[1])), 0);
}

/** The means that lose most: one arm at its upper end, the others at their lower. Regret is convex: it is largest at a corner. */
function mostRegret(arms: readonly ArmStatistics[]): number {
  let most = 0;
  for (const best of arms) {
    const top = best.interval[1];
    const lost = arms.reduce(
      (sum, { arm, pulls, interval }) => sum + (arm === best.arm ? 0 : pulls * Math.max(0, top - interval[0])),
      0,
    );
    most = Math.max(most, lost);
  }
  return most;
}
