import { describe, expect, it } from 'vitest';
import { CoronateError } from '../../src/core/index.ts';
import { integer, recordedRng } from '../../src/random/index.ts';

describe('recordedRng', () => {
  it('replays its draws in order, forks included, and then says that they have run out', () => {
    const rng = recordedRng([0, 0.25, 0.5, 0.999]);
    expect(rng.next()).toBe(0);
    expect(rng.fork('a').next()).toBe(0.25);
    expect(integer(rng, 10)).toBe(5);
    expect(rng.next()).toBe(0.999);
    try {
      rng.next();
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(CoronateError);
      expect((error as CoronateError).code).toBe('ERR_RNG_EXHAUSTED');
    }
  });

  it('copies the recording', () => {
    const draws = [0.1, 0.2];
    const rng = recordedRng(draws);
    draws[0] = 0.9;
    expect(rng.next()).toBe(0.1);
  });

  it.each([1, -0.1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a draw of %d', (bad) => {
    expect(() => recordedRng([0.5, bad])).toThrow('draws[1] must be within [0, 1)');
  });

  it('has no state to snapshot', () => {
    expect(() => recordedRng([0.5]).state()).toThrow('cannot be part of a snapshot');
  });
});
