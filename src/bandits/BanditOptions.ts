import type { AnyModel, OutputOf, Request, SharedInput } from '../core/Model.ts';
import { type StrategyOptions, strategyOptionNames } from '../metrics/StrategyRuntime.ts';
import type { Guard } from './guards.ts';
import type { HoldoutOptions } from './Holdout.ts';
import type { Prior } from './policies/BanditPolicy.ts';
import type { RewardSource } from './reward.ts';

/** An arm with more than its model. */
export interface ArmSpec<M extends AnyModel = AnyModel> {
  readonly model: M;
  /** What is believed of the arm beforehand. @defaultValue the policy's own prior */
  readonly prior?: Prior;
}

/** Arms by name: models, or models with a prior. */
export type Arms = Readonly<Record<string, AnyModel | ArmSpec>>;

/** The model of an arm. */
export type ArmModel<A> = A extends AnyModel ? A : A extends ArmSpec<infer M> ? M : A;

/** What a bandit over these arms takes. */
export type ArmsInput<A extends Arms> = SharedInput<ArmModel<A[keyof A]>>;

/** What a bandit over these arms returns. */
export type ArmsOutput<A extends Arms> = OutputOf<ArmModel<A[keyof A]>>;

/** What every bandit over models takes, whatever its policy. */
export interface BanditOptions<A extends Arms = Arms> extends StrategyOptions {
  /** The models by arm name; at least one. */
  readonly arms: A;
  /**
   * What an arm earns: a metric of which more is better, or a function of the outcome. Left out: rewards come through
   * `recordReward(requestId, reward)`.
   */
  readonly reward?: RewardSource;
  /** What an arm earns when it fails. @defaultValue the lowest reward of the range, where there is one; else nothing */
  readonly failureReward?: number;
  /** What an arm earns when no truth comes in time (Azure Personalizer's default reward). @defaultValue nothing */
  readonly defaultReward?: number;
  /** The arm that answers when the chosen one fails. @defaultValue none: the failure reaches the caller */
  readonly fallback?: Extract<keyof A, string>;
  /**
   * `online`: chooses and learns. `frozen`: chooses, learns nothing. `apprentice`: the `baseline` arm answers, the
   * policy learns from it and is asked what it would have done. @defaultValue 'online'
   */
  readonly mode?: BanditMode;
  /** The arm that answers in apprentice mode and, where `holdout` is given, for the held-out share. @defaultValue the first arm */
  readonly baseline?: Extract<keyof A, string>;
  /**
   * A share of requests answered by the baseline, or by a random arm, whatever the policy says: the control of an A/B test
   * of the bandit itself; see `BanditStrategy.holdout`. @defaultValue none
   */
  readonly holdout?: HoldoutOptions;
  /** The policy's context of a request. @defaultValue the request's own `context` */
  readonly contextOf?: (input: ArmsInput<A>, request: Request) => unknown;
  /** Rules that take arms out of the choice. @defaultValue none */
  readonly guards?: readonly Guard[];
  /** How many of an arm's last outcomes the guards look at. @defaultValue 200 */
  readonly guardWindow?: number;
  /** Whether every choice is stored with its probability, for off-policy evaluation. @defaultValue false */
  readonly logPropensities?: boolean;
  /** Rewards are collected and handed to the policy so many at a time. @defaultValue 1 */
  readonly batchSize?: number;
}

/** Whether a bandit acts, only answers, or only watches. */
export type BanditMode = 'online' | 'frozen' | 'apprentice';

/** The modes, for `checkOneOf`. */
export const banditModes: readonly BanditMode[] = ['online', 'frozen', 'apprentice'];

/** The names of `BanditOptions`, for `checkOptions`. */
export const banditOptionNames: readonly string[] = [
  ...strategyOptionNames,
  'arms',
  'reward',
  'failureReward',
  'defaultReward',
  'fallback',
  'mode',
  'baseline',
  'holdout',
  'contextOf',
  'guards',
  'guardWindow',
  'logPropensities',
  'batchSize',
];
