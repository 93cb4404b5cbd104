import type { PRNG } from 'seedrandom';
// @ts-expect-error The package's types do not cover its single-algorithm files.
import alea from 'seedrandom/lib/alea.js';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/random/engine.ts';

describe('createEngine', () => {
  it.each(['', '42', 'a longer seed / with a path'])(
    'gives the numbers and the state of seedrandom from %j',
    (seed) => {
      const engine = createEngine(seed);
      const reference = (alea as (seed: string, options: object) => PRNG)(seed, { state: true });
      for (let i = 0; i < 20_000; i += 1) {
        if (engine.double() !== reference.double()) expect.unreachable(`differs at draw ${i}`);
      }
      expect(engine.state()).toEqual((reference as PRNG & { state(): unknown }).state());
    },
  );
});
