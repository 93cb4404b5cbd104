import { describe, expectTypeOf, it } from 'vitest';
import type { Model, Served } from '../src/core/index.ts';
import { Rollout, type RolloutServed } from '../src/rollout/index.ts';

declare const sync: Model<number[], number>;
declare const label: Model<number[], string>;
declare const remote: Model<number[], Promise<number>>;

describe('a rollout is a model', () => {
  it('sync stays sync, async stays async, mixtures are honest', () => {
    const plain = new Rollout({ current: sync, candidate: label, abTest: false });
    expectTypeOf(plain.predict([1])).toEqualTypeOf<number | string>();
    expectTypeOf(plain.serve([1])).toExtend<Served<number | string> & RolloutServed>();
    expectTypeOf(new Rollout({ current: remote, candidate: remote, abTest: false }).predict([1])).toEqualTypeOf<
      Promise<number>
    >();
    expectTypeOf(new Rollout({ current: sync, candidate: remote, abTest: false }).predict([1])).toEqualTypeOf<
      number | Promise<number>
    >();
    // @ts-expect-error The input is a row of numbers.
    plain.predict('row');
  });

  it('nests', () => {
    const inner = new Rollout({ name: 'inner', current: sync, candidate: sync, abTest: false });
    const outer = new Rollout({ name: 'outer', current: inner, candidate: label, abTest: false });
    expectTypeOf(outer.predict([1])).toEqualTypeOf<number | string>();
  });

  it('takes the options of its steps but for what it says itself', () => {
    // @ts-expect-error The seed is said once.
    new Rollout({ current: sync, candidate: sync, abTest: { seed: 3 } });
    // @ts-expect-error The canary's baseline is the current model.
    new Rollout({ current: sync, candidate: sync, canary: { baseline: sync } });
    // @ts-expect-error A step is left out with false, not with true.
    new Rollout({ current: sync, candidate: sync, shadow: true });
  });
});
