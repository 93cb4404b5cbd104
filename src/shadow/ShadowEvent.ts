import type { EventBase, EventTypes } from '../core/events.ts';
import type { DropReason } from './evidence/drops.ts';
import type { PromotionDecision } from './promotion/Promotion.ts';

/** A shadow answered, failed or was given up. Per request: built only where somebody listens. */
export interface ShadowedEvent extends EventBase {
  readonly type: 'shadowed';
  readonly requestId: string | undefined;
  readonly shadow: string;
  readonly status: 'ok' | 'error' | 'timeout' | 'invalid';
  readonly comparison: 'agreed' | 'disagreed' | 'ignored' | 'incomparable';
  readonly latencyMs: number;
}

/** Shadowing began to drop requests for a reason, will end soon, has ended, or was changed. */
export interface ShadowStateEvent extends EventBase {
  readonly type: 'dropping' | 'expiring' | 'expired' | 'stopped' | 'sample-rate' | 'merged';
  readonly reason: string;
}

/** A shadow holds the serving loop for longer than is good for production: it belongs into an executor. */
export interface ExpensiveShadowEvent extends EventBase {
  readonly type: 'expensive';
  readonly shadow: string;
  /** Milliseconds a call, on average over its first calls. */
  readonly meanMs: number;
}

/** A sink did not take records. */
export interface SinkErrorEvent extends EventBase {
  readonly type: 'sink-error';
  readonly sink: string;
  /** Records that it lost. */
  readonly records: number;
  readonly error: unknown;
}

/** Somebody asked whether a shadow may be promoted. */
export interface PromotionEvent extends EventBase {
  readonly type: 'promotion';
  readonly shadow: string;
  readonly decision: PromotionDecision;
  readonly look: number;
}

/** What a shadow runner tells its listeners. */
export type ShadowEvent = ShadowedEvent | ShadowStateEvent | ExpensiveShadowEvent | SinkErrorEvent | PromotionEvent;

/** Drops that are told: the others are what somebody asked for. */
export function isTold(reason: DropReason): boolean {
  return reason !== 'run-if' && reason !== 'stopped';
}

/** The types of a shadow runner's events. */
export const shadowEventTypes: EventTypes<ShadowEvent> = {
  shadowed: 'transient',
  dropping: 'logged',
  expiring: 'logged',
  expired: 'logged',
  stopped: 'logged',
  'sample-rate': 'logged',
  merged: 'logged',
  expensive: 'logged',
  'sink-error': 'logged',
  promotion: 'logged',
};
