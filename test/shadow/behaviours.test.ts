// What experiments and mirrors elsewhere promise, and what their users have asked of them: each as a behaviour of ours.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ManualClock, type Request, withContext } from '../../src/core/index.ts';
import { type ShadowOptions, ShadowRunner } from '../../src/shadow/index.ts';

type Leaf = { predict(input: unknown): unknown };
const leaf = (predict: (input: never) => unknown): Leaf => ({ predict: predict as Leaf['predict'] });
const control = leaf(() => 'control');

function make(more: Partial<ShadowOptions<Leaf>> = {}) {
  const clock = new ManualClock(1_000_000);
  const base = { primary: control, shadows: { next: leaf(() => 'candidate') }, seed: 1, clock, cpuShare: 1 };
  const runner = new ShadowRunner<Leaf>({ ...base, ...more });
  const seen: unknown[] = [];
  runner.on('shadowed', (event) => void seen.push(event));
  return { clock, runner, seen };
}

/** Lets settled promises be heard. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const containedAt = (runner: ShadowRunner<Leaf>): string[] =>
  runner.history.flatMap((event) => (event.type === 'contained-error' ? [event.where] : []));
const thrown = (task: () => unknown): unknown => {
  try {
    return { returned: task() };
  } catch (error) {
    return error;
  }
};

const unhandled: unknown[] = [];
const listener = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', listener));
afterAll(async () => {
  await settle();
  process.off('unhandledRejection', listener);
  expect(unhandled).toEqual([]);
});

describe('the answer is the primary’s', () => {
  it('whatever it is, the very object and the very promise', () => {
    for (const value of [{}, [], null, undefined, Number.NaN, Promise.resolve(1), () => 1]) {
      const { runner } = make({ primary: leaf(() => value) });
      expect(runner.predict(1)).toBe(value);
    }
  });

  it('also its throws and rejections, those of nothing among them, and they are compared like answers', async () => {
    for (const error of [new Error('boom'), undefined, null, 0, '', false]) {
      const throwing = make({
        primary: leaf(() => {
          throw error;
        }),
      });
      expect(thrown(() => throwing.runner.predict(1))).toBe(error);
      throwing.clock.advance(0);
      expect(throwing.seen).toMatchObject([{ status: 'ok', comparison: 'incomparable' }]);
      expect(throwing.runner.compare('next')).toMatchObject({ incomparable: 1, primaryFailures: 1 });
      const rejecting = make({ primary: leaf(() => Promise.reject(error)) });
      let caught: unknown = 'nothing';
      await (rejecting.runner.predict(1) as Promise<unknown>).catch((reason: unknown) => {
        caught = reason;
      });
      expect(caught).toBe(error);
      await settle();
      rejecting.clock.advance(0);
      expect(rejecting.runner.compare('next')).toMatchObject({ incomparable: 1, primaryFailures: 1, waiting: 0 });
    }
  });

  it('and both errors are known where both fail: the caller gets the primary’s', () => {
    const fail = (message: string) =>
      leaf(() => {
        throw new Error(message);
      });
    const { runner, clock } = make({ primary: fail('of the primary'), shadows: { next: fail('of the shadow') } });
    expect(thrown(() => runner.predict(1))).toMatchObject({ message: 'of the primary' });
    clock.advance(0);
    expect(runner.compare('next')).toMatchObject({ disagreed: 1, shadowErrors: 1, primaryFailures: 1 });
  });

  it('without a primary or a shadow there is no runner; no option makes a shadow answer', () => {
    expect(() => make({ primary: undefined as never })).toThrow('primary must be a model');
    expect(() => make({ shadows: {} })).toThrow('at least one shadow');
    const { runner } = make({ sampleRate: 1 });
    for (let i = 0; i < 50; i += 1)
      expect(runner.serve(i)).toMatchObject({ variant: 'primary', prediction: 'control' });
  });

  it('at once, though the shadow takes a second, and both latencies are told', async () => {
    const wait = (ms: number) => leaf(() => new Promise((resolve) => setTimeout(() => resolve(ms), ms)));
    const runner = new ShadowRunner<Leaf>({ primary: wait(5), shadows: { slow: wait(150) }, seed: 1, cpuShare: 1 });
    const order: string[] = [];
    runner.on('shadowed', () => void order.push('shadow'));
    await (runner.predict(1) as Promise<unknown>).then(() => void order.push('answer'));
    expect(order).toEqual(['answer']);
    await runner.drain();
    expect(order).toEqual(['answer', 'shadow']);
    const { primary, shadow } = runner.compare('slow').latencyMs;
    expect(primary.p50).toBeGreaterThan(3);
    expect(shadow.p50).toBeGreaterThan(145);
  });
});

describe('nothing that a shadow or a hook does is noticed', () => {
  const boom = (): never => {
    throw new Error('boomtown');
  };

  it('shadows that throw, even undefined, are outcomes', () => {
    const shadow = leaf(() => {
      throw undefined;
    });
    const { runner, clock, seen } = make({ shadows: { next: shadow } });
    expect(runner.predict(1)).toBe('control');
    clock.advance(0);
    expect(seen).toMatchObject([{ status: 'error', comparison: 'incomparable' }]);
  });

  it('hooks that throw are contained, counted and told, and need no listener', () => {
    const hooks = { compare: boom, ignore: boom, distance: boom, subgroup: boom, redact: boom };
    const sinks = [{ name: 'broken', write: boom }];
    const { runner, clock } = make({ ...hooks, sinks, log: { input: boom, prediction: boom } });
    runner.on('*', boom);
    expect(runner.predict(1)).toBe('control');
    clock.advance(2000);
    expect(runner.compare('next')).toMatchObject({ compared: 1, disagreed: 1 });
    const places = new Set(containedAt(runner));
    for (const place of [...Object.keys(hooks), 'log.input', 'log.prediction', 'listener']) {
      expect(places, place).toContain(place);
    }
  });

  it('a gate that throws lets no shadow run, and says so', () => {
    let called = 0;
    const { runner, clock, seen } = make({
      runIf: boom,
      shadows: {
        next: leaf(() => {
          called += 1;
        }),
      },
    });
    expect(runner.predict(1)).toBe('control');
    clock.advance(0);
    expect([called, seen, containedAt(runner)]).toEqual([0, [], ['runIf']]);
    expect(runner.compare('next').dropped['run-if']).toBe(1);
  });

  it('the input that production keeps is never the one that shadows change', () => {
    let corrupted = 0;
    const primary = leaf((row: { x: number }) => row.x);
    const vandal = leaf((row: { x: number }) => {
      row.x = -1;
      return 0;
    });
    const { runner, clock } = make({ primary, shadows: { vandal, second: vandal } });
    for (let i = 0; i < 200; i += 1) {
      const row = { x: i };
      runner.predict(row);
      if (i % 3 === 0) clock.advance(1);
      if (row.x !== i || runner.predict(row) !== i) corrupted += 1;
    }
    clock.advance(1);
    expect(corrupted).toBe(0);
  });

  it('a shadow that never settles gives its place up when its time is over', async () => {
    const aborted: string[] = [];
    const hangs = withContext({
      predict: (_: unknown, { signal, id }) => {
        signal?.addEventListener('abort', () => void aborted.push(id!));
        return new Promise(() => undefined);
      },
    });
    const { runner, clock } = make({ shadows: { hangs }, shadowTimeoutMs: 50 });
    for (let i = 0; i < 5; i += 1) runner.predict(i, { id: `r${i}` });
    for (let i = 0; i < 30; i += 1) clock.advance(10);
    expect(runner.compare('hangs')).toMatchObject({ shadowTimeouts: 5, incomparable: 5, waiting: 0 });
    expect(aborted).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    await settle();
  });

  it('ten thousand that hang are bounded by the queue and counted', () => {
    const { runner, clock } = make({
      shadows: { hangs: leaf(() => new Promise(() => undefined)) },
      shadowTimeoutMs: 100,
      queue: { capacity: 100, concurrency: 10 },
    });
    for (let i = 0; i < 10_000; i += 1) {
      runner.predict(i);
      if (i % 50 === 0) clock.advance(1);
    }
    clock.advance(10_000);
    const { offered, incomparable, dropped, waiting } = runner.compare('hangs');
    expect(waiting).toBe(0);
    expect(incomparable + dropped.full).toBe(offered);
    expect(dropped.full).toBeGreaterThan(9000);
  });

  it('a model that is synchronous and too slow is judged afterwards', () => {
    const clock = new ManualClock(0);
    const slow = leaf(() => {
      clock.advance(80);
      return 'control';
    });
    const runner = new ShadowRunner<Leaf>({ primary: control, shadows: { slow }, clock, seed: 1, shadowTimeoutMs: 50 });
    runner.predict(1);
    clock.advance(0);
    expect(runner.compare('slow')).toMatchObject({ shadowTimeouts: 1, agreed: 0 });
  });
});

describe('what is compared, and how', () => {
  const errorOf = (name: string, message: string): Leaf =>
    leaf(() => {
      throw name === 'First'
        ? new (class First extends Error {})(message)
        : new (class Second extends Error {})(message);
    });
  const outcomeOf = (primary: Leaf, shadow: Leaf, more: Partial<ShadowOptions<Leaf>> = {}): string => {
    const { runner, clock, seen } = make({ primary, shadows: { next: shadow }, ...more });
    thrown(() => runner.predict(1));
    clock.advance(0);
    return (seen[0] as { comparison: string }).comparison;
  };

  it('by value and type, unless told otherwise', () => {
    expect(
      outcomeOf(
        leaf(() => '1'),
        leaf(() => 1),
      ),
    ).toBe('disagreed');
    const compare = (a: unknown, b: unknown): boolean => a === String(b);
    expect(
      outcomeOf(
        leaf(() => '1'),
        leaf(() => 1),
        { compare },
      ),
    ).toBe('agreed');
    expect(
      outcomeOf(
        leaf(() => ({ a: [1] })),
        leaf(() => ({ a: [1] })),
      ),
    ).toBe('agreed');
  });

  it('errors by class and message, unless told otherwise', () => {
    const first = errorOf('First', 'error');
    expect(outcomeOf(first, errorOf('First', 'error'))).toBe('agreed');
    expect(outcomeOf(first, errorOf('First', 'ERROR'))).toBe('disagreed');
    expect(outcomeOf(first, errorOf('Second', 'error'))).toBe('disagreed');
    const byClass = { compareErrors: (a: { name: string }, b: { name: string }) => a.name === b.name };
    expect(outcomeOf(first, errorOf('First', 'ERROR'), byClass)).toBe('agreed');
    const byMessage = { compareErrors: (a: { message: string }, b: { message: string }) => a.message === b.message };
    expect(outcomeOf(first, errorOf('Second', 'error'), byMessage)).toBe('agreed');
  });

  it('nothing is no agreement with a throw, in either direction', () => {
    const nothing = leaf(() => undefined);
    const throws = errorOf('First', 'x');
    expect(outcomeOf(nothing, throws)).toBe('incomparable');
    expect(outcomeOf(throws, nothing)).toBe('incomparable');
  });

  it('what is ignored is counted apart, and an ignorer that throws does not stop the next', () => {
    const asked: string[] = [];
    const ignore = [
      () => {
        asked.push('throws');
        throw new Error('x');
      },
      () => Boolean(asked.push('yes')),
      () => Boolean(asked.push('never asked')),
    ];
    const { runner, clock } = make({ ignore });
    runner.predict(1);
    clock.advance(0);
    expect(runner.compare('next')).toMatchObject({ agreed: 0, disagreed: 0, ignored: 1, compared: 1 });
    expect([asked, containedAt(runner)]).toEqual([['throws', 'yes'], ['ignore']]);
  });

  it('several shadows each for themselves', () => {
    const { runner, clock } = make({
      primary: leaf(() => 1),
      shadows: { x: leaf(() => 1), y: leaf(() => 2), z: leaf(() => 3) },
      ignore: (_: unknown, shadow: unknown) => shadow === 2,
    });
    runner.predict(1);
    clock.advance(0);
    const results = ['x', 'y', 'z'].map((name) => runner.compare(name));
    expect(results.map(({ agreed, ignored, disagreed }) => [agreed, ignored, disagreed])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  it('in an order drawn anew for every request, the primary always first', () => {
    const log: string[] = [];
    const named = (name: string) => leaf(() => void log.push(name));
    const shadows = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, named(name)]));
    const { runner, clock } = make({ primary: named('primary'), shadows });
    const orders = new Set<string>();
    for (let i = 0; i < 200; i += 1) {
      log.length = 0;
      runner.predict(i);
      clock.advance(0);
      expect(log[0]).toBe('primary');
      orders.add(log.slice(1).join(''));
    }
    expect([...orders].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  });

  it('results cannot be changed', () => {
    const { runner } = make();
    const comparison = runner.compare('next') as { offered: number };
    expect(() => {
      comparison.offered = 5;
    }).toThrow(TypeError);
  });

  it('by the injected clock alone', () => {
    const clock = new ManualClock(0);
    const takes = (ms: number) =>
      leaf(() => {
        clock.advance(ms);
        return 1;
      });
    const runner = new ShadowRunner<Leaf>({ primary: takes(500), shadows: { next: takes(1000) }, clock, seed: 1 });
    runner.predict(1);
    clock.advance(0);
    const { latencyMs } = runner.compare('next');
    expect([latencyMs.primary.p50, latencyMs.shadow.p50]).toEqual([500, 1000]);
  });
});

describe('what is recorded of predictions', () => {
  const records = async (more: Partial<ShadowOptions<Leaf>>) => {
    const written: { kind: string; primary?: { prediction?: unknown } }[] = [];
    const sinks = [{ name: 'memory', write: async (batch: readonly unknown[]) => void written.push(...(batch as [])) }];
    const { runner, clock } = make({ primary: leaf((x) => x), sinks, ...more });
    for (const input of ['test', null, false]) runner.predict(input);
    clock.advance(0);
    await runner.drain();
    return {
      runner,
      predictions: written.filter(({ kind }) => kind === 'comparison').map((r) => r.primary?.prediction),
    };
  };

  it('is what the log’s reading makes of them, nothing by default; comparisons see them as they are', async () => {
    expect((await records({})).predictions).toEqual([undefined, undefined, undefined]);
    const prediction = (value: unknown) => (value === null ? null : String(value).toUpperCase());
    const { predictions } = await records({ log: { prediction } });
    expect(predictions).toEqual(['TEST', null, 'FALSE']);
    const upper = await records({
      log: { prediction },
      shadows: { next: leaf((x: unknown) => String(x).toUpperCase()) },
    });
    expect(upper.runner.compare('next').agreed).toBe(0);
  });

  it('and a reading that throws lets nothing through', async () => {
    const { runner, predictions } = await records({
      log: {
        prediction: () => {
          throw new Error('x');
        },
      },
    });
    expect(predictions).toEqual([undefined, undefined, undefined]);
    expect(containedAt(runner)).toContain('log.prediction');
  });
});

describe('whether a shadow runs at all', () => {
  it('is asked with what the caller gave; where it says no, nothing else happens, sync and async', async () => {
    const asked: unknown[] = [];
    let ran = 0;
    const gate = (input: unknown, request: Request): boolean => {
      asked.push(input, request.context);
      return false;
    };
    const shadows = {
      next: leaf(() => {
        ran += 1;
      }),
    };
    for (const primary of [control, leaf(() => Promise.resolve('control'))]) {
      const { runner, clock, seen } = make({ primary, runIf: gate, shadows });
      expect(await runner.predict('input', { context: { page: 1 } })).toBe('control');
      clock.advance(0);
      expect(seen).toEqual([]);
    }
    expect([asked, ran]).toEqual([['input', { page: 1 }, 'input', { page: 1 }], 0]);
    const { runner } = make({
      runIf: gate,
      primary: leaf(() => {
        throw new Error('as ever');
      }),
    });
    expect(thrown(() => runner.predict(1))).toMatchObject({ message: 'as ever' });
  });

  it('is not asked once shadowing is over, nor of requests that are not sampled', () => {
    let asked = 0;
    const runIf = (): boolean => {
      asked += 1;
      return true;
    };
    const over = make({ runIf, expiresAt: 1_000_000 });
    over.runner.predict(1);
    const none = make({ runIf, sampleRate: 0 });
    none.runner.predict(1);
    expect(asked).toBe(0);
  });

  it('has reasons that are told apart: not sampled, run-if, stopped, no place', () => {
    const { runner } = make({ runIf: (input) => input !== 2, queue: { capacity: 1 } });
    runner.setSampleRate(0);
    runner.predict(0);
    runner.setSampleRate(1);
    for (const input of [1, 2, 3]) runner.predict(input);
    runner.stop();
    runner.predict(5);
    expect(runner.traffic).toEqual({ requests: 4, sampledOut: 1 });
    expect(runner.compare('next')).toMatchObject({
      offered: 3,
      dropped: { 'run-if': 1, full: 1, stopped: 1 },
      waiting: 0,
    });
  });

  it('is decided by the id, the same on every replica; a rising rate only adds', () => {
    const picked = (rate: number, seed: number): Set<string> => {
      const { runner, clock, seen } = make({ sampleRate: rate, seed });
      for (let i = 0; i < 2000; i += 1) {
        runner.predict(i, { id: `r${i}` });
        if (i % 100 === 0) clock.advance(1);
      }
      clock.advance(1);
      return new Set(seen.map((event) => (event as { requestId: string }).requestId));
    };
    const [low, high] = [picked(0.1, 1), picked(0.3, 2)];
    expect([...low].every((id) => high.has(id))).toBe(true);
    expect(Math.abs(high.size - 600)).toBeLessThan(4 * Math.sqrt(2000 * 0.21));
  });

  it('without an id is a fair draw, at any rate', () => {
    const n = 40_000;
    for (const rate of [0.01, 0.3, 0.9]) {
      const { runner } = make({ sampleRate: rate, queue: { capacity: 1 } });
      for (let i = 0; i < n; i += 1) runner.predict(i);
      const { offered } = runner.compare('next');
      expect(Math.abs(offered - n * rate)).toBeLessThan(4 * Math.sqrt(n * rate * (1 - rate)));
      expect(runner.traffic).toEqual({ requests: n, sampledOut: n - offered });
    }
  });

  it('is bounded by bytes as well', () => {
    const { runner } = make({ queue: { maxBytes: 1000 }, input: 'reference' });
    for (let i = 0; i < 5; i += 1) runner.predict(new Float64Array(50));
    runner.predict(new Float64Array(1000));
    expect(runner.compare('next')).toMatchObject({ offered: 6, waiting: 2, dropped: { bytes: 4 } });
    const oldest = make({ queue: { maxBytes: 1000, onFull: 'drop-oldest' }, input: 'reference' });
    for (let i = 0; i < 5; i += 1) oldest.runner.predict(new Float64Array(50));
    expect(oldest.runner.compare('next')).toMatchObject({ waiting: 2, dropped: { bytes: 3 } });
    oldest.clock.advance(0);
    expect(oldest.runner.compare('next')).toMatchObject({ compared: 2, waiting: 0 });
  });
});

describe('shadows that run elsewhere', () => {
  const executor = (
    run: (input: never, o: { signal: AbortSignal; requestId: string | undefined }) => Promise<unknown>,
  ) => ({
    executor: { isolated: true, version: 'w1', run, close: async () => undefined },
  });

  it('answer through their executor, with the signal and the id', async () => {
    const asked: unknown[] = [];
    const shadow = executor(async (input, { signal, requestId }) => {
      asked.push(input, signal.aborted, requestId);
      return 'control';
    });
    const { runner, clock } = make({ shadows: { shadow } });
    runner.predict(7, { id: 'a' });
    clock.advance(0);
    await settle();
    expect(asked).toEqual([7, false, 'a']);
    expect(runner.compare('shadow')).toMatchObject({ agreed: 1 });
    expect(runner.report().versions).toEqual({ primary: null, shadow: 'w1' });
  });

  it('may throw, reject, hang and refuse to close', async () => {
    let closed = 0;
    const bad = {
      executor: {
        isolated: true,
        run: (input: unknown) => {
          if (input === 0) throw new Error('no worker');
          return input === 1 ? Promise.reject(new Error('exited')) : new Promise(() => undefined);
        },
        close: () => {
          closed += 1;
          return Promise.reject(new Error('still busy'));
        },
      },
    };
    const runner = new ShadowRunner<Leaf>({ primary: control, shadows: { bad } as never, seed: 1, cpuShare: 1 });
    for (let i = 0; i < 4; i += 1) expect(runner.predict(i)).toBe('control');
    await runner.close({ deadlineMs: 60 });
    expect(runner.compare('bad')).toMatchObject({ offered: 4, shadowErrors: 2, dropped: { stopped: 2 }, waiting: 0 });
    expect([closed, runner.stopped, runner.predict(9)]).toEqual([1, true, 'control']);
  });
});

describe('the end', () => {
  it('is announced once, comes by itself, and leaves the bare primary', () => {
    const { runner, clock } = make({ expiresAt: new Date(1_010_000), expiryWarningMs: 3000 });
    const told: string[] = [];
    runner.on('*', ({ type }) => void told.push(type));
    const step = (ms: number): void => {
      clock.advance(ms);
      runner.predict(1);
      runner.predict(2);
    };
    step(1000);
    expect(told.filter((type) => type.startsWith('expir'))).toEqual([]);
    step(6500);
    step(1000);
    step(3000);
    expect(told.filter((type) => type.startsWith('expir'))).toEqual(['expiring', 'expired']);
    expect(runner.compare('next')).toMatchObject({ offered: 6, waiting: 0 });
  });

  it('of a shadow that holds the loop is advised', () => {
    const clock = new ManualClock(0);
    const heavy = leaf(() => {
      clock.advance(5);
      return 1;
    });
    const runner = new ShadowRunner<Leaf>({ primary: control, shadows: { heavy }, clock, seed: 1, cpuShare: 1 });
    for (let i = 0; i < 60; i += 1) {
      runner.predict(i);
      clock.advance(1);
    }
    const told = runner.history.filter(({ type }) => type === 'expensive');
    expect(told).toMatchObject([{ shadow: 'heavy', meanMs: 5 }]);
  });
});
