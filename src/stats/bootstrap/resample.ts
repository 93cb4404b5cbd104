import { integer } from '../../random/integer.ts';
import type { Rng } from '../../random/Rng.ts';

/** As many observations as the sample has, drawn from it with replacement. */
export function resample<T>(sample: readonly T[], rng: Rng): readonly T[] {
  const n = sample.length;
  const chosen = new Array<T>(n);
  for (let i = 0; i < n; i += 1) chosen[i] = sample[integer(rng, n)] as T;
  return chosen;
}
