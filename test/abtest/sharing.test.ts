import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABTest, type ABTestOptions } from '../../src/abtest/index.ts';
import { type Control, type Delta, ManualClock, SnapshotError } from '../../src/core/index.ts';
import { absoluteError, accuracy, defineMetric, latency } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';

const START = Date.UTC(2026, 0, 5);
const model = (factor: number) => ({ predict: (x: number) => factor * x });
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

type Options = Partial<ABTestOptions<ReturnType<typeof model>, ReturnType<typeof model>>>;
const build = (replica: string, more: Options = {}, version = '1') =>
  new ABTest({
    name: 'shared',
    champion: model(1),
    challenger: { model: model(0.8), version },
    replica,
    seed: 3,
    clock: new ManualClock(START),
    metrics: [absoluteError({ role: 'goal' }), latency({ quantile: 0.9 })],
    segments: { sign: (x: number) => (x > 0 ? 'plus' : 'minus') },
    ...more,
  });
type Test = ReturnType<typeof build>;

/** The conclusions that rest on counts and sums alone. */
function expectSame(one: Test, two: Test, metric = 'absoluteError'): void {
  const [a, b] = [one.summary(), two.summary()];
  expect(b.requests).toBe(a.requests);
  expect(b.excluded).toEqual(a.excluded);
  expect(b.sampleRatio).toEqual(a.sampleRatio);
  expect(b.balance).toEqual(a.balance);
  expect(b.labels).toEqual(a.labels);
  expect(b.disagreements.map(({ examples: _, ...rest }) => rest)).toEqual(
    a.disagreements.map(({ examples: _, ...rest }) => rest),
  );
  const services = (summary: typeof a) => summary.variants.map(({ served, errors }) => [served, errors]);
  expect(services(b)).toEqual(services(a));
  const [x, y] = [one.statisticalTest(metric), two.statisticalTest(metric)];
  expect(y.n).toEqual(x.n);
  expect(y.status).toBe(x.status);
  if (x.status === 'ok' && y.status === 'ok') {
    expect(Math.abs(y.estimate - x.estimate)).toBeLessThanOrEqual(1e-12 * Math.abs(x.estimate) + 1e-15);
    expect(Math.abs(y.pValue / x.pValue - 1)).toBeLessThan(1e-9);
  }
  const groups = (test: Test) => test.segments('sign', metric).groups.map(({ comparison }) => comparison.n);
  expect(groups(two)).toEqual(groups(one));
}

describe('replicas that exchange deltas', () => {
  it('know what one process knows that has seen everything, whenever they exchange', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(3), flush: fc.boolean() }), { minLength: 50, maxLength: 400 }),
        fc.constantFrom<Options>({}, { mode: 'paired' }, { analyse: 'matured' }, { fallback: true }),
        (steps, more) => {
          const whole = build('all', more);
          const replicas = ['a', 'b', 'c', 'd'].map((label) => build(label, more));
          const rng = createRng('exchange');
          const exchange = (from: number): void => {
            const delta = replicas[from]!.takeDelta();
            if (delta === undefined) return;
            replicas.forEach((other, i) => {
              if (i !== from) other.mergeDelta(copy(delta));
            });
          };
          for (const [i, { at, flush }] of steps.entries()) {
            const x = normal(rng);
            const request = { unit: i, truth: x + 0.1 * normal(rng) };
            for (const test of [whole, replicas[at]!]) test.serve(x, request);
            if (flush) exchange(at);
            if (i === 25) {
              whole.ramp({ challenger: 0.8 });
              replicas[0]!.ramp({ challenger: 0.8 });
              for (const other of replicas.slice(1)) other.follow(copy(replicas[0]!.control()));
            }
          }
          for (let from = 0; from < 4; from += 1) exchange(from);
          for (const replica of replicas) expectSame(whole, replica);
          expect(replicas[2]!.takeDelta()).toBeUndefined();
        },
      ),
      { seed: 42, numRuns: 12, endOnFailure: true },
    );
  });

  it('take what came before anything was merged, and never what was merged', () => {
    const [a, b] = [build('a'), build('b')];
    a.serve(1, { unit: 'u', truth: 1 });
    b.serve(2, { unit: 'v', truth: 1 });
    b.mergeDelta(copy(a.takeDelta()!));
    const c = build('c');
    c.mergeDelta(copy(b.takeDelta()!));
    expect(c.summary().requests).toBe(1);
    expect(b.summary().requests).toBe(2);
  });

  it('keep what was not taken over a snapshot', () => {
    const a = build('a');
    a.serve(1, { unit: 'u', truth: 1 });
    a.takeDelta();
    a.serve(1, { unit: 'v', truth: 1 });
    const { champion, challenger } = { champion: model(1), challenger: model(0.8) };
    const again = ABTest.restore(copy(a.snapshot()), {
      name: 'shared',
      champion,
      challenger,
      replica: 'a',
      seed: 3,
      clock: new ManualClock(START),
      metrics: [absoluteError({ role: 'goal' }), latency({ quantile: 0.9 })],
      segments: { sign: (x: number) => (x > 0 ? 'plus' : 'minus') },
    });
    expect(copy(again.takeDelta())).toEqual(copy(a.takeDelta()));
    expect(again.takeDelta()).toBeUndefined();
  });

  it('tell truths that come after the request was told of, and requests left out', () => {
    const options: Options = { assignment: { eligible: (x: number) => x < 100 } };
    const [a, b] = [build('a', options), build('b', options)];
    const { requestId } = a.serve(1, { unit: 'u' });
    b.mergeDelta(a.takeDelta()!);
    expect(a.takeDelta()).toBeUndefined();
    a.record(requestId, 1);
    b.mergeDelta(a.takeDelta()!);
    expect(b.statisticalTest('absoluteError').n).toEqual(a.statisticalTest('absoluteError').n);
    expect(b.summary().labels.observed).toEqual(a.summary().labels.observed);
    a.serve(1000);
    b.mergeDelta(a.takeDelta()!);
    expect(b.summary().excluded).toEqual({ 'not-eligible': 1 });
  });

  it('send little where little has happened', () => {
    const a = build('a');
    for (let i = 0; i < 5000; i += 1) a.serve(i, { unit: i, truth: i });
    a.takeDelta();
    for (let i = 0; i < 100; i += 1) a.serve(i, { unit: i, truth: i });
    expect(JSON.stringify(a.takeDelta()).length).toBeLessThan(22_000);
  });

  it('refuse what does not fit, and change nothing', () => {
    const [a, b] = [build('a'), build('b')];
    a.ramp({ challenger: 0.2 });
    a.serve(1, { unit: 'u', truth: 2 });
    const delta = copy(a.takeDelta()!) as Delta;
    const before = copy(b.snapshot());
    expect(() => b.mergeDelta(delta)).toThrow('follow the control first');
    b.follow(a.control());
    expect(copy(b.snapshot())).not.toEqual(before);
    const { own } = delta.state as { own: { observed: Record<string, unknown> } };
    const damaged = (observed: unknown) => ({ ...delta, state: { own: { ...own, observed } } }) as unknown as Delta;
    for (const key of Object.keys(own.observed)) {
      for (const value of [null, 7, 'x', [null], [[1]], [['d', [['c', [[-1, 0]]]]]], { period: 0, cells: [] }]) {
        const c = build('c');
        c.follow(a.control());
        const fresh = copy(c.snapshot());
        const bad = damaged({ ...own.observed, [key]: value });
        expect(() => c.mergeDelta(bad), `${key} ${JSON.stringify(value)}`).toThrow(SnapshotError);
        expect(copy(c.snapshot())).toEqual(fresh);
      }
    }
    for (const observed of [null, 7, [], {}]) expect(() => b.mergeDelta(damaged(observed))).toThrow(SnapshotError);
    expect(() => b.mergeDelta({ ...delta, name: 'other' })).toThrow(SnapshotError);
    expect(() => b.mergeDelta(a.snapshot())).toThrow(SnapshotError);
    expect(() => build('z', { mode: 'paired' }).mergeDelta(delta)).toThrow(SnapshotError);
    b.mergeDelta(delta);
    expect(b.summary().requests).toBe(1);
  });
});

describe('replicas under one control', () => {
  it('assign every unit alike after following a proposal', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(2)), { minLength: 1, maxLength: 6 }),
        (ramps) => {
          const replicas = ['a', 'b', 'c'].map((label) => build(label));
          for (const [challenger, by] of ramps) {
            const proposed = replicas[by]!.propose({ shares: { challenger }, reason: 'more', actor: 'ada' });
            expect(replicas[by]!.shares).toEqual(replicas[(by + 1) % 3]!.shares);
            for (const replica of replicas) expect(replica.follow(copy(proposed))).toBe(true);
            for (const replica of replicas) expect(replica.follow(copy(proposed))).toBe(false);
          }
          for (let unit = 0; unit < 200; unit += 1) {
            const [a, b, c] = replicas.map((replica) => replica.assign(unit));
            expect([b, c]).toEqual([a, a]);
          }
          expect(replicas[0]!.control().revision).toBe(ramps.length);
          expect(copy(replicas[1]!.control())).toEqual(copy(replicas[0]!.control()));
        },
      ),
      { seed: 42, numRuns: 40 },
    );
  });

  it('end where a ramp of one process ends', () => {
    const [proposer, ramped] = [build('a'), build('a')];
    proposer.follow(proposer.propose({ shares: { challenger: 0.1 }, exposure: 0.5, reason: 'slowly' }));
    ramped.ramp({ challenger: 0.1 });
    ramped.expose(0.5);
    for (let unit = 0; unit < 1000; unit += 1) expect(proposer.assign(unit)).toEqual(ramped.assign(unit));
    expect(proposer.history.at(-1)).toMatchObject({ type: 'epoch', epoch: 1, reason: 'slowly', exposure: 0.5 });
  });

  it('catch up with several ramps at once, and keep what they had seen', () => {
    const [a, b] = [build('a'), build('b')];
    b.serve(1, { unit: 'u', truth: 1 });
    a.ramp({ challenger: 0.1 });
    a.ramp({ challenger: 0.2 }, { reason: 'going well', actor: 'ada' });
    expect(b.follow(copy(a.control()))).toBe(true);
    expect(b.shares).toEqual(a.shares);
    expect(b.summary()).toMatchObject({ epoch: 2, requests: 1 });
    expect(b.history.at(-1)).toMatchObject({ type: 'epoch', epoch: 2, reason: 'going well', actor: 'ada' });
    a.mergeDelta(b.takeDelta()!);
    expect(a.summary().requests).toBe(1);
  });

  it('refuse to follow what contradicts them, or other versions, and change nothing', () => {
    const [a, b] = [build('a'), build('b')];
    a.ramp({ challenger: 0.1 });
    a.ramp({ challenger: 0.3 });
    b.ramp({ challenger: 0.2 });
    const before = copy(b.snapshot());
    expect(() => b.follow(a.control())).toThrow('contradicts');
    const other = build('c', {}, '2');
    expect(() => other.follow(a.control())).toThrow('contradicts');
    const good = copy(a.control()) as unknown as { state: { own: Record<string, unknown> } } & Control;
    const c = build('d');
    const untouched = copy(c.snapshot());
    for (const key of ['epochs', 'ledger', 'exposure', 'reason', 'actor']) {
      for (const value of [null, 7, '', [], {}, [null], [{}, {}]]) {
        const bad = { ...good, state: { own: { ...good.state.own, [key]: value } } } as unknown as Control;
        expect(() => c.follow(bad), `${key} ${JSON.stringify(value)}`).toThrow(SnapshotError);
      }
    }
    expect(copy(c.snapshot())).toEqual(untouched);
    expect(copy(b.snapshot())).toEqual(before);
  });

  it('propose nothing that ramp would refuse', () => {
    const a = build('a');
    expect(() => a.propose({ shares: { challenger: 1.2 } })).toThrow('ramp.challenger');
    expect(() => a.propose({ shares: { nobody: 0.2 } })).toThrow('nobody');
    expect(() => a.propose({ exposure: 2 })).toThrow('exposure');
    expect(() => a.propose({ shares: { challenger: 0.2 }, reason: '' })).toThrow('reason');
    expect(() => a.ramp({ challenger: 0.2 }, { reason: '' })).toThrow('reason');
    expect(() => a.expose(0.2, { actor: '' })).toThrow('actor');
    expect([a.shares, a.control().revision]).toEqual([{ champion: 0.5, challenger: 0.5 }, 0]);
  });
});

describe('metrics of pairs and ratios', () => {
  it('share too', () => {
    const gain = defineMetric({
      name: 'gain',
      kind: 'ratio',
      direction: 'higher',
      value: ({ prediction }) => [prediction as number, 2],
    });
    const metrics = [accuracy({ role: 'goal' }), gain];
    const [a, b] = [build('a', { metrics }), build('b', { metrics })];
    for (let i = 0; i < 300; i += 1) a.serve(i, { unit: i, truth: i % 3 === 0 ? i : 0 });
    b.mergeDelta(copy(a.takeDelta()!));
    expectSame(a, b, 'accuracy');
  });
});
