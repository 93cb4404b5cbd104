import { integer } from './integer.ts';
import type { Rng } from './Rng.ts';

/**
 * A copy of the list in random order, every order equally likely (Fisher–Yates; Durstenfeld 1964,
 * doi:10.1145/364520.364540).
 */
export function shuffle<T>(rng: Rng, xs: readonly T[]): T[] {
  const out = xs.slice();
  for (let i = out.length - 1; i > 0; i -= 1) {
    const j = integer(rng, i + 1);
    const held = out[i] as T;
    out[i] = out[j] as T;
    out[j] = held;
  }
  return out;
}
