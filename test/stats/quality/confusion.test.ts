import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConfusionCounts,
  ConfusionTable,
  type ConfusionTableState,
  confusionRates,
  confusionScores,
  fBeta,
  fBetaInterval,
} from '../../../src/stats/quality/index.ts';
import { type GoldenFile, readGolden } from '../../support/golden.ts';

type Values = Record<string, number | null>;
interface Input extends Record<'tp' | 'fp' | 'tn' | 'fn', number> {
  labels: (0 | 1)[];
  scores: number[];
  threshold: number;
}
const golden = readGolden<GoldenFile<Input, Values>>('classification.json');

function measured(table: ConfusionCounts): Record<string, number | undefined> {
  const rates = Object.entries(confusionRates(table)).map(
    ([name, rate]) => [name, rate.status === 'ok' ? rate.estimate : undefined] as const,
  );
  const { matthewsCorrelation: mcc, ...scores } = confusionScores(table);
  return { ...Object.fromEntries(rates), ...scores, mcc, f2: fBeta(table, 2), f05: fBeta(table, 0.5) };
}

describe('golden/classification.json: two classes', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind === 'multiclass') continue;
    const table =
      kind === 'binaryCounts'
        ? ConfusionTable.of({
            truePositives: input.tp,
            falsePositives: input.fp,
            trueNegatives: input.tn,
            falseNegatives: input.fn,
          })
        : new ConfusionTable().pushAll(input.scores.map((s, i) => [s >= input.threshold, input.labels[i]!] as const));
    it(id, () => {
      expect([table.truePositives, table.falsePositives, table.trueNegatives, table.falseNegatives]).toEqual([
        expected.tp,
        expected.fp,
        expected.tn,
        expected.fn,
      ]);
      expect(table.n).toBe(expected.support);
      const got = measured(table);
      expect(Object.keys(got)).toHaveLength(15);
      for (const [name, value] of Object.entries(got)) {
        const want = expected[name]!;
        if (want === null) expect(value, name).toBeUndefined();
        else
          expect(Math.abs(value! - want), `${name}: ${value} for ${want}`).toBeLessThanOrEqual(
            1e-14 + 1e-11 * Math.abs(want),
          );
      }
    });
  }
});

const count = fc.integer({ min: 0, max: 1000 });
const counts = fc.record({ truePositives: count, falsePositives: count, trueNegatives: count, falseNegatives: count });

describe('a confusion table', () => {
  it('seen from the other class swaps its rates and keeps its correlation', () => {
    fc.assert(
      fc.property(counts, (table) => {
        const other = measured({
          truePositives: table.trueNegatives,
          falsePositives: table.falseNegatives,
          trueNegatives: table.truePositives,
          falseNegatives: table.falsePositives,
        });
        const own = measured(table);
        const same = (a: string, b: string) =>
          own[a] === undefined ? expect(other[b]).toBeUndefined() : expect(other[b]).toBeCloseTo(own[a]!, 12);
        same('recall', 'specificity');
        same('precision', 'negativePredictiveValue');
        same('falsePositiveRate', 'falseNegativeRate');
        for (const name of ['accuracy', 'mcc', 'cohenKappa', 'balancedAccuracy', 'youdenJ']) same(name, name);
      }),
      { seed: 42, numRuns: 300 },
    );
  });
  it('keeps its scores within their ranges', () => {
    fc.assert(
      fc.property(counts, (table) => {
        const { f1, balancedAccuracy, youdenJ, matthewsCorrelation, cohenKappa } = confusionScores(table);
        for (const [value, low] of [
          [f1, 0],
          [balancedAccuracy, 0],
          [youdenJ, -1],
          [matthewsCorrelation, -1],
          [cohenKappa, -1],
        ] as const) {
          if (value === undefined) continue;
          expect(value).toBeGreaterThanOrEqual(low - 1e-12);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
      { seed: 42, numRuns: 300 },
    );
  });
  it('passes its options on to the intervals', () => {
    const table = { truePositives: 955, falsePositives: 45, trueNegatives: 5, falseNegatives: 0 };
    const { precision } = confusionRates(table, { level: 0.9, alternative: 'greater' });
    expect(precision).toMatchObject({ status: 'ok', level: 0.9, n: [1000], method: 'wilson' });
    expect(precision.status === 'ok' && precision.interval[1]).toBe(1);
  });
});

const label = fc.constantFrom<boolean | 0 | 1>(true, false, 0, 1);
const pairs = fc.array(fc.tuple(label, label), { maxLength: 30 });

describe('ConfusionTable', () => {
  it('merges to what one table would have counted, in any order and grouping, and leaves the other alone', () => {
    fc.assert(
      fc.property(pairs, pairs, pairs, (a, b, c) => {
        const whole = new ConfusionTable().pushAll([...a, ...b, ...c]).toJSON();
        const table = (data: typeof a) => new ConfusionTable().pushAll(data);
        const right = table(b).merge(table(c));
        const before = right.toJSON();
        expect(table(a).merge(right).toJSON()).toEqual(whole);
        expect(right.toJSON()).toEqual(before);
        expect(table(c).merge(table(a)).merge(table(b)).toJSON()).toEqual(whole);
      }),
      { seed: 42, numRuns: 100 },
    );
  });
  it('goes on from its JSON', () => {
    const table = new ConfusionTable().pushAll([
      [true, 1],
      [0, true],
      [1, false],
      [false, 0],
      [2 as never, true],
    ]);
    const state = JSON.parse(JSON.stringify(table)) as ConfusionTableState;
    expect(ConfusionTable.fromJSON(state).push(true, true).toJSON()).toEqual(table.push(true, true).toJSON());
    expect(table.invalid).toBe(1);
    expect(table.n).toBe(5);
  });
  it('adds what either table refused when they merge', () => {
    const refusing = (times: number) => {
      const table = new ConfusionTable();
      for (let i = 0; i < times; i += 1) table.push(2 as never, true);
      return table;
    };
    expect(refusing(1).merge(refusing(2)).invalid).toBe(3);
  });
  it('counts labels that are none as invalid, whichever side they are on', () => {
    const table = new ConfusionTable();
    for (const bad of [Number.NaN, 'yes', null, undefined, 2]) table.push(bad as never, true).push(false, bad as never);
    expect([table.n, table.invalid]).toEqual([0, 10]);
  });
  it('refuses foreign states, foreign summaries and counts that are none', () => {
    const { kind, ...rest } = new ConfusionTable().toJSON();
    expect(kind).toBe('confusion-table');
    expect(() => ConfusionTable.fromJSON({ ...rest, kind: 'moments' } as never)).toThrow('confusion-table');
    const state = new ConfusionTable().toJSON();
    for (const field of ['invalid', 'truePositives', 'falsePositives', 'trueNegatives', 'falseNegatives']) {
      expect(() => ConfusionTable.fromJSON({ ...state, [field]: null })).toThrow(`${field} in the state`);
    }
    expect(() => new ConfusionTable().merge({} as never)).toThrow('confusion-table');
    expect(() =>
      ConfusionTable.of({ truePositives: -1, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 }),
    ).toThrow('truePositives must be a finite count at least 0, got -1');
    const bad = { truePositives: 1, falsePositives: Number.NaN, trueNegatives: 0, falseNegatives: 0 };
    for (const use of [confusionRates, confusionScores, (c: ConfusionCounts) => fBeta(c, 1)]) {
      expect(() => use(bad)).toThrow('falsePositives must be a finite count at least 0, got NaN');
    }
    expect(() => fBeta({ ...bad, falsePositives: 1 }, 0)).toThrow('beta must be a finite number greater than 0');
  });
});

describe('fBetaInterval', () => {
  const table = { truePositives: 61, falsePositives: 18, trueNegatives: 140, falseNegatives: 6 };
  it('has the variance of the delta method for the four multinomial counts, done by differences', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0.5, 1, 2), (cells, beta) => {
        const result = fBetaInterval(cells, beta);
        if (result.status !== 'ok') return;
        const names = ['truePositives', 'falsePositives', 'trueNegatives', 'falseNegatives'] as const;
        const n = names.reduce((sum, name) => sum + cells[name], 0);
        const logit = (c: ConfusionCounts) => {
          const f = fBeta(c, beta)!;
          return Math.log(f / (1 - f));
        };
        const step = 1e-4;
        const gradient = names.map((name) => {
          const [up, down] = [1, -1].map((sign) =>
            logit({ ...cells, [name]: Math.max(0, cells[name] + sign * step) }),
          ) as [number, number];
          return (up - down) / (cells[name] >= step ? 2 * step : step);
        });
        // Var(Σ g_i X_i) of a multinomial, in counts: Σ g² x - (Σ g x)² / n
        const squares = gradient.reduce((sum, g, i) => sum + g * g * cells[names[i]!], 0);
        const mean = gradient.reduce((sum, g, i) => sum + g * cells[names[i]!], 0);
        expect(result.standardError! / Math.sqrt(squares - (mean * mean) / n)).toBeCloseTo(1, 3);
        expect(result.estimate).toBeCloseTo(fBeta(cells, beta)!, 12);
      }),
      { seed: 42, numRuns: 100 },
    );
  });
  it('holds the score within (0, 1), grows with the level and has one-sided bounds', () => {
    const at = (level: number, alternative: 'two-sided' | 'less' | 'greater' = 'two-sided') => {
      const result = fBetaInterval(table, 1, { level, alternative });
      if (result.status !== 'ok') throw new Error(result.reason);
      return result.interval;
    };
    expect(at(0.95)[0]).toBeLessThan(fBeta(table, 1)!);
    expect(at(0.95)[1]).toBeGreaterThan(fBeta(table, 1)!);
    expect(at(0.999999)[1]).toBeLessThan(1);
    expect(at(0.99)[0]).toBeLessThan(at(0.95)[0]);
    expect(at(0.95, 'greater')).toEqual([expect.closeTo(at(0.9)[0], 12), 1]);
    expect(at(0.95, 'less')).toEqual([0, expect.closeTo(at(0.9)[1], 12)]);
  });
  it('is inconclusive at the boundary, and refuses what are no counts', () => {
    for (const cells of [
      { ...table, truePositives: 0 },
      { ...table, falsePositives: 0, falseNegatives: 0 },
    ]) {
      expect(fBetaInterval(cells, 1)).toMatchObject({
        status: 'inconclusive',
        reason: 'the score is 0, 1 or undefined',
      });
    }
    expect(() => fBetaInterval({ ...table, trueNegatives: -1 }, 1)).toThrow('trueNegatives');
    expect(() => fBetaInterval(table, 0)).toThrow('beta must be');
  });
});
