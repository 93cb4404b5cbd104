import { exponential, normal, type Rng } from '../../../src/random/index.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import type { SampleMoments } from '../../../src/stats/types.ts';

/** What samples are drawn from: the shapes that metrics of models have. */
export interface Population {
  readonly name: string;
  readonly mean: number;
  readonly draw: (rng: Rng) => number;
}

const bernoulli = (p: number): Population => ({
  name: `Bernoulli(${p})`,
  mean: p,
  draw: (rng) => (rng.next() < p ? 1 : 0),
});

/** The populations that issue and research name; the normal one lies away from 0, so that ratios exist. */
export const populations: readonly Population[] = [
  { name: 'normal(5, 1)', mean: 5, draw: (rng) => 5 + normal(rng) },
  bernoulli(0.5),
  bernoulli(0.1),
  bernoulli(0.01),
  bernoulli(0.002),
  { name: 'exponential', mean: 1, draw: exponential },
  { name: 'lognormal(1.5)', mean: Math.exp(1.125), draw: (rng) => Math.exp(1.5 * normal(rng)) },
];

/** The moments of a sample. */
export function momentsOf({ draw }: Population, n: number, rng: Rng): SampleMoments {
  const moments = new Moments();
  for (let i = 0; i < n; i += 1) moments.push(draw(rng));
  return moments;
}
