import { describe, expect, it } from 'vitest';
import { CoronateError } from '../../../src/core/index.ts';
import { createRng } from '../../../src/random/index.ts';
import {
  AssignedDifferenceSequence,
  BettingSequence,
  CalibrationBins,
  ClusterMoments,
  ConfusionMatrix,
  ConfusionTable,
  Counts,
  Covariance,
  DiscountedMoments,
  HedgedCapital,
  Histogram,
  Moments,
  QuantileSketch,
  Reservoir,
  WeightedMoments,
} from '../../../src/stats/index.ts';

/** Whatever is pushed to, merged and restored: the shape that all of them share. */
interface AnySummary {
  push(...values: readonly unknown[]): unknown;
  merge?(other: unknown): unknown;
  toJSON(): Readonly<Record<string, unknown>>;
  readonly invalid: number;
}

interface Row {
  readonly create: () => AnySummary;
  readonly restore: (state: unknown) => unknown;
  readonly good: readonly (readonly unknown[])[];
  readonly rubbish: readonly unknown[];
  /** Fields that any value suits: texts, and what a newer version may leave out. */
  readonly free?: readonly string[];
}

const row = (
  create: () => object,
  Class: { fromJSON(state: never): unknown },
  good: Row['good'],
  rubbish: Row['rubbish'],
  free: readonly string[] = [],
): Row => ({
  create: create as () => AnySummary,
  restore: (state) => Class.fromJSON(state as never),
  good,
  rubbish,
  free,
});

const numbers = [[3], [-0], [1.5], [-2], [3], [7]];
const nan = [Number.NaN];
const rows: Readonly<Record<string, Row>> = {
  'calibration-bins': row(
    () => new CalibrationBins({ bins: 4 }),
    CalibrationBins,
    [
      [0.2, true],
      [0.9, false],
    ],
    [Number.NaN, true],
  ),
  'cluster-moments': row(
    () => new ClusterMoments({ places: 8 }),
    ClusterMoments,
    numbers.map(([x], i) => [i, x]),
    [1, Number.NaN],
  ),
  'confusion-matrix': row(() => new ConfusionMatrix(['x', 'y']), ConfusionMatrix, [['x', 'y']], ['z', 'x']),
  'confusion-table': row(() => new ConfusionTable(), ConfusionTable, [[1, 0]], [2, 1]),
  counts: row(() => new Counts(), Counts, [['x'], ['y'], ['x']], nan),
  covariance: row(
    () => new Covariance(),
    Covariance,
    numbers.map(([x], i) => [x, -i]),
    [1, Number.NaN],
  ),
  'discounted-moments': row(() => new DiscountedMoments({ discount: 0.5 }), DiscountedMoments, numbers, nan),
  histogram: row(() => new Histogram({ edges: [-0, 2, 4] }), Histogram, numbers, nan),
  moments: row(() => new Moments(), Moments, numbers, nan),
  'quantile-sketch': row(
    () => new QuantileSketch({ k: 4 }),
    QuantileSketch,
    Array.from({ length: 80 }, (_, i) => [-i]),
    nan,
  ),
  reservoir: row(() => new Reservoir({ capacity: 4, rng: createRng(1) }), Reservoir, numbers, nan),
  'weighted-moments': row(() => new WeightedMoments(), WeightedMoments, numbers, nan),
  'assigned-difference-sequence': row(
    () => new AssignedDifferenceSequence({ share: 0.5, range: [-10, 10] }),
    AssignedDifferenceSequence,
    numbers.map(([x], i) => [i % 2 === 0, x]),
    [true, Number.NaN],
  ),
  'betting-sequence': row(() => new BettingSequence(), BettingSequence, [[0.5], [1], [0]], nan),
  'hedged-capital': row(() => new HedgedCapital({ nullValue: 0.5 }), HedgedCapital, [[0.5], [1], [0]], nan, [
    'range',
    'alpha',
    'alternative',
    'truncation',
  ]),
};

/** Where a -0 lies in what a caller would read or store. */
function negativeZero(value: unknown, path: string): string | undefined {
  if (Object.is(value, -0)) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, entry] of Object.entries(value)) {
    const found = negativeZero(entry, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function gettersOf(summary: AnySummary): Readonly<Record<string, unknown>> {
  const own = Object.getOwnPropertyDescriptors(Object.getPrototypeOf(summary) as object);
  const names = Object.entries(own).flatMap(([name, { get }]) => (get === undefined ? [] : [name]));
  return Object.fromEntries(names.map((name) => [name, summary[name as keyof AnySummary]]));
}

const wrong: readonly unknown[] = ['rubbish', Number.NaN, undefined, {}, -1, 0.5];

describe.each(Object.entries(rows))('%s', (kind, { create, restore, good, rubbish, free = [] }) => {
  const filled = () => {
    const summary = create();
    for (const values of good) summary.push(...values);
    summary.push(...rubbish);
    return summary;
  };

  it('calls itself by its name, and says so to what it cannot be merged with', () => {
    expect(filled().toJSON().kind).toBe(kind);
    if (create().merge === undefined) return;
    expect(() => create().merge!({})).toThrow(`a ${kind} summary can be merged with another ${kind} summary only`);
    const both = filled();
    both.merge!(filled());
    both.merge!(filled());
    expect(both.invalid).toBe(3);
  });

  it('refuses a state of which one field is rubbish', () => {
    const state = JSON.parse(JSON.stringify(filled())) as Readonly<Record<string, unknown>>;
    expect(JSON.stringify(restore(state))).toBe(JSON.stringify(state));
    for (const [name, value] of Object.entries(state)) {
      if (free.includes(name)) continue;
      for (const entry of wrong) {
        const number = typeof value === 'number';
        if (number && Number.isFinite(entry) && !['n', 'invalid', 'version'].includes(name)) continue;
        let refused: unknown;
        try {
          restore({ ...state, [name]: entry });
        } catch (error) {
          refused = error;
        }
        expect(refused, `${name}: ${String(entry)}`).toBeInstanceOf(CoronateError);
        const named = new RegExp(`state of a ${kind} summary|^nullValue must`);
        expect((refused as Error).message, name).toMatch(number ? named : /\S{3}/);
        if (name === 'invalid') expect((refused as Error).message).toContain(' must be a count, got ');
        if (name === 'pivot') expect((refused as Error).message).toContain(' must be a finite number, got ');
      }
      // Any text is a class.
      if (!Array.isArray(value) || value.length === 0 || name === 'classes') continue;
      for (const entry of ['rubbish', null, undefined]) {
        const list = value.with(0, entry);
        expect(() => restore({ ...state, [name]: list }), `${name}[0]: ${String(entry)}`).toThrow(CoronateError);
      }
    }
  });

  it('has no -0 to show', () => {
    const zeros = create();
    for (const values of good) zeros.push(...values.map((value) => (typeof value === 'number' ? -0 : value)));
    for (const summary of [create(), zeros, filled()]) {
      expect(negativeZero(gettersOf(summary), kind)).toBeUndefined();
      expect(negativeZero(summary.toJSON(), kind)).toBeUndefined();
    }
  });
});
