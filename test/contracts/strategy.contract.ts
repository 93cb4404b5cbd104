import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import {
  type AnyStrategy,
  InvalidOptionError,
  ManualClock,
  type Snapshot,
  strategyMark,
} from '../../src/core/index.ts';

interface Leaf {
  predict(input: number): unknown;
}

/** How the contract makes a strategy: every variant that could answer gets the same model, or one per position. */
export interface StrategyFactory {
  /** The class's name. */
  readonly name: string;
  /**
   * @param models two models: the one in charge first
   * @param options what the contract sets: seed and clock always
   */
  create(models: readonly [Leaf, Leaf], options: { seed: number; clock: Clock; name?: string }): AnyStrategy;
  /** Restores a snapshot with the models handed in again. */
  restore(
    snapshot: Snapshot,
    models: readonly [Leaf, Leaf],
    options: { seed: number; clock: Clock; name?: string },
  ): AnyStrategy;
}

type Callable = {
  predict(input: number, request?: object): unknown;
  serve(input: number, request?: object): { requestId: string; prediction: unknown; path: string[]; variant: string };
};
const call = (strategy: AnyStrategy): Callable => strategy as unknown as Callable;
const leaf = (predict: (input: number) => unknown): Leaf => ({ predict });
const both = (predict: (input: number) => unknown): [Leaf, Leaf] => [leaf(predict), leaf(predict)];

/** What every strategy promises because it is a model. */
export function strategyContract({ name, create, restore }: StrategyFactory): void {
  const options = () => ({ seed: 42, clock: new ManualClock(1000) });

  describe(`${name} is a model`, () => {
    it('answers synchronously with the very value of a synchronous model', () => {
      const value = { price: 3 };
      const strategy = call(
        create(
          both(() => value),
          options(),
        ),
      );
      for (let i = 0; i < 20; i += 1) expect(strategy.predict(i)).toBe(value);
      expect(strategy.serve(1).prediction).toBe(value);
    });

    it('refuses a listener for an event that there is not, and names those that there are', () => {
      const strategy = create(
        both((x) => x),
        options(),
      ) as unknown as { on(type: string, listener: () => void): () => void };
      let caught: unknown;
      try {
        strategy.on('misspelt', () => undefined);
      } catch (error) {
        caught = error;
      }
      expect(caught).toBeInstanceOf(InvalidOptionError);
      expect(String(caught)).toMatch(/event must be one of .+, contained-error, \*, got .?misspelt/);
      for (const type of ['contained-error', '*']) strategy.on(type, () => undefined)();
    });

    it('takes null for no request, and refuses what was meant as one but is none, before anything is counted', () => {
      const strategy = call(
        create(
          both((x) => x),
          options(),
        ),
      );
      for (const request of [null, undefined]) {
        expect(strategy.predict(1, request as never)).toBe(1);
        expect(strategy.serve(1, request as never).prediction).toBe(1);
      }
      const before = JSON.stringify((strategy as unknown as AnyStrategy).snapshot());
      for (const request of ['unit-7', 7, true, 7n, { id: '' }, { id: 7 }, { id: null }]) {
        expect(() => strategy.predict(1, request as never)).toThrow(InvalidOptionError);
        expect(() => strategy.serve(1, request as never)).toThrow(InvalidOptionError);
      }
      expect(JSON.stringify((strategy as unknown as AnyStrategy).snapshot()) === before).toBe(true);
    });

    it('tells the story: an id, a variant, a path that begins with it', () => {
      const strategy = call(
        create(
          both((x) => x),
          options(),
        ),
      );
      const first = strategy.serve(1);
      const second = strategy.serve(2);
      expect(first.requestId).not.toBe(second.requestId);
      expect(first.path[0]).toBe(first.variant);
      expect(strategy.serve(3, { id: 'mine' }).requestId).toBe('mine');
    });

    it('answers asynchronously where its models do', async () => {
      const strategy = call(
        create(
          both((x) => Promise.resolve(x)),
          options(),
        ),
      );
      expect(await strategy.predict(5)).toBe(5);
      expect((await strategy.serve(6)).prediction).toBe(6);
    });

    it('throws what the model in charge threw, undefined included, and goes on', () => {
      let error: unknown = new Error('boom');
      const strategy = call(
        create(
          both(() => {
            throw error;
          }),
          options(),
        ),
      );
      for (error of [new Error('boom'), undefined, 0, '']) {
        let caught: unknown = 'nothing';
        try {
          strategy.predict(1);
        } catch (thrown) {
          caught = thrown;
        }
        expect(caught).toBe(error);
      }
    });

    it('hands rejections on and leaves none unhandled', async () => {
      const unhandled: unknown[] = [];
      const listener = (reason: unknown): void => void unhandled.push(reason);
      process.on('unhandledRejection', listener);
      const strategy = call(
        create(
          both(() => Promise.reject(new Error('async boom'))),
          options(),
        ),
      );
      await expect(strategy.predict(1)).rejects.toThrow('async boom');
      await expect(strategy.serve(1)).rejects.toThrow('async boom');
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', listener);
      expect(unhandled).toEqual([]);
    });

    it('hands NaN on where nobody could do better', () => {
      const strategy = call(
        create(
          both(() => Number.NaN),
          options(),
        ),
      );
      expect(strategy.predict(1)).toBeNaN();
    });

    it('gives a model the input and nothing else', () => {
      const seen = new Set<number>();
      const model = {
        predict(...args: unknown[]) {
          seen.add(args.length);
          return 1;
        },
      };
      const strategy = call(create([model, model], options()));
      for (let i = 0; i < 30; i += 1) strategy.serve(i, { unit: i, context: { a: 1 } });
      expect([...seen]).toEqual([1]);
    });

    it("keeps the model's this", () => {
      const model = {
        slope: 3,
        predict(x: number) {
          return this.slope * x;
        },
      };
      expect(call(create([model, model], options())).predict(2)).toBe(6);
    });
  });

  describe(`${name} records truths`, () => {
    it('once, late, and never throws for a stranger', () => {
      const strategy = create(
        both((x) => x),
        options(),
      );
      const { requestId } = call(strategy).serve(3);
      expect(strategy.record(requestId, 3)).toBe('recorded');
      expect(strategy.record(requestId, 4)).toBe('duplicate');
      expect(strategy.record('nobody', 4)).toBe('unknown');
      expect(() => strategy.record('', 4)).toThrow('requestId');
    });

    it('with the request, and before an asynchronous prediction is there', async () => {
      const strategy = create(
        both((x) => Promise.resolve(x)),
        options(),
      );
      const answer = call(strategy).predict(1, { id: 'a' });
      expect(strategy.record('a', 1)).toBe('pending');
      await answer;
      await new Promise((resolve) => setImmediate(resolve));
      expect(strategy.record('a', 1)).toBe('duplicate');
      await call(strategy).predict(1, { id: 'b', truth: 2 });
      await new Promise((resolve) => setImmediate(resolve));
      expect(strategy.record('b', 1)).toBe('duplicate');
    });

    it('under ids that are ids: others are refused before anything is served', () => {
      let served = 0;
      const model = (x: number) => {
        served += 1;
        return x;
      };
      const strategy = call(create(both(model), options()));
      for (const id of ['', 5, null, {}]) expect(() => strategy.serve(1, { id, truth: 1 })).toThrow('request.id');
      expect(served).toBe(0);
    });

    it('of any kind: NaN, undefined, objects', () => {
      const strategy = create(
        both((x) => x),
        options(),
      );
      for (const [i, truth] of [Number.NaN, undefined, null, 'text', { a: 1 }].entries()) {
        call(strategy).predict(1, { id: `t${i}` });
        expect(strategy.record(`t${i}`, truth)).toBe('recorded');
      }
    });
  });

  describe(`${name} is watched`, () => {
    it('by observers: every call and truth, until they are taken off', () => {
      const strategy = create(
        both((x) => x),
        options(),
      );
      const seen: string[] = [];
      const stop = strategy[strategyMark].observe({
        called: ({ requestId, status }) => seen.push(`${requestId} ${status}`),
        joined: ({ requestId }) => seen.push(`${requestId} joined`),
      });
      call(strategy).serve(1, { id: 'a' });
      strategy.record('a', 1);
      stop();
      call(strategy).serve(1, { id: 'b' });
      expect(seen).toEqual(['a ok', 'a joined']);
      expect(strategy[strategyMark].truths()).toMatchObject({ waiting: 1, recorded: 1 });
    });

    it('that throw at everything, and at the news of it, without anybody noticing', () => {
      const strategy = create(
        both((x) => x),
        options(),
      );
      const fail = (): never => {
        throw new Error('watcher');
      };
      for (let i = 0; i < 2; i += 1) {
        strategy[strategyMark].observe({ called: fail, joined: fail, lost: fail, audited: fail });
      }
      for (let i = 0; i < 5; i += 1) expect(call(strategy).serve(i, { id: `r${i}` }).prediction).toBe(i);
      expect(strategy.record('r1', 1)).toBe('recorded');
    });
  });

  describe(`${name} is deterministic`, () => {
    const models = both((x) => x * 2);
    const drive = (strategy: AnyStrategy, from: number, to: number): unknown[] => {
      const log: unknown[] = [];
      for (let i = from; i < to; i += 1) {
        const { requestId, variant, path, prediction } = call(strategy).serve(i, i % 3 === 0 ? { unit: i } : {});
        log.push([requestId, variant, path, prediction]);
        if (i % 2 === 0) strategy.record(requestId, i * 2 + (i % 5));
      }
      return log;
    };

    it('the same seed, clock and calls give the same decisions', () => {
      expect(drive(create(models, options()), 0, 60)).toEqual(drive(create(models, options()), 0, 60));
    });

    it('a snapshot through JSON goes on bit for bit', () => {
      const original = create(models, options());
      drive(original, 0, 41);
      const snapshot = JSON.parse(JSON.stringify(original.snapshot())) as Snapshot;
      const twin = restore(snapshot, models, options());
      expect(twin.snapshot()).toEqual(snapshot);
      expect(drive(twin, 41, 90)).toEqual(drive(original, 41, 90));
      expect(JSON.stringify(twin.snapshot())).toBe(JSON.stringify(original.snapshot()));
    });

    it('a snapshot stays what it was while the strategy goes on', () => {
      const [original, twin] = [create(models, options()), create(models, options())];
      drive(original, 0, 40);
      const snapshot = original.snapshot();
      const before = JSON.stringify(snapshot);
      twin[strategyMark].load(snapshot);
      drive(original, 40, 80);
      drive(twin, 40, 80);
      expect(JSON.stringify(snapshot)).toBe(before);
    });

    it('refuses a snapshot of another kind, name or a newer version', () => {
      const snapshot = create(models, options()).snapshot();
      const attempt = (change: Partial<Snapshot>) => () => restore({ ...snapshot, ...change }, models, options());
      expect(attempt({ kind: 'coronate/other' })).toThrow("snapshot's kind must be");
      expect(attempt({ name: 'other' })).toThrow("snapshot's name must be");
      expect(attempt({ version: 999 })).toThrow('newer');
      expect(() => restore({} as Snapshot, models, options())).toThrow('must have kind and version');
    });
  });

  describe(`${name} nests`, () => {
    const outerOf = (inner: AnyStrategy, clock: Clock) =>
      create([inner as unknown as Leaf, leaf((x) => x)], { seed: 7, clock, name: 'outer' });

    it('the outermost owns the id and hands the truth down', () => {
      const clock = new ManualClock(0);
      const inner = create(
        both((x) => x),
        { seed: 7, clock, name: 'inner' },
      );
      const outer = outerOf(inner, clock);
      let reached = 0;
      for (let i = 0; i < 40; i += 1) {
        const { requestId, path } = call(outer).serve(i);
        expect(outer.record(requestId, i)).toBe('recorded');
        if (path.length > 1) {
          reached += 1;
          expect(inner.record(requestId, i)).toBe('duplicate');
        }
      }
      expect(reached).toBeGreaterThan(0);
    });

    it('refuses one strategy object twice in a tree', () => {
      const clock = new ManualClock(0);
      const inner = create(
        both((x) => x),
        { seed: 7, clock, name: 'inner' },
      );
      const twice = inner as unknown as Leaf;
      expect(() => create([twice, twice], { seed: 7, clock, name: 'outer' })).toThrow('stands in it twice');
    });

    it('snapshots and restores as one', () => {
      const clock = new ManualClock(0);
      const build = () =>
        create(
          both((x) => x),
          { seed: 7, clock, name: 'inner' },
        );
      const outer = outerOf(build(), clock);
      for (let i = 0; i < 25; i += 1) outer.record(call(outer).serve(i).requestId, i);
      const snapshot = JSON.parse(JSON.stringify(outer.snapshot())) as Snapshot;
      expect(Object.keys(snapshot.nested).length).toBeGreaterThan(0);
      const models: [Leaf, Leaf] = [build() as unknown as Leaf, leaf((x) => x)];
      const bare: [Leaf, Leaf] = [build() as unknown as Leaf, leaf((x) => x)];
      expect(() => restore({ ...snapshot, nested: {} }, bare, { seed: 7, clock, name: 'outer' })).toThrow(
        'nested strategy',
      );
      const twin = restore(snapshot, models, { seed: 7, clock, name: 'outer' });
      for (let i = 25; i < 60; i += 1) {
        const a = call(outer).serve(i);
        const b = call(twin).serve(i);
        expect([b.requestId, b.path]).toEqual([a.requestId, a.path]);
        outer.record(a.requestId, i);
        twin.record(b.requestId, i);
      }
      expect(JSON.stringify(twin.snapshot())).toBe(JSON.stringify(outer.snapshot()));
    });
  });
}
