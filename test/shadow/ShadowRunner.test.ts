import { describe, expect, it } from 'vitest';
import { type AnyStrategy, ManualClock, type Snapshot, withContext } from '../../src/core/index.ts';
import { accuracy, errorRate, rmse } from '../../src/metrics/index.ts';
import { type ShadowOptions, ShadowRunner } from '../../src/shadow/index.ts';
import { strategyContract } from '../contracts/strategy.contract.ts';

type Leaf = { predict(input: number): unknown };
strategyContract({
  name: 'ShadowRunner',
  create: ([primary, other], options) =>
    new ShadowRunner({ primary, shadows: { other }, metrics: [rmse()], ...options }) as unknown as AnyStrategy,
  restore: (snapshot, [primary, other], options) =>
    ShadowRunner.restore(snapshot, {
      primary,
      shadows: { other },
      metrics: [rmse()],
      ...options,
    }) as unknown as AnyStrategy,
});

const identity: Leaf = { predict: (x) => x };
const doubled: Leaf = { predict: (x) => 2 * x };
const make = (more: Partial<ShadowOptions<Leaf>> = {}) => {
  const clock = new ManualClock(0);
  const runner = new ShadowRunner<Leaf>({
    primary: identity,
    shadows: { next: doubled },
    seed: 1,
    clock,
    cpuShare: 1,
    ...more,
  });
  return { clock, runner };
};

describe('ShadowRunner', () => {
  it('compares behind the back of the caller, later', () => {
    const { clock, runner } = make();
    for (let i = 0; i < 10; i += 1) expect(runner.predict(i)).toBe(i);
    expect(runner.compare('next')).toMatchObject({ offered: 10, compared: 0, waiting: 10 });
    clock.advance(0);
    expect(runner.compare('next')).toMatchObject({
      offered: 10,
      compared: 10,
      agreed: 1,
      disagreed: 9,
      agreement: 0.1,
      waiting: 0,
    });
  });

  it('joins truths that come before and after the shadow has run', () => {
    const { clock, runner } = make({ metrics: [rmse()] });
    runner.predict(3, { id: 'early', truth: 4 });
    runner.predict(5, { id: 'late' });
    clock.advance(0);
    runner.record('late', 5);
    const [metric] = runner.compare('next').metrics;
    expect(metric).toMatchObject({ metric: 'rmse', n: 2, primary: Math.sqrt(1 / 2), shadow: Math.sqrt((4 + 25) / 2) });
  });

  it('counts shadows that throw, reject, hang and answer nonsense', async () => {
    const bad: Record<string, Leaf> = {
      throws: {
        predict() {
          throw undefined;
        },
      },
      rejects: { predict: () => Promise.reject(0) },
      hangs: { predict: () => new Promise(() => undefined) },
      nan: { predict: () => Number.NaN },
      nothing: { predict: () => undefined },
    };
    const { clock, runner } = make({ shadows: bad, shadowTimeoutMs: 100, queue: { concurrency: 10 } });
    expect(runner.predict(1)).toBe(1);
    clock.advance(0);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(100);
    const counts = Object.keys(bad).map((name) => {
      const { incomparable, shadowErrors, shadowTimeouts, shadowInvalid } = runner.compare(name);
      return [name, incomparable, shadowErrors, shadowTimeouts, shadowInvalid];
    });
    expect(counts).toEqual([
      ['throws', 1, 1, 0, 0],
      ['rejects', 1, 1, 0, 0],
      ['hangs', 1, 0, 1, 0],
      ['nan', 1, 0, 0, 1],
      ['nothing', 1, 0, 0, 1],
    ]);
    expect(await runner.drain()).toEqual({ pending: 0 });
  });

  it('waits for the shadows, no longer than the deadline', async () => {
    const runner = new ShadowRunner<Leaf>({ primary: identity, shadows: { doubled }, seed: 1, cpuShare: 1 });
    for (let i = 0; i < 300; i += 1) runner.predict(i);
    expect(await runner.drain()).toEqual({ pending: 0 });
    expect(runner.compare('doubled').compared).toBe(300);
    const stuck = { predict: () => new Promise<number>(() => undefined) };
    const waiting = new ShadowRunner<Leaf>({ primary: identity, shadows: { stuck }, seed: 1 });
    waiting.predict(1);
    waiting.predict(2);
    expect(await waiting.drain({ deadlineMs: 20 })).toEqual({ pending: 2 });
  });

  it('protects the input from shadows and from later changes by the caller', () => {
    const primary = { predict: (row: number[]) => row[0] };
    const seen: number[] = [];
    const vandal = {
      predict(row: number[]) {
        seen.push(row[0]!);
        row[0] = -1;
        return 0;
      },
    };
    const clock = new ManualClock(0);
    const runner = new ShadowRunner({ primary, shadows: { vandal, second: vandal }, seed: 1, clock, cpuShare: 1 });
    const row = [7];
    expect(runner.predict(row)).toBe(7);
    row[0] = 8;
    clock.advance(0);
    expect(seen).toEqual([7, 7]);
    expect(row).toEqual([8]);
  });

  it('is bounded: drops are counted by reason and add up', () => {
    for (const onFull of ['drop-newest', 'drop-oldest'] as const) {
      const { clock, runner } = make({ queue: { capacity: 5, onFull, maxAgeMs: 1000 } });
      for (let i = 0; i < 12; i += 1) runner.predict(i);
      const full = runner.compare('next');
      expect(full).toMatchObject({ offered: 12, waiting: 5, dropped: { full: 7 } });
      clock.advance(0);
      expect(runner.compare('next')).toMatchObject({
        compared: 5,
        agreed: onFull === 'drop-newest' ? 1 : 0,
        waiting: 0,
      });
    }
  });

  it('drops what waited too long for the governor, and lets shadows use no more than their share', () => {
    const clock = new ManualClock(0);
    const slow = {
      predict: (x: number) => {
        clock.advance(50);
        return x;
      },
    };
    const runner = new ShadowRunner<Leaf>({
      primary: identity,
      shadows: { slow },
      seed: 1,
      clock,
      cpuShare: 0.1,
      queue: { maxAgeMs: 5000 },
    });
    for (let i = 0; i < 40; i += 1) runner.predict(i);
    clock.advance(10_000);
    const { compared, dropped, waiting } = runner.compare('slow');
    expect(compared * 50).toBeLessThanOrEqual(0.1 * 5000 + 100 + 50);
    expect(compared * 50).toBeGreaterThanOrEqual(0.1 * 5000 - 50);
    expect(compared + dropped['too-old'] + waiting).toBe(40);
    expect(waiting).toBe(0);
  });

  it('contains hooks that throw', () => {
    const boom = (): never => {
      throw new Error('hook');
    };
    const { clock, runner } = make({ compare: boom, metrics: [{ ...errorRate(), value: boom }, accuracy()] as never });
    runner.on('shadowed', boom);
    expect(runner.predict(1, { truth: 1 })).toBe(1);
    clock.advance(0);
    expect(runner.compare('next')).toMatchObject({ compared: 1, disagreed: 1 });
    const places = runner.history.map((event) => (event.type === 'contained-error' ? event.where : event.type));
    expect(new Set(places)).toEqual(new Set(['compare', 'metric:errorRate', 'listener']));
    const { runner: closed } = make({ runIf: boom });
    expect(closed.predict(1)).toBe(1);
    expect(closed.compare('next')).toMatchObject({ offered: 1, dropped: { 'run-if': 1 }, waiting: 0 });
  });

  it('samples by request id the same everywhere, and can be turned down', () => {
    const pick = (seed: number) => {
      const { clock, runner } = make({ sampleRate: 0.3, seed });
      const picked: string[] = [];
      runner.on('shadowed', ({ requestId }) => void picked.push(requestId!));
      for (let i = 0; i < 500; i += 1) runner.predict(i, { id: `r${i}` });
      clock.advance(0);
      return picked;
    };
    expect(pick(1)).toEqual(pick(2));
    expect(Math.abs(pick(1).length - 150)).toBeLessThan(4 * Math.sqrt(500 * 0.21));
    const { runner } = make();
    runner.setSampleRate(0);
    runner.predict(1);
    expect(runner.compare('next').offered).toBe(0);
    expect(() => runner.setSampleRate(2)).toThrow('sampleRate must be within [0, 1], got 2');
  });

  it('expires, and stops when told: from then on the primary runs alone', () => {
    const { clock, runner } = make({ expiresAt: 100 });
    runner.predict(1);
    clock.advance(100);
    runner.predict(2);
    expect(runner.stopped).toBe(true);
    expect(runner.history.at(-1)?.type).toBe('expired');
    expect(runner.compare('next').offered).toBe(1);
    const other = make();
    other.runner.predict(1);
    other.runner.stop('done', 'ada');
    expect(other.runner.compare('next')).toMatchObject({ waiting: 0, dropped: { stopped: 1 } });
    expect(other.runner.history.at(-1)).toMatchObject({ type: 'stopped', reason: 'done', actor: 'ada' });
  });

  it('goes on after a restart with the requests that were waiting', () => {
    const { clock, runner } = make({ metrics: [rmse()] });
    const { requestId } = runner.serve(3) as { requestId: string };
    runner.predict(4);
    const snapshot = JSON.parse(JSON.stringify(runner.snapshot())) as Snapshot;
    const twin = ShadowRunner.restore<Leaf>(snapshot, {
      primary: identity,
      shadows: { next: doubled },
      seed: 1,
      clock,
      metrics: [rmse()],
    });
    clock.advance(0);
    twin.record(requestId, 3);
    expect(twin.compare('next')).toMatchObject({ offered: 2, compared: 2, metrics: [{ n: 1, primary: 0, shadow: 3 }] });
  });

  it('gives a shadow that wants it the request, and lets a shadow strategy learn', () => {
    const clock = new ManualClock(0);
    let unit: unknown;
    const nosy = withContext({
      predict: (x: number, request) => {
        unit = request.unit;
        return x;
      },
    });
    const inner = new ShadowRunner<Leaf>({
      primary: identity,
      shadows: { a: identity },
      name: 'inner',
      seed: 1,
      clock,
      cpuShare: 1,
    });
    const runner = new ShadowRunner({ primary: identity, shadows: { nosy, inner }, seed: 1, clock, cpuShare: 1 });
    runner.predict(1, { id: 'x', unit: 9 });
    expect(runner.record('x', 1)).toBe('recorded');
    clock.advance(0);
    expect(unit).toBe(9);
    expect(inner.record('x', 1)).toBe('duplicate');
  });

  it.each([
    [{ shadows: {} }, 'shadows must be an object with at least one shadow'],
    [{ shadows: { primary: identity } }, 'named otherwise'],
    [{ shadows: { a: {} } }, 'a must be a model'],
    [{ sampleRate: 1.5 }, 'sampleRate must be within [0, 1], got 1.5'],
    [{ cpuShare: 0 }, 'cpuShare must be a finite number within (0, 1]'],
    [{ queue: { capacity: 0 } }, 'queue.capacity must be an integer'],
    [{ queue: { size: 1 } }, 'queue.size must be left out'],
    [{ input: 'deep' }, 'input must be one of'],
    [{ expiresAt: Number.NaN }, 'expiresAt must be a finite number'],
    [{ shadow: identity }, 'options.shadow must be left out'],
    [{ compare: 1 }, 'compare must be a function'],
  ])('refuses %j', (options, message) => {
    expect(() => make(options as never)).toThrow(message);
  });
});

describe('ShadowRunner, hostile shadows and odd inputs', () => {
  const shadowed = async (shadow: (input: never) => unknown, input: unknown) => {
    const primary = { predict: (_: unknown) => 1 };
    const runner = new ShadowRunner({ primary, shadows: { next: { predict: shadow } }, seed: 1, cpuShare: 1 });
    runner.serve(input);
    await runner.drain({ deadlineMs: 1000 });
    return { ...runner.compare('next'), pending: runner.compare('next').waiting };
  };

  it('survives errors that cannot be read, and thenables that throw', async () => {
    const hostile = [
      () => {
        throw Object.create(null);
      },
      () => Promise.reject(Object.create(null)),
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a broken thenable is the point
        then: () => {
          throw new Error('no');
        },
      }),
    ];
    for (const shadow of hostile) expect(await shadowed(shadow, 1)).toMatchObject({ shadowErrors: 1, waiting: 0 });
  });

  it('copies maps, sets, dates and buffers as what they are', async () => {
    expect((await shadowed((x: Map<string, number>) => x.get('a'), new Map([['a', 1]]))).agreement).toBe(1);
    expect((await shadowed((x: Set<number>) => x.size, new Set([5]))).agreement).toBe(1);
    expect((await shadowed((x: Date) => x.getTime(), new Date(1))).agreement).toBe(1);
    const bytes = Buffer.from([1, 2]);
    expect((await shadowed((x: Buffer) => x.fill(9).length - 1, bytes)).agreement).toBe(1);
    expect([...bytes]).toEqual([1, 2]);
  });

  it('gives a snapshot back to shadows and metrics by name, and refuses others', () => {
    const { runner, clock } = make({ shadows: { same: identity, next: doubled }, metrics: [rmse()] });
    for (let i = 1; i < 5; i += 1) runner.serve(i, { truth: i });
    clock.advance(10);
    const restore = (shadows: Record<string, Leaf>) =>
      ShadowRunner.restore<Leaf>(runner.snapshot(), { primary: identity, shadows, metrics: [rmse()], clock });
    const turned = restore({ next: doubled, same: identity });
    for (const name of ['same', 'next']) expect(turned.compare(name)).toEqual(runner.compare(name));
    expect(() => restore({ next: doubled })).toThrow(/snapshot's shadows must be \["next"\]/);
  });
});
