import type { EventBase, EventTypes } from '../core/events.ts';

/** A guard took an arm out of the choice. */
export interface GuardTrippedEvent extends EventBase {
  readonly type: 'guard-tripped';
  readonly arm: string;
  readonly guard: string;
  readonly until: number;
  readonly errorRate: number;
}

/** An arm came back after its rest. */
export interface GuardReleasedEvent extends EventBase {
  readonly type: 'guard-released';
  readonly arm: string;
  readonly guard: string;
}

/** Every arm is out; until one is back the guards are passed over, since somebody must answer. Told once. */
export interface NoEligibleArmEvent extends EventBase {
  readonly type: 'no-eligible-arm';
}

/** A reward was not taken: NaN, outside the range, or for an arm that is gone. */
export interface RewardRefusedEvent extends EventBase {
  readonly type: 'reward-refused';
  /** The arm; empty where a reward was refused before its request was looked for. */
  readonly arm: string;
  readonly reward: unknown;
  readonly why: string;
}

/**
 * The policy has a reward. Told to listeners only, not kept in the log; with `logPropensities` it is a decision as
 * `evaluateOffPolicy` takes it.
 */
export interface RewardedEvent extends EventBase {
  readonly type: 'rewarded';
  readonly arm: string;
  readonly reward: number;
  /** The probability of the choice; undefined unless `logPropensities` is on. */
  readonly propensity: number | undefined;
  readonly context: unknown;
}

/** An arm was added or removed, or the mode changed. */
export interface BanditChangedEvent extends EventBase {
  readonly type: 'arm-added' | 'arm-removed' | 'mode-changed';
  readonly arm: string;
  readonly mode: string;
}

/** What a bandit tells its listeners. */
export type BanditEvent =
  | GuardTrippedEvent
  | GuardReleasedEvent
  | NoEligibleArmEvent
  | RewardRefusedEvent
  | RewardedEvent
  | BanditChangedEvent;

/** The types of a bandit's events. */
export const banditEventTypes: EventTypes<BanditEvent> = {
  'guard-tripped': 'logged',
  'guard-released': 'logged',
  'no-eligible-arm': 'logged',
  'reward-refused': 'logged',
  rewarded: 'transient',
  'arm-added': 'logged',
  'arm-removed': 'logged',
  'mode-changed': 'logged',
};
