import { createRng, type Rng, type RngState, restoreRng } from 'coronate/random';
import { describe, expectTypeOf, it } from 'vitest';

describe('random', () => {
  it('takes numbers, bigints and strings as seeds, and nothing else', () => {
    expectTypeOf(createRng).parameter(0).toEqualTypeOf<string | number | bigint>();
    expectTypeOf(createRng(1)).toEqualTypeOf<Rng>();
    // @ts-expect-error an object is no seed
    createRng({});
  });

  it('gives a state that cannot be written to', () => {
    const state = createRng(1).state();
    expectTypeOf(state).toEqualTypeOf<RngState>();
    // @ts-expect-error states are readonly
    state.seed = 'other';
    expectTypeOf(restoreRng).parameter(0).toEqualTypeOf<RngState>();
  });
});
