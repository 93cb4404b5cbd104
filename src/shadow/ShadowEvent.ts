import type { EventBase } from '../core/events.ts';

/** A shadow answered, failed or was given up. Per request: built only where somebody listens. */
export interface ShadowedEvent extends EventBase {
  readonly type: 'shadowed';
  readonly requestId: string | undefined;
  readonly shadow: string;
  readonly status: 'ok' | 'error' | 'timeout' | 'invalid';
  readonly comparison: 'agreed' | 'disagreed' | 'ignored' | 'incomparable';
  readonly latencyMs: number;
}

/** Shadowing began to drop requests for a reason, or has ended. */
export interface ShadowStateEvent extends EventBase {
  readonly type: 'dropping' | 'expired' | 'stopped' | 'sample-rate';
  readonly reason: string;
}

/** What a shadow runner tells its listeners. */
export type ShadowEvent = ShadowedEvent | ShadowStateEvent;
