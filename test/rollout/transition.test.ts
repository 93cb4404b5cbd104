import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IllegalTransitionError } from '../../src/core/errors.ts';
import type { StepName } from '../../src/rollout/RolloutPhase.ts';
import {
  activePhase,
  deadlineOf,
  elapsedOf,
  initialRolloutState,
  type RolloutPlan,
  type RolloutSignal,
  type RolloutState,
  servingStep,
} from '../../src/rollout/RolloutState.ts';
import { transition } from '../../src/rollout/transition.ts';

const names: readonly StepName[] = ['shadow', 'abTest', 'canary'];
const policies = ['reject', 'pause', 'promote'] as const;

const plans: fc.Arbitrary<RolloutPlan> = fc
  .record({
    used: fc.subarray([...names], { minLength: 1 }),
    gates: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    deadlines: fc.array(fc.constantFrom(Number.POSITIVE_INFINITY, 40, 200), { minLength: 3, maxLength: 3 }),
    onDeadline: fc.array(fc.constantFrom(...policies), { minLength: 3, maxLength: 3 }),
    approveProduction: fc.boolean(),
    approvalTimeoutMs: fc.constantFrom(Number.POSITIVE_INFINITY, 60),
  })
  .map(({ used, gates, deadlines, onDeadline, ...rest }) => ({
    ...rest,
    rollbackWindowMs: 100,
    steps: used.map((name, i) => ({
      name,
      requireApproval: gates[i]!,
      deadlineMs: deadlines[i]!,
      onDeadline: onDeadline[i]!,
    })),
  }));

type Untimed = RolloutSignal extends infer S ? (S extends unknown ? Omit<S, 'at'> : never) : never;

const signals: fc.Arbitrary<readonly [number, Untimed]> = fc.tuple(
  fc.nat({ max: 30 }),
  fc.oneof(
    { weight: 5, arbitrary: fc.constant({ type: 'tick' } as const) },
    {
      weight: 12,
      arbitrary: fc.record({
        type: fc.constant('verdict' as const),
        verdict: fc.constantFrom('promote', 'hold', 'hold', 'reject', 'invalid'),
        urgent: fc.boolean(),
        reason: fc.constant('judged'),
      }),
    },
    {
      weight: 9,
      arbitrary: fc.record({
        type: fc.constantFrom('start', 'start', 'approve', 'approve', 'resume', 'skip', 'retry', 'reject', 'rollback'),
        reason: fc.constant('by hand'),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ type: 'pause', why: 'manual' } as const) },
  ) as fc.Arbitrary<Untimed>,
);

/** How far a state is: gates stand before their step. */
function place(state: RolloutState, plan: RolloutPlan): number {
  const active = activePhase(state.phase);
  if (active.phase === 'gated') return active.step - 0.5;
  if (active.phase === 'running') return active.step;
  return active.phase === 'promoted' ? plan.steps.length : -1;
}

function gateBefore(step: number, plan: RolloutPlan): boolean {
  return step === plan.steps.length ? plan.approveProduction : plan.steps[step]!.requireApproval;
}

/** What must hold between a state and the next; returns what does not. */
function broken(
  before: RolloutState,
  after: RolloutState,
  signal: RolloutSignal,
  plan: RolloutPlan,
): string | undefined {
  const [from, to] = [before.phase, after.phase];
  const moved = place(after, plan) - place(before, plan);
  if (elapsedOf(after, signal.at) < 0) return 'time ran backwards';
  if (to.phase === 'rejected' && from.phase !== 'rejected') {
    const deadline = signal.type === 'tick' && signal.at >= deadlineOf(before, plan);
    const judged = signal.type === 'verdict' && signal.verdict === 'reject';
    if (!deadline && !judged && signal.type !== 'reject' && signal.type !== 'rollback') return 'rejected for nothing';
    if (judged && from.phase === 'paused' && !signal.urgent) return 'rejected while it stood still';
  }
  if (from.phase === 'paused' && signal.type === 'verdict' && to.phase !== 'rejected' && after !== before) {
    return 'moved while it stood still';
  }
  if (from.phase === 'rejected' && signal.type !== 'retry' && after !== before) return 'left rejected without a retry';
  if (from.phase === 'promoted' && after !== before && signal.type !== 'rollback') return 'left promoted';
  if (moved > 0) {
    const target = to.phase === 'promoted' ? plan.steps.length : (activePhase(to) as { step: number }).step;
    // Who skips a step at its gate passes the gate with it.
    const most = signal.type === 'skip' && activePhase(from).phase === 'gated' ? 1.5 : 1;
    if (moved > most) return 'more than one step at a time';
    const passedGate = to.phase !== 'gated' && gateBefore(target, plan);
    if (passedGate && signal.type !== 'approve') return 'past a gate without an approval';
    if (signal.type === 'verdict' && signal.verdict !== 'promote') return 'forward on another verdict';
    if (signal.type === 'tick' && (from.phase !== 'running' || plan.steps[from.step]!.onDeadline !== 'promote')) {
      return 'forward on a deadline that was not told to';
    }
  }
  if (moved < 0 && !['rejected', 'pending'].includes(to.phase)) return 'backwards';
  const serves = servingStep(to);
  if (serves >= plan.steps.length) return 'a step serves that is not there';
  if (['running', 'gated'].includes(to.phase) !== after.runningSince >= 0) return 'a clock runs that should not';
  return undefined;
}

describe('the state machine of a rollout', () => {
  it('keeps its invariants over random signals, and refuses without a change', () => {
    let steps = 0;
    const seen = new Set<string>();
    fc.assert(
      fc.property(plans, fc.array(signals, { minLength: 20, maxLength: 120, size: 'max' }), (plan, sequence) => {
        let state = initialRolloutState;
        let at = 1000;
        for (const [wait, untimed] of sequence) {
          at += wait;
          const signal = { ...untimed, at } as RolloutSignal;
          steps += 1;
          let next = state;
          try {
            next = transition(state, signal, plan).state;
          } catch (error) {
            if (!(error instanceof IllegalTransitionError)) throw error;
          }
          const fault = broken(state, next, signal, plan);
          if (fault !== undefined) {
            throw new Error(`${fault}: ${JSON.stringify([state.phase, signal, next.phase])}`);
          }
          state = next;
          seen.add(state.phase.phase);
        }
      }),
      { numRuns: 1500, seed: 8 },
    );
    expect(steps).toBeGreaterThan(50_000);
    expect([...seen].sort()).toEqual(['gated', 'paused', 'pending', 'promoted', 'rejected', 'running']);
  });

  const plan: RolloutPlan = {
    steps: [
      { name: 'shadow', requireApproval: false, deadlineMs: 100, onDeadline: 'reject' },
      { name: 'canary', requireApproval: true, deadlineMs: 50, onDeadline: 'pause' },
    ],
    approveProduction: true,
    approvalTimeoutMs: 30,
    rollbackWindowMs: 10,
  };
  const run = (signals: readonly RolloutSignal[], state = initialRolloutState): RolloutState =>
    signals.reduce((now, signal) => transition(now, signal, plan).state, state);
  const promote = (at: number): RolloutSignal => ({
    type: 'verdict',
    at,
    verdict: 'promote',
    urgent: false,
    reason: 'good',
  });

  it('goes from step to step, waits at gates, and ends in production', () => {
    const begun = run([{ type: 'start', at: 0 }]);
    expect(begun.phase).toEqual({ phase: 'running', step: 0 });
    const gated = run([promote(10)], begun);
    expect(gated.phase).toEqual({ phase: 'gated', step: 1 });
    expect(servingStep(gated.phase)).toBe(0);
    const last = run([{ type: 'approve', at: 20 }, promote(30)], gated);
    expect(last.phase).toEqual({ phase: 'gated', step: 2 });
    const promoted = run([{ type: 'approve', at: 40 }], last);
    expect(promoted.phase).toEqual({ phase: 'promoted' });
    expect(run([{ type: 'rollback', at: 50, reason: 'pager' }], promoted).phase).toEqual({
      phase: 'rejected',
      reason: 'pager',
    });
    expect(() => run([{ type: 'rollback', at: 51, reason: 'pager' }], promoted)).toThrow('window is over');
  });

  it('does what a deadline was told to, and gives a step its whole time again after a person has looked', () => {
    const begun = run([{ type: 'start', at: 0 }]);
    expect(run([{ type: 'tick', at: 99 }], begun)).toBe(begun);
    expect(run([{ type: 'tick', at: 100 }], begun).phase).toMatchObject({ phase: 'rejected' });
    const canary = run([promote(10), { type: 'approve', at: 20 }], begun);
    const paused = run([{ type: 'tick', at: 70 }], canary);
    expect(paused.phase).toMatchObject({ phase: 'paused', reason: 'deadline' });
    const again = run([{ type: 'resume', at: 500 }], paused);
    expect(deadlineOf(again, plan)).toBe(550);
    const gated = run([promote(10)], begun);
    expect(run([{ type: 'tick', at: 40 }], gated).phase).toMatchObject({ phase: 'rejected' });
  });

  it('stands still without losing or gaining time', () => {
    const paused = run([
      { type: 'start', at: 0 },
      { type: 'pause', at: 60, why: 'manual' },
    ]);
    expect(run([{ type: 'tick', at: 10_000 }], paused)).toBe(paused);
    const resumed = run([{ type: 'resume', at: 1000 }], paused);
    expect(deadlineOf(resumed, plan)).toBe(1040);
  });
});
