import { describe, expectTypeOf, it } from 'vitest';
import { ThompsonSampling, UCB } from '../src/bandits/index.ts';
import { type Model, perRow, type Served, withContext } from '../src/core/index.ts';
import { ShadowRunner } from '../src/shadow/index.ts';

declare const sync: Model<number[], number>;
declare const label: Model<number[], string>;
declare const remote: Model<number[], Promise<number>>;
// biome-ignore lint/suspicious/noExplicitAny: what an untyped package gives
declare const untyped: any;

describe('sync stays sync, async stays async', () => {
  it('in bandits, with the honest union where arms differ', () => {
    const bandit = new ThompsonSampling({ arms: { sync, label } });
    expectTypeOf(bandit.predict([1])).toEqualTypeOf<number | string>();
    expectTypeOf(bandit.serve([1]).prediction).toEqualTypeOf<number | string>();
    expectTypeOf(new UCB({ arms: { remote } }).predict([1])).toEqualTypeOf<Promise<number>>();
    const mixed = new UCB({ arms: { sync, remote } });
    expectTypeOf(mixed.predict([1])).toEqualTypeOf<number | Promise<number>>();
    expectTypeOf(mixed.serve([1])).toExtend<Served<number> | Promise<Served<number>>>();
    // @ts-expect-error The input is a row of numbers.
    mixed.predict('row');
  });

  it('in shadows: the primary alone decides', () => {
    const runner = new ShadowRunner({ primary: sync, shadows: { remote } });
    expectTypeOf(runner.predict([1])).toEqualTypeOf<number>();
    expectTypeOf(runner.serve([1]).prediction).toEqualTypeOf<number>();
    const later = new ShadowRunner({ primary: remote, shadows: { sync } });
    expectTypeOf(later.predict([1])).toEqualTypeOf<Promise<number>>();
    expectTypeOf(later.serve([1])).toExtend<Promise<Served<number>>>();
  });

  it('readings of a shadow run take the predictions of the primary', () => {
    const verdicts = { predict: (_: number[]) => Promise.resolve({ fraud: 0.5, kind: 'none' }) };
    const runner = new ShadowRunner({
      primary: verdicts,
      shadows: { verdicts },
      classification: { score: ({ fraud }) => fraud, truthPositive: (truth: boolean) => truth },
      classes: { labels: ['none', 'stolen'], label: ({ kind }) => kind },
      regression: { value: ({ fraud }) => fraud },
    });
    expectTypeOf(runner.predict([1])).toEqualTypeOf<Promise<{ fraud: number; kind: string }>>();
  });

  it('an untyped model has a plain story', () => {
    const runner = new ShadowRunner({ primary: untyped, shadows: { untyped } });
    expectTypeOf(runner.serve([1] as never)).not.toExtend<Promise<unknown>>();
  });

  it('nested', () => {
    const inner = new ThompsonSampling({ arms: { sync, label } });
    const outer = new ShadowRunner({ primary: inner, shadows: { sync } });
    expectTypeOf(outer.predict([1])).toEqualTypeOf<number | string>();
  });
});

describe('names are checked', () => {
  it('the fallback and the baseline are arms', () => {
    new UCB({ arms: { sync, label }, fallback: 'label', baseline: 'sync' });
    // @ts-expect-error There is no such arm.
    new UCB({ arms: { sync, label }, fallback: 'other' });
  });
});

describe('wrappers', () => {
  it('keep types', () => {
    const batch = { predict: (rows: number[][]) => rows.map((row) => row.length) };
    expectTypeOf(perRow(batch).predict([1])).toEqualTypeOf<number>();
    const model = withContext({ predict: (x: number, { unit }) => `${x}${String(unit)}` });
    expectTypeOf(new UCB({ arms: { model } }).predict(1)).toEqualTypeOf<string>();
  });
});
