import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growthbookBucket, growthbookHash } from '../../src/assignment/growthbookHash.ts';
import {
  growthbookInNamespace,
  growthbookLedger,
  growthbookRanges,
  growthbookVariation,
} from '../../src/assignment/growthbookRanges.ts';
import { InvalidOptionError } from '../../src/core/errors.ts';
import { arbitraryShares } from '../support/arbitraryShares.ts';

describe('growthbookRanges', () => {
  it('gives each variation a slot by its weight and exposes the low part of it', () => {
    expect(growthbookRanges([0.25, 0.75])).toEqual([
      [0, 0.25],
      [0.25, 1],
    ]);
    expect(growthbookRanges([0.25, 0.75], 0.5)).toEqual([
      [0, 0.125],
      [0.25, 0.625],
    ]);
    expect(growthbookRanges([0.5, 0.5], 0)).toEqual([
      [0, 0],
      [0.5, 0.5],
    ]);
  });

  it('refuses weights that do not sum to 1 instead of making them equal', () => {
    expect(() => growthbookRanges([0.9, 0.05])).toThrow(InvalidOptionError);
    expect(() => growthbookRanges([0.5, 0.5], 1.5)).toThrow(InvalidOptionError);
  });
});

describe('growthbookVariation', () => {
  it('is the first variation whose half-open range holds the hash', () => {
    const ranges = growthbookRanges([0.5, 0, 0.5], 0.5);
    expect([0, 0.24, 0.25, 0.49, 0.5, 0.74, 0.75].map((n) => growthbookVariation(n, ranges))).toEqual([
      0, 0, -1, -1, 2, 2, -1,
    ]);
  });
});

describe('growthbookInNamespace', () => {
  it('puts each unit into exactly one of disjoint ranges', () => {
    const cuts = [0, 0.2, 0.5, 1];
    for (let i = 0; i < 500; i += 1) {
      const slots = cuts.slice(1).filter((to, k) => growthbookInNamespace(i, 'ns', [cuts[k]!, to]));
      expect(slots).toHaveLength(1);
    }
  });

  it('has its low end and not its high end', () => {
    const hash = growthbookHash('__ns', 'user-1', 1);
    expect(growthbookInNamespace('user-1', 'ns', [hash, 1])).toBe(true);
    expect(growthbookInNamespace('user-1', 'ns', [0, hash])).toBe(false);
  });
});

describe('growthbookLedger', () => {
  it('gives every bucket the variation that GrowthBook gives it', () => {
    const weights = fc.integer({ min: 1, max: 7 }).chain(arbitraryShares);
    fc.assert(
      fc.property(weights, fc.constantFrom(1, 2), fc.array(fc.nat(9999), { minLength: 50 }), (w, version, buckets) => {
        const ledger = growthbookLedger(w, version);
        const ranges = growthbookRanges(w);
        const edges = ranges.flatMap(([, to]) => [-1, 0, 1].map((d) => Math.ceil(to * ledger.resolution) + d));
        for (const at of [...buckets, ...edges].filter((b) => b >= 0 && b < ledger.resolution)) {
          expect(ledger.armAt(at)).toBe(growthbookVariation(at / ledger.resolution, ranges));
        }
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('keeps everybody at the start, and at a ramp moves only from arms that shrink', () => {
    const start = growthbookLedger([0.8, 0.1, 0.1], 2);
    const next = start.ramp([0.4, 0.3, 0.3]);
    expect(next.moved).toBeCloseTo(0.4, 12);
    expect(start.ramp([0.8, 0.1, 0.1]).moved).toBe(0);
    for (let i = 0; i < 2000; i += 1) {
      const bucket = growthbookBucket('exp', `user-${i}`, 2);
      const arm = growthbookVariation(growthbookHash('exp', `user-${i}`, 2), growthbookRanges([0.8, 0.1, 0.1]));
      expect(start.armAt(bucket)).toBe(arm);
      if (arm > 0) expect(next.armAt(bucket)).toBe(arm);
    }
  });
});
