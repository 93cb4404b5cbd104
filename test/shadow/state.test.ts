import { describe, expect, it } from 'vitest';
import { ManualClock, type Sink, type Snapshot } from '../../src/core/index.ts';
import { absoluteError, latency, rmse, rocAuc } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { type ShadowOptions, type ShadowRecord, ShadowRunner } from '../../src/shadow/index.ts';

interface Case {
  readonly x: number;
  readonly truth: number;
  readonly site: string;
}
type Leaf = { predict(input: Case): unknown };

function cases(seed: number, n: number): Case[] {
  const rng = createRng(seed);
  return Array.from({ length: n }, () => {
    const truth = Number(rng.next() < 0.4);
    return { x: truth + 0.6 * normal(rng), truth, site: rng.next() < 0.3 ? 'north' : 'south' };
  });
}

/** Two shadows, one of them failing now and then, and everything that can be switched on. */
function options(clock: ManualClock, more: Partial<ShadowOptions<Leaf>> = {}): ShadowOptions<Leaf> {
  const clip = (x: number): number => Math.min(1, Math.max(0, x));
  let calls = 0;
  const moody: Leaf = {
    predict: ({ x }) => {
      calls += 1;
      if (x < -0.5) throw new Error('too low');
      return x > 1.5 ? Number.NaN : clip(x + 0.05);
    },
  };
  return {
    name: 'study',
    primary: { predict: ({ x }) => clip(x) },
    shadows: { calm: { predict: ({ x }) => clip(0.9 * x) }, moody },
    classification: {},
    regression: {},
    metrics: [absoluteError(), rmse(), rocAuc(), latency({ quantile: 0.95 })] as never,
    subgroup: ({ site }) => ({ site, calls: calls >= 0 ? 'any' : 'none' }),
    noise: { rate: 0.3 },
    sampleRate: 0.8,
    sampleSize: 150,
    worst: 7,
    queue: { capacity: 40 },
    promotion: { minSamples: 10, minDurationMs: 0, rocAuc: { above: 0.6 }, precision: { above: 0.5 } },
    expiresAt: 1e12,
    seed: 11,
    clock,
    cpuShare: 1,
    ...more,
  };
}

function drive(runner: ShadowRunner<Leaf>, clock: ManualClock, all: readonly Case[], from: number, to: number): void {
  for (let i = from; i < to; i += 1) {
    const { requestId } = runner.serve(all[i]!, i % 2 === 0 ? { id: `id${i}` } : {}) as { requestId: string };
    if (i % 3 > 0) runner.record(requestId, all[i]!.truth);
    if (i % 37 === 36) clock.advance(1);
    if (i % 90 === 0) runner.promotion('calm');
  }
}

describe('the state of a runner', () => {
  it('goes on bit for bit, evidence of every kind and waiting requests included', () => {
    const all = cases(1, 900);
    const clock = new ManualClock(5000);
    const original = new ShadowRunner(options(clock));
    drive(original, clock, all, 0, 500);
    const snapshot = JSON.parse(JSON.stringify(original.snapshot())) as Snapshot;
    const twinClock = new ManualClock(clock.now());
    const twin = ShadowRunner.restore(snapshot, options(twinClock));
    expect(JSON.parse(JSON.stringify(twin.snapshot()))).toEqual(snapshot);
    expect(twin.compare('moody')).toEqual(original.compare('moody'));
    drive(original, clock, all, 500, 900);
    drive(twin, twinClock, all, 500, 900);
    clock.advance(1);
    twinClock.advance(1);
    expect(JSON.stringify(twin.snapshot())).toBe(JSON.stringify(original.snapshot()));
    expect(twin.looks('calm')).toEqual(original.looks('calm'));
    const { shadowErrors, shadowInvalid, noise, worst, waiting } = original.compare('moody');
    expect(Math.min(shadowErrors, shadowInvalid, noise!.compared, worst.length)).toBeGreaterThan(5);
    expect(waiting).toBe(0);
  });

  it('after a restart runs again only what had not run', async () => {
    const clock = new ManualClock(0);
    let calls = 0;
    const quick: Leaf = {
      predict: () => {
        calls += 1;
        return 1;
      },
    };
    const hangs: Leaf = { predict: () => new Promise(() => undefined) };
    const make = { ...options(clock), shadows: { quick, hangs }, sampleRate: 1, noise: { rate: 1 } };
    const original = new ShadowRunner(make);
    original.predict({ x: 0.2, truth: 1, site: 'north' }, { id: 'a' });
    clock.advance(0);
    expect(original.compare('quick')).toMatchObject({ compared: 1, noise: { compared: 1 } });
    const twin = ShadowRunner.restore(JSON.parse(JSON.stringify(original.snapshot())) as Snapshot, {
      ...make,
      shadows: { quick, hangs: { predict: () => Promise.resolve(1) } },
    });
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toBe(1);
    expect(twin.compare('quick')).toMatchObject({ compared: 1, waiting: 0, noise: { compared: 1 } });
    expect(twin.compare('hangs')).toMatchObject({ compared: 1, waiting: 0 });
    expect(await twin.drain()).toEqual({ pending: 0 });
  });

  it('keeps requests apart that came under one id, and loses none of a full queue', () => {
    const clock = new ManualClock(0);
    const hangs: Leaf = { predict: () => new Promise(() => undefined) };
    const echo: Leaf = { predict: ({ x }) => x };
    const make = (shadow: Leaf): ShadowOptions<Leaf> => ({
      primary: echo,
      shadows: { next: shadow },
      queue: { capacity: 2, concurrency: 2 },
      cpuShare: 1,
      seed: 1,
      clock,
    });
    const original = new ShadowRunner(make(hangs));
    for (let i = 0; i < 2; i += 1) original.predict({ x: i, truth: 0, site: 'a' }, { id: 'same' });
    clock.advance(0);
    for (let i = 2; i < 4; i += 1) original.predict({ x: i, truth: 0, site: 'a' }, { id: 'same' });
    const twin = ShadowRunner.restore(JSON.parse(JSON.stringify(original.snapshot())) as Snapshot, make(echo));
    expect(twin.compare('next')).toMatchObject({ offered: 4, waiting: 4 });
    clock.advance(0);
    expect(twin.compare('next')).toMatchObject({ offered: 4, agreed: 4, waiting: 0, dropped: { full: 0 } });
  });

  it('is refused by a runner of other shadows, metrics or kinds of evidence', () => {
    const clock = new ManualClock(0);
    const snapshot = new ShadowRunner(options(clock)).snapshot();
    const restore = (more: Partial<ShadowOptions<Leaf>>) => () => ShadowRunner.restore(snapshot, options(clock, more));
    expect(restore({ shadows: { calm: { predict: () => 1 } } })).toThrow("snapshot's shadows must be");
    expect(restore({ metrics: [rmse()] })).toThrow("snapshot's metrics must be");
    const { classification: _, promotion: __, ...bare } = options(clock);
    expect(() => ShadowRunner.restore(snapshot, bare)).toThrow('must both have classification');
  });
});

describe('replicas', () => {
  it('merge into what one process would have seen', () => {
    const all = cases(2, 1200);
    const make = (replica: string) => {
      const clock = new ManualClock(0);
      const runner = new ShadowRunner(options(clock, { replica, sampleSize: 10_000 }));
      return { clock, runner };
    };
    const [a, b, whole] = [make('a'), make('b'), make('')];
    const half = (part: ReturnType<typeof make>, from: number, to: number): void => {
      for (let i = from; i < to; i += 1) {
        part.runner.predict(all[i]!, { id: `id${i}`, truth: all[i]!.truth });
        part.clock.advance(1);
      }
    };
    half(a, 0, 700);
    half(b, 700, 1200);
    half(whole, 0, 1200);
    const merged = a.runner.merge(b.runner).compare('moody');
    const alone = whole.runner.compare('moody');
    for (const key of [
      'offered',
      'compared',
      'agreed',
      'disagreed',
      'incomparable',
      'shadowErrors',
      'labelled',
      'dropped',
      'labelCoverage',
    ] as const) {
      expect(merged[key], key).toEqual(alone[key]);
    }
    expect(merged.classification!.shadow.counts).toEqual(alone.classification!.shadow.counts);
    expect(merged.classification!.verdicts).toEqual(alone.classification!.verdicts);
    const auc = (of: typeof merged): number => {
      const { rocAuc: area } = of.classification!.shadow;
      return area.status === 'ok' ? area.estimate : Number.NaN;
    };
    expect(auc(merged)).toBeCloseTo(auc(alone), 12);
    expect(merged.metrics[1]!.shadow).toBeCloseTo(alone.metrics[1]!.shadow!, 12);
    expect(merged.subgroups.map(({ group, labelled }) => [group, labelled]).sort()).toEqual(
      alone.subgroups.map(({ group, labelled }) => [group, labelled]).sort(),
    );
    expect(a.runner.traffic.requests).toBe(1200);
    expect(() => a.runner.merge(a.runner)).toThrow('another runner');
  });
});

describe('logs', () => {
  const collect = (): { sink: Sink<ShadowRecord>; records: ShadowRecord[]; batches: number[] } => {
    const records: ShadowRecord[] = [];
    const batches: number[] = [];
    const write = async (batch: readonly ShadowRecord[]): Promise<void> => {
      batches.push(batch.length);
      records.push(...(JSON.parse(JSON.stringify(batch)) as ShadowRecord[]));
    };
    return { sink: { name: 'memory', write }, records, batches };
  };
  const run = async (more: Partial<ShadowOptions<Leaf>> = {}, n = 600) => {
    const { sink, records, batches } = collect();
    const clock = new ManualClock(0);
    const runner = new ShadowRunner(options(clock, { sinks: [sink], ...more }));
    drive(runner, clock, cases(3, n), 0, n);
    clock.advance(1);
    await runner.drain();
    return { runner, records, batches, clock };
  };

  it('hold plain JSON, numbered without a gap, in batches, and no inputs', async () => {
    const { records, batches } = await run();
    expect(records[0]).toMatchObject({
      kind: 'run',
      seq: 1,
      runner: 'study',
      versions: { primary: null },
      restored: false,
    });
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
    expect(new Set(records.map(({ kind }) => kind))).toEqual(
      new Set(['run', 'comparison', 'truth', 'noise', 'drops', 'look']),
    );
    expect(Math.max(...batches)).toBe(256);
    expect(JSON.stringify(records)).not.toContain('"input"');
    expect(JSON.stringify(records)).not.toContain('too low');
  });

  it('replayed give the evidence again, bit for bit', async () => {
    const { runner, records } = await run({ classification: {} });
    const replay = await runner.replay(records);
    for (const name of ['calm', 'moody']) {
      expect(JSON.stringify(replay.compare(name))).toBe(JSON.stringify(runner.compare(name)));
    }
    expect(replay).toMatchObject({ records: records.length, skipped: 0, missing: 0 });
    expect(replay.looks).toHaveLength(7);
    expect(replay.promotion('calm').gates.find(({ name }) => name === 'precision')).toEqual(
      runner.promotion('calm').gates.find(({ name }) => name === 'precision'),
    );
  });

  it('say what is missing in them, and survive records that somebody has bent', async () => {
    const { runner, records } = await run();
    const torn = records.filter((_, i) => i < 100 || i >= 130);
    const bent = [
      ...torn,
      null,
      { schema: 2 },
      { ...records[5]!, comparison: 'fine', seq: 99_999, kind: 'comparison' },
    ];
    const replay = await runner.replay(bent as ShadowRecord[]);
    expect(replay.skipped).toBe(3);
    expect(replay.missing).toBeGreaterThanOrEqual(30);
    expect(replay.promotion('calm').decision).toBe('hold');
  });

  it('count offers and drops over several processes', async () => {
    const first = await run({ queue: { capacity: 10 } });
    const second = await run({ queue: { capacity: 10 } });
    const replay = await first.runner.replay([...first.records, ...second.records]);
    const { offered, dropped, waiting } = first.runner.compare('calm');
    expect(dropped.full).toBeGreaterThan(100);
    expect(replay.compare('calm')).toMatchObject({
      offered: 2 * offered,
      dropped: { full: 2 * dropped.full },
      waiting,
    });
    const { sink, records } = collect();
    const clock = new ManualClock(0);
    const twin = ShadowRunner.restore(first.runner.snapshot(), options(clock, { sinks: [sink] }));
    drive(twin, clock, cases(4, 50), 0, 50);
    clock.advance(1);
    await twin.drain();
    expect(records[0]).toMatchObject({ kind: 'run', restored: true, seq: first.records.length + 1 });
    const whole = await twin.replay([...first.records, ...records]);
    expect(whole.missing).toBe(0);
    expect(whole.compare('calm').offered).toBe(twin.compare('calm').offered);
  });

  it('are redacted before anything is written; a redaction that throws lets nothing through', async () => {
    const redact = (record: ShadowRecord): ShadowRecord | undefined => {
      if (record.kind === 'noise') return undefined;
      return 'requestId' in record ? { ...record, requestId: 'hidden' } : record;
    };
    const log = { input: ({ site }: Case) => ({ site }) };
    const { records } = await run({ redact, log });
    expect(records.some(({ kind }) => kind === 'noise')).toBe(false);
    expect(JSON.stringify(records)).not.toContain('id2');
    expect(JSON.stringify(records)).toContain('"input":{"site":"north"}');
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
    const closed = await run({
      redact: () => {
        throw new Error('no key');
      },
    });
    expect(closed.records).toEqual([]);
    expect(closed.runner.logStatus.dropped.redact).toBeGreaterThan(100);
    expect(closed.runner.promotion('calm').decision).not.toBe('promote');
  });

  it('reach every sink that works, whatever the others do', async () => {
    const good = collect();
    const aborted: boolean[] = [];
    const bad: Sink<ShadowRecord>[] = [
      { name: 'rejects', write: () => Promise.reject(new Error('down')) },
      {
        name: 'throws',
        write: () => {
          throw new Error('no');
        },
      },
      {
        name: 'hangs',
        write: (_, { signal }) => {
          signal.addEventListener('abort', () => void aborted.push(true));
          return new Promise(() => undefined);
        },
      },
      { name: 'cannot flush', write: async () => undefined, flush: () => Promise.reject(new Error('flush')) },
    ];
    const runner = new ShadowRunner<Leaf>({
      primary: { predict: () => 1 },
      shadows: { next: { predict: () => 1 } },
      sinks: [...bad, good.sink],
      log: { batchSize: 10, capacity: 40, writeTimeoutMs: 20 },
      queue: { capacity: 4096 },
      cpuShare: 1,
      seed: 1,
    });
    for (let i = 0; i < 100; i += 1) expect(runner.predict({ x: i, truth: 1, site: 'a' })).toBe(1);
    await runner.close();
    const { records, sinks } = runner.logStatus;
    const status = Object.fromEntries(sinks.map((sink) => [sink.sink, sink]));
    expect(status.rejects).toMatchObject({ written: 0, lost: records, waiting: 0 });
    expect(status.throws).toMatchObject({ written: 0, lost: records, waiting: 0 });
    expect(status.hangs).toMatchObject({ written: 0, lost: records, waiting: 0 });
    expect(aborted.length).toBeGreaterThan(0);
    expect(status['cannot flush']!.failures).toBeGreaterThan(0);
    const kept = status.memory!;
    expect(kept.written + kept.lost).toBe(records);
    expect(good.records.length).toBe(kept.written);
    expect(runner.history.filter(({ type }) => type === 'sink-error').length).toBeGreaterThan(3);
  });
});

describe('reports', () => {
  it('say what an auditor asks, as data and as a page', async () => {
    const clock = new ManualClock(Date.UTC(2026, 0, 1));
    const sink = { name: 'vault', write: async () => undefined, head: () => 'abc123' };
    const versioned = { predict: ({ x }: Case) => x, version: 'v7' };
    const runner = new ShadowRunner(
      options(clock, { primary: versioned, sinks: [sink], expiresAt: Date.UTC(2026, 5, 1) }),
    );
    drive(runner, clock, cases(5, 700), 0, 700);
    clock.advance(1);
    await runner.drain();
    const report = runner.report();
    expect(JSON.parse(JSON.stringify(report))).toMatchObject({
      schema: 1,
      runner: 'study',
      versions: { primary: 'v7', calm: null, moody: null },
      promotions: [{ shadow: 'calm' }, { shadow: 'moody' }],
      log: { sinks: [{ sink: 'vault', head: 'abc123' }] },
      traffic: { requests: 700 },
    });
    expect(report.warnings.join('\n')).toMatch(/more than two weeks[\s\S]*no version is known of calm, moody/);
    const page = runner.toMarkdown();
    for (const part of [
      '# Shadow report: study',
      '## calm: ',
      '### Gates',
      '### Sample',
      '### Subgroups',
      '### Worst disagreements',
      '### Looks',
      'abc123',
      '## Warnings',
      'DeLong',
      'Wilcoxon',
    ]) {
      expect(page, part).toContain(part);
    }
    expect(page).not.toMatch(/undefined|NaN|\[object/);
    const reasoned = new ShadowRunner(options(clock, { longRun: 'the protocol asks for six months' })).report();
    expect(reasoned.warnings.join()).not.toContain('two weeks');
    expect(reasoned.longRun).toBe('the protocol asks for six months');
  });
});
