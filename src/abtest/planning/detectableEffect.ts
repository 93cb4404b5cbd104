import { checkFinite } from '../../core/check.ts';
import { pairedTTestMinimumDetectableEffect } from '../../stats/power/pairedTTestMinimumDetectableEffect.ts';
import { tTestMinimumDetectableEffect } from '../../stats/power/tTestMinimumDetectableEffect.ts';
import type { PlanOptions } from './Plan.ts';
import { resolvePlan } from './resolvePlan.ts';

/** Options of {@link detectableEffect}. */
export interface DetectableOptions extends Omit<PlanOptions, 'effect' | 'inference' | 'requestsPerDay'> {
  /** Requests over both variants. */
  readonly requests: number;
}

/**
 * The smallest effect, in the metric's unit, that a fixed-n test of so many requests finds with the given power.
 *
 * @throws InvalidOptionError
 */
export function detectableEffect({ requests, ...options }: DetectableOptions): number {
  checkFinite('requests', requests, { ge: 4 });
  // Small enough for any baseline: what is wanted here is the deviation, not the effect.
  const { alpha, power, mode, shares, sd } = resolvePlan({ ...options, effect: { absolute: 1e-9 } });
  const size =
    mode === 'paired'
      ? pairedTTestMinimumDetectableEffect({ n: Math.floor(requests), alpha, power })
      : tTestMinimumDetectableEffect({ n: [shares[0] * requests, shares[1] * requests], alpha, power });
  return size * sd;
}
