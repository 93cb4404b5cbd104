import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../../src/random/index.ts';
import { clusteredVariance, ratioMetric } from '../../../src/stats/adjustment/index.ts';
import { ClusterMoments, Covariance, Moments } from '../../../src/stats/summaries/index.ts';
import { expectClose } from '../../support/golden.ts';

const rng = createRng(7);
const data = Array.from({ length: 2000 }, () => {
  const unit = rng.next() < 0.5 ? 3 : Math.floor(rng.next() * 60);
  return [unit, 1e6 + unit + normal(rng)] as const;
});

describe('ClusterMoments', () => {
  it('is the clustered variance that the delta method gives over whole clusters', () => {
    const clusters = new ClusterMoments();
    const sums = new Map<number, [number, number]>();
    for (const [unit, x] of data) {
      clusters.push(unit, x);
      const [sum, n] = sums.get(unit) ?? [0, 0];
      sums.set(unit, [sum + (x - 1e6), n + 1]);
    }
    const reference = clusteredVariance(new Covariance().pushAll(sums.values()))!;
    expect(clusters.clusters).toBe(sums.size);
    expect(clusters.mean).toBeCloseTo(reference.mean + 1e6, 8);
    expect(clusters.variance / clusters.n).toBeCloseTo(reference.variance / reference.n, 8);
  });

  it('is the ordinary variance where every observation is a cluster', () => {
    const clusters = new ClusterMoments({ places: 4096 });
    const plain = new Moments();
    for (let i = 0; i < 500; i += 1) {
      const x = normal(rng);
      clusters.push(i, x);
      plain.push(x);
    }
    expect(clusters.variance).toBeCloseTo(plain.variance, 10);
    expect(clusters.mean).toBeCloseTo(plain.mean, 12);
  });

  it('says what each cluster adds to the deviation of the mean, so that summaries of the same clusters have a joint variance', () => {
    const [first, second] = [new ClusterMoments(), new ClusterMoments()];
    for (const [unit, x] of data) (unit % 2 === 0 ? first : second).push(unit, x);
    const squares = (...parts: readonly (readonly [ClusterMoments, number])[]): number => {
      const influence = new Float64Array(first.places);
      for (const [part, scale] of parts) part.addInfluence(scale, influence);
      return influence.reduce((sum, x) => sum + x * x, 0);
    };
    const of = (part: ClusterMoments): number => ((part.variance / part.n) * (part.clusters - 1)) / part.clusters;
    expect(squares([first, 1])).toBeCloseTo(of(first), 10);
    // No cluster in common: variances add. The very same clusters: what is added to itself has four times the variance.
    expect(squares([first, 1], [second, -1])).toBeCloseTo(of(first) + of(second), 10);
    expect(squares([first, 1], [first, 1])).toBeCloseTo(4 * of(first), 10);
    expect(squares([first, 1], [first, -1])).toBeCloseTo(0, 12);
    expect(squares([new ClusterMoments(), 1])).toBe(0);
  });

  it('is the delta method of a ratio of sums over whole clusters, where observations have sizes', () => {
    const clusters = new ClusterMoments();
    const sums = new Map<number, [number, number]>();
    for (const [unit, x] of data) {
      const size = Math.floor(rng.next() * 4) - 1;
      clusters.push(unit, x - 1e6, size);
      const [sum, sizes] = sums.get(unit) ?? [0, 0];
      sums.set(unit, [sum + (x - 1e6), sizes + size]);
    }
    const reference = ratioMetric(new Covariance().pushAll(sums.values()))!;
    expectClose(clusters.mean, reference.mean, 1e-10);
    expectClose(clusters.variance / clusters.n, reference.variance / reference.n, 1e-9);
    expect(ClusterMoments.fromJSON(JSON.parse(JSON.stringify(clusters.toJSON()))).toJSON()).toEqual(clusters.toJSON());
  });

  it('has a covariance with another summary of the same clusters, from which that of a difference follows', () => {
    const [first, second, difference] = [new ClusterMoments(), new ClusterMoments(), new ClusterMoments()];
    for (const [unit, x] of data) {
      const y = 0.5 * (x - 1e6) + normal(rng);
      first.push(unit, x);
      second.push(unit, y);
      difference.push(unit, x - y);
    }
    expectClose(first.meanCovariance(first), first.variance / first.n, 1e-8);
    const joint = first.meanCovariance(first) - 2 * first.meanCovariance(second) + second.meanCovariance(second);
    expectClose(joint, difference.variance / difference.n, 1e-8);
    expect(first.meanCovariance(second)).toBe(second.meanCovariance(first));
    expect(new ClusterMoments().push(1, 2).meanCovariance(new ClusterMoments())).toBeNaN();
    expect(() => first.meanCovariance(new ClusterMoments({ places: 8 }))).toThrow('can be merged with another');
  });

  it('merges, and goes on bit for bit from its JSON', () => {
    const [whole, first, second] = [new ClusterMoments(), new ClusterMoments(), new ClusterMoments()];
    for (const [i, [unit, x]] of data.entries()) {
      whole.push(unit, x);
      (i < 700 ? first : second).push(unit, x);
    }
    const restored = ClusterMoments.fromJSON(JSON.parse(JSON.stringify(first.toJSON())));
    expect(restored.toJSON()).toEqual(first.toJSON());
    first.merge(second);
    expect(first.n).toBe(whole.n);
    expect(first.mean).toBeCloseTo(whole.mean, 7);
    expect(first.variance / whole.variance).toBeCloseTo(1, 8);
    for (const [unit, x] of data.slice(700)) restored.push(unit, x);
    expect(restored.toJSON()).toEqual(whole.toJSON());
  });

  it('counts what is no number, and refuses what is no state', () => {
    const clusters = new ClusterMoments().push(1, Number.NaN).push(2, 5);
    expect([clusters.invalid, clusters.n, clusters.mean, clusters.variance]).toEqual([1, 1, 5, Number.NaN]);
    expect(() => new ClusterMoments({ places: 1 })).toThrow('places must be');
    expect(() => new ClusterMoments(3 as never)).toThrow('options must be');
    expect(() => ClusterMoments.fromJSON({} as never)).toThrow('the state of a cluster-moments summary');
    expect(() => clusters.merge(new ClusterMoments({ places: 8 }))).toThrow('can be merged with another');
  });

  it('is that of the delta method of two clusters, and unknown from one, however many observations it has', () => {
    const two = new ClusterMoments().push(0, 1).push(0, 2).push(1, 6);
    // The mean is 3; the clusters' deviations from it sum to -3 and 3.
    expectClose(two.variance / two.n, (2 * (9 + 9)) / 9, 1e-14);
    const influence = new Float64Array(two.places);
    two.addInfluence(1, influence);
    expectClose(influence[0]!, -1, 1e-14);
    expectClose(influence[1]!, 1, 1e-14);
    for (let size = 2; size < 40; size += 1) {
      const one = new ClusterMoments();
      for (let i = 0; i < size; i += 1) one.push(5, Math.sqrt(i));
      expect(one.variance).toBeNaN();
    }
  });

  it('has a covariance with a summary of other clusters, each of which counts once', () => {
    const [first, second] = [new ClusterMoments().push(0, 1).push(1, 3), new ClusterMoments().push(1, 2).push(2, 6)];
    // Deviations from the means 2 and 4, over two observations: -1/2 and 1/2 of clusters 0 and 1, -1 and 1 of 1 and 2.
    expectClose(first.meanCovariance(second), (0.5 * -1 * 3) / 2, 1e-14);
    expectClose(second.meanCovariance(first), (0.5 * -1 * 3) / 2, 1e-14);
    const [spent, visits] = [new ClusterMoments(), new ClusterMoments()];
    for (const [user, a, b] of [
      [0, 1, 2],
      [1, 3, 6],
    ] as const)
      [spent.push(user, a), visits.push(user, b)];
    expect(spent.meanCovariance(visits)).toBe(2);
    expect(() => spent.meanCovariance({} as never)).toThrow('a cluster-moments summary');
  });

  it('has no covariance over one cluster, however many observations it has', () => {
    for (let size = 2; size < 40; size += 1) {
      const one = new ClusterMoments();
      for (let i = 0; i < size; i += 1) one.push(5, Math.sqrt(i));
      expect(one.meanCovariance(one)).toBeNaN();
    }
  });

  it('begins with an observation of size 0, and keeps the digits of a large ratio', () => {
    expect(new ClusterMoments().push(0, 3, 0).push(1, 1, 2).mean).toBe(2);
    const [near, far] = [new ClusterMoments(), new ClusterMoments()];
    for (let i = 0; i < 200; i += 1) {
      const step = ((i * 37) % 200) / 2 ** 20;
      near.push(i % 50, 4 * step, 4);
      far.push(i % 50, 4 * (1e9 + step), 4);
    }
    expectClose(far.variance, near.variance, 1e-9);
  });

  it('keeps in its JSON the sizes that are not the number of observations, and refuses places in use that cannot be', () => {
    const state = new ClusterMoments({ places: 4 }).push(0, 1).push(1, 3, 2).push(2, 5).toJSON();
    expect(state.used).toEqual([[0], [1, 1, 1, 2], [2, 4]]);
    const wrong = [[[]], [[4, 1, 1]], [[-1, 1, 1]], [[0.5, 1, 1]], [[0, 1, -1]], [[0, 1, 0]], [[0, 1, 1.5]]];
    for (const used of wrong) expect(() => ClusterMoments.fromJSON({ ...state, used } as never)).toThrow('five sums');
    for (const sums of [
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5, 6],
    ]) {
      expect(() => ClusterMoments.fromJSON({ ...state, sums } as never)).toThrow('five sums');
    }
  });

  it('keeps the digits of a large mean when it is merged into an empty one', () => {
    const [near, far] = [new ClusterMoments(), new ClusterMoments()];
    for (let i = 0; i < 200; i += 1) {
      const step = ((i * 37) % 200) / 2 ** 20;
      near.push(i % 50, step);
      far.push(i % 50, 1e9 + step);
    }
    expectClose(new ClusterMoments().merge(far).variance, near.variance, 1e-9);
  });
});
