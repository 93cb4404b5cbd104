import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/random/index.ts';
import { ascending } from '../../../src/stats/ascending.ts';
import { bootstrapInterval, twoSampleBootstrapInterval } from '../../../src/stats/bootstrap/index.ts';
import { bcaProbabilities } from '../../../src/stats/bootstrap/intervalOfReplicates.ts';
import { accelerationOf, jackknife } from '../../../src/stats/bootstrap/jackknife.ts';
import { sortedQuantile } from '../../../src/stats/sortedQuantile.ts';
import type { IntervalEstimate, IntervalResult } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

const ok = (result: IntervalResult): IntervalEstimate => {
  if (result.status !== 'ok') throw new Error(result.reason);
  return result;
};
type Statistic = (xs: readonly number[]) => number;
const mean: Statistic = (xs) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const quantile =
  (p: number): Statistic =>
  (xs) =>
    sortedQuantile(ascending(xs), p);
const statistics: Record<string, Statistic> = { mean, median: quantile(0.5), p90: quantile(0.9) };

interface Input {
  values: number[];
  statistic: string;
  indices: string[];
}
type Pair = [number, number];
type Level = Record<'percentile' | 'basic' | 'normal' | 'bca' | 'bcaAlphas', Pair> & {
  bcaZ0: number;
  bcaAcceleration: number;
};
interface Expected {
  estimate: number;
  bias: number;
  standardError: number;
  replicateCheck: number[];
  ci90: Level;
  ci95: Level;
}
const golden = readGolden<GoldenFile<Input, Expected>>('bootstrap.json');
const near = (got: number, want: number, label: string) =>
  expect(Math.abs(got - want), `${label}: ${got} for ${want}`).toBeLessThanOrEqual(1e-11 + 1e-9 * Math.abs(want));

describe('golden/bootstrap.json', () => {
  for (const { id, input, expected } of golden.cases) {
    const statistic = statistics[input.statistic]!;
    const indices = input.indices.map((text) => Array.from(text, (letter) => letter.charCodeAt(0) - 48));
    it(`${id}: the replicates`, () => {
      const replicates = indices.map((list) => statistic(list.map((i) => input.values[i]!)));
      expected.replicateCheck.forEach((want, i) => {
        near(replicates[i]!, want, `replicate ${i}`);
      });
    });
    it.each(['percentile', 'basic', 'normal', 'bca'] as const)(`${id}: %s`, (method) => {
      for (const [level, want] of [
        [0.9, expected.ci90],
        [0.95, expected.ci95],
      ] as const) {
        const result = ok(bootstrapInterval(input.values, statistic, { indices, method, level }));
        near(result.estimate, expected.estimate, 'estimate');
        near(result.standardError!, expected.standardError, 'standard error');
        result.interval.forEach((end, i) => {
          near(end, want[method][i]!, `${level} end ${i}`);
        });
        expect(result.method).toBe(`bootstrap-${method}`);
      }
    });
    it(`${id}: the parts of BCa`, () => {
      const { values } = input;
      const replicates = Float64Array.from(indices, (list) => statistic(list.map((i) => values[i]!)));
      const influences = jackknife(values.length, (start, end) =>
        statistic([...values.slice(0, start), ...values.slice(end)]),
      );
      near(accelerationOf([influences]), expected.ci95.bcaAcceleration, 'acceleration');
      const probabilities = bcaProbabilities(
        { estimate: expected.estimate, values: replicates, acceleration: () => expected.ci95.bcaAcceleration },
        0.025,
      )!;
      probabilities.forEach((p, i) => {
        near(p, expected.ci95.bcaAlphas[i]!, `probability ${i}`);
      });
    });
  }
});

const sample = [3.1, 1.2, 4.8, 1.9, 5.5, 9.7, 2.6, 6.4, 5.3, 5.8, 0.4, 7.7];

describe('bootstrapInterval', () => {
  it('is the same for the same seed, and another for another', () => {
    const at = (seed: number) =>
      ok(bootstrapInterval(sample, mean, { rng: createRng(seed), replicates: 200 })).interval;
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
  });
  it('of a mean is near the t interval where there is much to draw from', () => {
    const many = Array.from({ length: 400 }, (_, i) => (i * 7919) % 101);
    const { interval, standardError } = ok(bootstrapInterval(many, mean, { rng: createRng(42), replicates: 1000 }));
    const m = mean(many);
    const se = Math.sqrt(many.reduce((sum, x) => sum + (x - m) ** 2, 0) / 399 / 400);
    expect(Math.abs(standardError! / se - 1)).toBeLessThan(0.1);
    expect(Math.abs((interval[0] - m) / se + 1.96)).toBeLessThan(0.25);
    expect(Math.abs((interval[1] - m) / se - 1.96)).toBeLessThan(0.25);
  });
  it('goes with the unit and origin of the data, and grows with the level', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -9, max: 9 }),
        fc.constantFrom('bca', 'percentile', 'basic', 'normal'),
        (exponent, method) => {
          const s = 10 ** exponent;
          const options = { method, replicates: 200 } as const;
          const plain = ok(bootstrapInterval(sample, mean, { ...options, rng: createRng(7) }));
          const moved = ok(
            bootstrapInterval(
              sample.map((x) => s * (x + 3)),
              mean,
              { ...options, rng: createRng(7) },
            ),
          );
          plain.interval.forEach((end, i) => {
            expectClose(moved.interval[i]! / s - 3, end, 1e-9);
          });
          const wide = ok(bootstrapInterval(sample, mean, { ...options, level: 0.99, rng: createRng(7) })).interval;
          expect(wide[0]).toBeLessThan(plain.interval[0]);
          expect(wide[1]).toBeGreaterThan(plain.interval[1]);
        },
      ),
      { seed: 42, numRuns: 20 },
    );
  });
  it('has the one-sided bounds of the two-sided interval at twice the error', () => {
    for (const method of ['bca', 'percentile', 'basic', 'normal'] as const) {
      const at = (level: number, alternative: 'two-sided' | 'less' | 'greater') =>
        ok(bootstrapInterval(sample, mean, { method, level, alternative, replicates: 200, rng: createRng(3) }))
          .interval;
      const both = at(0.9, 'two-sided');
      expectClose(at(0.95, 'greater')[0], both[0], 1e-12);
      expectClose(at(0.95, 'less')[1], both[1], 1e-12);
      expect(at(0.95, 'greater')[1]).toBe(Number.POSITIVE_INFINITY);
    }
  });
  it('resamples pairs as pairs', () => {
    const pairs = sample.map((x) => [x, 2 * x] as const);
    const ratio = (list: readonly (readonly [number, number])[]) =>
      list.reduce((sum, [, y]) => sum + y, 0) / list.reduce((sum, [x]) => sum + x, 0);
    const result = bootstrapInterval(pairs, ratio, { rng: createRng(1), replicates: 100, method: 'percentile' });
    if (result.status === 'ok') for (const end of result.interval) expectClose(end, 2, 1e-12);
    else expect(result.reason).toBe('the replicates do not vary');
  });
  it('leaves out replicates that are no numbers, and says so', () => {
    const fragile: Statistic = (xs) => (xs.includes(9.7) ? mean(xs) : Number.NaN);
    const { warnings, interval } = ok(bootstrapInterval(sample, fragile, { rng: createRng(1), replicates: 300 }));
    expect(warnings[0]).toMatch(/^\d+ of 300 replicates were no numbers and were left out$/);
    expect(interval.every(Number.isFinite)).toBe(true);
    const hopeless: Statistic = (xs) => (xs[0] === sample[0] ? mean(xs) : Number.NaN);
    expect(bootstrapInterval(sample, hopeless, { rng: createRng(1), replicates: 300 }).status).toBe('inconclusive');
  });
  it('falls back to percentiles, with a warning, where all replicates lie on one side', () => {
    const count: Statistic = (xs) => new Set(xs).size;
    const { warnings, interval } = ok(bootstrapInterval(sample, count, { rng: createRng(1), replicates: 300 }));
    expect(warnings).toEqual(['all replicates lie on one side of the estimate: plain percentiles were taken']);
    expect(interval[1]).toBeLessThan(12);
  });
  it('takes the jackknife by groups where a sample is large', () => {
    let calls = 0;
    const large = Array.from({ length: 5000 }, (_, i) => (i * 7919) % 1009);
    const counting: Statistic = (xs) => {
      calls += 1;
      return mean(xs);
    };
    ok(bootstrapInterval(large, counting, { rng: createRng(1), replicates: 100 }));
    expect(calls).toBe(1 + 100 + 1000);
    const skewed = Array.from({ length: 5000 }, (_, i) => -Math.log((i + 0.5) / 5000)).map(
      (x, i, xs) => xs[(i * 2357) % 5000]! + 0 * x,
    );
    const single =
      skewed.reduce((sum, x) => sum + (x - 1) ** 3, 0) / (6 * skewed.reduce((sum, x) => sum + (x - 1) ** 2, 0) ** 1.5);
    const grouped = accelerationOf([
      jackknife(
        5000,
        (start, end) =>
          (skewed.reduce((a, b) => a + b, 0) - skewed.slice(start, end).reduce((a, b) => a + b, 0)) /
          (5000 - (end - start)),
      ),
    ]);
    expect(Math.abs(grouped / single - 1)).toBeLessThan(0.5);
  });
  it('is inconclusive where there is nothing to say', () => {
    const options = { rng: createRng(1), replicates: 100 };
    expect(bootstrapInterval([1], mean, options)).toMatchObject({
      status: 'inconclusive',
      reason: '1 of at least 2 observations',
    });
    expect(bootstrapInterval([2, 2, 2], mean, options)).toMatchObject({ reason: 'the replicates do not vary' });
    expect(bootstrapInterval(sample, () => Number.NaN, options)).toMatchObject({
      reason: 'the statistic of the sample is not a finite number',
    });
  });
  it('says something from two observations on, of replicates of which half are numbers, and where the smallest tie', () => {
    const options = { method: 'percentile', level: 0.5 } as const;
    const first: Statistic = (xs) => xs[0]!;
    const of = (...drawn: number[]) => bootstrapInterval([0, 1], first, { ...options, indices: drawn.map((i) => [i]) });
    expect(ok(of(0, 0, 1, 1)).interval).toEqual([0, 1]);
    const holed: Statistic = (xs) => (xs[0] === 9 ? Number.NaN : xs[0]!);
    const half = bootstrapInterval([0, 1, 9], holed, { ...options, indices: [[0], [1], [2], [2]] });
    expect(ok(half).warnings).toEqual(['2 of 4 replicates were no numbers and were left out']);
  });
  it('refuses bad options and indices', () => {
    expect(() => bootstrapInterval(sample, mean, {} as never)).toThrow('rng must be a random generator, got undefined');
    expect(() => bootstrapInterval(sample, mean, { rng: Math as never })).toThrow('rng must be a random generator');
    expect(() => bootstrapInterval(sample, 'mean' as never, { rng: createRng(1) })).toThrow(
      'statistic must be a function',
    );
    expect(() => bootstrapInterval(sample, mean, { rng: createRng(1), replicates: 99 })).toThrow(
      'replicates must be an integer at least 100',
    );
    expect(() => bootstrapInterval(sample, mean, { rng: createRng(1), method: 'bc' as never })).toThrow(
      'method must be one of',
    );
    expect(() => bootstrapInterval(sample, mean, { indices: [[0, 12]] })).toThrow(
      'indices[0][1] must be an integer within [0, 12), got 12',
    );
    expect(() => bootstrapInterval(sample, mean, { indices: [[0], [-1]] })).toThrow(
      'indices[1][0] must be an integer within [0, 12), got -1',
    );
    expect(() => bootstrapInterval(sample, mean, { indices: [[1.5]] })).toThrow(
      'indices[0][0] must be an integer within [0, 12), got 1.5',
    );
  });
});

describe('twoSampleBootstrapInterval', () => {
  const [a, b] = [sample, [2.2, 3.3, 1.1, 4.4, 2.5, 3.6, 0.9]];
  const difference = (x: readonly number[], y: readonly number[]) => mean(x) - mean(y);
  it('of a difference of means has about its standard error, and turns over with the samples', () => {
    const rng = () => createRng(42);
    const { standardError, estimate, interval } = ok(
      twoSampleBootstrapInterval(a, b, difference, { rng: rng(), replicates: 4000 }),
    );
    const variance = (xs: readonly number[]) => xs.reduce((sum, x) => sum + (x - mean(xs)) ** 2, 0) / xs.length ** 2;
    expect(Math.abs(standardError! / Math.sqrt(variance(a) + variance(b)) - 1)).toBeLessThan(0.05);
    expectClose(estimate, mean(a) - mean(b), 1e-12);
    const back = ok(
      twoSampleBootstrapInterval(b, a, (y, x) => difference(x, y), { rng: rng(), replicates: 4000 }),
    ).interval;
    interval.forEach((end, i) => {
      expect(Math.abs(end - back[i]!)).toBeLessThan(0.3);
    });
  });
  it('takes its acceleration from both samples', () => {
    // For a difference of means the influences are the deviations: sum of cubes over n³, squares over n².
    const part = (xs: readonly number[], power: number, sign: number) =>
      xs.reduce((sum, x) => sum + (sign * (x - mean(xs))) ** power, 0) / xs.length ** power;
    const cubes = part(a, 3, 1) + part(b, 3, -1);
    const squares = part(a, 2, 1) + part(b, 2, -1);
    const got = accelerationOf([
      jackknife(a.length, (s, e) => difference([...a.slice(0, s), ...a.slice(e)], b)),
      jackknife(b.length, (s, e) => difference(a, [...b.slice(0, s), ...b.slice(e)])),
    ]);
    expectClose(got, cubes / (6 * squares ** 1.5), 1e-10);
  });
  it('takes two observations of each', () => {
    const options = { rng: createRng(1), replicates: 100, method: 'percentile' } as const;
    expect(ok(twoSampleBootstrapInterval([1, 2], b, difference, options)).n).toEqual([2, 7]);
    expect(ok(twoSampleBootstrapInterval(a, [1, 2], difference, options)).n).toEqual([12, 2]);
  });
  it('is inconclusive below two observations, and refuses a missing generator', () => {
    const rng = createRng(1);
    expect(twoSampleBootstrapInterval([1], b, difference, { rng })).toMatchObject({
      status: 'inconclusive',
      n: [1, 7],
    });
    expect(twoSampleBootstrapInterval(a, [], difference, { rng })).toMatchObject({
      status: 'inconclusive',
      n: [12, 0],
    });
    expect(() => twoSampleBootstrapInterval(a, b, difference, {} as never)).toThrow('rng must be a random generator');
    expect(() => twoSampleBootstrapInterval(a, b, difference, { rng, indices: [] } as never)).toThrow(
      'options.indices',
    );
  });
});
