import { describe, expect, it } from 'vitest';
import { type Delta, ManualClock, type Sink, type Snapshot, SnapshotError } from '../../src/core/index.ts';
import { createRng } from '../../src/random/index.ts';
import { type ShadowOptions, type ShadowRecord, ShadowRunner } from '../../src/shadow/index.ts';

type Leaf = { predict(input: { readonly x: number }): unknown };
const HOUR = 3_600_000;

function optionsOf(replica: string, clock: ManualClock): ShadowOptions<Leaf> {
  return {
    name: 'pool',
    replica,
    primary: { predict: ({ x }) => x },
    shadows: { near: { predict: ({ x }) => Math.min(1, x + 0.1) }, far: { predict: ({ x }) => 1 - x } },
    classification: {},
    subgroup: ({ x }) => ({ half: x < 0.5 ? 'low' : 'high' }),
    noise: { rate: 0.2 },
    promotion: { minSamples: 10, minDurationMs: 0 },
    queue: { capacity: 8 },
    seed: 3,
    clock,
    cpuShare: 1,
  };
}

function make(replica: string, more: Partial<ShadowOptions<Leaf>> = {}) {
  const clock = new ManualClock(0);
  const box = { runner: new ShadowRunner<Leaf>({ ...optionsOf(replica, clock), ...more }) };
  const rng = createRng(replica);
  let n = 0;
  /** So many requests, of which the queue has no place for the ninth; every other one gets its truth. */
  const serve = (requests: number): void => {
    for (let i = 0; i < requests; i += 1) {
      const x = rng.next();
      n += 1;
      const { requestId } = box.runner.serve({ x }, { id: `${replica}${n}` }) as { requestId: string };
      if (n % 2 === 0) box.runner.record(requestId, x > 0.3);
      if (i % 9 === 8) clock.advance(1);
    }
  };
  const restart = (): void => {
    const snapshot = JSON.parse(JSON.stringify(box.runner.snapshot())) as Snapshot;
    box.runner = ShadowRunner.restore(snapshot, { ...optionsOf(replica, clock), ...more });
  };
  return {
    get runner() {
      return box.runner;
    },
    clock,
    serve,
    restart,
  };
}

/** Everybody takes a delta, and everybody else adds it. */
function exchange(replicas: readonly { readonly runner: ShadowRunner<Leaf> }[]): void {
  const deltas = replicas.map(({ runner }) => runner.takeDelta());
  for (const [i, { runner }] of replicas.entries()) {
    for (const [j, delta] of deltas.entries()) if (i !== j && delta !== undefined) runner.mergeDelta(wire(delta));
  }
}

const wire = (delta: Delta): Delta => JSON.parse(JSON.stringify(delta)) as Delta;
function figures({ runner }: { readonly runner: ShadowRunner<Leaf> }) {
  return ['near', 'far'].map((shadow) => {
    const { offered, agreed, disagreed, dropped, waiting, labelled, labelCoverage, times, noise, ...rest } =
      runner.compare(shadow);
    const { shadow: table, verdicts, improvement } = rest.classification!;
    const groups = rest.subgroups.map(({ group, compared, labelled: labels }) => [group, compared, labels]).sort();
    const counts = { offered, agreed, disagreed, dropped, waiting, labelled, labelCoverage, times };
    const p = improvement.accuracy.status === 'ok' ? improvement.accuracy.eValue?.toFixed(9) : undefined;
    return {
      counts,
      noise,
      table: table.counts,
      verdicts,
      p,
      groups,
      hours: rest.dropRateByHour,
      worst: rest.worst.length,
    };
  });
}

describe('replicas of a shadow run', () => {
  it('that exchange deltas, while requests wait and over restarts, know what a merger of all knows', () => {
    const rounds = [50, 57, 64, 71];
    const replicas = ['a', 'b', 'c'].map((label) => make(label));
    for (const [round, n] of rounds.entries()) {
      for (const { serve } of replicas) serve(n);
      if (round === 2) replicas[1]!.restart();
      exchange(replicas);
      if (round === 1) replicas[0]!.restart();
    }
    for (const { clock } of replicas) clock.advance(1);
    exchange(replicas);
    const pooled = make('pooled');
    for (const label of ['a', 'b', 'c']) {
      const twin = make(label);
      for (const n of rounds) twin.serve(n);
      twin.clock.advance(1);
      pooled.runner.merge(twin.runner);
    }
    for (const one of replicas) {
      expect(figures(one)).toEqual(figures(pooled));
      expect(one.runner.traffic).toEqual(pooled.runner.traffic);
    }
    const [a] = replicas as [(typeof replicas)[0]];
    expect(a.runner.takeDelta()).toBeUndefined();
  });

  it('tell nothing where there is nothing, and nothing twice', () => {
    const [a, b] = [make('a'), make('b')];
    expect(a.runner.takeDelta()).toBeUndefined();
    a.serve(4);
    b.runner.mergeDelta(wire(a.runner.takeDelta()!));
    expect(a.runner.takeDelta()).toBeUndefined();
    expect(b.runner.takeDelta()).toBeUndefined();
    expect(b.runner.traffic.requests).toBe(4);
    // What waited there is compared there, and told then.
    expect(b.runner.compare('near')).toMatchObject({ offered: 4, compared: 0, waiting: 4 });
    a.clock.advance(1);
    b.runner.mergeDelta(wire(a.runner.takeDelta()!));
    expect(b.runner.compare('near')).toMatchObject({ offered: 4, compared: 4, waiting: 0 });
  });

  it('refuse a delta that is bent, and have not changed then', () => {
    const [a, b] = [make('a'), make('b')];
    a.serve(20);
    b.serve(5);
    b.clock.advance(1);
    const delta = JSON.stringify(a.runner.takeDelta());
    const before = figures(b);
    const bent = [
      delta.replace(/"offered":\d+/, '"offered":-1'),
      delta.replace(/"agreed":\d+/, '"agreed":1e300'),
      delta.replace(/"requests":\d+/, '"requests":"many"'),
      delta.replaceAll('"near"', '"other"'),
      delta.replace(/"labelled":\d+,"times"/, '"labelled":null,"times"'),
    ];
    for (const text of bent) {
      expect(text).not.toBe(delta);
      expect(() => b.runner.mergeDelta(JSON.parse(text) as Delta)).toThrow(SnapshotError);
      expect(figures(b)).toEqual(before);
    }
    const numbers = make('a', { regression: {} });
    expect(() => numbers.runner.mergeDelta(JSON.parse(delta) as Delta)).toThrow(/regression/);
    const regressing = make('b', { regression: {} });
    regressing.serve(5);
    expect(() => b.runner.merge(regressing.runner)).toThrow(/regression/);
    expect(figures(b)).toEqual(before);
  });

  it('keep lost records with the evidence, and offers in the log of their own process', async () => {
    const records: ShadowRecord[] = [];
    const kept: Sink<ShadowRecord> = { name: 'kept', write: async (batch) => void records.push(...batch) };
    const full: Sink<ShadowRecord> = { name: 'full', write: () => Promise.reject(new Error('disk full')) };
    const [a, b] = [make('a', { sinks: [kept] }), make('b', { sinks: [full] })];
    for (const one of [a, b]) {
      one.serve(9);
      await one.runner.drain();
    }
    a.runner.mergeDelta(wire(b.runner.takeDelta()!));
    const lost = () => a.runner.promotion('near').gates.find(({ name }) => name === 'lostRecords');
    expect(lost()).toMatchObject({ verdict: 'inconclusive' });
    expect(lost()!.observed).toBe(b.runner.logStatus.dropped.sink);
    a.serve(1);
    a.clock.advance(1);
    await a.runner.drain();
    const totals = records.filter(
      ({ kind, ...rest }) => kind === 'drops' && (rest as { shadow?: string }).shadow === 'near',
    );
    expect(totals.at(-1)).toMatchObject({ offered: 10, dropped: { full: 1 } });
    expect(a.runner.compare('near').offered).toBe(19);
  });
});

describe('drops', () => {
  it('are told by the hour, and a warning says where they follow the load; a log gives them back', async () => {
    const records: ShadowRecord[] = [];
    const sink: Sink<ShadowRecord> = { name: 'kept', write: async (batch) => void records.push(...batch) };
    const options = { sinks: [sink], queue: { capacity: 100 }, noise: { rate: 0 } };
    const { runner, clock } = make('a', options);
    const serve = (n: number): void => {
      for (let i = 0; i < n; i += 1) runner.predict({ x: 0.5 });
    };
    for (const hour of [2, 3, 14, 26]) {
      clock.advance(hour * HOUR - clock.now());
      serve(hour === 14 ? 160 : 80);
      clock.advance(1);
    }
    expect(runner.compare('near').dropRateByHour).toEqual([
      { hour: 2, offered: 160, dropped: 0, dropRate: 0 },
      { hour: 3, offered: 80, dropped: 0, dropRate: 0 },
      { hour: 14, offered: 160, dropped: 60, dropRate: 0.375 },
    ]);
    expect(runner.compare('near').warnings).toEqual([
      'drops follow the load: 37.5% in the hour from 14:00 UTC, 15.0% overall; figures say too little of that hour',
    ]);
    expect(runner.toMarkdown()).toContain('14:00 37.50%');
    await runner.drain();
    expect((await runner.replay(records)).compare('near')).toEqual(runner.compare('near'));
  });
});
