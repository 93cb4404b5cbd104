import { describe, expect, it } from 'vitest';
import { beta, createRng, exponential, gamma, integer, normal, shuffle, uniform } from '../../src/random/index.ts';
import { readGolden } from '../support/golden.ts';
import { draw, expectMoments, expectQuantiles } from '../support/samples.ts';

interface Quantiles {
  readonly p: readonly number[];
  readonly normal: readonly number[];
  readonly exponential: readonly number[];
  readonly gamma: readonly { readonly shape: number; readonly quantile: readonly number[] }[];
  readonly beta: readonly { readonly a: number; readonly b: number; readonly quantile: readonly number[] }[];
}
const golden = readGolden<Quantiles>('sampler-quantiles.json');
const N = 60_000;

describe('normal', () => {
  it('has the moments and quantiles of the standard normal, and its tail', () => {
    const rng = createRng('normal');
    const draws = draw(400_000, () => normal(rng));
    expectMoments(draws, 0, 1, 'normal');
    expectQuantiles(draws, golden.p, golden.normal, 'normal');
    // P(|Z| > 4) = 6.3342e-5: 25.3 expected, standard deviation 5.0. The tail beyond the last layer starts at 3.65.
    const far = draws.filter((x) => Math.abs(x) > 4).length;
    expect(far).toBeGreaterThan(5);
    expect(far).toBeLessThan(46);
  });

  it('keeps nothing between calls: the state of the generator is the whole state', () => {
    const rng = createRng(7);
    normal(rng);
    const state = rng.state();
    const first = normal(rng);
    const again = createRng(7);
    normal(again);
    expect(again.state()).toEqual(state);
    expect(normal(again)).toBe(first);
  });
});

describe('exponential', () => {
  it('has the moments and quantiles of mean 1, and is finite at both ends of the uniform draw', () => {
    const rng = createRng('exponential');
    const draws = draw(N, () => exponential(rng));
    expectMoments(draws, 1, 1, 'exponential');
    expectQuantiles(draws, golden.p, golden.exponential, 'exponential');
    const fixed = (u: number) => ({ next: () => u, fork: () => fixed(u), state: () => createRng(1).state() });
    expect(exponential(fixed(0))).toBe(0);
    expect(exponential(fixed(1 - 2 ** -53))).toBeCloseTo(36.7368, 4);
  });
});

describe('gamma', () => {
  it.each(golden.gamma)('shape $shape has the exact moments and quantiles', ({ shape, quantile }) => {
    const rng = createRng(`gamma ${shape}`);
    const draws = draw(N, () => gamma(rng, shape));
    expectMoments(draws, shape, shape, `gamma(${shape})`);
    expectQuantiles(draws, golden.p, quantile, `gamma(${shape})`);
  });

  it('scales, and goes to 0 (never NaN) at a tiny shape', () => {
    expect(gamma(createRng(1), 2.5, 3)).toBe(3 * gamma(createRng(1), 2.5));
    const rng = createRng(2);
    for (const x of draw(2_000, () => gamma(rng, 0.001))) expect(x).toBeGreaterThanOrEqual(0);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (bad) => {
    expect(() => gamma(createRng(1), bad)).toThrow('shape must be a finite number greater than 0');
    expect(() => gamma(createRng(1), 1, bad)).toThrow('scale must be a finite number greater than 0');
  });
});

describe('beta', () => {
  it.each(golden.beta)('($a, $b) has the exact moments and quantiles', ({ a, b, quantile }) => {
    const rng = createRng(`beta ${a} ${b}`);
    const draws = draw(N, () => beta(rng, a, b));
    const s = a + b;
    expectMoments(draws, a / s, (a * b) / (s * s * (s + 1)), `beta(${a}, ${b})`);
    expectQuantiles(draws, golden.p, quantile, `beta(${a}, ${b})`);
  });

  it.each([
    [0.001, 0.001],
    [0.001, 5],
    [1e-300, 1e-300],
    [1e-320, 3e-320],
    [0.5, 1e6],
  ])('(%d, %d) never gives NaN and keeps its mean', (a, b) => {
    const rng = createRng(`tiny ${a}`);
    const draws = draw(20_000, () => beta(rng, a, b));
    for (const x of draws) expect(x >= 0 && x <= 1).toBe(true);
    const mean = a / (a + b);
    const se = Math.sqrt((mean * (1 - mean)) / 20_000);
    expect(Math.abs(draws.reduce((sum, x) => sum + x, 0) / 20_000 - mean)).toBeLessThan(4 * se);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (bad) => {
    expect(() => beta(createRng(1), bad, 1)).toThrow('a must be a finite number greater than 0');
    expect(() => beta(createRng(1), 1, bad)).toThrow('b must be a finite number greater than 0');
  });
});

describe('uniform', () => {
  it('fills [lo, hi) and never reaches hi', () => {
    const rng = createRng('uniform');
    const draws = draw(N, () => uniform(rng, -2, 6));
    expectMoments(draws, 2, 64 / 12, 'uniform');
    for (const x of draws) expect(x >= -2 && x < 6).toBe(true);
    const ulp = 1 + Number.EPSILON;
    for (let i = 0; i < 50; i += 1) expect(uniform(rng, 1, ulp)).toBe(1);
  });

  it.each([
    [1, 1],
    [2, 1],
    [Number.NaN, 1],
    [0, Number.POSITIVE_INFINITY],
    [-1.7e308, 1.7e308],
  ])('refuses (%d, %d)', (lo, hi) => {
    expect(() => uniform(createRng(1), lo, hi)).toThrow('must be');
  });
});

describe('integer', () => {
  it('gives every outcome equally often', () => {
    const rng = createRng('integer');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i += 1) counts[integer(rng, 7)]! += 1;
    const chiSquared = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(27.86); // 6 df, p = 1e-4
  });

  it('rejects the remainder where a plain floor would be biased, and stays exact near the largest n', () => {
    const fixed = (...draws: number[]) => ({
      next: () => draws.shift()!,
      fork: () => createRng(1),
      state: () => createRng(1).state(),
    });
    const n = 3 * 2 ** 51; // 2^53 draws, n outcomes: each gets one draw, the last quarter is rejected
    expect(integer(fixed(1 - 2 ** -53, 0.75, 0.5), n)).toBe(2 ** 52);
    expect(integer(fixed(1 - 2 ** -52), Number.MAX_SAFE_INTEGER)).toBe(2 ** 53 - 2);
    expect(integer(fixed(0.999), 1)).toBe(0);
  });

  it.each([0, -3, 1.5, Number.NaN, 2 ** 53])('refuses n = %d', (n) => {
    expect(() => integer(createRng(1), n)).toThrow('n must be an integer at least 1');
  });
});

describe('shuffle', () => {
  it('makes every order equally likely and leaves the list alone', () => {
    const rng = createRng('shuffle');
    const list = ['a', 'b', 'c', 'd'] as const;
    const counts = new Map<string, number>();
    for (let i = 0; i < 48_000; i += 1) {
      const key = shuffle(rng, list).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(list.join('')).toBe('abcd');
    expect(counts.size).toBe(24);
    const chiSquared = [...counts.values()].reduce((sum, n) => sum + (n - 2_000) ** 2 / 2_000, 0);
    expect(chiSquared).toBeLessThan(58.6); // 23 df, p = 6e-5
  });

  it('takes empty and single lists', () => {
    expect(shuffle(createRng(1), [])).toEqual([]);
    expect(shuffle(createRng(1), [5])).toEqual([5]);
  });
});
