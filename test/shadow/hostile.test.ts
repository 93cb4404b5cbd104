// Models, hooks, sinks and snapshots that do what no type allows: production goes on, and nothing is counted that was not seen.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidOptionError, ManualClock, type Sink } from '../../src/core/index.ts';
import { type ShadowOptions, type ShadowRecord, ShadowRunner } from '../../src/shadow/index.ts';

type Leaf = { predict(input: unknown): unknown };
type Options = Partial<ShadowOptions<Leaf>>;

const leaf = (predict: () => unknown): Leaf => ({ predict });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function make(more: Options = {}) {
  const clock = new ManualClock(1000);
  const base = { primary: leaf(() => 1), shadows: { next: leaf(() => 1) }, seed: 1, clock, cpuShare: 1 };
  const runner = new ShadowRunner<Leaf>({ ...base, ...more });
  const serve = (n: number): void => {
    for (let i = 0; i < n; i += 1) runner.serve({ x: i }, { id: `id${i}` });
    clock.advance(1);
  };
  const contained = (): string[] =>
    runner.history.flatMap((event) => (event.type === 'contained-error' ? [event.where] : []));
  return { runner, clock, serve, contained };
}

function keeping(name = 'kept', more: Partial<Sink<ShadowRecord>> = {}) {
  const records: ShadowRecord[] = [];
  const sink: Sink<ShadowRecord> = {
    name,
    write: async (batch) => void records.push(...batch),
    ...more,
  };
  return { records, sink };
}

const escaped: unknown[] = [];
const hear = (reason: unknown): void => void escaped.push(reason);
beforeAll(() => void process.on('unhandledRejection', hear));
afterAll(async () => {
  await settle();
  process.off('unhandledRejection', hear);
  expect(escaped).toEqual([]);
});

const bent = (key: 'then' | 'constructor'): unknown => {
  const get = (): never => {
    throw new Error(key);
  };
  return Object.defineProperty(Promise.resolve(1), key, { get });
};

describe('hostile models', () => {
  it('whose promises are bent are outcomes, and hold no place', async () => {
    for (const key of ['then', 'constructor'] as const) {
      const { runner, serve, clock } = make({ shadows: { next: leaf(() => bent(key)), calm: leaf(() => 1) } });
      for (const _ of [1, 2]) {
        serve(1);
        await settle();
        clock.advance(1);
      }
      expect(runner.compare('next').waiting).toBe(0);
      expect(runner.compare('calm')).toMatchObject({ offered: 2, agreed: 2, waiting: 0 });
    }
  });

  it('under names that every object has are refused: they would seem to have answered', () => {
    for (const name of ['toString', 'constructor', '__proto__']) {
      const shadows = Object.fromEntries([[name, leaf(() => 1)]]);
      expect(() => make({ shadows })).toThrow(InvalidOptionError);
    }
  });

  it('that mostly fail are not promoted for the few requests that they answer', () => {
    let calls = 0;
    const moody = leaf(() => {
      calls += 1;
      if (calls % 2 === 0) throw new Error('no');
      return 1;
    });
    const promotion = { minSamples: 1000, minDurationMs: 0 };
    const failing = make({ shadows: { next: moody }, promotion, queue: { capacity: 5000 } });
    const sound = make({ promotion, queue: { capacity: 5000 } });
    for (const { serve } of [failing, sound]) serve(2000);
    expect(failing.runner.promotion('next')).toMatchObject({
      decision: 'reject',
      reasons: [expect.stringMatching(/^errorRate 50\.00%/)],
    });
    expect(sound.runner.promotion('next').decision).toBe('promote');
  });

  it('whose answers are views without a length are not the same for that', () => {
    const view = (byte: number): DataView => new DataView(new Uint8Array([byte]).buffer);
    const { runner, serve } = make({ primary: leaf(() => view(1)), shadows: { next: leaf(() => view(2)) } });
    serve(1);
    expect(runner.compare('next')).toMatchObject({ agreed: 0, disagreed: 1 });
  });
});

describe('hostile hooks', () => {
  it('groups whose names cannot be read are contained, and the drain goes on', () => {
    const trap = new Proxy(
      {},
      {
        ownKeys() {
          throw new Error('keys');
        },
      },
    );
    for (const groups of [{ sex: Object.create(null) }, trap]) {
      const { runner, serve, contained } = make({ subgroup: () => groups as never });
      serve(2);
      expect(runner.compare('next')).toMatchObject({ agreed: 2, waiting: 0, subgroups: [] });
      expect(contained()).toEqual(['subgroup', 'subgroup']);
    }
  });

  it('redactions that answer with a promise, or anything but a record, let nothing through', async () => {
    const answers: ((record: ShadowRecord) => unknown)[] = [
      async (record) => record,
      () => Promise.reject(new Error('later')),
      () => 'text',
      () => null,
    ];
    for (const redact of answers) {
      const { records, sink } = keeping();
      const { runner, serve, contained } = make({ sinks: [sink], redact: redact as never });
      serve(1);
      await runner.drain();
      expect(records).toEqual([]);
      // The run, the comparison and the totals.
      expect(runner.logStatus.dropped).toEqual({ sink: 0, redact: 3 });
      expect(contained()).toEqual(['redact', 'redact', 'redact']);
    }
  });

  it('redactions and sinks that change records change no evidence', async () => {
    const blank = (record: ShadowRecord): ShadowRecord => {
      if ('subgroups' in record) (record.subgroups as Record<string, string>).sex = 'hidden';
      if (record.kind === 'comparison') (record.candidate as { score?: number }).score = 7;
      return record;
    };
    const { sink } = keeping('bending', { write: async (batch) => void batch.map(blank) });
    for (const more of [{ redact: blank }, { redact: (record: ShadowRecord) => record }]) {
      const primary = leaf(() => 0);
      const { runner, serve } = make({
        primary,
        sinks: [sink],
        subgroup: () => ({ sex: 'f' }),
        classification: {},
        ...more,
      });
      serve(2);
      await runner.drain();
      runner.record('id0', 1);
      const { subgroups, worst } = runner.compare('next');
      expect(subgroups).toMatchObject([{ group: 'f', compared: 2, labelled: 1 }]);
      expect(worst.map(({ candidate }) => candidate.score)).toEqual([1, 1]);
    }
  });

  it('readings for the log that are no JSON cost one field, not the batch or the snapshot', async () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const bad of [
      circle,
      5n,
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('keys');
          },
        },
      ),
    ]) {
      const { records, sink } = keeping('json', {
        write: async (batch) => void records.push(...JSON.parse(JSON.stringify(batch))),
      });
      const log = { input: () => bad as never, prediction: () => bad as never };
      const { runner, serve, contained } = make({ shadows: { next: leaf(() => 2) }, sinks: [sink], log });
      serve(1);
      await runner.drain();
      expect(records.map(({ kind }) => kind)).toEqual(['run', 'comparison', 'drops']);
      expect(contained()).toEqual(['log.input', 'log.prediction', 'log.prediction']);
      expect(() => JSON.stringify(runner.snapshot())).not.toThrow();
    }
  });

  it('class names are no verdicts: nothing is counted as a negative that nobody called one', () => {
    const promotion = { minSamples: 0, minDurationMs: 0, minLabelled: 1, falsePositiveRate: { below: 0.5 } };
    const { runner, serve, contained } = make({
      primary: leaf(() => 'spam'),
      shadows: { next: leaf(() => 'spam') },
      classification: {},
      promotion,
    });
    serve(20);
    for (let i = 0; i < 20; i += 1) runner.record(`id${i}`, i % 2 === 0 ? 'ham' : Number.NaN);
    expect(runner.compare('next')).toMatchObject({ labelled: 0, classification: { n: 0 }, agreed: 20 });
    expect(runner.promotion('next').decision).toBe('hold');
    expect(new Set(contained())).toEqual(new Set(['positive', 'truthPositive']));
  });
});

describe('hostile sinks', () => {
  it('that empty their batch, or have no name any more, have lost what they were given', async () => {
    let reads = 0;
    const emptying = keeping('emptying', {
      write: async (batch) => {
        (batch as ShadowRecord[]).length = 0;
        throw new Error('no');
      },
    });
    const nameless: Sink<ShadowRecord> = {
      get name() {
        reads += 1;
        if (reads > 2) throw new Error('name');
        return 'nameless';
      },
      write: () => Promise.reject(new Error('no')),
    };
    const { runner, serve } = make({ sinks: [emptying.sink, nameless] });
    serve(1);
    await runner.drain();
    expect(runner.logStatus.sinks).toMatchObject([
      { sink: 'emptying', lost: 3, written: 0, failures: 1 },
      { sink: 'nameless', lost: 3, written: 0, failures: 1 },
    ]);
  });

  it('get nothing after they were closed, and a late look is no loss', async () => {
    let closes = 0;
    const { records, sink } = keeping('once', {
      write: async (batch) => {
        if (closes > 0) throw new Error('closed');
        records.push(...batch);
      },
      close: async () => {
        closes += 1;
      },
    });
    const { runner, serve, clock } = make({ sinks: [sink] });
    serve(1);
    await runner.close();
    await runner.close();
    runner.promotion('next');
    runner.record('id0', 1);
    clock.advance(5000);
    await runner.drain();
    expect(closes).toBe(1);
    expect(runner.logStatus).toMatchObject({ records: 3, dropped: { sink: 0 } });
    expect(runner.compare('next').labelled).toBe(1);
  });
});

describe('promotion at awkward moments', () => {
  const scored: Options = {
    primary: leaf(() => 0.5),
    shadows: { next: { predict: (input) => ((input as { x: number }).x % 2) * 0.8 + 0.1 } },
    classification: {},
    queue: { capacity: 500 },
  };
  const day = 86_400_000;

  it('the time counts from the first request, not from the making of the runner', () => {
    const { runner, serve, clock } = make({ promotion: { minSamples: 1, minDurationMs: day } });
    clock.advance(8 * day);
    serve(600);
    const gate = () => runner.promotion('next').gates.find(({ name }) => name === 'duration');
    expect(gate()).toMatchObject({ verdict: 'inconclusive' });
    clock.advance(day);
    expect(gate()).toMatchObject({ verdict: 'pass' });
  });

  it('after a restart with another limit no gate of the old one stands', () => {
    const promotion = { minSamples: 1, minDurationMs: 0, rocAuc: { above: 0.6 } };
    const { runner, serve, clock } = make({ ...scored, promotion });
    serve(400);
    for (let i = 0; i < 400; i += 1) runner.record(`id${i}`, i % 2 === 0 && i % 8 !== 0 ? 0 : i % 5 !== 0);
    const before = runner.promotion('next').gates.find(({ name }) => name === 'rocAuc');
    const restored = (criteria: ShadowOptions['promotion']) =>
      ShadowRunner.restore<Leaf>(runner.snapshot(), {
        primary: leaf(() => 0.5),
        shadows: { next: leaf(() => 1) },
        seed: 1,
        clock: new ManualClock(clock.now()),
        cpuShare: 1,
        ...scored,
        promotion: criteria!,
      } as ShadowOptions<Leaf>).promotion('next').gates;
    const names = (gates: readonly { name: string }[]): string[] => gates.map(({ name }) => name);
    expect(before).toMatchObject({ verdict: 'pass' });
    expect(restored(promotion).find(({ name }) => name === 'rocAuc')).toEqual(before);
    const stricter = restored({ ...promotion, rocAuc: { above: 0.99 } }).find(({ name }) => name === 'rocAuc');
    expect(stricter).toMatchObject({ required: 'above 0.99' });
    expect(stricter?.verdict).not.toBe('pass');
    expect(names(restored({ ...promotion, f1: { above: 0.5 } }))).toContain('f1');
  });

  it('records that a merged replica has lost stand against it here as well, after a restart too', async () => {
    const failing = keeping('full', { write: () => Promise.reject(new Error('disk full')) });
    const named = { name: 'pool', replica: 'b', sinks: [failing.sink] };
    const [here, there] = [make({ name: 'pool', replica: 'a' }), make(named)];
    there.serve(1);
    await there.runner.drain();
    here.runner.merge(there.runner);
    const lost = (runner: ShadowRunner<Leaf>) =>
      runner.promotion('next').gates.find(({ name }) => name === 'lostRecords');
    expect(lost(here.runner)).toMatchObject({ verdict: 'inconclusive', observed: 3 });
    const twin = make({ name: 'pool', replica: 'a' }).runner;
    const options = { name: 'pool', replica: 'a', primary: leaf(() => 1), shadows: { next: leaf(() => 1) }, seed: 1 };
    expect(lost(ShadowRunner.restore(here.runner.snapshot(), options))).toMatchObject({ observed: 3 });
    expect(lost(twin)).toMatchObject({ observed: 0 });
  });
});
