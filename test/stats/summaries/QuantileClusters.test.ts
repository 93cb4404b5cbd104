import { describe, expect, it } from 'vitest';
import { SnapshotError } from '../../../src/core/errors.ts';
import { createRng, normal } from '../../../src/random/index.ts';
import { ClusterMoments, QuantileSketch } from '../../../src/stats/summaries/index.ts';
import { QuantileClusters } from '../../../src/stats/summaries/QuantileClusters.ts';

type Row = readonly [unit: number, x: number];

/** Users with a level of their own; `within` is how much their requests differ beside that. */
function requests(seed: string, n: number, within: number, users = 256): readonly Row[] {
  const rng = createRng(seed);
  const own = Array.from({ length: users }, () => normal(rng));
  return Array.from({ length: n }, () => {
    const unit = Math.floor(rng.next() * users);
    return [unit, own[unit]! + within * normal(rng)] as const;
  });
}

function summarise(rows: readonly Row[], q: number): { clusters: QuantileClusters; sketch: QuantileSketch } {
  const sketch = new QuantileSketch();
  const clusters = new QuantileClusters();
  for (const [unit, x] of rows) {
    sketch.push(x);
    clusters.push(unit, x, sketch.n, () => sketch.quantile(q));
  }
  return { clusters, sketch };
}

/** Deng, Knoblich & Lu's two passes: the share at or below the quantile of all, over whole clusters. */
function twoPasses(rows: readonly Row[], q: number): number {
  const sorted = rows.map(([, x]) => x).sort((a, b) => a - b);
  const level = sorted[Math.ceil(q * rows.length) - 1]!;
  const below = new ClusterMoments();
  for (const [unit, x] of rows) below.push(unit, x <= level ? 1 : 0);
  return below.variance / (below.mean * (1 - below.mean));
}

describe('QuantileClusters', () => {
  it.each([
    [0.5, 0.5],
    [0.5, 2],
    [0.95, 1],
    [0.05, 1],
  ])('is in one pass what two passes say, quantile %d', (q, within) => {
    const rows = requests(`${q}/${within}`, 20_000, within);
    const exact = twoPasses(rows, q);
    const { designEffect } = summarise(rows, q).clusters;
    expect(exact).toBeGreaterThan(2);
    expect(Math.abs(designEffect! / exact - 1)).toBeLessThan(0.05);
  });

  it('is about 1 where observations do not depend on each other', () => {
    const rng = createRng('alone');
    const rows = Array.from({ length: 20_000 }, (_, i): Row => [i, normal(rng)]);
    // A variance of 256 places: its relative standard error is sqrt(2 / 255).
    expect(Math.abs(summarise(rows, 0.9).clusters.designEffect! - 1)).toBeLessThan(3 * Math.sqrt(2 / 255));
  });

  it('says nothing of nothing, of one cluster, and of what is no number', () => {
    expect(new QuantileClusters().designEffect).toBeUndefined();
    expect(summarise(requests('one', 500, 1, 1), 0.5).clusters.designEffect).toBeUndefined();
    const { clusters } = summarise([...requests('few', 20, 1), [1, Number.NaN]], 0.5);
    expect([clusters.clusters, clusters.designEffect]).toEqual([0, undefined]);
    const same = Array.from({ length: 400 }, (_, i): Row => [i, 1]);
    expect(summarise(same, 0.5).clusters.designEffect).toBeUndefined();
  });

  it('asks for the quantile when there are 32 observations, and whenever there are a tenth more', () => {
    const asked: number[] = [];
    const clusters = new QuantileClusters();
    for (let n = 1; n <= 66; n += 1) {
      clusters.push(n, n, n, () => {
        asked.push(n);
        return n / 2;
      });
    }
    expect(asked).toEqual([32, 36, 40, 44, 49, 54, 60, 66]);
    expect(clusters.toJSON()).toMatchObject({ level: 33, next: 73 });
  });

  it('counts what is at or below the quantile as it is known', () => {
    const state = { ...new QuantileClusters().toJSON(), level: 2, next: 1000 };
    const clusters = QuantileClusters.fromJSON(state);
    for (const [unit, x] of [1, 2, 3, Number.NaN].entries()) clusters.push(unit, x, unit + 1, () => Number.NaN);
    const below = new ClusterMoments().push(0, 1).push(1, 1).push(2, 0);
    expect(clusters.toJSON().clusters).toEqual(below.toJSON());
    expect(clusters.below.toJSON()).toEqual(below.toJSON());
  });

  it('says nothing of clusters that do not differ: half of each is below', () => {
    const clusters = QuantileClusters.fromJSON({ ...new QuantileClusters().toJSON(), level: 2, next: 1000 });
    for (let unit = 0; unit < 4; unit += 1) for (const x of [1, 3]) clusters.push(unit, x, 1, () => 2);
    expect(clusters.clusters).toBe(4);
    expect(clusters.designEffect).toBeUndefined();
  });

  it('takes over the quantile of another where it has none, and keeps its own', () => {
    const of = (level: number) => QuantileClusters.fromJSON({ ...new QuantileClusters().toJSON(), level });
    expect(new QuantileClusters().merge(of(5)).toJSON().level).toBe(5);
    expect(of(3).merge(of(5)).toJSON().level).toBe(3);
    expect(QuantileClusters.fromJSON(new QuantileClusters().toJSON()).toJSON()).toEqual(
      new QuantileClusters().toJSON(),
    );
    const wrong = { ...new QuantileClusters().toJSON(), level: 'high' } as never;
    expect(() => QuantileClusters.fromJSON(wrong)).toThrow('must have a finite level, or none yet');
  });

  it('merges, and goes on bit for bit from its JSON', () => {
    const rows = requests('merge', 8000, 1);
    const whole = summarise(rows, 0.5).clusters;
    const parts = [0, 1].map(
      (k) =>
        summarise(
          rows.filter((_, i) => i % 2 === k),
          0.5,
        ).clusters,
    );
    const merged = new QuantileClusters().merge(parts[0]!).merge(parts[1]!);
    expect(Math.abs(merged.designEffect! / whole.designEffect! - 1)).toBeLessThan(0.05);
    const { clusters, sketch } = summarise(rows.slice(0, 3000), 0.5);
    const twin = QuantileClusters.fromJSON(JSON.parse(JSON.stringify(clusters.toJSON())));
    const sketches = [sketch, QuantileSketch.fromJSON(JSON.parse(JSON.stringify(sketch.toJSON())))] as const;
    for (const [i, one] of [clusters, twin].entries()) {
      for (const [unit, x] of rows.slice(3000)) {
        sketches[i]!.push(x);
        one.push(unit, x, sketches[i]!.n, () => sketches[i]!.quantile(0.5));
      }
    }
    expect(twin.toJSON()).toEqual(clusters.toJSON());
    for (const bad of [{}, { ...clusters.toJSON(), level: '1' }, { ...clusters.toJSON(), next: null }]) {
      expect(() => QuantileClusters.fromJSON(bad as never)).toThrow(SnapshotError);
    }
  });
});
