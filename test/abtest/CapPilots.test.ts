import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapPilots } from '../../src/abtest/CapPilots.ts';
import { ABTest } from '../../src/abtest/index.ts';
import { ThompsonSampling } from '../../src/bandits/index.ts';
import { CanaryDeployment } from '../../src/canary/index.ts';
import { InvalidOptionError, ManualClock, SnapshotError } from '../../src/core/index.ts';
import {
  absoluteError,
  accuracy,
  closeness,
  defineMetric,
  type Metric,
  type MetricOptions,
  precision,
  rmse,
} from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { ShadowRunner } from '../../src/shadow/index.ts';
import { quantileCaps } from '../../src/stats/adjustment/index.ts';

const model = { predict: (x: number) => x };
const cap = { quantile: 0.9, pilot: 50 };
const amount = (more: MetricOptions = {}) =>
  defineMetric({
    name: 'amount',
    kind: 'mean',
    direction: 'higher',
    role: 'goal',
    cap,
    value: ({ prediction }) => prediction as number,
    due: 'serve',
    ...more,
  });
const amounts = Array.from({ length: 400 }, (_, i) => Math.exp(2 * normal(createRng('amounts').fork(i))));
const base = { name: 'caps', seed: 1, champion: model, challenger: model } as const;
const make = (more: object = {}) =>
  new ABTest({ ...base, clock: new ManualClock(0), metrics: [amount()], ...more } as typeof base);
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

describe('a cap at a quantile of the data', () => {
  it('is fixed by the first values of all variants, which are not analysed, and holds for all that come after', () => {
    const test = make();
    const answers = amounts.map((x, i) => [x, test.serve(x, { unit: i }).variant] as const);
    const frozen = quantileCaps(amounts.slice(0, 50), { upper: 0.9 }).upper;
    const { caps, variants, warnings } = test.summary();
    expect(caps).toEqual([{ metric: 'amount', quantile: 0.9, cap: frozen, pilot: 50, seen: 50, mixed: false }]);
    expect(warnings).toEqual([]);
    for (const { variant, metrics } of variants) {
      const own = answers.slice(50).filter(([, of]) => of === variant);
      expect(metrics[0]!.n).toBe(own.length);
      expect(metrics[0]!.value).toBeCloseTo(mean(own.map(([x]) => Math.min(x, frozen))), 10);
    }
    expect(test.toText()).toContain('amount is cut at');
  });

  it('says so while it is not fixed, and fixes nothing by what is not finite', () => {
    const test = make();
    for (const x of [...amounts.slice(0, 30), Number.NaN]) test.serve(x);
    const { caps, warnings, variants } = test.summary();
    expect(caps).toMatchObject([{ cap: undefined, seen: 30 }]);
    expect(warnings.join()).toContain('30 of 50 values');
    expect(variants.map(({ metrics }) => metrics[0]!.n)).toEqual([0, 0]);
    expect(test.statisticalTest('amount').status).toBe('inconclusive');
  });

  it('cuts errors of either sign, also where it is a number', () => {
    const signed = amounts.map((x, i) => (i % 2 === 0 ? x : -x));
    const run = (of: MetricOptions['cap']) => {
      const test = make({ metrics: [rmse({ role: 'goal', ...(of === undefined ? {} : { cap: of }) })] });
      for (const x of signed) test.record(test.serve(x).requestId, 0);
      const sides = test.summary().variants.map(({ metrics }) => metrics[0]!);
      const n = sides.reduce((sum, side) => sum + side.n, 0);
      return sides.reduce((sum, side) => sum + side.n * side.value! ** 2, 0) / n;
    };
    const frozen = quantileCaps(amounts.slice(0, 50), { upper: 0.9 }).upper;
    expect(run(cap)).toBeCloseTo(mean(amounts.slice(50).map((x) => Math.min(x, frozen) ** 2)), 8);
    expect(run(2)).toBeCloseTo(mean(amounts.map((x) => Math.min(x, 2) ** 2)), 8);
  });

  it('ends its pilot between requests where both models are asked', () => {
    const test = make({ mode: 'paired', metrics: [amount({ cap: { quantile: 0.9, pilot: 51 } })] });
    for (const x of amounts) test.serve(x);
    // 26 requests of two values each.
    expect(test.summary().variants.map(({ metrics }) => metrics[0]!.n)).toEqual([374, 374]);
    expect(test.statisticalTest('amount').n).toEqual([374, 374]);
  });

  it('goes on from a snapshot bit for bit, in its pilot and after', () => {
    for (const at of [20, 49, 50, 120]) {
      const test = make();
      for (const x of amounts.slice(0, at)) test.serve(x);
      const twin = ABTest.restore(test.snapshot(), { ...base, clock: new ManualClock(0), metrics: [amount()] });
      for (const one of [test, twin]) for (const x of amounts.slice(at, 200)) one.serve(x);
      expect(twin.summary().caps).toEqual(test.summary().caps);
      expect(twin.statisticalTest('amount')).toEqual(test.statisticalTest('amount'));
    }
  });

  it('is shared by replicas: pilots are pooled, and a cap that is fixed holds for all', () => {
    const [here, there] = [make({ replica: 'a' }), make({ replica: 'b' })];
    const exchange = (): void => {
      const deltas = [here.takeDelta(), there.takeDelta()];
      if (deltas[0] !== undefined) there.mergeDelta(deltas[0]);
      if (deltas[1] !== undefined) here.mergeDelta(deltas[1]);
    };
    for (const [i, x] of amounts.slice(0, 60).entries()) {
      (i % 2 === 0 ? here : there).serve(x);
      if (i % 10 === 9) exchange();
    }
    // After 50 values, an exchange: both have the same pool.
    const frozen = quantileCaps(amounts.slice(0, 50), { upper: 0.9 }).upper;
    for (const one of [here, there]) expect(one.summary().caps[0]).toMatchObject({ cap: frozen, mixed: false });
    expect(
      here
        .summary()
        .variants.map(({ metrics }) => metrics[0]!.n)
        .reduce((a, b) => a + b),
    ).toBe(10);
    expect(there.summary().comparisons[0]!.n).toEqual(here.summary().comparisons[0]!.n);
  });

  it('of replicas that fixed it apart is the smaller one from then on, and is told', () => {
    const [here, there] = [make({ replica: 'a' }), make({ replica: 'b' })];
    for (const x of amounts.slice(0, 100)) here.serve(x);
    for (const x of amounts.slice(100, 200)) there.serve(x);
    const [a, b] = [here, there].map((one) => one.summary().caps[0]!.cap!) as [number, number];
    expect(a).not.toBe(b);
    here.mergeDelta(there.takeDelta()!);
    expect(here.summary().caps[0]).toMatchObject({ cap: Math.min(a, b), mixed: true });
    expect(here.summary().warnings.join()).toContain('different caps');
    const late = make({ replica: 'c' });
    for (const x of amounts.slice(200, 220)) late.serve(x);
    late.mergeDelta(here.takeDelta()!);
    expect(late.summary().caps[0]!.cap).toBe(Math.min(a, b));
  });

  it('is refused where it makes no sense, and where nobody runs a pilot', () => {
    for (const bad of [
      { quantile: 0 },
      { quantile: 1 },
      { quantile: 0.99, pilot: 99 },
      { quantile: 0.9, pilot: 10.5 },
      { quantile: 0.9, pilot: 100_001 },
      { quantile: 0.9, pilots: 100 },
      {},
      null,
    ]) {
      expect(() => amount({ cap: bad as never }), JSON.stringify(bad)).toThrow(InvalidOptionError);
    }
    expect(amount({ cap: { quantile: 0.999 } }).cap).toEqual({ quantile: 0.999, pilot: 10_000 });
    expect(amount({ cap: { quantile: 0.9 } }).cap).toEqual({ quantile: 0.9, pilot: 1000 });
    expect(() => accuracy({ cap })).toThrow(InvalidOptionError);
    expect(() => precision({ cap })).toThrow(InvalidOptionError);
    const labels = { propensity: () => 1, floor: 0.5 };
    expect(() => make({ labels, metrics: [rmse({ cap })] })).toThrow(InvalidOptionError);
    const metrics = [absoluteError({ cap })];
    expect(() => new CanaryDeployment({ baseline: model, canary: model, metrics })).toThrow('only A/B tests');
    expect(() => new ShadowRunner({ primary: model, shadows: { model }, metrics })).toThrow('only A/B tests');
    const reward = closeness({ scale: 1, cap });
    expect(() => new ThompsonSampling({ arms: { a: model, b: model }, reward })).toThrow('only A/B tests');
  });

  it('is not that of other pilots', () => {
    const of = (more: MetricOptions['cap']) => [amount({ cap: more as never }) as Metric];
    const [one, other] = [make(), make({ metrics: of({ quantile: 0.9, pilot: 60 }) })];
    expect(() => one.merge(other)).toThrow(SnapshotError);
    const pilots = new CapPilots(of(cap));
    const state = pilots.toJSON() as unknown as readonly object[];
    for (const bad of [null, [], [null], [{ ...state[0], values: [Number.NaN] }], [{ ...state[0], cap: '1' }]]) {
      expect(() => pilots.load(bad as never)).toThrow(SnapshotError);
    }
    expect(() => pilots.load([{ ...state[0], values: amounts.slice(0, 50) }] as never)).toThrow(SnapshotError);
  });

  it('does not depend on the order in which pilots are merged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 20 }), { minLength: 2, maxLength: 5 }),
        (lists) => {
          const pooled = (order: typeof lists): unknown => {
            const whole = new CapPilots([amount({ cap: { quantile: 0.9, pilot: 100 } }) as Metric]);
            for (const list of order) {
              const part = new CapPilots([amount({ cap: { quantile: 0.9, pilot: 100 } }) as Metric]);
              for (const x of list) part.push(0, x);
              whole.merge(part);
            }
            return whole.report;
          };
          expect(pooled([...lists].reverse())).toEqual(pooled(lists));
        },
      ),
    );
  });
});

describe('a cap at a quantile of truths that are seen with a known chance', () => {
  const loss = defineMetric({
    name: 'loss',
    kind: 'mean',
    direction: 'lower',
    role: 'goal',
    cap,
    value: ({ truth }) => truth as number | undefined,
  });
  /** Every third truth is seen with a chance of one in four, and stands for four. */
  const propensity = ({ input }: { readonly input: unknown }) => ((input as number) % 3 === 0 ? 0.25 : 1);
  const labels = { propensity, floor: 0.25 };
  const weightOf = (i: number): number => (i % 3 === 0 ? 4 : 1);
  const frozenAt = (values: readonly (readonly [number, number])[]): number => {
    const sorted = [...values].sort(([a], [b]) => a - b);
    const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
    let below = 0;
    return sorted.find(([, weight]) => {
      below += weight;
      return below >= 0.9 * total;
    })![0];
  };
  const build = (more: object = {}) => make({ metrics: [loss], labels, ...more });
  const feed = (test: ReturnType<typeof build>, from = 0, to = 400): void => {
    for (let i = from; i < to; i += 1) test.serve(i, { id: `r${i}`, truth: amounts[i] });
  };

  it('is that of the requests which they stand for, and cuts them before they are weighted', () => {
    const test = build();
    feed(test);
    const frozen = frozenAt(amounts.slice(0, 50).map((x, i) => [x, weightOf(i)]));
    expect(frozen).not.toBe(quantileCaps(amounts.slice(0, 50), { upper: 0.9 }).upper);
    expect(test.summary().caps).toMatchObject([{ metric: 'loss', cap: frozen, seen: 50 }]);
    const sides = test.summary().variants.map(({ metrics }) => metrics[0]!);
    expect(sides.reduce((sum, { n }) => sum + n, 0)).toBe(350);
    const paired = build({ mode: 'paired', metrics: [{ ...loss, cap: { quantile: 0.9, pilot: 100 } }] });
    feed(paired);
    // 50 requests, of which each gives both models' values.
    const late = amounts.map((x, i) => [Math.min(x, frozen), weightOf(i)] as const).slice(50);
    const weighed = late.reduce((sum, [x, w]) => sum + w * x, 0) / late.reduce((sum, [, w]) => sum + w, 0);
    for (const { metrics } of paired.summary().variants) {
      expect(metrics[0]!.n).toBe(350);
      expect(metrics[0]!.value).toBeCloseTo(weighed, 10);
    }
  });

  it('cuts what is expected of truths as well', () => {
    const outcomeModel = () => [
      { truth: 1e6, probability: 0.5 },
      { truth: 0, probability: 0.5 },
    ];
    const test = build({ labels: { ...labels, outcomeModel }, mode: 'paired' });
    // 25 requests of two values each fix it.
    feed(test, 0, 25);
    const { cap: frozen } = test.summary().caps[0]!;
    for (let i = 400; i < 500; i += 1) {
      test.serve(i, { id: `r${i}` });
      test.record(`r${i}`, undefined);
    }
    for (const { metrics } of test.summary().variants) expect(metrics[0]!.value).toBeCloseTo(frozen! / 2, 6);
  });

  it('goes on from a snapshot, and adds over replicas', () => {
    const test = build({ replica: 'a' });
    feed(test, 0, 30);
    const options = { ...base, clock: new ManualClock(0), metrics: [loss], labels, replica: 'a' };
    const twin = ABTest.restore(JSON.parse(JSON.stringify(test.snapshot())), options);
    const there = build({ replica: 'b' });
    there.mergeDelta(JSON.parse(JSON.stringify(test.takeDelta())));
    for (const one of [test, twin, there]) feed(one, 30, 200);
    expect(twin.summary().caps).toEqual(test.summary().caps);
    expect(there.summary().caps).toEqual(test.summary().caps);
    expect(twin.statisticalTest('loss')).toEqual(test.statisticalTest('loss'));
  });
});
