import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { WorkerExecutor, type WorkerExecutorOptions } from '../../../src/adapters/worker/index.ts';
import { createRng } from '../../../src/random/index.ts';
import type { Ask } from './models/Ask.ts';

const open: WorkerExecutor[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((executor) => executor.close()));
});

/** An executor of the hostile model. */
function make(options: Partial<WorkerExecutorOptions> = {}): WorkerExecutor<Ask, unknown> {
  const executor = new WorkerExecutor<Ask, unknown>({
    module: new URL('./models/hostile.js', import.meta.url),
    execArgv: [],
    backoffMs: 1,
    ...options,
  });
  open.push(executor as WorkerExecutor);
  return executor;
}

const loop = (): { readonly loop: Int32Array } => ({ loop: new Int32Array(new SharedArrayBuffer(4)) });
const isLooping = ({ loop: flag }: { readonly loop: Int32Array }): boolean => Atomics.load(flag, 0) === 1;

/** Every request is somewhere, once. */
function expectAccounted({ counts }: WorkerExecutor<Ask, unknown>): void {
  const { requests, pending, answered, failed, lost, aborted, refused } = counts;
  expect(pending + answered + failed + lost + aborted + refused).toBe(requests);
}

const settle = (promises: readonly Promise<unknown>[]): Promise<string[]> =>
  Promise.allSettled(promises).then((all) =>
    all.map((one) => (one.status === 'fulfilled' ? `= ${String(one.value)}` : String((one.reason as Error).name))),
  );

describe('a WorkerExecutor', () => {
  it('answers from another thread, in order and many at once, before its model is even there', async () => {
    const executor = make({ threads: 2 });
    const asks = Array.from({ length: 200 }, (_, i) => i);
    expect(await Promise.all(asks.map((n) => executor.run(n)))).toEqual(asks.map((n) => n * 2));
    expect(await executor.run({ later: 21 })).toBe(42);
    expect(executor.isolated).toBe(true);
    expect(executor.counts).toMatchObject({ requests: 201, answered: 201, pending: 0, crashes: 0, starts: 2 });
  });

  it("gives back the model's own errors, and goes on", async () => {
    const executor = make();
    await expect(executor.run('throw')).rejects.toMatchObject({ name: 'RangeError', message: 'out of range' });
    await expect(executor.run('throw-undefined')).rejects.toMatchObject({ name: 'Error', message: 'threw undefined' });
    await expect(executor.run('function')).rejects.toMatchObject({ name: 'DataCloneError' });
    await expect(executor.run((() => 1) as unknown as Ask)).rejects.toMatchObject({ name: 'DataCloneError' });
    expect(await executor.run(1)).toBe(2);
    expect(executor.counts).toMatchObject({ requests: 5, failed: 4, answered: 1, starts: 1 });
  });

  it('fails the one request of a message that cannot be copied, and sends the others', async () => {
    const executor = make();
    await executor.run(0);
    const asks: Ask[] = [1, (() => 1) as unknown as Ask, 2, 'function', 3];
    expect(await settle(asks.map((ask) => executor.run(ask)))).toEqual([
      '= 2',
      'DataCloneError',
      '= 4',
      'DataCloneError',
      '= 6',
    ]);
  });

  it('leaves the caller its buffers, whole and unchanged', async () => {
    const executor = make();
    const fill = Float64Array.from({ length: 1000 }, (_, i) => i);
    expect(await executor.run({ fill })).toBe(1000);
    expect(fill).toHaveLength(1000);
    expect(fill.every((value, i) => value === i)).toBe(true);
  });

  it('knows its version from the options, or else from the model', async () => {
    const told = make({ version: 'v8', options: { version: 'v9' } });
    const asked = make({ options: { version: 'v9' } });
    await Promise.all([told.run(1), asked.run(1)]);
    expect([told.version, asked.version]).toEqual(['v8', 'v9']);
  });

  it('takes a model as it stands, by the name of its export', async () => {
    const executor = make({ exportName: 'model' });
    expect(await executor.run(1)).toBe(2);
    expect(executor.version).toBe('plain');
  });

  it('waits for a model that is slow to load', async () => {
    const executor = make({ exportName: 'slow' });
    expect(await Promise.all([executor.run(1), executor.run(2)])).toEqual([1, 2]);
  });
});

describe('a thread of a WorkerExecutor', () => {
  it.each([
    ['exits', 'exit', /^the thread exited with code 7$/, {}],
    [
      'runs out of memory',
      'memory',
      /^the thread exited with code 1: .*memory/,
      { resourceLimits: { maxOldGenerationSizeMb: 32 } },
    ],
  ] as const)(
    'that %s takes down the request that it had begun, and no other',
    async (_what, ask, message, options) => {
      const executor = make(options);
      await executor.run(0);
      const all = [executor.run(ask), executor.run(2), executor.run(3)];
      const [killer] = await Promise.allSettled(all);
      expect(killer).toMatchObject({
        status: 'rejected',
        reason: { code: 'ERR_WORKER_EXITED', end: 'crashed', message: expect.stringMatching(message) },
      });
      expect(await settle(all.slice(1))).toEqual(['= 4', '= 6']);
      expect(executor.counts).toMatchObject({ lost: 1, crashes: 1, starts: 2, terminations: 0 });
      expectAccounted(executor);
    },
  );

  it('that leaves a rejection unhandled is replaced', async () => {
    const executor = make();
    await settle([executor.run('unhandled')]);
    await expect.poll(() => executor.counts.crashes).toBe(1);
    expect(await executor.run(4)).toBe(8);
    expectAccounted(executor);
  });

  it('that loops for ever is ended when its request is given up', async () => {
    const executor = make({ graceMs: 30 });
    const forEver = loop();
    await executor.run(0);
    const abort = new AbortController();
    const stuck = executor.run(forEver, { signal: abort.signal });
    const behind = executor.run(5);
    const elsewhere = new AbortController();
    const given = executor.run(6, { signal: elsewhere.signal });
    await expect.poll(() => isLooping(forEver)).toBe(true);
    elsewhere.abort(new Error('not that one either'));
    await expect(given).rejects.toThrow('not that one either');
    abort.abort(new Error('too long'));
    await expect(stuck).rejects.toThrow('too long');
    expect(await behind).toBe(10);
    expect(executor.counts).toMatchObject({ terminations: 1, crashes: 0, aborted: 2, answered: 2, starts: 2 });
  });

  it('that works slowly but well is not ended when a request is given up', async () => {
    const executor = make({ graceMs: 40 });
    await executor.run(0);
    const abort = new AbortController();
    const first = executor.run({ busyMs: 20 }, { signal: abort.signal });
    const rest = Array.from({ length: 8 }, () => executor.run({ busyMs: 20 }));
    await Promise.resolve();
    setTimeout(() => abort.abort(new Error('given up')), 5);
    await expect(first).rejects.toThrow('given up');
    expect(await settle(rest)).toEqual(Array.from({ length: 8 }, () => '= done'));
    expect(executor.counts).toMatchObject({ terminations: 0, starts: 1 });
  });

  it('keeps its place free of asynchronous requests that were given up, and is replaced when they are too many', async () => {
    const executor = make({ inFlight: 2, graceMs: 5000 });
    await executor.run(0);
    for (let n = 0; n < 64; n += 1) {
      const abort = new AbortController();
      const never = executor.run('never', { signal: abort.signal });
      const next = executor.run(n); // Answered, so the one before it has been begun.
      expect(await next).toBe(2 * n);
      abort.abort(new Error('given up'));
      await expect(never).rejects.toThrow('given up');
    }
    await expect.poll(() => executor.counts.terminations).toBe(1);
    expect(await executor.run(1)).toBe(2);
    expect(executor.counts).toMatchObject({ answered: 66, aborted: 64, lost: 0 });
  });

  it.runIf(process.platform === 'linux')('stands back for others, alone', async () => {
    const niceness = (): number[] =>
      readdirSync('/proc/self/task').map((task) => {
        const stat = readFileSync(`/proc/self/task/${task}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
      });
    const before = niceness().filter((nice) => nice === 19).length;
    const executor = make({ nice: 19 });
    await executor.run(1);
    expect(niceness().filter((nice) => nice === 19).length).toBeGreaterThan(before);
    const main = readFileSync(`/proc/self/task/${process.pid}/stat`, 'utf8');
    expect(Number(main.slice(main.lastIndexOf(')') + 2).split(' ')[16])).not.toBe(19);
  });
});

describe('a model that cannot be loaded', () => {
  it.each([
    ['throws', { exportName: 'failing' }, 'no weights'],
    [
      'is none',
      { exportName: 'nothing' },
      'nothing of the module is no model, and makes none: an object with predict()',
    ],
    ['is not exported', { exportName: 'elsewhere' }, 'the module exports no elsewhere'],
    ['has no module', { module: new URL('./models/nowhere.js', import.meta.url) }, 'Cannot find module'],
  ])('because it %s: requests are refused, and it is tried again', async (_why, options, message) => {
    const executor = make(options);
    await expect(executor.run(1)).rejects.toMatchObject({
      code: 'ERR_WORKER_START',
      name: 'WorkerStartError',
      message: expect.stringContaining(message),
    });
    await expect(executor.run(1)).rejects.toMatchObject({ code: 'ERR_WORKER_START' }); // At once.
    await expect.poll(() => executor.counts.starts).toBeGreaterThan(1);
    expectAccounted(executor);
    expect(executor.counts.lost).toBe(2);
  });

  it('because it takes for ever', async () => {
    const executor = make({ exportName: 'endless', startTimeoutMs: 50, backoffMs: 60_000, maxBackoffMs: 60_000 });
    await expect(executor.run(1)).rejects.toMatchObject({
      message: expect.stringMatching(/was not there after 50 ms$/),
    });
    expect(executor.counts).toMatchObject({ crashes: 1, starts: 1 });
  });
});

describe('the queue of a WorkerExecutor', () => {
  it('is bounded: what is too much is refused, and counted', async () => {
    const executor = make({ maxPending: 10, inFlight: 2 });
    const all = await settle(Array.from({ length: 15 }, (_, i) => executor.run(i)));
    expect(all.filter((one) => one === 'FullError')).toHaveLength(5);
    expect(all.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, i) => `= ${i * 2}`));
    expect(executor.counts).toMatchObject({ requests: 15, answered: 10, refused: 5 });
  });

  it('lets go of a request whose caller gives up, and takes none of one who has', async () => {
    const executor = make();
    const abort = new AbortController();
    const waiting = executor.run(loop(), { signal: abort.signal });
    abort.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(executor.run(loop(), { signal: abort.signal })).rejects.toThrow('gone');
    expect(await executor.run(1)).toBe(2);
    expect(executor.counts).toMatchObject({ aborted: 2, starts: 1, terminations: 0 });
  });

  it('rejects with what remains when it is closed, whatever the thread is doing', async () => {
    const executor = make({ inFlight: 1 });
    await executor.run(0);
    const forEver = loop();
    const all = [executor.run(forEver), executor.run(1)];
    await expect.poll(() => isLooping(forEver)).toBe(true);
    const closing = executor.close();
    expect(await settle(all)).toEqual(['ClosedError', 'ClosedError']);
    await closing;
    await executor.close();
    await expect(executor.run(1)).rejects.toMatchObject({
      code: 'ERR_CLOSED',
      message: 'the executor has been closed',
    });
    expect(executor.counts).toMatchObject({ requests: 4, answered: 1, refused: 3, pending: 0 });
  });
});

describe('the options of a WorkerExecutor', () => {
  it.each([
    [{ module: './model.js' }, 'module must be a URL or an absolute path, got "./model.js"'],
    [{ options: () => 1 }, 'options must be what can be copied to another thread, got a function'],
    [{ threads: 0 }, 'threads must be an integer within [1, 1024], got 0'],
    [{ inFlight: 0 }, 'inFlight must be an integer at least 1, got 0'],
    [{ maxPending: -1 }, 'maxPending must be an integer at least 1, got -1'],
    [{ nice: 20 }, 'nice must be an integer within [0, 19], got 20'],
    [{ resourceLimits: { heap: 1 } }, /^resourceLimits\.heap must be left out/],
    [{ resourceLimits: { stackSizeMb: 0 } }, 'resourceLimits.stackSizeMb must be a number at least 1, got 0'],
    [{ graceMs: 0 }, 'graceMs must be a number at least 1, got 0'],
    [{ maxBackoffMs: 0 }, 'maxBackoffMs must be a number at least 1, got 0'],
    [{ execArgv: '--import tsx' }, 'execArgv must be a list of strings, got "--import tsx"'],
    [{ version: '' }, 'version must be a non-empty string, got ""'],
    [{ workers: 2 }, /^options\.workers must be left out/],
  ])('are checked before a thread is started: %j', (options, message) => {
    expect(() => make(options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });
});

describe('a long run', () => {
  it('of a hundred thousand requests, some of which kill, throw or are given up, accounts for every one', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const executor = make({ threads: 2, inFlight: 64, graceMs: 20 });
    const rng = createRng(42);
    const fates = { ok: 0, model: 0, exited: 0, aborted: 0, full: 0 };
    const total = 100_000;
    let wrong = 0;
    for (let sent = 0; sent < total; ) {
      const wave = Array.from({ length: Math.min(1000, total - sent) }, (_, i) => {
        const n = sent + i;
        const draw = rng.next();
        const ask: Ask = n % 20_011 === 5 ? 'exit' : n % 25_013 === 9 ? loop() : draw < 0.01 ? 'throw' : n;
        const signal =
          typeof ask === 'object' ? AbortSignal.timeout(200) : draw > 0.999 ? AbortSignal.abort('given up') : undefined;
        return executor.run(ask, signal === undefined ? {} : { signal }).then(
          (value) => {
            fates.ok += 1;
            if (value !== n * 2) wrong += 1;
          },
          (error: Error | string) => {
            if (typeof error === 'string' || error.name === 'TimeoutError') fates.aborted += 1;
            else if (error.name === 'RangeError') fates.model += 1;
            else if (error.name === 'WorkerExitedError') fates.exited += 1;
            else fates.full += 1;
          },
        );
      });
      await Promise.all(wave);
      sent += wave.length;
    }
    const { counts } = executor;
    process.off('unhandledRejection', note);
    expect(wrong).toBe(0);
    expect(unhandled).toEqual([]);
    expect(counts).toMatchObject({
      requests: total,
      pending: 0,
      answered: fates.ok,
      failed: fates.model,
      lost: fates.exited,
      aborted: fates.aborted,
      refused: fates.full,
    });
    expect(Object.values(fates).reduce((a, b) => a + b)).toBe(total);
    expect(counts.crashes).toBe(5);
    // A loop that was given up before its turn never began.
    expect(counts.terminations).toBeLessThanOrEqual(4);
    expect(fates.exited).toBeLessThan(5 * 64);
    expect(fates.full).toBe(0);
  });
});
