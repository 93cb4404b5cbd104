import { describe, expect, it } from 'vitest';
import {
  beta,
  createRng,
  exponential,
  gamma,
  integer,
  normal,
  type Rng,
  shuffle,
  uniform,
} from '../../src/random/index.ts';

/** Seeded streams may change in a major version only: these are the first draws, frozen. */
const samplers: Record<string, (rng: Rng) => unknown> = {
  next: (rng) => rng.next(),
  uniform: (rng) => uniform(rng, -1, 3),
  integer: (rng) => integer(rng, 1000),
  normal: (rng) => normal(rng),
  exponential: (rng) => exponential(rng),
  'gamma 0.3': (rng) => gamma(rng, 0.3),
  'gamma 2.5': (rng) => gamma(rng, 2.5),
  'gamma 1e6': (rng) => gamma(rng, 1e6),
  'beta 0.2, 0.4': (rng) => beta(rng, 0.2, 0.4),
  'beta 8, 3': (rng) => beta(rng, 8, 3),
  shuffle: (rng) => shuffle(rng, [1, 2, 3, 4, 5, 6]).join(''),
};

describe('first draws of seed 42', () => {
  it.each(Object.keys(samplers))('%s', (name) => {
    const rng = createRng(42);
    const draws = Array.from({ length: 4 }, () => samplers[name]!(rng));
    expect(draws).toMatchSnapshot();
  });
});
