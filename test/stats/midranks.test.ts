import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { midranks } from '../../src/stats/midranks.ts';

const sample = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 30 });

describe('midranks', () => {
  it('gives ties the mean of their ranks, and -0 the rank of 0', () => {
    expect([...midranks([30, 10, 10, 20])]).toEqual([4, 1.5, 1.5, 3]);
    expect([...midranks([0, -0, -1])]).toEqual([2.5, 2.5, 1]);
    expect(midranks([])).toHaveLength(0);
  });

  it('counts those below and half of the equal ones', () => {
    fc.assert(
      fc.property(sample, (xs) => {
        const byHand = xs.map((x) => xs.filter((y) => y < x).length + (xs.filter((y) => y === x).length + 1) / 2);
        expect([...midranks(xs)]).toEqual(byHand);
      }),
      { seed: 42 },
    );
  });
});
