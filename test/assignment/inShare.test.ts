import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inShare } from '../../src/assignment/inShare.ts';
import { RangeLedger } from '../../src/assignment/RangeLedger.ts';

const hash = fc.nat(2 ** 32 - 1);
const share = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.05, 0.1, 0.25, 0.5, 1));

describe('inShare', () => {
  it('has nobody at 0 and everybody at 1', () => {
    for (const h of [0, 1, 2 ** 31, 2 ** 32 - 1]) {
      expect(inShare(h, 0)).toBe(false);
      expect(inShare(h, 1)).toBe(true);
    }
  });

  it('counts from the top, exact to one position', () => {
    expect([2 ** 32 - 2 ** 30, 2 ** 32 - 2 ** 30 - 1].map((h) => inShare(h, 0.25))).toEqual([true, false]);
  });

  it('lets nobody out as the share grows', () => {
    fc.assert(
      fc.property(hash, share, share, (h, a, b) => !inShare(h, Math.min(a, b)) || inShare(h, Math.max(a, b))),
      { seed: 42, numRuns: 2000 },
    );
  });

  it('is the second arm of a two-arm ledger', () => {
    fc.assert(
      fc.property(hash, share, (h, s) => {
        const edge = Math.round((1 - s) * 2 ** 32);
        const ledger = RangeLedger.of([1 - s, s]);
        return [h, Math.max(0, edge - 1), Math.min(edge, 2 ** 32 - 1)].every(
          (at) => inShare(at, s) === (ledger.armAt(at) === 1),
        );
      }),
      { seed: 42, numRuns: 2000 },
    );
  });
});
