import { describe, expect, it } from 'vitest';
import { DeltaStatistics } from '../../src/abtest/DeltaStatistics.ts';
import type { Statistics } from '../../src/abtest/Statistics.ts';
import { SnapshotError } from '../../src/core/index.ts';
import { absoluteError, type Metric } from '../../src/metrics/index.ts';
import { createRng } from '../../src/random/index.ts';

const plan = { shares: [0.5, 0.5], versions: ['1', '1'], at: 0 };

function create(): DeltaStatistics {
  const statistics = new DeltaStatistics({
    metrics: [absoluteError({ role: 'goal' }) as Metric],
    names: ['champion', 'challenger'],
    sampleSize: 10,
    keepDisagreements: undefined,
    stream: (label) => createRng(1).fork(label),
  });
  statistics.open(plan);
  return statistics;
}

const see = (statistics: DeltaStatistics, value: number): void => {
  statistics.assign(0, true);
  statistics.balance(0, 0, 0, { country: 'at' });
  statistics.serve(0, 'ok', 1);
  statistics.label(0, 0);
  statistics.exclude('holdout');
  const where = { epoch: 0, variant: 0, metric: 0, at: 0, segments: { country: 'at' } };
  statistics.observe({ ...where, value, covariate: undefined, cluster: undefined, repeats: 0 });
};

const told = ({ ledger, services, excluded }: Statistics) => ({
  counts: ledger.current.counts,
  labels: ledger.current.labels,
  served: services[0]!.report().served,
  n: ledger.summaries(0, 0)![0]!.n,
  excluded: { ...excluded },
});

describe('DeltaStatistics', () => {
  it('hand on at first all there is, then only what is new', () => {
    const [here, there] = [create(), create()];
    see(here, 1);
    see(here, 2);
    const send = (): void => there.merge(there.readDelta(here.takeDelta()!));
    send();
    expect(told(there.total)).toEqual(told(here.total));
    expect(here.takeDelta()).toBeUndefined();
    see(here, 3);
    send();
    expect(told(there.total)).toEqual({
      counts: [3, 0],
      labels: [3, 0],
      served: 3,
      n: 3,
      excluded: { holdout: 3 },
    });
    // What was merged is not handed on: the others have it from its source.
    see(there, 4);
    here.merge(here.readDelta(there.takeDelta()!));
    expect(told(here.total).n).toBe(4);
  });

  it('keep what was not handed on yet over a restart', () => {
    const here = create();
    see(here, 1);
    here.takeDelta();
    see(here, 2);
    const next = create();
    next.load(JSON.parse(JSON.stringify(here.toJSON())));
    expect(told(next.total)).toEqual(told(here.total));
    const there = create();
    there.merge(there.readDelta(next.takeDelta()!));
    expect(told(there.total).n).toBe(1);
  });

  it('refuse what comes from epochs that are not known here', () => {
    const [here, there] = [create(), create()];
    here.open({ ...plan, shares: [0.9, 0.1] });
    see(here, 1);
    expect(() => there.readDelta(here.takeDelta()!)).toThrow(SnapshotError);
    expect(told(there.total).n).toBe(0);
  });
});
