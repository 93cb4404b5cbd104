import type { EventBase, EventTypes } from '../core/events.ts';
import type { Unit } from '../core/Unit.ts';
import type { DecisionReason, DecisionVerdict } from './decision/Decision.ts';
import type { KillReport } from './KillSwitch.ts';

/** Shares, exposure or versions changed: from here on a new epoch, whose counts stand by themselves. */
export interface EpochEvent extends EventBase {
  readonly type: 'epoch';
  readonly epoch: number;
  readonly shares: Readonly<Record<string, number>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly exposure: number;
  /** The fraction of units whose variant changed. */
  readonly moved: number;
  readonly reason: string;
}

/** Somebody looked at a metric. Repeated looks at the same data are one. */
export interface LookEvent extends EventBase {
  readonly type: 'look';
  readonly metric: string;
  readonly variant: string;
  readonly method: string;
  readonly validity: string;
  readonly n: readonly number[];
  readonly estimate: number | null;
  readonly pValue: number | null;
}

/** The test was asked for a decision, and says something else than before, or for other reasons. */
export interface DecisionEvent extends EventBase {
  readonly type: 'decision';
  readonly decision: DecisionVerdict;
  readonly variant: string | null;
  readonly rule: string;
  readonly requests: number;
  readonly reasons: readonly DecisionReason[];
}

/** A request was served within the experiment. Per request: built only where somebody listens. */
export interface AssignedEvent extends EventBase {
  readonly type: 'assigned';
  readonly requestId: string | undefined;
  readonly variant: string;
  readonly unit: Unit | undefined;
  readonly epoch: number;
}

/**
 * A challenger fails so much more often than the champion that no look was waited for: see `killSwitch`. The test rejects
 * it from here on.
 */
export interface KilledEvent extends EventBase, Omit<KillReport, 'at'> {
  readonly type: 'killed';
}

/** What another process has seen was added. */
export interface MergedEvent extends EventBase {
  readonly type: 'merged';
  /** Requests now, of all processes together. */
  readonly requests: number;
}

/** What a test tells its listeners. */
export type ABTestEvent = EpochEvent | LookEvent | DecisionEvent | AssignedEvent | KilledEvent | MergedEvent;

/** The types of a test's events. */
export const abTestEventTypes: EventTypes<ABTestEvent> = {
  epoch: 'logged',
  look: 'logged',
  decision: 'logged',
  assigned: 'transient',
  killed: 'logged',
  merged: 'logged',
};
