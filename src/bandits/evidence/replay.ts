import { checkOptions } from '../../core/check.ts';
import type { Rng } from '../../random/index.ts';
import type { BanditPolicy } from '../policies/BanditPolicy.ts';
import { armPositions, type LoggedDecision } from './LoggedDecision.ts';

/** Options of {@link replay}. */
export interface ReplayOptions {
  /**
   * Where the log was not uniform: accepts a matching decision with probability (smallest propensity of the log) / (its own),
   * which makes what is kept uniform. Without it, all matches count.
   */
  readonly rng?: Rng;
}

/** What a policy earned on the decisions of the log that it would have made itself. */
export interface ReplayResult {
  /** Mean reward of the matched decisions; NaN where none matched. */
  readonly value: number;
  /** Standard error of the value; NaN below two matches. */
  readonly standardError: number;
  /** Decisions that matched, and that the log has. */
  readonly matched: number;
  readonly n: number;
  readonly warnings: readonly string[];
}

/**
 * Plays a learning policy over a log: where it chooses the logged arm, it learns the logged reward, which counts; all other
 * decisions are passed over, as if they had never come. Unbiased where the log's choices were uniformly random; about
 * n / arms decisions match. The policy is changed: hand in a fresh one.
 *
 * Source: Li, Chu, Langford & Wang (2011), Unbiased Offline Evaluation of Contextual-bandit-based News Article Recommendation
 * Algorithms, WSDM, doi:10.1145/1935826.1935878, algorithm 2.
 *
 * @throws InvalidDataError naming the first bad entry of the log
 */
export function replay<Context>(
  log: readonly LoggedDecision<Context>[],
  policy: BanditPolicy<Context>,
  options: ReplayOptions = {},
): ReplayResult {
  checkOptions('replay options', options, ['rng']);
  armPositions(log, policy.arms);
  const least = log.reduce((min, { propensity }) => Math.min(min, propensity), 1);
  const most = log.reduce((max, { propensity }) => Math.max(max, propensity), 0);
  const rewards: number[] = [];
  for (const { arm, reward, propensity, context } of log) {
    if (options.rng !== undefined && options.rng.next() * propensity >= least) continue;
    if (policy.select(context) !== arm) continue;
    policy.update(arm, reward, context);
    rewards.push(reward);
  }
  const matched = rewards.length;
  const value = rewards.reduce((sum, r) => sum + r, 0) / matched;
  const squares = rewards.reduce((sum, r) => sum + (r - value) ** 2, 0);
  const standardError = matched < 2 ? Number.NaN : Math.sqrt(squares / (matched - 1) / matched);
  const warnings: string[] = [];
  if (options.rng === undefined && most - least > 1e-9 * most) {
    warnings.push(
      `propensities from ${least.toPrecision(3)} to ${most.toPrecision(3)}: biased unless an rng evens them out`,
    );
  }
  if (matched < 30) warnings.push(`only ${matched} decisions matched`);
  return { value, standardError, matched, n: log.length, warnings };
}
