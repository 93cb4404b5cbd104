import type { Clock } from '../core/clock.ts';
import type { Rng } from '../random/Rng.ts';
import type { DrillReport } from './CanaryEvent.ts';

/** Routing decisions that a drill makes. */
const DECISIONS = 1000;

/** What a drill needs of the rollout, while the canary is out. */
interface Drill {
  readonly weight: number;
  readonly clock: Clock;
  readonly rng: Rng;
  predict(input: unknown): Promise<unknown>;
  toCanary(draw: number): boolean;
}

/** Decides about requests and asks the baseline while the canary is out. */
export async function runDrill(inputs: readonly unknown[], drill: Drill): Promise<DrillReport> {
  const started = drill.clock.monotonic();
  let toCanary = 0;
  for (let i = 0; i < DECISIONS; i += 1) if (drill.toCanary(drill.rng.next())) toCanary += 1;
  let answered = 0;
  for (const input of inputs) {
    const answer = await drill.predict(input).catch(() => undefined);
    if (answer !== undefined) answered += 1;
  }
  return {
    weight: drill.weight,
    decisions: DECISIONS,
    toCanary,
    inputs: inputs.length,
    answered,
    passed: toCanary === 0 && answered === inputs.length,
    ms: drill.clock.monotonic() - started,
  };
}
