import { describe, expect, it } from 'vitest';
import { ABTest, type ABTestOptions } from '../../src/abtest/index.ts';
import { InvalidOptionError, ManualClock, SnapshotError } from '../../src/core/index.ts';
import { absoluteError, defineMetric } from '../../src/metrics/index.ts';

const plus = (k: number) => ({ predict: (x: number) => x + k });
const distance = defineMetric({
  name: 'distance',
  kind: 'mean',
  direction: 'lower',
  role: 'goal',
  value: ({ prediction, truth }) => Math.abs(Number(prediction) - Number(truth)),
});
const height = defineMetric({
  name: 'height',
  kind: 'mean',
  direction: 'higher',
  value: ({ prediction }) => Number(prediction),
});

type Model = ReturnType<typeof plus>;
type Options = ABTestOptions<Model, Model>;
const options = (more: Partial<Options> = {}): Options => ({
  name: 'hostile',
  seed: 1,
  clock: new ManualClock(0),
  champion: plus(0),
  challenger: plus(1),
  metrics: [distance, height],
  ...more,
});
const served = (more: Partial<Options> = {}, n = 60): ABTest<Model, Model> => {
  const test = new ABTest(options(more));
  for (let i = 0; i < n; i += 1) test.serve(i, { unit: i, truth: i });
  return test;
};

describe('what is kept by position is never taken for another', () => {
  const others: readonly (readonly [string, Partial<Options>])[] = [
    ['metrics in another order', { metrics: [height, distance] }],
    ['a metric of another direction', { metrics: [distance, { ...height, direction: 'lower' } as typeof height] }],
    ['a metric of another cap', { metrics: [distance, { ...height, cap: 3 } as typeof height] }],
    ['fewer metrics', { metrics: [distance] }],
    ['the other mode', { mode: 'paired' }],
  ];
  it.each(others)('%s: not restored, not merged, no delta, and nothing has changed', (_, more) => {
    const test = served();
    const snapshot = test.snapshot();
    const other = served(more);
    expect(() => ABTest.restore(snapshot, options(more))).toThrow(SnapshotError);
    const before = JSON.stringify(test.snapshot());
    expect(() => test.merge(other)).toThrow(SnapshotError);
    const delta = other.takeDelta();
    expect(() => test.mergeDelta(delta!)).toThrow(SnapshotError);
    expect(JSON.stringify(test.snapshot()) === before).toBe(true);
  });

  it('challengers in another order are refused by name, also by a control', () => {
    const build = (names: readonly string[]) =>
      new ABTest({
        name: 'order',
        seed: 1,
        clock: new ManualClock(0),
        champion: plus(0),
        challengers: Object.fromEntries(names.map((name) => [name, plus(name === 'near' ? 1 : 5)])),
        metrics: [distance],
      });
    const [test, swapped] = [build(['near', 'far']), build(['far', 'near'])];
    for (let i = 0; i < 90; i += 1) test.serve(i, { unit: i, truth: i });
    expect(() => swapped.mergeDelta(test.takeDelta()!)).toThrow(/variants must be champion, far, near/);
    expect(() => swapped.follow(test.propose({ shares: { near: 0.6, far: 0.1 } }))).toThrow(SnapshotError);
    const again = build(['near', 'far']);
    expect(again.follow(test.propose({ shares: { near: 0.6, far: 0.1 } }))).toBe(true);
    expect(again.shares).toEqual({ champion: expect.closeTo(0.3, 12), near: 0.6, far: 0.1 });
  });

  it('another salt or hash would reassign everybody, and is refused', () => {
    const snapshot = served().snapshot();
    for (const assignment of [{ salt: 'other' }, { hash: 'growthbook-v2' }] as const) {
      expect(() => ABTest.restore(snapshot, options({ assignment }))).toThrow(/would reassign everybody/);
    }
    const same = ABTest.restore(snapshot, options({ assignment: { salt: '', hash: 'murmur3-v1' } }));
    expect(same.assign('w-1')).toEqual(served().assign('w-1'));
  });

  it('a test merged with itself would count everything twice', () => {
    const test = served();
    expect(() => test.merge(test)).toThrow(SnapshotError);
    expect(test.summary().requests).toBe(60);
  });
});

describe('production answers whatever a segment says', () => {
  it('text that is none, null, a symbol', () => {
    const said: readonly unknown[] = [Object.create(null), null, Symbol('s'), { toString: () => 5n }, ['a'], 7];
    const segments = { odd: (x: number) => said[x] as string };
    const test = new ABTest(options({ segments }));
    for (let i = 0; i < said.length; i += 1) expect([i, i + 1]).toContain(test.predict(i, { truth: i, id: `r${i}` }));
    const contained = test.history.filter(({ type }) => type === 'contained-error');
    expect(contained).toHaveLength(1);
    const dimensions = test.segments('odd', 'distance').groups.map(({ group }) => group);
    expect(dimensions).not.toContain('null');
  });
});

describe('time that goes the wrong way', () => {
  it('before 1970 assignment is counted in the hours and weekdays that it was', () => {
    const clock = new ManualClock(Date.UTC(1969, 11, 31, 22));
    const test = new ABTest(options({ clock }));
    for (let i = 0; i < 200; i += 1) test.serve(i, { unit: `unit-${i}` });
    const saved = JSON.stringify(test.snapshot());
    expect(saved).toContain('"22:00"');
    expect(saved).toContain('"Wednesday"');
    const again = ABTest.restore(JSON.parse(saved), options({ clock }));
    expect(again.decide().decision).toBe('CONTINUE');
  });
});

describe('matured truths', () => {
  it('are not held back by a request that is sent again under its id after its truth has come', () => {
    const test = new ABTest(options({ analyse: 'matured' }));
    for (let i = 0; i < 100; i += 1) {
      test.serve(i, { id: `r${i}`, unit: i });
      test.record(`r${i}`, i);
      // A client that retries.
      if (i === 10) test.serve(i, { id: `r${i}`, unit: i });
    }
    const { reference, candidate } = test.statisticalTest('distance');
    expect(reference.n + candidate.n).toBe(100);
  });
});

describe('simulations', () => {
  const world = (_: unknown, i: number) => ({ input: i, truth: i });
  it('take a model that throws for one that fails', () => {
    const challenger = {
      predict: (): number => {
        throw new Error('always');
      },
    };
    const { ab } = ABTest.simulate({ test: options({ challenger }), world, requests: 600, runs: 3 });
    expect(ab.shares.REJECT).toBe(1);
  });

  it('refuse asynchronous models: their truths would never come', () => {
    const later = { predict: async (x: number) => x };
    const test = { ...options(), champion: later, challenger: later };
    expect(() => ABTest.simulate({ test, world, requests: 10, runs: 1 })).toThrow(InvalidOptionError);
  });
});

describe('planned looks', () => {
  it('at an earlier version of a model say nothing of the later one', () => {
    const inference = { groupSequential: { looks: [40, 4000] } } as const;
    const metrics = [absoluteError({ role: 'goal' })];
    const make = (version: string, k: number) =>
      ({ ...options({ metrics, inference }), challenger: { model: plus(k), version } }) as never as Options;
    const first = new ABTest(make('1', 1));
    const feed = (test: ABTest<Model, Model>, from: number): void => {
      for (let i = from; i < from + 100; i += 1) test.serve(i, { truth: i + 0.1 * (i % 7) });
    };
    feed(first, 0);
    const before = first.statisticalTest('absoluteError');
    const second = ABTest.restore(first.snapshot(), make('2', 9));
    feed(second, 1000);
    const after = second.statisticalTest('absoluteError');
    expect(before.candidate.value).toBeLessThan(2);
    expect(after.candidate.value).toBeGreaterThan(8);
  });
});
