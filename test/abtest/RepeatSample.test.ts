import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { RepeatSample } from '../../src/abtest/RepeatSample.ts';
import { ManualClock, SnapshotError } from '../../src/core/index.ts';
import { accuracy } from '../../src/metrics/index.ts';

const copy = (sample: RepeatSample) => JSON.parse(JSON.stringify(sample.toJSON()));

describe('RepeatSample', () => {
  it('counts every repeat of few units', () => {
    const sample = new RepeatSample();
    const found = Array.from({ length: 3000 }, (_, i) => sample.add(i % 1000));
    expect(found.reduce((a, b) => a + b, 0)).toBe(2000);
    expect(found.slice(0, 1000).every((weight) => weight === 0)).toBe(true);
  });

  it('takes none of many units that come once for another, and estimates the repeats of those that come again', () => {
    const once = new RepeatSample();
    let repeats = 0;
    for (let i = 0; i < 200_000; i += 1) repeats += once.add(`once-${i}`);
    expect(repeats).toBeLessThan(200);
    expect(copy(once).known.length).toBeLessThanOrEqual(4096);
    const twice = new RepeatSample();
    let found = 0;
    for (let i = 0; i < 200_000; i += 1) found += twice.add(`twice-${i % 100_000}`);
    // Some 3000 units are in the sample: a standard error of about 2 %.
    expect(Math.abs(found / 100_000 - 1)).toBeLessThan(0.08);
  });

  it('goes on from where it was, and refuses what is none', () => {
    const [a, b] = [new RepeatSample(), new RepeatSample()];
    for (let i = 0; i < 10_000; i += 1) a.add(i);
    b.load(copy(a));
    expect(copy(b)).toEqual(copy(a));
    for (let i = 5000; i < 15_000; i += 1) expect(b.add(i)).toBe(a.add(i));
    for (const broken of [
      null,
      {},
      { limit: 3, known: [] },
      { limit: 2 ** 31, known: [2 ** 31] },
      { limit: 2 ** 33, known: [] },
    ]) {
      expect(() => b.load(broken as never)).toThrow(SnapshotError);
    }
  });
});

it('a test of very many units that come once keeps the exact counts of its rates', { timeout: 60_000 }, () => {
  const test = new ABTest({
    name: 'many',
    seed: 1,
    clock: new ManualClock(0),
    champion: { predict: () => 1 },
    challenger: { predict: () => 1 },
    metrics: [accuracy({ role: 'goal' })],
  });
  for (let i = 0; i < 60_000; i += 1) test.serve(0, { unit: `unit-${i}`, truth: i % 50 === 0 ? 0 : 1 });
  expect(test.statisticalTest('accuracy').method).toBe('rate-mixture-sequence');
});
