import { IllegalTransitionError } from '../core/errors.ts';
import { activeOf, type BlueGreenGate, type BlueGreenState } from './BlueGreenState.ts';

/** What happens to a deployment. `at` is milliseconds since the epoch. */
export type BlueGreenSignal =
  | { readonly type: 'prepared'; readonly at: number; readonly passed: boolean; readonly reason: string }
  | {
      readonly type: 'switch';
      readonly at: number;
      readonly force: boolean;
      /** What the judge says of green; undefined where nobody compares. */
      readonly verdict: 'pass' | 'fail' | 'open' | undefined;
      readonly reason: string;
    }
  | { readonly type: 'approve' | 'tick'; readonly at: number }
  | { readonly type: 'reject' | 'back' | 'failed'; readonly at: number; readonly reason: string };

/** The rules of a deployment. */
export interface BlueGreenPlan {
  readonly windowMs: number;
  readonly gates: readonly BlueGreenGate[];
}

/** The state after a signal, and why; `reason` undefined where the phase is what it was. */
export interface BlueGreenTransition {
  readonly state: BlueGreenState;
  readonly reason: string | undefined;
}

/**
 * The state machine of a blue-green deployment: pure, without a clock. Green takes over from `ready` alone, and everything
 * that goes wrong before the window closes goes back to blue.
 *
 * @throws IllegalTransitionError where a person asks for what the phase does not allow
 */
export function transition(state: BlueGreenState, signal: BlueGreenSignal, plan: BlueGreenPlan): BlueGreenTransition {
  switch (signal.type) {
    case 'prepared':
      return prepared(state, signal.passed, signal.reason);
    case 'switch':
      return switchOver(state, signal, plan);
    case 'approve':
      return approve(state, signal.at, plan);
    case 'reject':
      return reject(state, signal.reason, plan);
    case 'back':
      return back(state, signal, plan);
    case 'failed':
      return failed(state, signal, plan);
    case 'tick':
      return settle(state, signal.at, plan);
  }
}

/** The gate that the phase waits at; undefined where it waits at none, or has passed it. */
export function openGate({ phase, approved }: BlueGreenState, { gates }: BlueGreenPlan): BlueGreenGate | undefined {
  const gate = phase === 'ready' ? 'switch' : phase === 'green' ? 'settle' : undefined;
  return gate !== undefined && gates.includes(gate) && !approved.includes(gate) ? gate : undefined;
}

function prepared(state: BlueGreenState, passed: boolean, reason: string): BlueGreenTransition {
  if (activeOf(state) === 'green') throw refusal(state, 'prepare', 'green answers already');
  if (!passed) return state.phase === 'ready' ? move(state, { phase: 'blue' }, reason) : stay({ ...state, reason });
  const again = state.phase === 'returned';
  const fresh = again ? { run: state.run + 1, switchedAt: -1 } : {};
  return move({ ...state, ...fresh, approved: [] }, { phase: 'ready' }, reason);
}

function switchOver(
  state: BlueGreenState,
  { at, force, verdict, reason }: Extract<BlueGreenSignal, { type: 'switch' }>,
  plan: BlueGreenPlan,
): BlueGreenTransition {
  if (state.phase !== 'ready') throw refusal(state, 'switch', 'green is not ready: prepare()');
  if (!force && openGate(state, plan) !== undefined)
    throw refusal(state, 'switch', 'an approval is missing: approve()');
  if (!force && verdict === 'fail') throw refusal(state, 'switch', reason);
  if (!force && verdict === 'open') throw refusal(state, 'switch', `${reason} (force passes over it)`);
  const forced = force && verdict !== 'pass';
  return move({ ...state, switchedAt: at }, { phase: 'green' }, forced ? `forced: ${reason}` : reason);
}

function approve(state: BlueGreenState, at: number, plan: BlueGreenPlan): BlueGreenTransition {
  const gate = openGate(state, plan);
  if (gate === undefined) throw refusal(state, 'approve', 'no gate waits for it');
  return settle({ ...state, approved: [...state.approved, gate] }, at, plan);
}

function reject(state: BlueGreenState, reason: string, plan: BlueGreenPlan): BlueGreenTransition {
  const gate = openGate(state, plan);
  if (gate === undefined) throw refusal(state, 'reject', 'no gate waits for it');
  return move(state, { phase: gate === 'switch' ? 'blue' : 'returned' }, reason);
}

function back(state: BlueGreenState, { at, reason }: { at: number; reason: string }, plan: BlueGreenPlan) {
  const { phase } = settle(state, at, plan).state;
  if (phase === 'green') return move(state, { phase: 'returned' }, reason);
  throw refusal(state, 'back', phase === 'settled' ? `the window of ${plan.windowMs} ms is over` : 'blue answers');
}

/** Truths come late: what is found when the window is over finds it closed, whether or not a request came in between. */
function failed(state: BlueGreenState, { at, reason }: { at: number; reason: string }, plan: BlueGreenPlan) {
  const settled = settle(state, at, plan);
  return settled.state.phase === 'green' ? move(state, { phase: 'returned' }, reason) : settled;
}

/** The window closes when its time is over, and whoever must be asked has been. */
function settle(state: BlueGreenState, at: number, plan: BlueGreenPlan): BlueGreenTransition {
  const over = state.phase === 'green' && at - state.switchedAt > plan.windowMs;
  if (!over || openGate(state, plan) !== undefined) return stay(state);
  return move(state, { phase: 'settled' }, 'the window is over');
}

function move(state: BlueGreenState, to: Pick<BlueGreenState, 'phase'>, reason: string): BlueGreenTransition {
  return { state: { ...state, ...to, reason }, reason };
}

function stay(state: BlueGreenState): BlueGreenTransition {
  return { state, reason: undefined };
}

function refusal({ phase }: BlueGreenState, event: string, why: string): IllegalTransitionError {
  return new IllegalTransitionError(phase, event, why);
}
