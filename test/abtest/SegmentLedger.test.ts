import { describe, expect, it } from 'vitest';
import { SegmentLedger } from '../../src/abtest/SegmentLedger.ts';
import { absoluteError, type Metric } from '../../src/metrics/index.ts';

const metrics = [absoluteError({ role: 'goal' }) as Metric];
const at = { stratum: 0, metric: 0, time: 0 };

/** Takes one value of both variants for each group. */
function see(ledger: SegmentLedger, groups: readonly string[]): readonly string[] {
  return groups.map((group) => {
    const kept = ledger.admit('customer', group);
    for (const variant of [0, 1]) ledger.push({ ...at, variant }, { customer: kept }, 1);
    return kept;
  });
}

const counts = (ledger: SegmentLedger): Record<string, number> => {
  const groups = ledger.strata('customer', 0, 0, 1, [0]);
  return Object.fromEntries([...groups].map(([group, [stratum]]) => [group, stratum!.reference.n]));
};

const names = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `c${from + i}`);

describe('SegmentLedger', () => {
  it('lets groups beyond the twentieth share a place', () => {
    const ledger = new SegmentLedger(metrics, 2);
    see(ledger, names(0, 25));
    expect(Object.keys(counts(ledger))).toHaveLength(21);
    expect(counts(ledger).__other__).toBe(5);
    expect(counts(ledger).c3).toBe(1);
  });

  it('never takes a group for the place of all others, whatever it is called', () => {
    const ledger = new SegmentLedger(metrics, 2);
    const own = ['other', '__other__', '___other__', '____other__'];
    const kept = see(ledger, own);
    expect(new Set(kept).size).toBe(own.length);
    expect(kept).not.toContain('__other__');
    expect(see(ledger, own)).toEqual(kept);
    see(ledger, names(0, 30));
    expect(counts(ledger).__other__).toBe(14);
    for (const group of kept) expect(counts(ledger)[group]).toBe(2);
  });

  it('keeps the places apart over a restart and a merge', () => {
    const [here, there] = [new SegmentLedger(metrics, 2), new SegmentLedger(metrics, 2)];
    see(here, names(0, 22));
    see(there, [...names(20, 40), ...names(50, 53), '__other__']);
    const restored = new SegmentLedger(metrics, 2);
    restored.load(JSON.parse(JSON.stringify(here.toJSON())));
    expect(counts(restored)).toEqual(counts(here));
    // A group that was told apart still is, though the place of all others was counted before it.
    expect(restored.admit('customer', 'c19')).toBe('c19');
    restored.merge(there);
    const merged = counts(restored);
    expect(Object.keys(merged)).toHaveLength(21);
    // Two that were too many here, all 20 that are unknown here, and four that were too many there.
    expect(merged.__other__).toBe(26);
    expect(Object.values(merged).reduce((a, b) => a + b)).toBe(46);
  });

  describe('by time', () => {
    const DAY = 86_400_000;
    const push = (ledger: SegmentLedger, day: number, variants: readonly number[] = [0, 1], stratum = 0): void => {
      for (const variant of variants) ledger.push({ ...at, stratum, variant, time: day * DAY }, {}, 1);
    };
    const days = (ledger: SegmentLedger, stratum = 0): Record<string, readonly number[]> =>
      Object.fromEntries(
        [...ledger.strata('time', 0, 0, 1, [stratum])].map(([day, [both]]) => [
          day,
          [both!.reference.n, both!.candidate.n],
        ]),
      );

    it('tells days and strata apart, one after the other and back', () => {
      const ledger = new SegmentLedger(metrics, 2);
      for (const day of [0, 0, 1, 0]) push(ledger, day);
      push(ledger, 0, [0, 1], 1);
      push(ledger, 0);
      expect([days(ledger), days(ledger, 1)]).toEqual([{ 0: [4, 4], 1: [1, 1] }, { 0: [1, 1] }]);
    });

    it('goes on counting a day after a merge', () => {
      const [here, there] = [new SegmentLedger(metrics, 2), new SegmentLedger(metrics, 2)];
      push(here, 0, [0]);
      push(there, 0, [0]);
      here.merge(there);
      push(here, 0, [0, 1]);
      expect(days(here)).toEqual({ 0: [3, 1] });
    });

    it('goes on counting a day after a restart', () => {
      const [here, there] = [new SegmentLedger(metrics, 2), new SegmentLedger(metrics, 2)];
      push(here, 0);
      push(there, 0);
      here.load(JSON.parse(JSON.stringify(there.toJSON())));
      push(here, 0);
      expect(days(here)).toEqual({ 0: [2, 2] });
    });

    it('goes on counting once days are joined', () => {
      const ledger = new SegmentLedger(metrics, 2);
      for (let day = 0; day <= 56; day += 1) push(ledger, day);
      for (const day of [56, 57, 58, 0]) push(ledger, day);
      expect(days(ledger)).toMatchObject({ 0: [3, 3], 1: [2, 2], 28: [3, 3], 29: [1, 1] });
    });
  });
});
