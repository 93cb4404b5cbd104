import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ConfusionMatrix,
  type ConfusionMatrixState,
  ConfusionTable,
  confusionScores,
  multiclassScores,
} from '../../../src/stats/quality/index.ts';
import { type GoldenFile, readGolden } from '../../support/golden.ts';

interface Input {
  labels: number[];
  predictions: number[];
  classes: number;
}
type Triple = Record<'precision' | 'recall' | 'f1', number>;
interface Expected extends Record<'macro' | 'micro' | 'weighted', Triple> {
  confusionMatrix: number[][];
  perClass: (Triple & { support: number })[];
  accuracy: number;
  mcc: number;
  cohenKappa: number;
  balancedAccuracy?: number;
}
const golden = readGolden<GoldenFile<Input, Expected>>('classification.json');

describe('golden/classification.json: several classes', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'multiclass') continue;
    it(id, () => {
      const matrix = new ConfusionMatrix(Array.from({ length: input.classes }, (_, i) => i)).pushAll(
        input.predictions.map((p, i) => [p, input.labels[i]!] as const),
      );
      expect(matrix.counts).toEqual(expected.confusionMatrix);
      const scores = multiclassScores(matrix);
      const near = (got: number | undefined, want: number, label: string) =>
        // The file follows scikit-learn, which calls an undefined score 0.
        expect(Math.abs((got ?? 0) - want), label).toBeLessThanOrEqual(1e-13);
      expect(scores.accuracy).toMatchObject({ status: 'ok', method: 'wilson', n: [input.labels.length] });
      near(scores.accuracy.status === 'ok' ? scores.accuracy.estimate : undefined, expected.accuracy, 'accuracy');
      near(scores.matthewsCorrelation, expected.mcc, 'mcc');
      near(scores.cohenKappa, expected.cohenKappa, 'kappa');
      if (expected.balancedAccuracy !== undefined) near(scores.balancedAccuracy, expected.balancedAccuracy, 'balanced');
      else expect(scores.balancedAccuracy).toBeCloseTo((1 + 0.5 + 5 / 9) / 3, 12);
      for (const name of ['precision', 'recall', 'f1'] as const) {
        for (const mean of ['macro', 'micro', 'weighted'] as const)
          near(scores[mean][name], expected[mean][name], `${mean} ${name}`);
        expected.perClass.forEach((want, i) => {
          near(scores.perClass[i]![name], want[name], `class ${i} ${name}`);
        });
      }
      expect(scores.perClass.map(({ support }) => support)).toEqual(expected.perClass.map(({ support }) => support));
    });
  }
});

const pairs = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')), { maxLength: 40 });
const three = () => new ConfusionMatrix(['a', 'b', 'c']);

describe('ConfusionMatrix', () => {
  it('of two classes says what a confusion table says', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 30 }), (data) => {
        const name = (yes: boolean) => (yes ? 'yes' : 'no');
        const matrix = new ConfusionMatrix(['yes', 'no']).pushAll(data.map(([p, a]) => [name(p), name(a)] as const));
        const scores = multiclassScores(matrix);
        const table = confusionScores(new ConfusionTable().pushAll(data));
        const same = (got: number | undefined, want: number | undefined) =>
          want === undefined ? expect(got).toBeUndefined() : expect(got).toBeCloseTo(want, 12);
        same(scores.perClass[0]!.f1, table.f1);
        same(scores.matthewsCorrelation, table.matthewsCorrelation);
        same(scores.cohenKappa, table.cohenKappa);
        if (table.balancedAccuracy !== undefined) same(scores.balancedAccuracy, table.balancedAccuracy);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('does not depend on the order of the classes', () => {
    fc.assert(
      fc.property(pairs, (data) => {
        const [one, two] = [three().pushAll(data), new ConfusionMatrix(['c', 'a', 'b']).pushAll(data)].map((m) =>
          multiclassScores(m),
        ) as [ReturnType<typeof multiclassScores>, ReturnType<typeof multiclassScores>];
        expect(two.matthewsCorrelation ?? 9).toBeCloseTo(one.matthewsCorrelation ?? 9, 12);
        expect(two.weighted.f1 ?? 9).toBeCloseTo(one.weighted.f1 ?? 9, 12);
        expect(two.perClass[1]).toEqual(one.perClass[0]);
      }),
      { seed: 42, numRuns: 100 },
    );
  });
  it('merges to what one matrix would have counted, and goes on from its JSON', () => {
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const whole = three()
          .pushAll([...a, ...b])
          .toJSON();
        const merged = three().pushAll(b).merge(three().pushAll(a)).toJSON();
        expect(merged).toEqual(whole);
        expect(ConfusionMatrix.fromJSON(JSON.parse(JSON.stringify(whole)) as ConfusionMatrixState).toJSON()).toEqual(
          whole,
        );
      }),
      { seed: 42, numRuns: 100 },
    );
  });
  it('says nothing of no predictions, and no kappa where all is one class', () => {
    const empty = multiclassScores(three());
    expect(empty).toMatchObject({ n: 0, accuracy: { status: 'inconclusive' } });
    expect([
      empty.balancedAccuracy,
      empty.cohenKappa,
      empty.matthewsCorrelation,
      empty.micro.f1,
      empty.weighted.f1,
    ]).toEqual(new Array(5).fill(undefined));
    const same = multiclassScores(three().push('a', 'a').push('a', 'a'));
    expect([same.cohenKappa, same.matthewsCorrelation]).toEqual([undefined, undefined]);
    expect(same.perClass[1]).toEqual({
      label: 'b',
      precision: undefined,
      recall: undefined,
      f1: undefined,
      support: 0,
    });
  });
  it('counts unknown classes as invalid: the number 1 is not the text 1', () => {
    const matrix = new ConfusionMatrix([0, 1]).push(1, 1).push('1', 1).push(0, 2);
    expect([matrix.n, matrix.invalid]).toEqual([1, 2]);
  });
  it('adds what either matrix refused when they merge', () => {
    expect(three().push('d', 'a').merge(three().push('a', 'd').push('e', 'e')).invalid).toBe(3);
  });
  it('refuses classes, summaries and states that do not fit', () => {
    expect(() => new ConfusionMatrix(['a'])).toThrow('classes must be two or more');
    expect(() => new ConfusionMatrix(['a', 'b', 'a'])).toThrow('classes must be distinct');
    for (const classes of [
      ['a', 'c', 'b'],
      ['a', 'b'],
      ['a', 'b', 'c', 'd'],
    ]) {
      expect(() => three().merge(new ConfusionMatrix(classes))).toThrow('classes must be the same, in the same order');
    }
    expect(() => three().merge({} as never)).toThrow('confusion-matrix');
    const state = three().toJSON();
    expect(() => ConfusionMatrix.fromJSON({ ...state, invalid: -1 })).toThrow('invalid in the state');
    const row = [0, 0, 0];
    for (const wrong of [
      { classes: 'abc' },
      { counts: null },
      { counts: [row, row] },
      { counts: [row, row, [0, 0]] },
      { counts: [row, row, null] },
    ]) {
      expect(() => ConfusionMatrix.fromJSON({ ...state, ...wrong } as never)).toThrow('one finite count for each pair');
    }
    expect(() => ConfusionMatrix.fromJSON({ ...state, counts: [[0]] })).toThrow('one finite count for each pair');
    expect(() =>
      ConfusionMatrix.fromJSON({
        ...state,
        counts: [
          [0, 0, -1],
          [0, 0, 0],
          [0, 0, 0],
        ],
      }),
    ).toThrow('one finite count');
  });
});
