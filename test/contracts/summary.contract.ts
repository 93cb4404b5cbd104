import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SnapshotError } from '../../src/core/errors.ts';
import type { NumberSummary } from '../../src/stats/summaries/index.ts';

/** How the contract makes and reads the summaries of one class. */
export interface SummaryContract<S extends NumberSummary<State>, State> {
  readonly name: string;
  /** An empty summary; `stream` tells the summaries of one test apart (a random stream of its own). */
  readonly create: (stream: string) => S;
  readonly restore: (state: State) => S;
  /** What must agree exactly however the parts were merged. */
  readonly exact: (summary: S) => unknown;
  /** What must agree to 1e-12 of `scale`, each with its scale. */
  readonly close: (summary: S) => Record<string, readonly [value: number, scale: number]>;
}

const observations = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 40 });
const run = { seed: 42, numRuns: 60 };

/** The laws that every summary keeps (Summary.ts); one-variable summaries directly, others through a wrapper. */
export function summaryContract<S extends NumberSummary<State>, State>(contract: SummaryContract<S, State>): void {
  const { name, create, restore, exact, close } = contract;
  const copy = (summary: S) => restore(JSON.parse(JSON.stringify(summary)) as State);
  const parts = (lists: readonly (readonly number[])[]) => lists.map((xs, i) => create(`part-${i}`).pushAll(xs));

  function expectSame(got: S, want: S): void {
    expect([got.n, got.invalid]).toEqual([want.n, want.invalid]);
    expect(exact(got)).toEqual(exact(want));
    const expected = close(want);
    for (const [key, [value]] of Object.entries(close(got))) {
      const [wanted, scale] = expected[key]!;
      if (Number.isNaN(wanted)) expect(value, key).toBeNaN();
      else expect(Math.abs(value - wanted), `${key}: ${value}, ${wanted}`).toBeLessThanOrEqual(1e-12 * scale);
    }
  }

  describe(`${name} keeps the contract of summaries`, () => {
    it('counts what it takes and what it refuses', () => {
      const summary = create('a').pushAll([1, Number.NaN, 2, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
      expect([summary.n, summary.invalid]).toEqual([2, 3]);
    });

    it('is changed by nothing that it refuses', () => {
      const summary = create('a').pushAll([3, 1, 2]);
      const before = summary.toJSON();
      summary
        .push(Number.NaN)
        .push(Number.POSITIVE_INFINITY)
        .push(undefined as unknown as number);
      expect(summary.toJSON()).toEqual({ ...before, invalid: 3 });
    });

    it('takes a list exactly as it takes its elements', () => {
      const xs = [5, -3, 0.1, 1e9, 5];
      const one = create('a');
      for (const x of xs) one.push(x);
      expect(create('a').pushAll(xs).toJSON()).toEqual(one.toJSON());
      expect(create('a').pushAll(Float64Array.from(xs)).toJSON()).toEqual(one.toJSON());
    });

    it('merges in any order and grouping', () => {
      fc.assert(
        fc.property(observations, observations, observations, (a, b, c) => {
          const left = parts([a, b, c]);
          const right = parts([a, b, c]);
          const back = parts([a, b, c]);
          const grouped = left[0]!.merge(left[1]!).merge(left[2]!);
          expectSame(right[0]!.merge(right[1]!.merge(right[2]!)), grouped);
          expectSame(back[2]!.merge(back[1]!).merge(back[0]!), grouped);
        }),
        run,
      );
    });

    it('is unchanged by an empty one, on either side', () => {
      for (const xs of [[], [4], [4, -2.5, 4, 7]]) {
        const alone = create('part-0').pushAll(xs);
        expectSame(create('part-0').pushAll(xs).merge(create('part-1')), alone);
        expectSame(create('part-1').merge(create('part-0').pushAll(xs)), alone);
      }
    });

    it('merges single observations, and leaves the other side as it was', () => {
      const [total, ...others] = parts([[1], [2], [3], [2]]);
      const before = others.map((other) => JSON.stringify(other));
      for (const other of others) total!.merge(other);
      expect(total!.n).toBe(4);
      total!.push(9);
      expect(others.map((other) => JSON.stringify(other))).toEqual(before);
    });

    it('adds up what was refused on both sides', () => {
      const [a, b] = parts([
        [1, Number.NaN],
        [Number.NaN, Number.NaN],
      ]);
      expect(a!.merge(b!).invalid).toBe(3);
    });

    it('goes on bit for bit after a round trip through JSON', () => {
      fc.assert(
        fc.property(observations, observations, (first, then) => {
          const summary = create('a').pushAll(first);
          const restored = copy(summary);
          expect(restored.toJSON()).toEqual(summary.toJSON());
          expect(restored.pushAll(then).toJSON()).toEqual(summary.pushAll(then).toJSON());
          expect(exact(restored)).toEqual(exact(summary));
          expect(close(restored)).toEqual(close(summary));
        }),
        run,
      );
    });

    it('refuses a foreign state and a foreign summary', () => {
      const state = create('a').push(1).toJSON();
      for (const foreign of [null, undefined, 7, {}, { ...state, kind: 'other' }, { ...state, version: 2 }]) {
        expect(() => restore(foreign as State)).toThrow(SnapshotError);
      }
      expect(() => restore({ ...state, invalid: 'x' } as State)).toThrow(SnapshotError);
      expect(() => create('a').merge({ n: 0 } as unknown as S)).toThrow(SnapshotError);
    });
  });
}
