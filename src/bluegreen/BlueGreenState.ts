import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { BlueGreenPhase } from './BlueGreenEvent.ts';

/** Where a person is asked: before green takes over, and before the window closes. */
export type BlueGreenGate = 'switch' | 'settle';

/** All that decides about a deployment besides its evidence. Plain data. */
export interface BlueGreenState {
  readonly phase: BlueGreenPhase;
  /** Why it stands there, or what it waits for. */
  readonly reason: string;
  /** When green took over, milliseconds since the epoch; -1 before. */
  readonly switchedAt: number;
  /** Counts the attempts: evidence of one says nothing of the next. */
  readonly run: number;
  /** Gates that were passed in this attempt. */
  readonly approved: readonly BlueGreenGate[];
}

/** The state before anything has happened. */
export const initialBlueGreenState: BlueGreenState = {
  phase: 'blue',
  reason: 'prepare()',
  switchedAt: -1,
  run: 0,
  approved: [],
};

const PHASES: readonly BlueGreenPhase[] = ['returned', 'blue', 'ready', 'green', 'settled'];

/** The model that answers. */
export function activeOf({ phase }: BlueGreenState): 'blue' | 'green' {
  return phase === 'green' || phase === 'settled' ? 'green' : 'blue';
}

/** A state from plain data. @throws SnapshotError */
export function readBlueGreenState(json: Json): BlueGreenState {
  const state = json as unknown as Partial<BlueGreenState> | null;
  const sound =
    PHASES.includes(state?.phase as BlueGreenPhase) &&
    typeof state!.reason === 'string' &&
    Number.isFinite(state!.switchedAt) &&
    Number.isSafeInteger(state!.run) &&
    state!.run! >= 0 &&
    Array.isArray(state!.approved) &&
    state!.approved.every((gate) => gate === 'switch' || gate === 'settle');
  if (!sound)
    throw new SnapshotError(
      'the state of a blue-green deployment must have phase, reason, switchedAt, run and approved gates',
    );
  return state as BlueGreenState;
}

/** Which of two different decisions of the same revision stands: below 0 the first. A later attempt, then the safer phase. */
export function compareSafety(a: BlueGreenState, b: BlueGreenState): number {
  return a.run === b.run ? PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) : b.run - a.run;
}
