import { describe, expect, it } from 'vitest';
import { Covariance, type CovarianceState } from '../../../src/stats/summaries/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';
import { expectClose } from '../../support/golden.ts';

/** Pairs out of single numbers, so that the contract of one-variable summaries can be run. */
class Curve {
  readonly pairs: Covariance;
  constructor(pairs = new Covariance()) {
    this.pairs = pairs;
  }
  get n() {
    return this.pairs.n;
  }
  get invalid() {
    return this.pairs.invalid;
  }
  push(x: number) {
    this.pairs.push(x, 3 * x - Math.abs(x));
    return this;
  }
  pushAll(xs: Iterable<number>) {
    this.pairs.pushAll(Array.from(xs, (x) => [x, 3 * x - Math.abs(x)]));
    return this;
  }
  merge(other: Curve) {
    this.pairs.merge(other.pairs);
    return this;
  }
  toJSON() {
    return this.pairs.toJSON();
  }
}

summaryContract<Curve, CovarianceState>({
  name: 'Covariance',
  create: () => new Curve(),
  restore: (state) => new Curve(Covariance.fromJSON(state)),
  exact: ({ pairs }) => [pairs.x.min, pairs.y.max],
  close: ({ pairs }) => {
    const size = Math.max(Math.abs(pairs.y.min), Math.abs(pairs.y.max)) || 1e-300;
    return {
      comoment: [pairs.comoment, size * size * Math.max(1, pairs.n)],
      mean: [pairs.y.mean, size],
      correlation: Math.sqrt(pairs.x.variance) > 1e-6 * size ? [pairs.correlation, 1] : [0, 1],
    };
  },
});

describe('Covariance', () => {
  it('agrees with the definition', () => {
    const pairs = new Covariance().pushAll([
      [1, 2],
      [2, 4],
      [3, 7],
      [6, 1],
    ]);
    // Sums by hand: Sxy = 26 + 9 - ... about means 3 and 3.5.
    const byHand = (-2 * -1.5 + -1 * 0.5 + 0 * 3.5 + 3 * -2.5) / 3;
    expect(pairs.covariance).toBe(byHand);
    expectClose(pairs.correlation, byHand / Math.sqrt((14 / 3) * (21 / 3)), 1e-15);
    expectClose(pairs.slope, byHand / (14 / 3), 1e-15);
    expect([pairs.x.mean, pairs.y.mean, pairs.n]).toEqual([3, 3.5, 4]);
  });

  it('survives a mean of 1e9 with a deviation of 1e-3', () => {
    const steps = Array.from(
      { length: 500 },
      (_, i) => [((i * 37) % 500) / 2 ** 19, ((i * 61) % 500) / 2 ** 19] as const,
    );
    const near = new Covariance().pushAll(steps);
    const far = new Covariance().pushAll(steps.map(([x, y]) => [1e9 + x, -1e9 + y] as const));
    expectClose(far.covariance, near.covariance, 1e-12);
    expectClose(far.correlation, near.correlation, 1e-12);
  });

  it('says NaN where a variable is constant or nothing is there, and never leaves [-1, 1]', () => {
    expect(new Covariance().covariance).toBeNaN();
    expect(new Covariance().push(1, 2).correlation).toBeNaN();
    expect(new Covariance().push(1, 2).push(1, 3).correlation).toBeNaN();
    expect(new Covariance().push(1, 2).push(1, 3).slope).toBeNaN();
    expect(new Covariance().push(0.1, 0.3).push(0.2, 0.6).push(0.7, 2.1).correlation).toBeLessThanOrEqual(1);
  });

  it('refuses a pair of which one number is invalid, whole', () => {
    const pairs = new Covariance().push(1, Number.NaN).push(Number.NaN, 1).push(1, 1);
    expect([pairs.n, pairs.invalid, pairs.x.n, pairs.x.invalid, pairs.y.n]).toEqual([1, 2, 1, 0, 1]);
  });

  it('hands out copies of its moments', () => {
    const pairs = new Covariance().push(1, 2);
    pairs.x.push(100);
    expect(pairs.n).toBe(1);
  });
});

describe('Covariance of very few pairs', () => {
  it('says nothing of one, all of two, and nothing of what does not vary', () => {
    const one = new Covariance().push(1, 2);
    expect([one.covariance, one.correlation, one.slope]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const two = new Covariance().push(1, 2).push(3, 8);
    expect([two.covariance, two.correlation, two.slope]).toEqual([6, 1, 3]);
    const flat = new Covariance().push(1, 2).push(1, 8).push(1, 3);
    expect([flat.covariance, flat.correlation, flat.slope]).toEqual([0, Number.NaN, Number.NaN]);
    const level = new Covariance().push(1, 2).push(2, 2).push(4, 2);
    expect([level.covariance, level.correlation, level.slope]).toEqual([0, Number.NaN, 0]);
  });

  it('merges two pairs into what four give, offsets and all', () => {
    const list = [
      [1e9 + 0.25, -1e9 + 0.5],
      [1e9 + 1.5, -1e9 + 2],
      [1e9 + 3.125, -1e9 - 1],
      [1e9 + 7, -1e9 + 4.75],
    ] as const;
    const whole = new Covariance().pushAll(list);
    const merged = new Covariance().pushAll(list.slice(0, 2)).merge(new Covariance().pushAll(list.slice(2)));
    expect(Math.abs(merged.covariance - whole.covariance)).toBeLessThanOrEqual(1e-12 * Math.abs(whole.covariance));
    expect(Math.abs(merged.slope - whole.slope)).toBeLessThanOrEqual(1e-12 * Math.abs(whole.slope));
  });

  it('merges means that two doubles hold only together', () => {
    // Thirds of a step: the means of the parts have offsets of either sign.
    const xs = [0, 5, 3, 1, 6, 6];
    const ys = [0, 1, 4, 2, 9, 5];
    const steps = xs.map((x, i) => [x / 2 ** 20, ys[i]! / 2 ** 20] as const);
    const near = new Covariance().pushAll(steps);
    const parts = [0, 3].map((from) =>
      new Covariance().pushAll(steps.slice(from, from + 3).map(([x, y]) => [1e9 + x, 1e9 + y] as const)),
    );
    expectClose(parts[0]!.merge(parts[1]!).covariance, near.covariance, 1e-12);
  });

  it('has neither correlation nor slope where the squares of a variable vanish', () => {
    const pairs = new Covariance().push(0, 0).push(1e-170, 1e100);
    expect([pairs.correlation, pairs.slope]).toEqual([Number.NaN, Number.NaN]);
  });

  it('has a correlation and a slope of 0, not -0, where they vanish', () => {
    const state = new Covariance().push(1, 2).push(3, 8).toJSON();
    const pairs = Covariance.fromJSON({ ...state, comoment: -5e-324 });
    expect([pairs.correlation, pairs.slope]).toEqual([0, 0]);
  });
});
