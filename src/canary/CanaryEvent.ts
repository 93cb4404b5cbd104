import type { EventBase } from '../core/events.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import type { HealthCheck } from './HealthCheck.ts';

/** The rollout moved: another phase, or another stage. */
export interface TransitionEvent extends EventBase {
  readonly type: 'transition';
  readonly from: CanaryPhase;
  readonly to: CanaryPhase;
  /** The canary's percent of the traffic from now on. */
  readonly weight: number;
  readonly reason: string;
  /** What the judge had seen, where it moved because of that. */
  readonly evidence: HealthCheck | undefined;
}

/** The canary's errors burst while the baseline's burst as well: a common cause, so nobody is taken out. */
export interface CommonCauseEvent extends EventBase {
  readonly type: 'common-cause';
  readonly canaryErrors: number;
  readonly baselineErrors: number;
}

/** What a canary deployment tells its listeners. */
export type CanaryEvent = TransitionEvent | CommonCauseEvent;

/**
 * What is told and asked while a rollout goes on. Hooks may be asynchronous; what they throw is contained and reported
 * as a `contained-error`.
 */
export interface CanaryHooks {
  /** Before the first request goes to the canary; `false` keeps it pending. */
  readonly preRollout?: () => boolean | undefined | Promise<boolean | undefined>;
  /** A stage begins. */
  readonly stage?: (event: TransitionEvent) => unknown;
  /** A gate is reached: `true` approves, `false` rejects, anything else leaves it to `approve()`. */
  readonly gate?: (event: TransitionEvent) => unknown;
  /** It was rolled back: the place for a pager. */
  readonly rollback?: (event: TransitionEvent) => unknown;
  /** It was promoted. */
  readonly promoted?: (event: TransitionEvent) => unknown;
}
