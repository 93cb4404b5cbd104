import type { ManualClock } from '../../core/clock.ts';
import { normal } from '../../random/normal.ts';
import type { Rng } from '../../random/Rng.ts';
import type { RolloutScenario } from './RolloutScenario.ts';

/** A world to roll out in: its two models, and its way to the next request. */
interface World {
  readonly models: Readonly<Record<'baseline' | 'canary', { readonly predict: () => number }>>;
  /** Draws what the next request has in common for both models. Returns its unit. */
  readonly next: (progress: number) => number;
}

/** Two models that make the scenario's errors, in the scenario's time. */
export function createWorld(scenario: RolloutScenario, clock: ManualClock, rng: Rng): World {
  const { worse = 1, slower = 1, failing = 0, error = normal, correlation = 0, autocorrelation = 0 } = scenario;
  const { drift = 0, units } = scenario;
  // Both models load on the common part, so that the correlation of the two is the product of their loads.
  const [load, rest] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const step = Math.sqrt(1 - autocorrelation * autocorrelation);
  const sizes = units === undefined ? undefined : Array.from({ length: units }, () => Math.exp(0.5 * normal(rng)));
  let [common, scale] = [0, 1];
  const own = (): number => {
    if (autocorrelation > 0) return common;
    return correlation > 0 ? load * common + rest * error(rng) : error(rng);
  };
  const answer = (worseBy: number, slowerBy: number): number => {
    clock.advance(10 * slowerBy * Math.exp(0.3 * normal(rng)));
    return worseBy * scale * own();
  };
  return {
    models: {
      baseline: { predict: () => answer(1, 1) },
      canary: {
        predict: () => {
          if (failing > 0 && rng.next() < failing) throw new Error('the canary failed');
          return answer(worse, slower);
        },
      },
    },
    next: (progress) => {
      const unit = sizes === undefined ? 0 : Math.floor(rng.next() * sizes.length);
      scale = (1 + drift * progress) * (sizes === undefined ? 1 : sizes[unit]!);
      if (autocorrelation > 0) common = autocorrelation * common + step * error(rng);
      else if (correlation > 0) common = error(rng);
      return unit;
    },
  };
}
