import { describe, expect, it } from 'vitest';
import { createRng, type RngState, restoreRng } from '../../src/random/index.ts';

describe('createRng', () => {
  it('gives the same numbers for the same seed, and numbers and strings alike', () => {
    const draws = (seed: string | number) =>
      Array.from(
        { length: 5 },
        (
          (rng) => () =>
            rng.next()
        )(createRng(seed)),
      );
    expect(draws(42)).toEqual(draws('42'));
    expect(draws(42)).not.toEqual(draws(43));
  });

  it('continues bit for bit from a state that went through JSON', () => {
    const rng = createRng('seed');
    for (let i = 0; i < 17; i += 1) rng.next();
    const twin = restoreRng(JSON.parse(JSON.stringify(rng.state())) as RngState);
    for (let i = 0; i < 100; i += 1) expect(twin.next()).toBe(rng.next());
    expect(twin.fork('x').next()).toBe(rng.fork('x').next());
  });

  it('forks by label alone, whatever was drawn before, and labels never collide', () => {
    const rng = createRng(1);
    const first = rng.fork('a').next();
    rng.next();
    expect(rng.fork('a').next()).toBe(first);
    expect(rng.fork('a').fork('b/c').next()).not.toBe(rng.fork('a/b').fork('c').next());
  });

  it('refuses a seed that is no seed, and a state that is no state', () => {
    expect(() => createRng(Number.NaN)).toThrow('seed must be a finite number, a bigint or a string, got NaN');
    expect(() => restoreRng({ version: 2 } as never)).toThrow('version 1');
    expect(() => restoreRng(undefined as never)).toThrow('version 1');
  });
});
