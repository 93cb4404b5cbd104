import { describe, expect, it } from 'vitest';
import type { LabelOptions } from '../../src/abtest/LabelWeights.ts';
import { weightedMetric } from '../../src/abtest/LabelWeights.ts';
import type { Observation } from '../../src/abtest/Statistics.ts';
import { ValueIntake } from '../../src/abtest/ValueIntake.ts';
import { absoluteError, defineMetric, latency, type Metric, type Outcome } from '../../src/metrics/index.ts';

const outcome: Outcome = {
  requestId: 'a',
  variant: 'champion',
  unit: 'u',
  input: 1,
  context: undefined,
  status: 'ok',
  prediction: 3,
  error: undefined,
  latencyMs: 7,
  at: 11,
  truth: 5,
  note: undefined,
};

function intake(
  metrics: readonly Metric[],
  { labels, clusters = true }: { labels?: LabelOptions; clusters?: boolean } = {},
) {
  const seen: Observation[] = [];
  const errors: string[] = [];
  const total = { caps: { capOf: () => Number.POSITIVE_INFINITY } };
  const statistics = { total, observe: (observation: Observation) => seen.push(observation) } as never;
  const contain = (where: string): void => void errors.push(where);
  return { seen, errors, intake: new ValueIntake({ metrics, labels, clusters, statistics, contain }) };
}

describe('ValueIntake', () => {
  const metrics = [latency({ quantile: 0.95 }), absoluteError({ role: 'goal' })] as readonly Metric[];

  it('takes each metric when it is due, with the unit as its cluster', () => {
    const { seen, intake: take } = intake(metrics);
    take.take(outcome, { e: 2, x: true, s: { country: 'at' } }, 1, 'serve');
    take.take(outcome, { e: 2, x: false, r: 2 }, 1, 'truth');
    expect(seen).toMatchObject([
      { epoch: 2, variant: 1, metric: 0, value: 7, repeats: 0, at: 11, segments: { country: 'at' } },
      { epoch: 2, variant: 1, metric: 1, value: 2, repeats: 2, segments: {} },
    ]);
    expect(seen[0]!.cluster).toBe(seen[1]!.cluster);
    expect(seen[0]!.cluster).toBeTypeOf('number');
    const drawn = intake(metrics, { clusters: false });
    drawn.intake.take(outcome, { e: 0, x: true }, 0, 'serve');
    expect(drawn.seen[0]!.cluster).toBeUndefined();
  });

  it('contains a metric that throws', () => {
    const value = (): never => {
      throw new Error('no');
    };
    const broken = defineMetric({ name: 'broken', kind: 'mean', direction: 'lower', value }) as Metric;
    const { seen, errors, intake: take } = intake([broken, metrics[1]!]);
    take.take(outcome, { e: 0, x: true }, 0, 'truth');
    expect(errors).toEqual(['metric:broken']);
    expect(seen).toHaveLength(1);
  });

  it('weighs a truth by its propensity, and leaves out one that has none', () => {
    const labels: LabelOptions = { propensity: ({ prediction }) => (prediction === 3 ? 0.25 : 2), floor: 0.1 };
    const { seen, errors, intake: take } = intake(metrics.map(weightedMetric), { labels });
    take.take(outcome, { e: 0, x: true }, 0, 'truth');
    expect(seen[0]!.value).toEqual([8, 4]);
    take.take({ ...outcome, prediction: 4 }, { e: 0, x: true }, 0, 'truth');
    expect(seen).toHaveLength(1);
    expect(take.countsAsLabel({ ...outcome, prediction: 4 })).toBe(false);
    expect(errors).toEqual(['labels', 'labels']);
    expect(intake(metrics).intake.countsAsLabel(outcome)).toBe(true);
  });
});
