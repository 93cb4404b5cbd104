import type { EventBase } from '../core/events.ts';

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

/** Every arm was out; the guards were passed over, since somebody must answer. */
export interface NoEligibleArmEvent extends EventBase {
  readonly type: 'no-eligible-arm';
}

/** A reward was not taken: NaN, outside the range, or for an arm that is gone. */
export interface RewardRefusedEvent extends EventBase {
  readonly type: 'reward-refused';
  readonly arm: string;
  readonly reward: unknown;
  readonly why: string;
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
  | BanditChangedEvent;
