import { describe, expect, it } from 'vitest';
import type { CanaryPhase } from '../../src/canary/CanaryPhase.ts';
import {
  type CanaryPlan,
  type CanarySignal,
  type CanaryState,
  evidenceIndex,
  initialCanaryState,
  weightOf,
} from '../../src/canary/CanaryState.ts';
import { transition } from '../../src/canary/transition.ts';
import { createRng, integer, type Rng } from '../../src/random/index.ts';

const verdicts = ['pass', 'fail', 'inconclusive', 'no-data', 'error'] as const;
const manual = ['approve', 'reject', 'pause', 'resume', 'skip-stage', 'promote', 'rollback', 'retry'];

function randomPlan(rng: Rng): CanaryPlan {
  const count = 1 + integer(rng, 4);
  const stages = Array.from({ length: count }, (_, i) => ({
    weight: (100 * (i + 1)) / count,
    minSamples: 0,
    minDwellMs: rng.next() < 0.3 ? 50 : 0,
    maxDwellMs: rng.next() < 0.3 ? 400 : Infinity,
    requireApproval: rng.next() < 0.4,
  }));
  return {
    stages,
    shadowFirst: rng.next() < 0.3,
    bakeMs: rng.next() < 0.5 ? 100 : 0,
    rollbackWindowMs: 500,
    deadlineMs: rng.next() < 0.3 ? 1500 : Infinity,
    onDeadline: (['pause', 'rollback', 'promote'] as const)[integer(rng, 3)]!,
    approvalTimeoutMs: rng.next() < 0.3 ? 300 : Infinity,
    failLimit: integer(rng, 3),
    inconclusiveLimit: rng.next() < 0.5 ? 5 : Infinity,
    errorLimit: 3,
  };
}

function randomSignal(rng: Rng, at: number): CanarySignal {
  const draw = rng.next();
  if (draw < 0.55) {
    const verdict = verdicts[integer(rng, 5)]!;
    return { type: 'verdict', at, verdict, enough: rng.next() < 0.8, critical: rng.next() < 0.2, reason: 'judged' };
  }
  if (draw < 0.62) return { type: 'tick', at };
  if (draw < 0.7) return { type: 'start', at };
  if (draw < 0.72) return { type: 'burst', at, reason: 'burst' };
  const type = manual[integer(rng, manual.length)]!;
  if (type === 'promote') return { type, at, force: rng.next() < 0.2 };
  if (type === 'pause') return { type, at, reason: 'manual' };
  return { type, at, reason: 'by hand' } as CanarySignal;
}

function stageOf(phase: CanaryPhase): number {
  const active = phase.phase === 'paused' ? phase.previous : phase;
  return 'stage' in active ? active.stage : -1;
}

/** What must hold between a state and the next, by the nine invariants of the guide. Returns the one that does not. */
function broken(from: CanaryState, to: CanaryState, signal: CanarySignal, plan: CanaryPlan): string | undefined {
  const [before, after] = [weightOf(from.phase, plan), weightOf(to.phase, plan)];
  const moved = from.phase.phase !== to.phase.phase;
  const verdict = signal.type === 'verdict' ? signal.verdict : undefined;
  const raises = signal.type === 'start' || ['approve', 'skip-stage', 'promote', 'resume'].includes(signal.type);
  const deadline = signal.type === 'tick' && plan.onDeadline === 'promote';
  if (to.phase.phase === 'rolled-back' && after !== 0) return 'a rolled-back canary has traffic';
  if (after > before && !raises && verdict !== 'pass' && !deadline)
    return `the weight rose on ${signal.type} ${verdict}`;
  if (verdict === 'pass' && !(signal as { enough: boolean }).enough && after > before)
    return 'rose with too few samples';
  if (stageOf(to.phase) > stageOf(from.phase) + 1) return 'a stage was jumped over';
  if (
    from.phase.phase === 'paused' &&
    moved &&
    !['resume', 'promote', 'rollback', 'burst', 'verdict'].includes(signal.type)
  ) {
    return `a pause ended by ${signal.type}`;
  }
  if (from.phase.phase === 'paused' && moved && verdict !== undefined && verdict !== 'fail')
    return 'a pause ended by a verdict';
  if (to.phase.phase === 'rolled-back' && moved) {
    const cause = verdict === 'fail' || ['burst', 'reject', 'rollback'].includes(signal.type);
    // A pass that comes when the time is over does what a look at the clock would have done.
    const overdue = verdict === 'pass' && transition(from, { type: 'tick', at: signal.at }, plan).reason !== undefined;
    const policy = plan.onDeadline === 'rollback';
    const late = (signal.type === 'tick' && (policy || from.fails > 0)) || (overdue && policy);
    if (!cause && !late) return `rolled back by ${signal.type} ${verdict}`;
    if (verdict === 'fail' && !(signal as { enough: boolean }).enough)
      return 'rolled back below the minimum of samples';
  }
  const forced = signal.type === 'promote' && signal.force;
  const entered = stageOf(to.phase);
  if (
    entered > 0 &&
    entered > stageOf(from.phase) &&
    plan.stages[entered]!.requireApproval &&
    !to.approved.includes(entered)
  ) {
    return 'a gate was passed without an approval';
  }
  if (to.phase.phase === 'promoted' && moved && !forced && from.phase.phase !== 'baking') {
    const missing = plan.stages.some(
      (stage, i) => i > Math.max(0, stageOf(from.phase)) && stage.requireApproval && !from.approved.includes(i),
    );
    const baking = from.phase.phase === 'paused' && from.phase.previous.phase === 'baking';
    if (missing && !baking) return 'promoted without an approval';
  }
  if (to.phase.phase === 'promoted' && after !== 100) return 'promoted without all of the traffic';
  return evidenceIndex(to.phase, plan) > plan.stages.length + 1 ? 'evidence of no stage' : undefined;
}

describe('transition', () => {
  it('keeps its invariants through a million random steps, and is the same after a restore at any of them', () => {
    const rng = createRng(42);
    const seen = new Set<string>();
    let steps = 0;
    while (steps < 1_000_000) {
      const plan = randomPlan(rng);
      let state = initialCanaryState;
      let at = 0;
      for (let i = 0; i < 200; i += 1) {
        steps += 1;
        at += integer(rng, 41);
        const signal = randomSignal(rng, at);
        let next: CanaryState;
        try {
          next = transition(state, signal, plan).state;
        } catch (error) {
          if ((error as { code?: string }).code !== 'ERR_ILLEGAL_TRANSITION') throw error;
          continue;
        }
        const wrong = broken(state, next, signal, plan);
        if (wrong !== undefined) throw new Error(`${wrong}: ${JSON.stringify({ state, signal, next, plan })}`);
        if (steps % 64 === 0) {
          const restored = JSON.parse(JSON.stringify(state)) as CanaryState;
          expect(transition(restored, signal, plan).state).toEqual(next);
        }
        seen.add(`${state.phase.phase} ${next.phase.phase}`);
        state = next;
      }
    }
    // The walks must have been everywhere, or they have shown nothing.
    expect(seen.size).toBeGreaterThan(30);
  });

  it('never rolls back without a failure, a burst, a deadline or a person', () => {
    const rng = createRng(7);
    for (let walk = 0; walk < 500; walk += 1) {
      const plan: CanaryPlan = { ...randomPlan(rng), onDeadline: 'pause' };
      let state = transition(initialCanaryState, { type: 'start', at: 0 }, plan).state;
      for (let i = 0; i < 100; i += 1) {
        const verdict = (['pass', 'inconclusive', 'no-data', 'error'] as const)[integer(rng, 4)]!;
        state = transition(
          state,
          { type: 'verdict', at: i * 30, verdict, enough: true, critical: false, reason: '' },
          plan,
        ).state;
        state = transition(state, { type: 'tick', at: i * 30 }, plan).state;
        expect(state.phase.phase).not.toBe('rolled-back');
      }
    }
  });

  const staged = { minSamples: 0, minDwellMs: 0, requireApproval: false };
  const timed: CanaryPlan = {
    stages: [
      { ...staged, weight: 50, maxDwellMs: 100 },
      { ...staged, weight: 100, maxDwellMs: Infinity, requireApproval: true },
    ],
    shadowFirst: false,
    bakeMs: 0,
    rollbackWindowMs: 500,
    deadlineMs: Infinity,
    onDeadline: 'pause',
    approvalTimeoutMs: 100,
    failLimit: 0,
    inconclusiveLimit: Infinity,
    errorLimit: 3,
  };
  const pass = { type: 'verdict', verdict: 'pass', enough: true, critical: false, reason: 'passed' } as const;

  it.each([
    [99, 'pause', 'gated'],
    [100, 'pause', 'paused'],
    [100, 'rollback', 'rolled-back'],
  ] as const)(
    'a pass that a late truth brings at %d ms, of 100 ms with the policy %s, leads to %s',
    (at, onDeadline, phase) => {
      const plan = { ...timed, onDeadline };
      const started = transition(initialCanaryState, { type: 'start', at: 0 }, plan).state;
      expect(transition(started, { ...pass, at }, plan).state.phase.phase).toBe(phase);
    },
  );

  it('takes no approval when its time is over, whether or not a request came in between', () => {
    const started = transition(initialCanaryState, { type: 'start', at: 0 }, timed).state;
    const gated = transition(started, { ...pass, at: 10 }, timed).state;
    expect(transition(gated, { type: 'approve', at: 109 }, timed).state.phase).toEqual({
      phase: 'progressing',
      stage: 1,
    });
    expect(() => transition(gated, { type: 'approve', at: 110 }, timed)).toThrow('the time for it is over');
  });
});
