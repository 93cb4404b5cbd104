import { describe, expect, it } from 'vitest';
import {
  activeOf,
  type BlueGreenGate,
  type BlueGreenState,
  initialBlueGreenState,
  readBlueGreenState,
} from '../../src/bluegreen/BlueGreenState.ts';
import { type BlueGreenPlan, type BlueGreenSignal, openGate, transition } from '../../src/bluegreen/transition.ts';
import { IllegalTransitionError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import { createRng, integer, type Rng } from '../../src/random/index.ts';

const types = ['prepared', 'switch', 'approve', 'reject', 'back', 'failed', 'tick'] as const;
const gates: readonly BlueGreenGate[] = ['switch', 'settle'];

function randomSignal(rng: Rng, at: number): BlueGreenSignal {
  const type = types[integer(rng, types.length)]!;
  const reason = 'said';
  if (type === 'prepared') return { type, at, passed: rng.next() < 0.7, reason };
  if (type !== 'switch') return { type, at, reason } as BlueGreenSignal;
  const verdict = (['pass', 'fail', 'open', undefined] as const)[integer(rng, 4)];
  return { type, at, reason, verdict, force: rng.next() < 0.2 };
}

/** What must hold between a state and the next. Returns what does not. */
function broken(
  from: BlueGreenState,
  to: BlueGreenState,
  signal: BlueGreenSignal,
  { plan, reason }: { plan: BlueGreenPlan; reason: string | undefined },
): string | undefined {
  const over = from.phase === 'green' && signal.at - from.switchedAt > plan.windowMs;
  const moved = from.phase !== to.phase;
  if (moved && reason === undefined) return 'a phase changed untold';
  if (activeOf(from) === 'blue' && activeOf(to) === 'green') {
    if (from.phase !== 'ready' || signal.type !== 'switch') return 'green took over without a switch';
    if (!signal.force && (signal.verdict === 'fail' || signal.verdict === 'open')) return 'green took over unproven';
    if (!signal.force && openGate(from, plan) !== undefined) return 'green took over unapproved';
    if (to.switchedAt !== signal.at) return 'the time of the switch is wrong';
  }
  if (from.phase === 'settled' && to !== from) return 'a settled deployment moved';
  if (to.phase === 'settled' && moved) {
    if (!over) return 'settled within the window';
    if (plan.gates.includes('settle') && !to.approved.includes('settle')) return 'settled unapproved';
  }
  if (to.phase === 'returned' && moved && over && openGate(from, plan) === undefined)
    return 'came back beyond the window';
  if (to.phase === 'ready' && (moved || reason !== undefined) && to.approved.length > 0 && signal.type !== 'approve')
    return 'approvals of an earlier preparation';
  if (to.run !== from.run && !(from.phase === 'returned' && to.phase === 'ready')) return 'a new attempt out of place';
  if (to.approved.some((gate) => !plan.gates.includes(gate))) return 'an approval without a gate';
  return undefined;
}

describe('the state machine of a blue-green deployment', () => {
  it('keeps its invariants over 300,000 random steps, and refuses by one error alone', () => {
    const rng = createRng(5);
    const seen = new Set<string>();
    let refused = 0;
    for (let walk = 0; walk < 10_000; walk += 1) {
      const plan: BlueGreenPlan = { windowMs: integer(rng, 200), gates: gates.filter(() => rng.next() < 0.5) };
      let state = initialBlueGreenState;
      let at = 1000;
      for (let step = 0; step < 30; step += 1) {
        // Clocks go backwards as well.
        at += integer(rng, 60) - 5;
        const signal = randomSignal(rng, at);
        try {
          const next = transition(state, signal, plan);
          const wrong = broken(state, next.state, signal, { plan, reason: next.reason });
          if (wrong !== undefined) expect.fail(`${wrong}: ${JSON.stringify({ plan, state, signal, next })}`);
          seen.add(`${state.phase} -> ${next.state.phase}`);
          state = readBlueGreenState(JSON.parse(JSON.stringify(next.state)) as Json);
        } catch (error) {
          if (!(error instanceof IllegalTransitionError)) throw error;
          refused += 1;
        }
      }
    }
    expect(refused).toBeGreaterThan(1000);
    const moves = ['blue -> ready', 'ready -> blue', 'ready -> green', 'green -> returned', 'green -> settled'];
    expect([...seen]).toEqual(expect.arrayContaining([...moves, 'returned -> ready']));
  });

  const green: BlueGreenState = { ...initialBlueGreenState, phase: 'green', switchedAt: 1000 };

  it.each([
    [1100, 'returned'],
    [1101, 'settled'],
  ])('a failure found at %d ms, in a window that closes after 1100 ms, leads to %s', (at, phase) => {
    const { state } = transition(green, { type: 'failed', at, reason: 'late truth' }, { windowMs: 100, gates: [] });
    expect(state.phase).toBe(phase);
  });

  it('a failure found late goes back where the window waits for an approval', () => {
    const plan: BlueGreenPlan = { windowMs: 100, gates: ['settle'] };
    expect(transition(green, { type: 'failed', at: 5000, reason: 'late' }, plan).state.phase).toBe('returned');
    expect(transition(green, { type: 'approve', at: 5000 }, plan).state.phase).toBe('settled');
    expect(transition(green, { type: 'reject', at: 5000, reason: 'no' }, plan).state.phase).toBe('returned');
  });

  it.each([
    { ...green, approved: ['everything'] },
    { ...green, run: -1 },
    { ...green, switchedAt: null },
    { ...green, phase: 'purple' },
    null,
  ])('refuses a state edited by hand: %j', (state) => {
    expect(() => readBlueGreenState(state as unknown as Json)).toThrow('must have phase');
  });
});
