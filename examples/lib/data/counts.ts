import { normal, type Rng } from 'coronate/random';

/** A Poisson count (Knuth 1997, §3.4.1 exercise F, in steps of at most 30 so that exp(−mean) does not vanish). */
export function poisson(rng: Rng, mean: number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const floor = Math.exp(-Math.min(left, 30));
    for (let product = rng.next(); product > floor; product *= rng.next()) count += 1;
  }
  return count;
}

/** An index drawn with these probabilities; they sum to one. */
export function choose(rng: Rng, probabilities: readonly number[]): number {
  let left = rng.next();
  for (let i = 0; i < probabilities.length - 1; i += 1) {
    left -= probabilities[i]!;
    if (left < 0) return i;
  }
  return probabilities.length - 1;
}

/** Independent standard normals. */
export function normals(rng: Rng, n: number): number[] {
  return Array.from({ length: n }, () => normal(rng));
}
