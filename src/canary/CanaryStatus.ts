import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import { activeOf, type CanaryPlan, type CanaryState, dwellOf } from './CanaryState.ts';

/** Where a rollout stands, for people and dashboards. */
export interface CanaryStatus {
  readonly phase: CanaryPhase['phase'];
  /** Percent of the traffic that the canary gets. */
  readonly weight: number;
  /** The present stage, from 1; undefined outside of stages. */
  readonly stage: number | undefined;
  readonly stages: number;
  /** What the rollout waits for, or why it ended. */
  readonly waitingFor: string;
  /** About how many more canary observations the judge wants; undefined where that is not known, or not what it waits for. */
  readonly needed: number | undefined;
  readonly evaluations: number;
  readonly passed: number;
  /** Requests that were sent to each model. */
  readonly served: { readonly baseline: number; readonly canary: number };
  readonly startedAt: number | undefined;
  /** What the reader should know before trusting the verdicts. */
  readonly warnings: readonly string[];
}

/** What a rollout waits for, in words. @internal */
export function waitingFor(
  state: CanaryState,
  plan: CanaryPlan,
  now: number,
  health: () => HealthCheck,
  samples: (stage: number) => number,
): { readonly text: string; readonly needed: number | undefined } {
  const { phase } = state;
  const say = (text: string, needed?: number) => ({ text, needed });
  if (phase.phase === 'rolled-back') return say(phase.reason);
  if (phase.phase === 'paused') return say(`paused: ${phase.reason}`);
  if (phase.phase === 'pending') return say('start()');
  if (phase.phase === 'promoted') return say('nothing more');
  if (phase.phase === 'gated') return say(`an approval of stage ${phase.stage + 2}`);
  const { reason, checks, verdict } = health();
  if (verdict !== 'pass') {
    const missing = checks.flatMap(({ guard, verdict: said, needed }) =>
      guard || said === 'pass' || needed === undefined ? [] : [needed],
    );
    return say(reason, missing.length > 0 ? Math.max(...missing) : undefined);
  }
  const dwell = dwellOf(state, now);
  const active = activeOf(phase);
  if (active.phase === 'baking') return say(`the bake time: ${Math.ceil(plan.bakeMs - dwell)} ms more`);
  if (!('stage' in active)) return say(reason);
  const { minSamples, minDwellMs } = plan.stages[active.stage]!;
  const short = minSamples - samples(active.stage);
  if (short > 0) return say(`waiting: ${short} more canary samples of stage ${active.stage + 1}`, short);
  if (dwell < minDwellMs) return say(`the stage's time: ${Math.ceil(minDwellMs - dwell)} ms more`);
  return say(reason);
}
