import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CIRCLE } from '../../src/assignment/gridWidths.ts';
import { RangeLedger, type RangeLedgerState } from '../../src/assignment/RangeLedger.ts';
import { InvalidOptionError, SnapshotError } from '../../src/core/errors.ts';
import { arbitraryRamps } from '../support/arbitraryShares.ts';

/** Every stretch of the circle with its arm before and its arm after. */
function overlay(before: RangeLedger, after: RangeLedger): { from: number; to: number; width: number }[] {
  const ends = (ledger: RangeLedger): number[] => {
    let end = 0;
    return ledger.ranges.map(({ width }) => {
      end += width;
      return end;
    });
  };
  const cuts = [...new Set([...ends(before), ...ends(after)])].sort((a, b) => a - b);
  return cuts.map((cut, i) => {
    const start = i === 0 ? 0 : cuts[i - 1]!;
    return { from: before.armAt(start), to: after.armAt(start), width: cut - start };
  });
}

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const alternating = (arms: number): number[][] =>
  Array.from({ length: 400 }, (_, step) => {
    const steps = Array.from({ length: arms - 1 }, (_, j) => Math.ceil((step - j) / (arms - 1)) * 1e-4);
    return [1 - sum(steps), ...steps];
  });

describe('RangeLedger', () => {
  it('lays the arms side by side, in order', () => {
    const ledger = RangeLedger.of([0.5, 0.25, 0.25]);
    expect(ledger.ranges).toEqual([
      { arm: 0, width: 2 ** 31 },
      { arm: 1, width: 2 ** 30 },
      { arm: 2, width: 2 ** 30 },
    ]);
    expect([0, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1].map((at) => ledger.armAt(at))).toEqual([0, 0, 1, 2]);
    expect([ledger.epoch, ledger.moved]).toEqual([0, 0]);
  });

  it('moves the provable minimum at every ramp: from arms that shrink to arms that grow, and nothing else', () => {
    fc.assert(
      fc.property(arbitraryRamps({ min: 1, max: 7 }, 8), ([first, ...rest]) => {
        let ledger = RangeLedger.of(first!);
        for (const shares of rest) {
          const next = ledger.ramp(shares);
          const before = ledger.widths();
          const after = next.widths();
          expect(sum(after)).toBe(CIRCLE);
          const least = sum(after.map((width, arm) => Math.max(0, width - before[arm]!)));
          const movements = overlay(ledger, next).filter(({ from, to }) => from !== to);
          expect(sum(movements.map(({ width }) => width))).toBe(least);
          for (const { from, to } of movements) {
            expect(after[from]!).toBeLessThan(before[from]!);
            expect(after[to]!).toBeGreaterThan(before[to]!);
          }
          expect(next.moved).toBe(least / CIRCLE);
          const asked = sum(shares.map((share, arm) => Math.max(0, share - ledger.shares[arm]!)));
          expect(Math.abs(next.moved - asked) * CIRCLE).toBeLessThanOrEqual(2 * shares.length);
          shares.forEach((share, arm) => {
            expect(Math.abs(after[arm]! - share * CIRCLE)).toBeLessThanOrEqual(shares.length + 1);
            if (share === 0) expect(after[arm]).toBe(0);
            if (share === ledger.shares[arm]) expect(after[arm]).toBe(before[arm]);
          });
          ledger = next;
        }
      }),
      { seed: 42, numRuns: 400 },
    );
  });

  it('moves nobody but to the arms that grow: the case where others reshuffle everybody', () => {
    const next = RangeLedger.of([0.8, 0.1, 0.1]).ramp([0.4, 0.3, 0.3]);
    expect(next.moved).toBeCloseTo(0.4, 9);
    const movements = overlay(RangeLedger.of([0.8, 0.1, 0.1]), next).filter(({ from, to }) => from !== to);
    expect(new Set(movements.map(({ from }) => from))).toEqual(new Set([0]));
  });

  it('takes nobody from an arm whose share stays, not even by rounding', () => {
    const thirds = RangeLedger.of([1 / 3, 1 / 3, 1 / 3]);
    const next = thirds.ramp([1 / 3, 1 / 2, 1 / 6]);
    expect(next.widths()[0]).toBe(thirds.widths()[0]);
    expect(RangeLedger.of([1 / 3, 1 / 2, 1 / 6]).widths()[0]).not.toBe(thirds.widths()[0]);
  });

  it('with two arms is a single border whatever came before: the second arm grows from the top', () => {
    fc.assert(
      fc.property(arbitraryRamps({ min: 2, max: 2 }, 10), (ramps) => {
        let ledger = RangeLedger.of(ramps[0]!);
        for (const shares of ramps.slice(1)) ledger = ledger.ramp(shares);
        expect(ledger.ranges).toEqual(RangeLedger.of(ramps.at(-1)!).ranges);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it('with two arms flips nobody back while the share grows', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 2, maxLength: 8 }),
        fc.array(fc.nat(CIRCLE - 1)),
        (shares, positions) => {
          const rising = shares.toSorted((a, b) => a - b);
          let ledger = RangeLedger.of([1, 0]);
          for (const s of rising) {
            const next = ledger.ramp([1 - s, s]);
            for (const at of positions) expect(next.armAt(at)).toBeGreaterThanOrEqual(ledger.armAt(at));
            ledger = next;
          }
        },
      ),
      { seed: 42, numRuns: 500 },
    );
  });

  it('does not pile up ranges, neither over random ramps nor over small alternating ones', () => {
    for (const arms of [3, 4, 6]) {
      let ledger = RangeLedger.of([1, ...new Array<number>(arms - 1).fill(0)]);
      let most = 0;
      for (const shares of alternating(arms)) {
        ledger = ledger.ramp(shares);
        most = Math.max(most, ledger.ranges.length);
      }
      expect(most, `${arms} arms`).toBeLessThanOrEqual(arms ** 2);
    }
    fc.assert(
      fc.property(arbitraryRamps({ min: 2, max: 6 }, 40), (ramps) => {
        let ledger = RangeLedger.of(ramps[0]!);
        for (const shares of ramps) ledger = ledger.ramp(shares);
        expect(ledger.ranges.length).toBeLessThanOrEqual(ramps[0]!.length ** 2);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('takes in new arms and lets arms go', () => {
    const grown = RangeLedger.of([0.5, 0.5]).ramp([0.5, 0.3, 0.2]);
    expect(grown.widths()[0]).toBe(CIRCLE / 2);
    expect(grown.moved).toBeCloseTo(0.2, 9);
    const gone = grown.ramp([0.7, 0.3, 0]);
    expect(gone.moved).toBeCloseTo(0.2, 9);
    expect(gone.ranges.some(({ arm }) => arm === 2)).toBe(false);
    expect(gone.epoch).toBe(2);
    expect(() => grown.ramp([0.5, 0.5])).toThrow(InvalidOptionError);
  });

  it('is the same after a trip through JSON, now and at the ramps to come', () => {
    fc.assert(
      fc.property(arbitraryRamps({ min: 1, max: 6 }, 6), fc.array(fc.nat(CIRCLE - 1)), (ramps, positions) => {
        let ledger = RangeLedger.of(ramps[0]!);
        for (const shares of ramps.slice(0, -1)) ledger = ledger.ramp(shares);
        const restored = RangeLedger.fromJSON(JSON.parse(JSON.stringify(ledger)) as RangeLedgerState);
        expect(restored.toJSON()).toEqual(ledger.toJSON());
        for (const at of positions) expect(restored.armAt(at)).toBe(ledger.armAt(at));
        expect(restored.ramp(ramps.at(-1)!).toJSON()).toEqual(ledger.ramp(ramps.at(-1)!).toJSON());
      }),
      { seed: 42, numRuns: 200 },
    );
  });

  it.each([[[0.5, 0.4]], [[0.5, 0.6]], [[]], [[1.2, -0.2]], [[Number.NaN, 1]]])('refuses shares %j', (shares) => {
    expect(() => RangeLedger.of(shares)).toThrow(InvalidOptionError);
    expect(() => RangeLedger.of([0.5, 0.5]).ramp(shares)).toThrow(InvalidOptionError);
  });

  it('refuses states that are not its own', () => {
    const good = RangeLedger.of([0.5, 0.5]).toJSON();
    const half = CIRCLE / 2;
    const bad: unknown[] = [
      undefined,
      null,
      {},
      { ...good, version: 2 },
      { ...good, resolution: 0 },
      { ...good, resolution: CIRCLE * 2 },
      { ...good, epoch: -1 },
      { ...good, moved: Number.NaN },
      { ...good, shares: 'half' },
      { ...good, shares: [0.5, 2] },
      { ...good, ranges: [{ arm: 0, width: half }] },
      {
        ...good,
        ranges: [
          { arm: 0, width: half },
          { arm: 2, width: half },
        ],
      },
      {
        ...good,
        ranges: [
          { arm: 0, width: half + 0.5 },
          { arm: 1, width: half - 0.5 },
        ],
      },
      {
        ...good,
        ranges: [
          { arm: 0, width: half + 1000 },
          { arm: 1, width: half - 1000 },
        ],
      },
      { ...good, ranges: [null] },
    ];
    for (const state of bad) expect(() => RangeLedger.fromJSON(state as RangeLedgerState)).toThrow(SnapshotError);
    expect(RangeLedger.fromJSON(good).toJSON()).toEqual(good);
  });
});
