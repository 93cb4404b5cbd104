import type { Json } from '../../core/json.ts';
import type { Rng, RngState } from '../../random/index.ts';
import type { Interval } from '../../stats/types.ts';

/** What a single choice has to respect. Positions are those of {@link BanditPolicy.arms}. */
export interface SelectOptions {
  /**
   * Pulls in flight per arm: chosen, no reward yet. Deterministic policies count them as pulls without a reward, so that
   * a batch does not repeat one arm; an arm that has only pulls in flight is awaited.
   * @defaultValue no pulls in flight
   */
  readonly pending?: ArrayLike<number>;
  /**
   * Arms that may be chosen, true or false per arm: what guards leave over.
   * @defaultValue all arms
   */
  readonly eligible?: ArrayLike<boolean>;
}

/** What may accompany a reward. */
export interface UpdateOptions {
  /**
   * How many pulls the reward stands for; finite, above 0. An ad seen with attention 0.5 counts half.
   * @defaultValue 1
   */
  readonly weight?: number;
  /**
   * Probability with which the arm was chosen, in (0, 1]. Only EXP3 uses it, where the reward comes after other updates.
   * @defaultValue the probability that the policy would give the arm now
   */
  readonly propensity?: number;
}

/** One reward of a batch. */
export interface UpdateRow<Context = unknown> extends UpdateOptions {
  /** Name or position of the arm. */
  readonly arm: string | number;
  readonly reward: number;
  readonly context?: Context;
}

/** Which arm counts as best: the highest mean, the highest lower end of the interval, or the most pulls. */
export type BestArmCriterion = 'mean' | 'lower-bound' | 'pulls';

/** How to name the best arm. */
export interface BestArmOptions<Context = unknown> {
  /** @defaultValue 'mean' */
  readonly by?: BestArmCriterion;
  /** The context for which to ask; contextual policies need it. */
  readonly context?: Context;
}

/**
 * A prior for one arm. Beta: `alpha` successes and `beta` failures seen beforehand. Normal-inverse-gamma: mean `mu` worth
 * `kappa` observations, variance inverse-gamma(`shape`, `rate`). Any other policy: `weight` pulls with mean reward `mean`.
 */
export type Prior =
  | { readonly alpha: number; readonly beta: number }
  | { readonly mu: number; readonly kappa: number; readonly shape: number; readonly rate: number }
  | { readonly mean: number; readonly weight: number };

/** What may accompany a new arm. */
export interface AddArmOptions {
  /** @defaultValue the prior of the policy's options */
  readonly prior?: Prior;
}

/** What a policy knows of one arm. Rewards are in the caller's units. */
export interface ArmStatistics {
  readonly arm: string;
  /** Rewards received in all, weighted; memory does not forget them. */
  readonly pulls: number;
  readonly totalReward: number;
  /** `totalReward / pulls`; 0 before the first pull. */
  readonly meanReward: number;
  /** Share of all pulls; 0 before the first. */
  readonly selectionRate: number;
  /** Pulls that the memory still counts: smaller than `pulls` where it forgets. */
  readonly effectivePulls: number;
  /** How often change detection has seen the arm change; 0 with any other memory. */
  readonly alarms: number;
  /** What the policy expects of the arm: the posterior mean, or the mean over what the memory holds. */
  readonly estimate: number;
  /** Unbiased variance of the rewards that the memory holds; 0 below two pulls. */
  readonly variance: number;
  /** Interval of the mean reward at the level asked for, as `intervalMethod` says. */
  readonly interval: Interval;
  /**
   * `credible`: of the posterior. `anytime`: a confidence sequence, valid at every look and under adaptive sampling
   * (approximate where the memory forgets).
   */
  readonly intervalMethod: 'credible' | 'anytime';
}

/** The whole state of a policy as plain JSON: arms, sufficient statistics and the state of its random stream. */
export interface PolicySnapshot {
  /** Which policy wrote it; another kind refuses it. */
  readonly kind: string;
  readonly version: 1;
  readonly arms: readonly string[];
  readonly rng: RngState;
  /** What the kind keeps; plain JSON. */
  readonly state: Json;
}

/**
 * A bandit policy: it chooses an arm, learns from the reward, and knows nothing of models, requests or clocks.
 * Arms are given by name or by their position in `arms`; a removed arm shifts the positions of those after it.
 * Same seed and same calls give the same choices, also across `snapshot` and `restore`.
 */
export interface BanditPolicy<Context = unknown> {
  /** The name of the method, for example `thompson-beta` or `ucb`. */
  readonly kind: string;
  /** The arms in order. */
  readonly arms: readonly string[];
  /** Lowest and highest possible reward; infinite ends where any finite number will do. */
  readonly rewardRange: readonly [lowest: number, highest: number];

  /** Whether the policy looks at the context, so that one mean an arm does not say all. */
  readonly contextual: boolean;
  /** Whether processes can be merged: not where what is learnt depends on the order of updates. */
  readonly mergeable: boolean;
  /** Whether it forgets, so that it follows rewards that change. */
  readonly forgets: boolean;
  /** The group of contexts within which pulls in flight are counted. Where missing, they are counted over all. */
  segmentOf?(context: Context | undefined): string;

  /**
   * The arm to pull.
   * @throws InvalidOptionError if no arm is eligible or an option breaks its rule; InvalidDataError for a bad context
   */
  select(context?: Context, options?: SelectOptions): string;
  /** The same as {@link BanditPolicy.select}, as a position. */
  selectIndex(context?: Context, options?: SelectOptions): number;
  /**
   * The k different arms to show at once, best first.
   * @throws InvalidOptionError if k is no integer from 1 to the number of eligible arms
   */
  rank(k: number, context?: Context, options?: SelectOptions): readonly string[];
  /**
   * The probability of each place of a ranking that `rank` could give, given the arms above it; 0 where it could not.
   * Undefined from the second place on where the places come from one draw of beliefs (Thompson sampling): that law has no
   * closed form.
   * @throws UnknownVariantError if there is no such arm
   */
  rankPropensities(
    ranking: readonly string[],
    context?: Context,
    options?: SelectOptions,
  ): readonly (number | undefined)[];
  /** Whether a reward would be taken. @throws InvalidDataError if it is not finite or outside the declared range */
  checkReward(reward: number): void;
  /**
   * Learns from a reward.
   * @throws InvalidDataError if the reward is not finite or outside the declared range; nothing has changed then
   * @throws UnknownVariantError if there is no such arm
   */
  update(arm: string | number, reward: number, context?: Context, options?: UpdateOptions): void;
  /** Learns from many rewards in their order. All rows are checked first: a bad row leaves the policy as it was. */
  updateBatch(rows: Iterable<UpdateRow<Context>>): void;

  /** Adds an arm at the end. @throws InvalidOptionError if the name is taken or empty */
  addArm(arm: string, options?: AddArmOptions): void;
  /** Removes an arm and all that was learnt of it. @throws UnknownVariantError; InvalidOptionError for the last arm */
  removeArm(arm: string | number): void;

  /** The probability of every arm to be the next choice, in the order of `arms`: what a propensity log records. */
  probabilities(context?: Context, options?: SelectOptions): ReadonlyMap<string, number>;
  /**
   * How likely each arm is the best one, given the rewards: under the policy's own beliefs where it has some, else under a
   * uniform prior on rates (bounded rewards) or the reference prior of mean and variance. LinUCB and LinGreedy: for noise
   * of standard deviation 1. It is no propensity.
   * @returns undefined where there are too few rewards to say
   */
  probabilityBest(context?: Context): ReadonlyMap<string, number> | undefined;
  /** The arm that the data so far call best; arms without data come last. Draws nothing. */
  bestArm(options?: BestArmOptions<Context>): string;
  /**
   * What is known of every arm, in order.
   * @param level confidence level of the intervals, strictly between 0 and 1; `@defaultValue` 0.95
   * @param arm the one arm that is asked for: intervals cost, and those of the others may be left out
   * @throws UnknownVariantError if there is no such arm
   */
  statistics(level?: number, arm?: string): readonly ArmStatistics[];

  /** Goes on with another random stream: a replica that starts from another's snapshot needs one of its own. */
  reseed(rng: Rng): void;
  /** The whole state, random stream included. */
  snapshot(): PolicySnapshot;
  /** Goes on from a snapshot, bit for bit. @throws SnapshotError if it is of another kind, version or memory */
  restore(snapshot: PolicySnapshot): void;
  /**
   * What was learnt since a snapshot of this policy, to be merged elsewhere.
   * @throws SnapshotError where the state depends on the order of updates
   */
  deltaSince(base: PolicySnapshot): PolicySnapshot;
  /**
   * Adds what another process has learnt: counts exactly, sums to rounding. The other snapshot must hold only what this
   * policy has not seen: that of a process which started empty, or a delta.
   * @throws SnapshotError where the state depends on the order of updates; UnknownVariantError for an arm not here
   */
  merge(delta: PolicySnapshot): void;
}
