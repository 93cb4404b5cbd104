import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock, SnapshotError } from '../../src/core/index.ts';
import {
  canPair,
  compareFixed,
  comparePaired,
  defineMetric,
  f1,
  type Metric,
  MetricSummary,
  PairedValues,
  precision,
  recall,
  rocAuc,
} from '../../src/metrics/index.ts';
import { PairedRatios } from '../../src/metrics/PairedRatios.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { independentRocAucTest } from '../../src/stats/quality/index.ts';
import { Moments } from '../../src/stats/summaries/index.ts';

/** Predictions of two models about the same truths: mostly alike, the second with fewer false alarms. */
function judgements(n: number, seed = 'precision') {
  const rng = createRng(seed);
  return Array.from({ length: n }, () => {
    const truth = rng.next() < 0.3;
    const first = truth ? rng.next() < 0.9 : rng.next() < 0.2;
    const second = !truth && first ? rng.next() < 0.6 : first;
    return { truth, first, second };
  });
}

type Parts = readonly [number, number];
const precisionParts = (predicted: boolean, truth: boolean): Parts => [Number(predicted && truth), Number(predicted)];

function ratioOf(parts: readonly Parts[]): number {
  const sums = parts.reduce(([a, b], [x, y]) => [a + x, b + y] as const, [0, 0] as Parts);
  return sums[0] / sums[1];
}

describe('precision of two models on the same requests', () => {
  const rows = judgements(4000).filter(({ first, second }) => first || second);
  const of = precision() as Metric;
  const fill = (some: typeof rows): PairedValues => {
    const pairs = new PairedValues(of);
    for (const { truth, first, second } of some)
      pairs.push(first ? Number(truth) : undefined, second ? Number(truth) : undefined);
    return pairs;
  };
  const dataOf = (pairs: PairedValues) => ({
    reference: new MetricSummary(of),
    candidate: new MetricSummary(of),
    pairs,
  });

  it('is compared over all that either calls positive, with the variance of the difference of two ratios', () => {
    const found = comparePaired(dataOf(fill(rows)), { method: 'fixed' });
    if (found.status !== 'ok') throw new Error(found.reason);
    const [a, b] = [
      rows.map((r) => precisionParts(r.first, r.truth)),
      rows.map((r) => precisionParts(r.second, r.truth)),
    ];
    const [p, q] = [ratioOf(a), ratioOf(b)];
    const [d, e] = [a, b].map((parts) => parts.reduce((sum, [, y]) => sum + y, 0) / rows.length) as [number, number];
    const moments = new Moments().pushAll(
      rows.map((_, i) => (b[i]![0] - q * b[i]![1]) / e - (a[i]![0] - p * a[i]![1]) / d),
    );
    expect(found.estimate).toBeCloseTo(q - p, 12);
    expect(found.estimate).toBeGreaterThan(0.05);
    expect(found.standardError).toBeCloseTo(Math.sqrt(moments.variance / rows.length), 12);
    expect(found.pValue).toBeLessThan(1e-10);
  });

  it('says by anytime-valid means and relatively what the ratios say', () => {
    const found = comparePaired(dataOf(fill(rows)));
    if (found.status !== 'ok') throw new Error(found.reason);
    expect(found).toMatchObject({ validity: 'anytime' });
    expect(found.pValue).toBeLessThan(1e-6);
    expect(found.relative!.estimate).toBeGreaterThan(0);
    const flipped = fill(rows.map(({ truth, first, second }) => ({ truth, first: second, second: first })));
    const mirrored = comparePaired(dataOf(flipped));
    if (mirrored.status !== 'ok') throw new Error(mirrored.reason);
    expect(mirrored.estimate).toBeCloseTo(-found.estimate, 12);
  });

  it('says nothing while one of them has called nothing positive', () => {
    const pairs = new PairedValues(of);
    for (let i = 0; i < 500; i += 1) pairs.push(i % 2, undefined);
    expect(comparePaired(dataOf(pairs))).toMatchObject({ status: 'inconclusive' });
    expect(comparePaired(dataOf(new PairedValues(of)))).toMatchObject({ status: 'inconclusive' });
  });

  it('merges and goes on from JSON', () => {
    fc.assert(
      fc.property(fc.nat(rows.length), (cut) => {
        const [whole, merged] = [fill(rows), fill(rows.slice(0, cut))];
        merged.merge(PairedValues.fromJSON(of, JSON.parse(JSON.stringify(fill(rows.slice(cut)))) as never));
        const [x, y] = [whole.moments, merged.moments];
        expect(y.n).toBe(x.n);
        for (const key of ['values', 'variances'] as const) {
          x[key].forEach((value, i) => {
            expect(Math.abs(y[key][i]! / value - 1)).toBeLessThan(1e-12);
          });
        }
        expect(Math.abs(y.covariance / x.covariance - 1)).toBeLessThan(1e-11);
      }),
      { seed: 1, numRuns: 20 },
    );
    expect(() => PairedRatios.fromJSON([])).toThrow(SnapshotError);
  });

  it('finds a challenger with fewer false alarms in paired mode, and none in a twin', () => {
    const rowsOf = judgements(3000, 'mode');
    const run = (challenger: 'first' | 'second') => {
      const test = new ABTest({
        seed: 1,
        clock: new ManualClock(0),
        mode: 'paired',
        champion: { predict: (i: number) => rowsOf[i]!.first },
        challenger: { predict: (i: number) => rowsOf[i]![challenger] },
        metrics: [precision({ role: 'goal' }), recall({ role: 'guardrail', margin: { absolute: 0.01 } }), f1()],
      });
      rowsOf.forEach(({ truth }, i) => {
        test.serve(i, { truth });
      });
      return test;
    };
    const better = run('second');
    expect(better.statisticalTest('precision')).toMatchObject({ status: 'ok', method: 'paired-difference-sequence' });
    expect(better.decide().decision).toBe('PROMOTE');
    const ratio = better.statisticalTest('f1');
    expect(ratio).toMatchObject({ status: 'ok', method: 'paired-difference-sequence' });
    if (ratio.status === 'ok') {
      expect(ratio.estimate).toBeCloseTo(ratio.candidate.value! - ratio.reference.value!, 12);
    }
    expect(run('first').decide().decision).toBe('CONTINUE');
  });

  it('raises no false alarms where both are as precise, but not on the same requests', () => {
    let alarms = 0;
    const runs = 400;
    for (let run = 0; run < runs; run += 1) {
      const rng = createRng(`null/${run}`);
      const pairs = new PairedValues(of);
      for (let i = 0; i < 600; i += 1) {
        const truth = Number(rng.next() < 0.4);
        const [a, b] = [rng.next() < 0.5, rng.next() < 0.5];
        pairs.push(a ? truth : undefined, b ? truth : undefined);
      }
      const found = comparePaired(dataOf(pairs), { method: 'fixed' });
      if (found.status === 'ok' && found.pValue < 0.05) alarms += 1;
    }
    const se = Math.sqrt((0.05 * 0.95) / runs);
    expect(Math.abs(alarms / runs - 0.05)).toBeLessThan(3 * se);
  });
});

describe('selective metrics', () => {
  it('are means and rates whose values the answer decides about', () => {
    expect(precision().selective).toBe(true);
    expect(recall().selective).toBe(false);
    const define = (kind: string, selective: unknown) => () =>
      defineMetric({ name: 'x', kind, direction: 'lower', value: () => 0, selective } as never);
    expect(define('mean', true)().selective).toBe(true);
    expect(define('rmse', true)).toThrow('x.selective');
    expect(define('mean', 'yes')).toThrow('x.selective');
    expect(canPair(rocAuc())).toBe(false);
  });
});

describe('areas under the ROC curve', () => {
  it("differ with DeLong's standard error", () => {
    const of = rocAuc() as Metric;
    const rng = createRng('auc');
    const sample = (shift: number) => {
      const summary = new MetricSummary(of, { sampleSize: 10_000, rng: rng.fork(shift) });
      const labels = Array.from({ length: 400 }, (_, i): 0 | 1 => (i % 3 === 0 ? 1 : 0));
      const scores = labels.map((label) => normal(rng) + shift * label);
      scores.forEach((score, i) => {
        summary.push([score, labels[i]!]);
      });
      return { summary, scores, labels };
    };
    const [a, b] = [sample(1), sample(1.8)];
    const found = compareFixed([{ reference: a.summary, candidate: b.summary }]);
    const delong = independentRocAucTest(b, a);
    if (found.status !== 'ok' || delong.status !== 'ok') throw new Error('both must conclude');
    expect(found.estimate).toBeCloseTo(delong.estimate, 12);
    expect(found.standardError).toBeCloseTo(delong.standardError!, 12);
  });
});
