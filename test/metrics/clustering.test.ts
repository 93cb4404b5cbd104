import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import {
  compareAnytime,
  compareFixed,
  comparePaired,
  compareRanks,
  defineMetric,
  type Metric,
  MetricSummary,
  metricMoments,
  PairedValues,
  rocAuc,
} from '../../src/metrics/index.ts';
import type { Measured } from '../../src/metrics/measure.ts';
import { createRng, normal, type Rng } from '../../src/random/index.ts';

const of = (kind: Metric['kind'], more: object = {}): Metric =>
  defineMetric({ name: kind, kind, direction: 'higher', value: () => 0, ...more } as never) as Metric;
const metrics: Readonly<Record<string, Metric>> = {
  mean: of('mean'),
  rate: of('rate'),
  rmse: of('rmse'),
  ratio: of('ratio'),
  median: of('quantile', { quantile: 0.5 }),
  p90: of('quantile', { quantile: 0.9 }),
  adjusted: of('mean', { covariate: () => 0 }),
};

/** One request of a user: what all of the user's requests have in common is most of it. */
function measured(kind: Metric['kind'], own: number, rng: Rng): Measured {
  const x = own + 0.5 * normal(rng);
  if (kind === 'rate') return Number(x > 0);
  if (kind === 'ratio') {
    const views = 1 + Math.floor(3 * rng.next());
    return [views * (1 + 0.2 * x), views];
  }
  return kind === 'rmse' ? 1 + 0.3 * x : x;
}

const [USERS, EACH] = [150, 8];

function arm(metric: Metric, rng: Rng): MetricSummary {
  const summary = new MetricSummary(metric);
  for (let user = 0; user < USERS; user += 1) {
    const [own, cluster] = [normal(rng), Math.floor(rng.next() * 2 ** 32)];
    for (let i = 0; i < EACH; i += 1) {
      const covariate = metric.covariate === undefined ? undefined : normal(rng);
      const value = measured(metric.kind, own, rng);
      const shift = covariate === undefined ? 0 : 2 * covariate;
      summary.push(typeof value === 'number' ? value + shift : value, covariate, cluster, i > 0);
    }
  }
  return summary;
}

describe('requests of one user that depend on each other', () => {
  it.each(Object.entries(metrics))('leave the standard error right: %s', (name, metric) => {
    const rng = createRng(`clustered/${name}`);
    const runs = 150;
    const scores = Array.from({ length: runs }, () => {
      const found = compareFixed([{ reference: arm(metric, rng), candidate: arm(metric, rng) }]);
      return found.status === 'ok' ? found.estimate / found.standardError! : Number.NaN;
    });
    const mean = scores.reduce((a, b) => a + b, 0) / runs;
    const sd = Math.sqrt(scores.reduce((sum, z) => sum + (z - mean) ** 2, 0) / (runs - 1));
    expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(runs));
    // 8 requests with an intra-user correlation of 0.8 would make it 2.5. Three standard errors of a standard deviation,
    // and a tenth for quantiles, whose order statistics scatter.
    expect(Math.abs(sd - 1)).toBeLessThan(3 / Math.sqrt(2 * (runs - 1)) + (metric.kind === 'quantile' ? 0.1 : 0.02));
  });

  const kinds = Object.entries(metrics).filter(([, { kind }]) => kind !== 'quantile');
  it.each(kinds)('leave the standard error right over a change of shares: %s', (name, metric) => {
    const rng = createRng(`strata/${name}`);
    const runs = 150;
    const scores = Array.from({ length: runs }, () => {
      const strata = Array.from({ length: 4 }, () => ({
        reference: new MetricSummary(metric),
        candidate: new MetricSummary(metric),
      }));
      for (let user = 0; user < USERS; user += 1) {
        const [own, cluster] = [normal(rng), Math.floor(rng.next() * 2 ** 32)];
        const side = user % 2 === 0 ? 'reference' : 'candidate';
        // Once before the change and once after it: within a stratum every user is alone.
        for (const [i, stratum] of strata.entries()) {
          const covariate = metric.covariate === undefined ? undefined : normal(rng);
          const value = measured(metric.kind, own, rng);
          const shift = covariate === undefined ? 0 : 2 * covariate;
          stratum[side].push(typeof value === 'number' ? value + shift : value, covariate, cluster, i > 0);
        }
      }
      const found = compareFixed(strata);
      return found.status === 'ok' ? found.estimate / found.standardError! : Number.NaN;
    });
    const mean = scores.reduce((a, b) => a + b, 0) / runs;
    const sd = Math.sqrt(scores.reduce((sum, z) => sum + (z - mean) ** 2, 0) / (runs - 1));
    expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(runs));
    // Four strata as if they were independent would make it nearly 2.
    expect(Math.abs(sd - 1)).toBeLessThan(3 / Math.sqrt(2 * (runs - 1)) + 0.02);
  });

  it('leave strata of other users alone, and widen what is watched', () => {
    const metric = metrics.mean!;
    const fill = (shared: boolean) => {
      const rng = createRng('other users');
      return [0, 1].map((s) => {
        const stratum = { reference: new MetricSummary(metric), candidate: new MetricSummary(metric) };
        for (let user = 0; user < 2 * USERS; user += 1) {
          const who = shared ? user : 2 * USERS * s + user;
          const own = normal(createRng(`user ${who}`));
          const cluster = Math.imul(who + 1, 0x9e3779b1) >>> 8;
          for (let i = 0; i < 3; i += 1) {
            const side = user % 2 === 0 ? stratum.reference : stratum.candidate;
            side.push(own + 0.1 * normal(rng), undefined, cluster, i > 0 || (shared && s > 0));
          }
        }
        return stratum;
      });
    };
    const width = (shared: boolean): number => {
      const found = compareAnytime(fill(shared));
      return found.status === 'ok' ? found.interval[1] - found.interval[0] : Number.NaN;
    };
    // The same users twice: hardly more is known than from one of both strata.
    expect(width(true) / width(false)).toBeGreaterThan(1.25);
    expect(width(true) / width(false)).toBeLessThan(1.6);
  });

  it('keep their level where there are a few users alone, and warn of it', () => {
    const metric = metrics.mean!;
    const rng = createRng('few');
    const runs = 400;
    let [split, paired] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const sides = { reference: new MetricSummary(metric), candidate: new MetricSummary(metric) };
      const pairs = new PairedValues(metric);
      for (const [user, own] of Array.from({ length: 16 }, () => normal(rng)).entries()) {
        const cluster = Math.floor(rng.next() * 2 ** 32);
        const other = normal(rng);
        for (let i = 0; i < 10; i += 1) {
          const values = [own + 0.3 * normal(rng), other + 0.3 * normal(rng)] as const;
          sides[user % 2 === 0 ? 'reference' : 'candidate'].push(values[0], undefined, cluster, i > 0);
          pairs.push(values[0], values[1], cluster, i > 0);
        }
      }
      const found = [compareFixed([sides]), comparePaired({ ...sides, pairs }, { method: 'fixed' })] as const;
      for (const one of found) expect(one.warnings.join()).toContain('fewer than 20');
      if (found[0].status === 'ok' && found[0].pValue <= 0.05) split += 1;
      if (found[1].status === 'ok' && found[1].pValue <= 0.05) paired += 1;
    }
    const limit = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs);
    expect(split / runs).toBeLessThan(limit);
    expect(paired / runs).toBeLessThan(limit);
  });

  it('make the sequence of a quantile asymptotic, and say so; users that come once keep the exact one', () => {
    const rng = createRng('labelled');
    const sides = { reference: arm(metrics.p90!, rng), candidate: arm(metrics.p90!, rng) };
    const found = compareAnytime([sides]);
    expect(found.method).toBe('asymptotic-difference-sequence');
    expect(found.validity).toBe('anytime');
    expect(found.warnings.join()).toContain('order statistics');
    const once = { reference: new MetricSummary(metrics.p90!), candidate: new MetricSummary(metrics.p90!) };
    for (let i = 0; i < 400; i += 1) for (const side of Object.values(once)) side.push(normal(rng), undefined, i);
    expect(compareAnytime([once]).method).toBe('quantile-difference-sequence');
  });

  it('are told where nothing can be done about them', () => {
    const rng = createRng('told');
    const told = (metric: Metric, push: (summary: MetricSummary) => void): string => {
      const summary = new MetricSummary(metric, { rng });
      push(summary);
      return metricMoments(summary).warnings.join();
    };
    const area = (s: MetricSummary): void => {
      for (let i = 0; i < 200; i += 1) s.push([normal(rng), i % 2], undefined, i % 50, i >= 50);
    };
    expect(told(rocAuc() as Metric, area)).toContain('units come more than once');
    const few = (s: MetricSummary): void => {
      for (let i = 0; i < 200; i += 1) s.push(normal(rng), undefined, i % 5, i >= 5);
    };
    expect(told(metrics.mean!, few)).toContain('units come more than once');
    expect(told(metrics.median!, few)).toContain('units come more than once');
    const segment = (s: MetricSummary): void => {
      for (let i = 0; i < 200; i += 1) s.push(normal(rng), undefined, undefined, i >= 50);
    };
    expect(told(metrics.mean!, segment)).toContain('units come more than once');
    const many = (s: MetricSummary): void => {
      for (let i = 0; i < 200; i += 1) s.push(normal(rng), undefined, i % 50, i >= 50);
    };
    expect(told(metrics.mean!, many)).toBe('');
    const sampled = () => {
      const summary = new MetricSummary(metrics.mean!, { rng, sampleSize: 100 });
      many(summary);
      return summary;
    };
    const ranks = compareRanks([{ reference: sampled(), candidate: sampled() }]);
    expect(ranks.warnings.join()).toContain('units come more than once');
  });

  it('are kept by merges and by snapshots', () => {
    for (const metric of Object.values(metrics)) {
      const [a, b] = [arm(metric, createRng(1)), arm(metric, createRng(2))];
      const merged = MetricSummary.fromJSON(metric, JSON.parse(JSON.stringify(a.toJSON())));
      expect(merged.toJSON()).toEqual(JSON.parse(JSON.stringify(a.toJSON())));
      merged.merge(b);
      const whole = metricMoments(merged).moments;
      const [x, y] = [metricMoments(a).moments, metricMoments(b).moments];
      expect(whole.n).toBe(2 * USERS * EACH);
      expect(whole.variance / ((x.variance + y.variance) / 2)).toBeGreaterThan(0.7);
      expect(whole.variance / ((x.variance + y.variance) / 2)).toBeLessThan(1.4);
      const empty = new MetricSummary(metric);
      empty.merge(a);
      expect(metricMoments(empty).moments.variance).toBeCloseTo(x.variance, 9);
    }
  });
});

describe('both models on requests of users that come again', () => {
  const paired: readonly (readonly [string, Metric])[] = [
    ['mean', of('mean')],
    ['bounded mean', of('mean', { range: [-20, 20] })],
    ['rate', of('rate')],
    ['rmse', of('rmse')],
    ['ratio', of('ratio')],
  ];
  const both = (metric: Metric, rng: Rng) => {
    const data = {
      reference: new MetricSummary(metric),
      candidate: new MetricSummary(metric),
      pairs: new PairedValues(metric),
    };
    for (let user = 0; user < USERS; user += 1) {
      const [first, second] = [normal(rng), normal(rng)];
      const cluster = Math.floor(rng.next() * 2 ** 32);
      for (let i = 0; i < EACH; i += 1) {
        const values = [measured(metric.kind, first, rng), measured(metric.kind, second, rng)] as const;
        data.pairs.push(values[0], values[1], cluster, i > 0);
      }
    }
    return data;
  };

  it.each(paired)('have the variance of whole users: %s', (name, metric) => {
    const rng = createRng(`paired/${name}`);
    const runs = 150;
    const scores = Array.from({ length: runs }, () => {
      const found = comparePaired(both(metric, rng), { method: 'fixed' });
      return found.status === 'ok' ? found.estimate / found.standardError! : Number.NaN;
    });
    const mean = scores.reduce((a, b) => a + b, 0) / runs;
    const sd = Math.sqrt(scores.reduce((sum, z) => sum + (z - mean) ** 2, 0) / (runs - 1));
    expect(Math.abs(mean)).toBeLessThan(3 / Math.sqrt(runs));
    expect(Math.abs(sd - 1)).toBeLessThan(3 / Math.sqrt(2 * (runs - 1)) + 0.02);
  });

  it('are not bet on one by one', () => {
    for (const [, metric] of paired.slice(1, 3)) {
      const found = comparePaired(both(metric, createRng('bets')));
      expect(found.method).toBe('paired-difference-sequence');
      const alone = new PairedValues(metric);
      const rng = createRng('alone');
      for (let i = 0; i < 300; i += 1) alone.push(Number(rng.next() < 0.5), Number(rng.next() < 0.5), i);
      const data = { reference: new MetricSummary(metric), candidate: new MetricSummary(metric), pairs: alone };
      expect(comparePaired(data).method).not.toBe('paired-difference-sequence');
    }
  });

  it('are kept by merges and by snapshots, and told where they are too few', () => {
    for (const [, metric] of paired) {
      const { pairs } = both(metric, createRng(3));
      const twin = PairedValues.fromJSON(metric, JSON.parse(JSON.stringify(pairs.toJSON())));
      expect(twin.moments).toEqual(pairs.moments);
      expect(new PairedValues(metric).moments.clustered).toBe(false);
      const [a, b] = [both(metric, createRng(4)).pairs, both(metric, createRng(5)).pairs];
      a.merge(b);
      expect(a.moments.clustered).toBe(true);
      expect(a.n).toBe(2 * USERS * EACH);
    }
    const few = new PairedValues(metrics.mean!);
    for (let i = 0; i < 300; i += 1) few.push(i % 7, i % 5, i % 3, i >= 3);
    const found = comparePaired({
      reference: new MetricSummary(metrics.mean!),
      candidate: new MetricSummary(metrics.mean!),
      pairs: few,
    });
    expect(found.warnings.join()).toContain('units come more than once');
  });
});

describe('an A/B test of users that come again', () => {
  it('clusters ratios, quantiles and weighted truths, in both modes', () => {
    const model = { predict: (x: number) => x };
    const clicks = defineMetric({
      name: 'clicks',
      kind: 'ratio',
      direction: 'higher',
      due: 'serve',
      value: ({ prediction }) => [prediction as number, 2] as const,
    });
    const slow = defineMetric({
      name: 'slow',
      kind: 'quantile',
      quantile: 0.75,
      direction: 'lower',
      due: 'serve',
      value: ({ prediction }) => prediction as number,
    });
    const error = defineMetric({
      name: 'error',
      kind: 'mean',
      direction: 'lower',
      value: ({ truth }) => truth as number,
    });
    const effects = (each: number, mode: 'split' | 'paired'): readonly number[] => {
      const test = new ABTest({
        ...{ name: 'again', seed: 1, clock: new ManualClock(0), champion: model, challenger: model, mode },
        ...{ metrics: [clicks, slow, error], labels: { propensity: () => 0.5, floor: 0.5 } },
      });
      const rng = createRng('again');
      for (let user = 0; user < 3200 / each; user += 1) {
        const own = normal(rng);
        for (let i = 0; i < each; i += 1) test.serve(own, { unit: user, truth: own });
      }
      return ['clicks', 'slow', 'error'].map((name) => {
        const found = test.statisticalTest(name, { method: 'student' });
        return found.status === 'ok' ? found.standardError! : Number.NaN;
      });
    };
    for (const mode of ['split', 'paired'] as const) {
      const [alone, again] = [effects(1, mode), effects(16, mode)];
      // 16 equal requests of a user are one: the standard error is four times as large, a fifth of it for 200 users.
      for (const [i, se] of again.entries()) {
        expect(se / alone[i]!, `${mode} ${i}`).toBeGreaterThan(3);
        expect(se / alone[i]!, `${mode} ${i}`).toBeLessThan(5);
      }
    }
  });
});

it('a paired test that draws for every request takes units, not requests, as independent', () => {
  const model = { predict: (x: number) => x };
  const spent = defineMetric({
    name: 'spent',
    kind: 'mean',
    direction: 'higher',
    due: 'serve',
    range: [-9, 9],
    value: ({ prediction }) => prediction as number,
  });
  const errorOf = (each: number): number => {
    const test = new ABTest({
      ...{ name: 'drawn', seed: 1, clock: new ManualClock(0), champion: model, mode: 'paired', metrics: [spent] },
      ...{ challenger: { predict: (x: number) => Math.sin(1000 * x) }, assignment: { by: 'request' as const } },
    });
    const rng = createRng('drawn');
    for (let user = 0; user < 1600 / each; user += 1) {
      const own = normal(rng);
      for (let i = 0; i < each; i += 1) test.serve(own, { unit: user });
    }
    expect(test.summary().sampleRatio.observed.reduce((a, b) => a + b)).toBe(1600);
    const found = test.statisticalTest('spent', { method: 'welch' });
    return found.status === 'ok' ? found.standardError! : Number.NaN;
  };
  // 16 equal requests of a user are one.
  expect(errorOf(16) / errorOf(1)).toBeGreaterThan(3);
  expect(errorOf(16) / errorOf(1)).toBeLessThan(5);
});
