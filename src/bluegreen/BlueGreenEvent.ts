import type { EventBase, EventTypes } from '../core/events.ts';
import type { CommonCauseEvent } from '../metrics/judging/BurstWatch.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';

/**
 * Where a blue-green deployment stands. `blue`: blue answers, green is not ready. `ready`: green is warm and has passed
 * its smoke tests. `green`: green answers, and one call goes back. `settled`: the window is over. `returned`: blue
 * answers again.
 */
export type BlueGreenPhase = 'blue' | 'ready' | 'green' | 'settled' | 'returned';

/** The deployment moved to another phase. */
export interface BlueGreenTransitionEvent extends EventBase {
  readonly type: 'transition';
  readonly from: BlueGreenPhase;
  readonly to: BlueGreenPhase;
  readonly reason: string;
  /** What the judge had seen. */
  readonly evidence: HealthCheck | undefined;
}

/** What warming up and smoke tests have found. */
export interface SmokeReport {
  /** Warm-up inputs that green answered. */
  readonly warmed: number;
  /** Names of the smoke tests that green passed. */
  readonly passed: readonly string[];
  /** Names of those that it failed, with the reason. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/** Green was warmed and tested. */
export interface SmokeEvent extends EventBase {
  readonly type: 'smoke';
  readonly report: SmokeReport;
}

/** A gate waits for a person: green is proven and would take over, or the window is over and would close. */
export interface BlueGreenGateEvent extends EventBase {
  readonly type: 'gate';
  readonly gate: 'switch' | 'settle';
  readonly evidence: HealthCheck;
}

/** What a blue-green deployment tells its listeners. */
export type BlueGreenEvent = BlueGreenTransitionEvent | SmokeEvent | BlueGreenGateEvent | CommonCauseEvent;

/** The types of a blue-green deployment's events. */
export const blueGreenEventTypes: EventTypes<BlueGreenEvent> = {
  transition: 'logged',
  smoke: 'logged',
  gate: 'logged',
  'common-cause': 'logged',
};
