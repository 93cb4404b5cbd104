import type { TruthCounts } from '../metrics/TruthCounts.ts';
import type { BanditMode } from './BanditOptions.ts';
import type { RegretEstimate, RegretInconclusive } from './evidence/estimateRegret.ts';
import type { HoldoutReport } from './Holdout.ts';
import type { ArmStatistics } from './policies/BanditPolicy.ts';

/** What a bandit's story says besides: how likely the choice was, and what the policy itself would have done. */
export interface BanditStory {
  /** The probability of the choice; undefined unless `logPropensities` is on. */
  readonly propensity?: number;
  /** The arm that the policy chose, where another one was served: held out, or as an apprentice. */
  readonly advised?: string;
  /** The place from 1 on, where several arms were served at once. */
  readonly slot?: number;
}

/** What is known of one arm: what the policy learnt, and how it behaves as a service. */
export interface ArmReport extends ArmStatistics {
  /** Requests that it was chosen for. */
  readonly served: number;
  /** Requests of which the reward is still out. */
  readonly pending: number;
  /** Share of its requests that failed. */
  readonly errorRate: number;
  /** Mean latency in milliseconds of the requests that it answered; NaN where there is none. */
  readonly meanLatencyMs: number;
  /** The guard that keeps it out, where one does. */
  readonly guardedBy?: string;
}

/** What became of requests and rewards. */
export interface BanditCounts {
  /** Requests served; each slot of several counts as one. */
  readonly served: number;
  /** Rewards that the policy has, or that wait for their batch. */
  readonly rewards: number;
  /** Rewards that were none: NaN, outside the range, for an arm that is gone. */
  readonly refused: number;
  /** Truths and rewards by request. */
  readonly truths: TruthCounts;
}

/** What a bandit concludes. */
export interface BanditSummary {
  readonly name: string;
  /** The policy's kind, for example `thompson-beta`. */
  readonly policy: string;
  readonly mode: BanditMode;
  readonly arms: readonly ArmReport[];
  readonly bestArm: string;
  /** How likely each arm is the best one; left out where there are too few rewards, or the policy looks at contexts. */
  readonly probabilityBest?: Readonly<Record<string, number>>;
  readonly regret: RegretEstimate | RegretInconclusive;
  /** What the bandit earns beside its held-out share, where it has one. */
  readonly holdout?: HoldoutReport;
  readonly counts: BanditCounts;
  /** What the reader should know before trusting the numbers. */
  readonly warnings: readonly string[];
}
