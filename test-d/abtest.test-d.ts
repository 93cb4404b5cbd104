import { describe, expectTypeOf, it } from 'vitest';
import { ABTest } from '../src/abtest/index.ts';
import type { Model, Served } from '../src/core/index.ts';
import { absoluteError } from '../src/metrics/index.ts';

declare const sync: Model<number[], number>;
declare const label: Model<number[], string>;
declare const remote: Model<number[], Promise<number>>;

describe('an A/B test', () => {
  it('is synchronous over synchronous models, and honest about mixtures', () => {
    const plain = new ABTest({ champion: sync, challenger: { model: label, trafficShare: 0.1, version: '2' } });
    expectTypeOf(plain.predict([1])).toEqualTypeOf<number | string>();
    expectTypeOf(plain.serve([1]).prediction).toEqualTypeOf<number | string>();
    expectTypeOf(plain.serve([1]).requestId).toEqualTypeOf<string>();
    const mixed = new ABTest({ champion: sync, challenger: remote });
    expectTypeOf(mixed.predict([1])).toEqualTypeOf<number | Promise<number>>();
    expectTypeOf(mixed.serve([1])).toExtend<Served<number> | Promise<Served<number>>>();
    const later = new ABTest({ champion: remote, challenger: { model: remote } });
    expectTypeOf(later.predict([1])).toEqualTypeOf<Promise<number>>();
  });

  it('takes several challengers by name, and is a model itself', () => {
    const test = new ABTest({ champion: sync, challengers: { b: sync, c: { model: label } } });
    expectTypeOf(test.predict([1])).toEqualTypeOf<number | string>();
    const outer = new ABTest({ champion: sync, challenger: test });
    expectTypeOf(outer.predict([1])).toEqualTypeOf<number | string>();
  });

  it('hands inputs and predictions of its models to what weights its truths', () => {
    new ABTest({
      champion: sync,
      challenger: { model: label },
      labels: {
        propensity: ({ input, prediction }) => {
          expectTypeOf(input).toEqualTypeOf<number[]>();
          expectTypeOf(prediction).toEqualTypeOf<number | string | undefined>();
          return 0.5;
        },
        floor: 0.5,
        outcomeModel: ({ input }) => [{ truth: input[0], probability: 1 }],
      },
    });
  });

  it('refuses what does not fit', () => {
    const test = new ABTest({ champion: sync, challenger: sync, metrics: [absoluteError({ role: 'goal' })] });
    // @ts-expect-error The input is a row of numbers.
    test.predict('row');
    // @ts-expect-error A misspelt option.
    new ABTest({ champion: sync, challenger: sync, trafficSplit: 0.5 });
    // @ts-expect-error No such method.
    test.statisticalTest('absoluteError', { method: 'guess' });
    const found = test.statisticalTest('absoluteError');
    // @ts-expect-error There is no p-value before it is known that there is one.
    expectTypeOf(found.pValue).toEqualTypeOf<number>();
  });
});
