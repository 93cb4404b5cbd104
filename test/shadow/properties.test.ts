import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock, type Snapshot } from '../../src/core/index.ts';
import { type ShadowOptions, ShadowRunner } from '../../src/shadow/index.ts';

type Leaf = { predict(input: number): unknown };

/** What shadows do with an input depends on it alone, so that every order of events can come. */
const moody: Leaf = {
  predict: (x) => {
    if (x % 5 === 0) throw new Error('five');
    if (x % 7 === 0) return new Promise(() => undefined);
    if (x % 3 === 0) return Number.NaN;
    return x % 2 === 0 ? x : -x;
  },
};
const calm: Leaf = { predict: (x) => x };
const primary: Leaf = {
  predict: (x) => {
    if (x % 11 === 0) throw new Error('eleven');
    return x;
  },
};

type Step =
  | { readonly do: 'predict' | 'serve'; readonly x: number; readonly id: number | undefined; readonly truth: boolean }
  | { readonly do: 'record'; readonly id: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'rate'; readonly rate: number }
  | { readonly do: 'restart' | 'look' | 'stop' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      do: fc.constantFrom('predict' as const, 'serve' as const),
      x: fc.integer({ min: 1, max: 400 }),
      id: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
      truth: fc.boolean(),
    }),
  },
  { weight: 20, arbitrary: fc.record({ do: fc.constant('record' as const), id: fc.integer({ min: 0, max: 60 }) }) },
  { weight: 20, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 300 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('rate' as const), rate: fc.constantFrom(0, 0.3, 1) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('restart' as const, 'look' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const) }) },
);

function attempt(task: () => unknown): unknown {
  try {
    return task();
  } catch (error) {
    return (error as Error).message;
  }
}

describe('whatever happens, in whatever order', () => {
  it('answers are the primary’s and counts add up, restarts included', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 120 }),
        fc.constantFrom('drop-newest' as const, 'drop-oldest' as const),
        fc.integer({ min: 1, max: 8 }),
        (steps, onFull, capacity) => {
          const clock = new ManualClock(0);
          const options: ShadowOptions<Leaf> = {
            primary,
            shadows: { calm, moody },
            classification: { positive: (x: number) => x > 100 } as never,
            noise: { rate: 0.5 },
            subgroup: (x) => ({ size: x > 200 ? 'large' : 'small' }),
            queue: { capacity, onFull, concurrency: 2, maxAgeMs: 500 },
            shadowTimeoutMs: 100,
            promotion: { minSamples: 3, minDurationMs: 0 },
            truth: { capacity: 20, windowMs: 1000 },
            cpuShare: 1,
            seed: 3,
            clock,
          };
          let runner = new ShadowRunner<Leaf>(options);
          const check = (): void => {
            for (const name of ['calm', 'moody']) {
              const { offered, compared, incomparable, dropped, waiting, agreed, disagreed, ignored } =
                runner.compare(name);
              const gone = Object.values(dropped).reduce((sum, n) => sum + n, 0);
              expect(compared).toBe(agreed + disagreed + ignored);
              expect(offered).toBe(compared + incomparable + gone + waiting);
              expect(waiting).toBeGreaterThanOrEqual(0);
              expect(waiting).toBeLessThanOrEqual(capacity + 2);
            }
          };
          for (const now of steps) {
            if (now.do === 'predict' || now.do === 'serve') {
              const request = {
                ...(now.id === undefined ? {} : { id: `r${now.id}` }),
                ...(now.truth ? { truth: now.x } : {}),
              };
              const said = attempt(() =>
                now.do === 'predict'
                  ? runner.predict(now.x, request)
                  : (runner.serve(now.x, request) as { prediction: unknown }).prediction,
              );
              expect(said).toBe(now.x % 11 === 0 ? 'eleven' : now.x);
            } else if (now.do === 'record') runner.record(`r${now.id}`, now.id);
            else if (now.do === 'wait') clock.advance(now.ms);
            else if (now.do === 'rate') runner.setSampleRate(now.rate);
            else if (now.do === 'look') runner.promotion('moody');
            else if (now.do === 'stop') runner.stop();
            else {
              const snapshot = JSON.parse(JSON.stringify(runner.snapshot())) as Snapshot;
              // The process that ends takes its calls with it.
              runner.stop('ended');
              runner = ShadowRunner.restore<Leaf>(snapshot, options);
              expect(JSON.parse(JSON.stringify(runner.snapshot()))).toEqual(snapshot);
            }
            check();
          }
          clock.advance(10_000);
          check();
          for (const name of ['calm', 'moody']) expect(runner.compare(name).waiting).toBe(0);
          expect(() => JSON.stringify(runner.report())).not.toThrow();
          expect(runner.toMarkdown()).not.toMatch(/\| undefined|\[object|NaN/);
        },
      ),
      { numRuns: 60 },
    );
  });
});
