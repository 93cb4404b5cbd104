import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightedChoice } from '../../src/assignment/weightedChoice.ts';
import { InvalidOptionError } from '../../src/core/errors.ts';
import { createRng } from '../../src/random/createRng.ts';
import type { Rng } from '../../src/random/Rng.ts';
import { arbitraryShares } from '../support/arbitraryShares.ts';
import { chiSquaredZ } from '../support/chiSquaredZ.ts';

/** A generator that says what it is told. */
function saying(draw: number): Rng {
  const rng = createRng(0);
  return { next: () => draw, fork: (label) => rng.fork(label), state: () => rng.state() };
}

const below1 = 1 - 2 ** -53;

describe('weightedChoice', () => {
  it('gives the champion the low end: chosen exactly when the draw is below its share', () => {
    const draw = fc.double({ min: 0, max: below1, noNaN: true });
    fc.assert(
      fc.property(draw, fc.double({ min: 0, max: 1, noNaN: true }), (d, share) => {
        return weightedChoice(saying(d), [share, 1 - share]) === (d < share || share === 1 ? 0 : 1);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it('is exact at the ends', () => {
    expect(weightedChoice(saying(0), [0, 1])).toBe(1);
    expect(weightedChoice(saying(below1), [1, 0])).toBe(0);
    expect(weightedChoice(saying(0.5), [0.5, 0.5])).toBe(1);
    expect(weightedChoice(saying(0.5 - 2 ** -53), [0.5, 0.5])).toBe(0);
    // Ten tenths sum to a little less than 1: a draw above that sum is the last arm's.
    expect(weightedChoice(saying(below1), new Array<number>(10).fill(0.1))).toBe(9);
    expect(weightedChoice(saying(below1), [...new Array<number>(10).fill(0.1), 0])).toBe(9);
  });

  it('never chooses an arm of share 0', () => {
    const draw = fc.oneof(fc.constantFrom(0, below1), fc.double({ min: 0, max: below1, noNaN: true }));
    const shares = fc.integer({ min: 1, max: 6 }).chain(arbitraryShares);
    fc.assert(
      fc.property(draw, shares, (d, s) => s[weightedChoice(saying(d), s)]! > 0),
      { seed: 42, numRuns: 2000 },
    );
  });

  it('takes one number for each choice and meets the shares', () => {
    const shares = [0.6, 0, 0.3, 0.1];
    const rng = createRng(7);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i += 1) counts[weightedChoice(rng, shares)]! += 1;
    const chi = shares.reduce((sum, p, i) => (p === 0 ? sum : sum + (counts[i]! - 20_000 * p) ** 2 / (20_000 * p)), 0);
    expect(Math.abs(chiSquaredZ(chi, 2))).toBeLessThan(4);
    expect(counts[1]).toBe(0);
    const other = createRng(7);
    for (let i = 0; i < 20_000; i += 1) other.next();
    expect(rng.next()).toBe(other.next());
  });

  it.each([[[0.5, 0.4]], [[0.6, 0.6]], [[]], [[-0.5, 1.5]], [[0.5, 0.5, Number.NaN]], [[1.5, -0.5]]])(
    'refuses %j',
    (shares) => {
      expect(() => weightedChoice(saying(0.1), shares)).toThrow(InvalidOptionError);
    },
  );
});
