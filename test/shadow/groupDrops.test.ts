// Drops by group: what a shadow never saw must not hide a group of requests.
import { describe, expect, it } from 'vitest';
import { type Json, ManualClock, type Sink, type Snapshot } from '../../src/core/index.ts';
import { type ShadowOptions, type ShadowRecord, ShadowRunner } from '../../src/shadow/index.ts';

interface Scan {
  readonly site: string;
  readonly x: number;
}
type Leaf = { predict(input: Scan): unknown };
type Options = Partial<ShadowOptions<Leaf>>;

const primary: Leaf = { predict: ({ x }) => x };
const nothing = { full: 0, bytes: 0, 'too-old': 0, 'run-if': 0, stopped: 0, 'copy-failed': 0 };

function optionsOf(clock: ManualClock, more: Options = {}): ShadowOptions<Leaf> {
  const shadows = { next: { predict: ({ x }: Scan) => x } };
  const subgroup = ({ site }: Scan) => ({ site });
  return { name: 'scans', primary, shadows, subgroup, seed: 1, clock, cpuShare: 1, queue: { capacity: 10 }, ...more };
}

function start(more: Options = {}) {
  const clock = new ManualClock(0);
  const runner = new ShadowRunner<Leaf>(optionsOf(clock, more));
  const serve = (n: number, site: string): void => {
    for (let i = 0; i < n; i += 1) runner.predict({ site, x: i });
  };
  /** Bursts of which the queue takes what comes first. */
  const bursts = (n: number, first: readonly [string, number], then: readonly [string, number]): void => {
    for (let i = 0; i < n; i += 1) {
      serve(first[1], first[0]);
      serve(then[1], then[0]);
      clock.advance(1);
    }
  };
  return { clock, runner, serve, bursts };
}

const group = (runner: ShadowRunner<Leaf>, name: string) =>
  runner.compare('next').subgroups.find(({ group: one }) => one === name)!;
const uneven = (runner: ShadowRunner<Leaf>) =>
  runner.compare('next').warnings.filter((warning) => warning.startsWith('drops are uneven'));
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function keeping() {
  const records: ShadowRecord[] = [];
  const sink: Sink<ShadowRecord> = { name: 'kept', write: async (batch) => void records.push(...batch) };
  return { records, sink };
}

describe('drops by group', () => {
  it('are counted by their reason, wherever a request is lost', () => {
    const { clock, runner, serve } = start({
      runIf: ({ x }) => x !== 3,
      queue: { capacity: 4, maxAgeMs: 50 },
      input: (scan: Scan) => {
        if (scan.site === 'torn') throw new Error('no copy');
        return { ...scan };
      },
    });
    serve(7, 'a');
    serve(2, 'torn');
    clock.advance(0);
    serve(2, 'torn');
    serve(2, 'b');
    expect(group(runner, 'b')).toBeUndefined();
    runner.stop();
    expect(group(runner, 'a')).toMatchObject({
      offered: 7,
      compared: 4,
      incomparable: 0,
      dropped: { ...nothing, full: 2, 'run-if': 1 },
      dropRate: 2 / 6,
    });
    expect(group(runner, 'torn').dropped).toEqual({ ...nothing, full: 2, 'copy-failed': 2 });
    expect(group(runner, 'torn')).toMatchObject({ compared: 0, dropRate: 1, gaps: [] });
    expect(group(runner, 'b')).toMatchObject({ dropped: { ...nothing, stopped: 2 }, dropRate: undefined });
    const { offered, subgroups } = runner.compare('next');
    expect(subgroups.reduce((sum, one) => sum + one.offered, 0)).toBe(offered);
  });

  it('of requests too old or too large are those of the copy', () => {
    const { clock, runner, serve } = start({
      queue: { maxBytes: 300, maxAgeMs: 5 },
      subgroup: ({ site }) => ({ site: site.slice(0, 3) }),
    });
    serve(1, 'old');
    serve(1, 'big'.repeat(100));
    clock.advance(0);
    expect(group(runner, 'big').dropped).toEqual({ ...nothing, bytes: 1 });
    expect(group(runner, 'old')).toMatchObject({ compared: 1, dropped: nothing });
  });

  it('of a shadow that answers nothing are none: its requests are incomparable', () => {
    const { clock, runner, serve } = start({ shadows: { next: { predict: () => Number.NaN } } });
    serve(3, 'a');
    clock.advance(0);
    expect(group(runner, 'a')).toMatchObject({ offered: 3, compared: 0, incomparable: 3, dropRate: 0 });
  });

  it('are warned of where one group is lost much more often than the rest, and in the report', () => {
    const { runner, bursts } = start();
    bursts(20, ['early', 9], ['late', 3]);
    expect(uneven(runner)).toEqual([
      'drops are uneven: 66.7% of 60 requests of site late, 0.0% of the others; figures of all requests say too little of that group',
    ]);
    const page = runner.toMarkdown();
    expect(page).toContain('drops are uneven');
    expect(page).toMatch(/\| late +\| +60 \| +20 \| +0 \| full 40 \| +66\.67% \|/);
  });

  it('that fall on all alike, or are few, are no reason to warn', () => {
    const alike = start();
    for (let i = 0; i < 20; i += 1) {
      alike.bursts(1, ['a', 8], ['b', 8]);
      alike.bursts(1, ['b', 8], ['a', 8]);
    }
    expect(alike.runner.compare('next').dropped.full).toBe(240);
    expect(uneven(alike.runner)).toEqual([]);
    const few = start();
    few.bursts(4, ['a', 9], ['b', 3]);
    expect(group(few.runner, 'b').dropRate).toBeCloseTo(2 / 3, 12);
    expect(uneven(few.runner)).toEqual([]);
  });

  it('that runIf asked for are shown, and neither warned of nor part of the rate', () => {
    const { runner, bursts } = start({ runIf: ({ site }) => site !== 'minor', queue: { capacity: 100 } });
    bursts(20, ['adult', 10], ['minor', 10]);
    expect(group(runner, 'minor')).toMatchObject({ offered: 200, dropped: { 'run-if': 200 }, dropRate: undefined });
    expect(uneven(runner)).toEqual([]);
    expect(runner.compare('next').dropRate).toBe(0);
  });

  it('hold a promotion that asks for every group, where one was never seen for load alone', () => {
    const subgroups = [{ metric: 'agreement' as const, minEach: 50, maxGap: 0.2 }];
    const promotion = { minSamples: 10, minDurationMs: 0, maxDropRate: 1, subgroups };
    const gap = (runner: ShadowRunner<Leaf>) =>
      runner.promotion('next').gates.find(({ name }) => name.startsWith('subgroup'))!;
    const hidden = start({ promotion });
    hidden.bursts(60, ['a', 5], ['b', 5]);
    expect(gap(hidden.runner).verdict).toBe('pass');
    hidden.bursts(10, ['a', 10], ['late', 1]);
    expect(gap(hidden.runner)).toMatchObject({ verdict: 'inconclusive' });
    expect(gap(hidden.runner).message).toContain('the smallest group has 0 of 50 requests');
    const asked = start({ promotion, runIf: ({ site }) => site !== 'minor' });
    asked.bursts(60, ['a', 5], ['b', 5]);
    asked.bursts(10, ['a', 1], ['minor', 9]);
    expect(gap(asked.runner).verdict).toBe('pass');
  });

  it('go through snapshots, deltas in any order, merges and logs', async () => {
    const { records, sink } = keeping();
    const a = start({ sinks: [sink], replica: 'a' });
    const b = start({ replica: 'b' });
    a.bursts(20, ['early', 9], ['late', 3]);
    b.bursts(5, ['late', 9], ['other', 4]);
    const told = [a.runner.takeDelta(), b.runner.takeDelta()].map(plain);
    b.bursts(5, ['early', 12], ['late', 2]);
    const later = plain(b.runner.takeDelta());
    const groups = (runner: ShadowRunner<Leaf>) =>
      runner
        .compare('next')
        .subgroups.map(({ group: name, offered, dropped, dropRate }) => ({ name, offered, dropped, dropRate }))
        .sort((one, other) => one.name.localeCompare(other.name));
    const pools = [
      [told[0], told[1], later],
      [later, told[1], told[0]],
    ].map((deltas) => {
      const pool = start({ replica: 'pool' });
      for (const delta of deltas) pool.runner.mergeDelta(delta!);
      return groups(pool.runner);
    });
    expect(pools[0]).toEqual(pools[1]);
    expect(pools[0]).toContainEqual({
      name: 'late',
      offered: 60 + 45 + 10,
      dropped: { ...nothing, full: 40 + 10 },
      dropRate: 50 / 115,
    });
    const back = ShadowRunner.restore(plain(a.runner.snapshot()), optionsOf(new ManualClock(0), { replica: 'a' }));
    expect(groups(back)).toEqual(groups(a.runner));
    back.merge(b.runner);
    expect(groups(back)).toEqual(pools[0]);
    // The log tells what this process has dropped, and nothing of what others told it.
    a.runner.mergeDelta(told[1]!);
    a.bursts(1, ['early', 10], ['late', 1]);
    await a.runner.drain();
    const { subgroups, warnings } = (await a.runner.replay(plain(records))).compare('next');
    expect(subgroups.find(({ group: name }) => name === 'late')).toMatchObject({ offered: 61, dropped: { full: 41 } });
    expect(warnings.some((warning) => warning.startsWith('drops are uneven'))).toBe(true);
  });

  it('of two processes under one label are added up by a replay', async () => {
    const logs = await Promise.all(
      [1, 2].map(async () => {
        const { records, sink } = keeping();
        const { runner, bursts } = start({ sinks: [sink] });
        bursts(3, ['early', 10], ['late', 2]);
        await runner.drain();
        return records;
      }),
    );
    const { runner } = start();
    const { subgroups, dropped } = (await runner.replay(logs.flat())).compare('next');
    expect(dropped.full).toBe(12);
    expect(subgroups.find(({ group: name }) => name === 'late')!.dropped.full).toBe(12);
  });

  it('never throw, nor count, where subgroup does; and are bounded', () => {
    const broken = start({
      subgroup: () => {
        throw new Error('no groups');
      },
    });
    broken.bursts(1, ['a', 12], ['b', 1]);
    expect(broken.runner.compare('next')).toMatchObject({ subgroups: [], dropped: { full: 3 } });
    const many = start();
    for (let i = 0; i < 200; i += 1) many.serve(1, `site ${i}`);
    expect(many.runner.compare('next').subgroups).toHaveLength(65);
    many.clock.advance(1);
    const { subgroups, offered } = many.runner.compare('next');
    expect(subgroups).toHaveLength(65);
    expect(subgroups.reduce((sum, one) => sum + one.offered, 0)).toBe(offered);
    expect(group(many.runner, '(other)').offered).toBe(136);
  });
});

describe('hostile states', () => {
  const edited = (edit: (own: Record<string, never>) => void): Snapshot => {
    const { runner, bursts } = start({ classification: {}, regression: {}, worst: 3 });
    bursts(2, ['a', 9], ['b', 3]);
    runner.promotion('next');
    const snapshot = plain(runner.snapshot());
    edit((snapshot.state as unknown as { own: Record<string, never> }).own);
    return snapshot;
  };
  type Bag = { [key: string]: Bag } & { [i: number]: Bag };
  const evidence = (own: Bag): Bag => own.study!.total!.shadows![0]![1]!;
  const set = (of: Bag, key: string | number, value: Json): void => {
    (of as Record<string | number, unknown>)[key] = value;
  };
  const cases: readonly (readonly [string, (own: Bag) => void])[] = [
    ['drops of a group', (own) => set(evidence(own).subgroups![0]![1]![0]![1]!.dropped!, 'full', '5')],
    ['counts of a group', (own) => set(evidence(own).subgroups![0]![1]![0]![1]!, 'compared', -1)],
    [
      'too many groups',
      (own) =>
        set(
          evidence(own),
          'subgroups',
          Array.from({ length: 17 }, (_, i) => [`${i}`, []]),
        ),
    ],
    ['own totals', (own) => set(own.study!.own![0]![1]!.tally!.dropped!, 'full', 0.5)],
    ['verdicts', (own) => set(evidence(own).classification!.verdicts!, 0, '1')],
    ['who was closer', (own) => set(evidence(own).regression!.closer!, 'primary', null)],
    ['label coverage', (own) => set(evidence(own).coverage!.predicted!, 1, 'many')],
    ['times', (own) => set(evidence(own).times!, 'first', 'monday')],
    ['rows', (own) => set(evidence(own), 'scores', [])],
    ['disagreements', (own) => set(evidence(own), 'worst', [{ distance: 'far' }])],
    ['noise', (own) => set(own.study!.total!.noise!, 'disagreed', -3)],
    ['looks', (own) => set(own.study!.looks![0]![1]!, 'spent', -2)],
    ['the sampler', (own) => set(own.sampler!, 'rate', null)],
    ['traffic', (own) => set(own.traffic!, 'requests', '12')],
    ['what was told', (own) => set(own.told!, 'lost', -1)],
    ['an end without a time', (own) => set(own, 'stopped', 'somebody')],
    ['jobs', (own) => set(own.flow!, 'serial', null)],
  ];
  it.each(cases)('are refused: %s', (_, edit) => {
    const options = optionsOf(new ManualClock(0), { classification: {}, regression: {}, worst: 3 });
    expect(() =>
      ShadowRunner.restore(
        edited((own) => edit(own as Bag)),
        options,
      ),
    ).toThrow(expect.objectContaining({ code: 'ERR_SNAPSHOT' }));
  });

  it('of more disagreements than are kept are cut', () => {
    const shadows = { next: { predict: ({ x }: Scan) => x + 1 } };
    const { runner, bursts } = start({ shadows, worst: 8, regression: {} });
    bursts(1, ['a', 8], ['b', 2]);
    const back = ShadowRunner.restore(
      plain(runner.snapshot()),
      optionsOf(new ManualClock(0), { shadows, worst: 3, regression: {} }),
    );
    expect(back.compare('next').worst).toEqual(runner.compare('next').worst.slice(0, 3));
  });
});

describe('records that somebody has bent', () => {
  it('count for nothing, not even in part', async () => {
    const { records, sink } = keeping();
    const { runner, bursts } = start({ sinks: [sink], noise: { rate: 0.5 } });
    bursts(2, ['a', 9], ['b', 3]);
    await runner.drain();
    const of = (kind: ShadowRecord['kind']) => plain(records.find((record) => record.kind === kind)!) as never;
    const bent: object[] = [
      { ...(of('comparison') as object), candidate: undefined },
      { ...(of('comparison') as object), subgroups: null },
      { ...(of('comparison') as object), primary: { status: 'fine', latencyMs: 1 } },
      { ...(of('noise') as object), comparison: 'fine' },
      { ...(of('drops') as object), dropped: { full: '7' } },
      { ...(of('drops') as object), hours: { offered: [1], dropped: [] } },
      { ...(of('drops') as object), groups: [{ attribute: 'site', group: 'a', dropped: null }] },
      { ...(of('drops') as object), offered: -5 },
    ];
    const { seq } = records.at(-1)!;
    const log = [...records, ...bent.map((record, i) => ({ ...record, seq: seq + 1 + i }))];
    const replay = await runner.replay(plain(log) as ShadowRecord[]);
    expect(replay).toMatchObject({ skipped: bent.length, missing: 0 });
    expect(replay.compare('next')).toEqual(runner.compare('next'));
  });
});

describe('a shadow that has ended', () => {
  it('sees no request any more that the primary answers afterwards', async () => {
    let answer: (value: number) => void = () => undefined;
    const asked: unknown[] = [];
    const clock = new ManualClock(0);
    const runner = new ShadowRunner({
      primary: { predict: (_: Scan) => new Promise<number>((resolve) => (answer = resolve)) },
      shadows: { next: { predict: (scan: Scan) => asked.push(scan) } },
      subgroup: ({ site }) => ({ site }),
      clock,
      cpuShare: 1,
    });
    const promise = runner.predict({ site: 'a', x: 1 });
    runner.stop();
    answer(1);
    await promise;
    clock.advance(10);
    expect(asked).toEqual([]);
    expect(runner.compare('next')).toMatchObject({ offered: 1, waiting: 0, dropped: { stopped: 1 } });
    expect(runner.compare('next').subgroups).toMatchObject([{ group: 'a', dropped: { stopped: 1 } }]);
  });

  it('counts requests as long as it goes on, and not the one that finds it over', () => {
    const { clock, runner, serve } = start({ expiresAt: 100 });
    serve(3, 'a');
    clock.advance(100);
    serve(1, 'a');
    expect(runner.traffic).toEqual({ requests: 3, sampledOut: 0 });
  });
});

describe('a queue', () => {
  it('is not emptied by an input that would not fit into it at all', () => {
    const { clock, runner, serve } = start({ queue: { maxBytes: 10_000, onFull: 'drop-oldest' } });
    serve(5, 'a');
    serve(1, 'x'.repeat(50_000));
    clock.advance(0);
    expect(runner.compare('next')).toMatchObject({ compared: 5, dropped: { bytes: 1 } });
  });

  it('takes no promise for a copy, and lets none of them end the process', async () => {
    const escaped: unknown[] = [];
    const hear = (reason: unknown): void => void escaped.push(reason);
    process.on('unhandledRejection', hear);
    const { clock, runner, serve } = start({ input: async () => Promise.reject(new Error('late')) });
    serve(2, 'a');
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(escaped).toEqual([]);
    expect(runner.compare('next')).toMatchObject({ compared: 0, dropped: { 'copy-failed': 2 } });
    expect(group(runner, 'a').dropped['copy-failed']).toBe(2);
  });
});

describe('records that were lost', () => {
  it('are told once, and never taken back by a restart with fewer sinks', async () => {
    const failing: Sink<ShadowRecord> = { name: 'gone', write: () => Promise.reject(new Error('disk')) };
    const { clock, runner, serve } = start({ sinks: [failing], replica: 'a' });
    serve(3, 'a');
    clock.advance(0);
    await runner.drain();
    expect(runner.logStatus.dropped.sink).toBeGreaterThan(0);
    runner.takeDelta();
    const back = ShadowRunner.restore(plain(runner.snapshot()), optionsOf(new ManualClock(0), { replica: 'a' }));
    back.predict({ site: 'a', x: 1 });
    const other = start({ replica: 'b' });
    expect(() => other.runner.mergeDelta(plain(back.takeDelta()!))).not.toThrow();
  });
});
