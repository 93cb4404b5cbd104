import type { EventBase, EventTypes } from '../core/events.ts';
import type { CommonCauseEvent } from '../metrics/judging/BurstWatch.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import type { CanaryPhase } from './CanaryPhase.ts';

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

/** Truths that came after the promotion, within the rollback window, show that the canary was too bad after all. */
export interface LateFailureEvent extends EventBase {
  readonly type: 'late-failure';
  readonly reason: string;
  readonly evidence: HealthCheck;
}

/** What a drill of the way back has found. */
export interface DrillReport {
  /** The canary's percent of the traffic before and after. */
  readonly weight: number;
  /** Routing decisions that were made while it was out, and how many of them still went to the canary. */
  readonly decisions: number;
  readonly toCanary: number;
  /** Inputs that the baseline was given, and how many it answered. */
  readonly inputs: number;
  readonly answered: number;
  /** Whether nothing went to the canary and the baseline answered everything. */
  readonly passed: boolean;
  /** How long the canary was out, in milliseconds. */
  readonly ms: number;
}

/** The way back was exercised. */
export interface DrillEvent extends EventBase {
  readonly type: 'drill';
  readonly report: DrillReport;
}

/** What a canary deployment tells its listeners. */
export type CanaryEvent = TransitionEvent | CommonCauseEvent | LateFailureEvent | DrillEvent;

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

/** The types of a canary's events. */
export const canaryEventTypes: EventTypes<CanaryEvent> = {
  transition: 'logged',
  'late-failure': 'logged',
  drill: 'logged',
  'common-cause': 'logged',
};
