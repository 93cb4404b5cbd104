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
});
