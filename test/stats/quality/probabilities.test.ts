import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/random/index.ts';
import {
  brierScore,
  CalibrationBins,
  type CalibrationBinsState,
  calibration,
  logLoss,
  logLosses,
  multiclassLogLoss,
  oneVersusRestAuc,
} from '../../../src/stats/quality/index.ts';
import { betaMixtureEProcess } from '../../../src/stats/sequential/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

interface Input {
  labels: (0 | 1)[];
  scores: number[];
  probabilities?: number[][];
}
type Expected = Record<'logLoss' | 'brier' | 'expectedCalibrationError10' | 'rocAucOvrMacro', number | undefined>;
const golden = readGolden<GoldenFile<Input, Expected>>('classification.json');
const bins = (probabilities: readonly number[], labels: readonly (0 | 1)[]) =>
  new CalibrationBins().pushAll(probabilities.map((p, i) => [p, labels[i]!] as const));

describe('golden/classification.json', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind === 'multiclass' && input.probabilities !== undefined) {
      it(id, () => {
        expectClose(multiclassLogLoss(input.probabilities!, input.labels)!, expected.logLoss!, 1e-12);
        expectClose(oneVersusRestAuc(input.probabilities!, input.labels)!, expected.rocAucOvrMacro!, 1e-12);
      });
    }
    if (kind !== 'binaryScores' || expected.brier === undefined) continue;
    it(id, () => {
      if (expected.logLoss !== undefined) expectClose(logLoss(input.scores, input.labels)!, expected.logLoss, 1e-12);
      expectClose(brierScore(input.scores, input.labels)!, expected.brier!, 1e-12);
      const error = calibration(bins(input.scores, input.labels)).expectedError!;
      expectClose(error, expected.expectedCalibrationError10!, 1e-11);
    });
  }
});

describe('logLoss', () => {
  it('is infinite where the truth was called impossible, unless clipped', () => {
    expect(logLoss([1, 0.5], [0, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(logLoss([0, 0, 1], [1, 1, 1])).toBe(Number.POSITIVE_INFINITY);
    expectClose(logLoss([1], [0], { clip: 1e-6 })!, -Math.log(1e-6), 1e-9);
    expectClose(logLoss([0], [1], { clip: 1e-6 })!, -Math.log(1e-6), 1e-12);
    expect(multiclassLogLoss([[1, 0]], [1])).toBe(Number.POSITIVE_INFINITY);
    expectClose(multiclassLogLoss([[1, 0]], [1], { clip: 0.01 })!, -Math.log(0.01), 1e-12);
    expectClose(multiclassLogLoss([[1, 0]], [0], { clip: 0.01 })!, -Math.log(0.99), 1e-12);
  });
  it('is 0 and not -0 for certainties that came true, and keeps tiny losses', () => {
    expect(Object.is(logLoss([1, 0], [1, 0]), 0)).toBe(true);
    expect(logLosses([1e-300], [0])[0]).toBe(1e-300);
  });
  it('is lowest at the true probability', () => {
    const labels = [1, 1, 1, 0] as const;
    const at = (p: number) => logLoss([p, p, p, p], labels)!;
    for (const p of [0.1, 0.5, 0.74, 0.76, 0.99]) expect(at(p)).toBeGreaterThan(at(0.75));
  });
});

const prediction = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom<0 | 1>(0, 1));
const predictions = fc.array(prediction, { maxLength: 30 });

describe('calibration', () => {
  it('bins: closed below, open above, the last one closed', () => {
    const { counts } = new CalibrationBins({ bins: 4 }).pushAll([0, 0.25, 0.5, 0.75, 1].map((p) => [p, 1] as const));
    expect(counts).toEqual([1, 1, 1, 2]);
  });
  it('reports only bins that hold something, with edges, mean and Wilson interval', () => {
    const summary = new CalibrationBins({ bins: 2 }).pushAll([
      [0.6, true],
      [0.8, false],
    ]);
    const { bins: list, expectedError, maximumError } = calibration(summary, { level: 0.9 });
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({
      lower: 0.5,
      upper: 1,
      n: 2,
      observed: { estimate: 0.5, level: 0.9, method: 'wilson' },
    });
    expectClose(list[0]!.predicted, 0.7, 1e-15);
    expectClose(expectedError!, 0.2, 1e-14);
    expectClose(maximumError!, 0.2, 1e-14);
  });
  it('has no error without predictions', () => {
    expect(calibration(new CalibrationBins())).toEqual({
      bins: [],
      expectedError: undefined,
      noise: undefined,
      maximumError: undefined,
    });
  });
  it('the expected error is at most the largest, which is at most 1', () => {
    fc.assert(
      fc.property(predictions, (data) => {
        const { expectedError, maximumError } = calibration(new CalibrationBins({ bins: 5 }).pushAll(data));
        if (expectedError === undefined) return;
        expect(expectedError).toBeLessThanOrEqual(maximumError! + 1e-12);
        expect(maximumError!).toBeLessThanOrEqual(1 + 1e-12);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('merges to what one summary would have seen: counts exactly, sums to 1e-12', () => {
    fc.assert(
      fc.property(predictions, predictions, (a, b) => {
        const whole = new CalibrationBins().pushAll([...a, ...b]);
        const merged = new CalibrationBins().pushAll(b).merge(new CalibrationBins().pushAll(a));
        expect(merged.counts).toEqual(whole.counts);
        expect(merged.positives).toEqual(whole.positives);
        merged.sums.forEach((sum, i) => {
          expectClose(sum, whole.sums[i]!, 1e-12, 'sum', 1);
        });
        expect(merged.n).toBe(a.length + b.length);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('goes on from its JSON', () => {
    const summary = bins([0.1, 0.95, 0.95], [0, 1, 0]).push(2, 1);
    const twin = CalibrationBins.fromJSON(JSON.parse(JSON.stringify(summary)) as CalibrationBinsState);
    expect(twin.push(0.3, 1).toJSON()).toEqual(summary.push(0.3, 1).toJSON());
    expect(twin.invalid).toBe(1);
  });
  it('keeps its number of bins in its JSON, and adds what it refused when it merges', () => {
    const summary = new CalibrationBins({ bins: 4 }).push(0.3, 1).push(2, 1);
    expect(CalibrationBins.fromJSON(summary.toJSON()).toJSON()).toEqual(summary.toJSON());
    expect(summary.merge(new CalibrationBins({ bins: 4 }).push(3, 1).push(-1, 0)).invalid).toBe(3);
  });
  it('counts what is no probability or no label as invalid', () => {
    const summary = new CalibrationBins();
    for (const bad of [-0.1, 1.1, Number.NaN, '0.5', undefined]) summary.push(bad as never, 1);
    summary.push(0.5, 'yes' as never);
    expect([summary.n, summary.invalid]).toEqual([0, 6]);
  });
  it('refuses other bins, states and options', () => {
    expect(() => new CalibrationBins({ bins: 0 })).toThrow('bins must be an integer within [1, 1000000], got 0');
    expect(() => new CalibrationBins().merge(new CalibrationBins({ bins: 5 }))).toThrow('bins must be 10, the same');
    expect(() => new CalibrationBins().merge({} as never)).toThrow('calibration-bins');
    const state = new CalibrationBins({ bins: 2 }).toJSON();
    expect(() => CalibrationBins.fromJSON({ ...state, sums: [1] })).toThrow('three finite numbers for each bin');
    expect(() => CalibrationBins.fromJSON({ ...state, sums: [1, Number.NaN] })).toThrow('three finite numbers');
    expect(() => CalibrationBins.fromJSON({ ...state, invalid: -1 })).toThrow('invalid in the state');
    expect(() => CalibrationBins.fromJSON({ ...state, counts: [], sums: [], positives: [] })).toThrow('three finite');
    expect(() => CalibrationBins.fromJSON({ ...state, version: 2 } as never)).toThrow('version 1');
  });
});

describe('calibration at every look', () => {
  it('has the sequence of a rate in every bin, which is wider than an interval of one look', () => {
    const bins = new CalibrationBins({ bins: 2 });
    for (let i = 0; i < 200; i += 1) bins.push(i < 100 ? 0.2 : 0.7, i % 4 === 0);
    const { bins: once } = calibration(bins);
    const { bins: always } = calibration(bins, { validity: 'anytime', level: 0.95 });
    for (const [i, { observed }] of always.entries()) {
      expect(observed).toEqual(betaMixtureEProcess({ successes: 25, trials: 100 }, { alpha: 1 - 0.95 }));
      const fixed = once[i]!.observed;
      if (observed.status !== 'ok' || fixed.status !== 'ok') throw new Error('inconclusive');
      expect(observed.interval[0]).toBeLessThan(fixed.interval[0]);
      expect(observed.interval[1]).toBeGreaterThan(fixed.interval[1]);
    }
    expect(() => calibration(bins, { validity: 'always' as never })).toThrow('validity');
  });

  it('says what the error of a calibrated model would be', () => {
    const rng = createRng('noise');
    const runs = 400;
    let [sum, squares, noise] = [0, 0, 0];
    for (let run = 0; run < runs; run += 1) {
      const bins = new CalibrationBins({ bins: 5 });
      for (let i = 0; i < 1000; i += 1) {
        const p = 0.1 + 0.2 * Math.floor(5 * rng.next());
        bins.push(p, rng.next() < p);
      }
      const found = calibration(bins);
      sum += found.expectedError!;
      squares += found.expectedError! ** 2;
      noise += found.noise!;
    }
    const se = Math.sqrt((squares / runs - (sum / runs) ** 2) / runs);
    expect(Math.abs(sum - noise) / runs).toBeLessThan(3 * se);
  });
});

describe('bad input', () => {
  it('names the probability or label that is none', () => {
    for (const measure of [logLoss, brierScore]) {
      expect(measure([], [])).toBeUndefined();
      expect(() => measure([0.5, 1.5], [0, 1])).toThrow('probabilities[1] must be within [0, 1], got 1.5');
      expect(() => measure([0.5, 0.5], [0, -1 as never])).toThrow('labels[1] must be true, false, 1 or 0, got -1');
      expect(() => measure([0.5, 0.5], [0])).toThrow('labels.length must be 2, the number of probabilities, got 1');
    }
    expect(() => logLoss([0.5], [1], { clip: 0.5 })).toThrow('clip must be');
    expect(() => multiclassLogLoss([[0.5, 0.5]], [2])).toThrow(
      'labels[0] must be the index of a class, an integer within [0, 2), got 2',
    );
    expect(() => multiclassLogLoss([[0.5, 0.5]], [])).toThrow('labels.length must be 1, the number of rows, got 0');
    expect(() =>
      multiclassLogLoss(
        [
          [0.5, 0.5],
          [1, 0, 0],
        ],
        [0, 0],
      ),
    ).toThrow('probabilities[1].length must be 2');
    expect(() => oneVersusRestAuc([[0.5, Number.NaN]], [0])).toThrow(
      'probabilities[0][1] must be within [0, 1], got NaN',
    );
    // Within what the sum of a row may miss 1 by, but no probability.
    expect(() => multiclassLogLoss([[1.00005, 0]], [0])).toThrow('probabilities[0][0] must be within [0, 1]');
    expect(multiclassLogLoss([], [])).toBeUndefined();
    expect(oneVersusRestAuc([], [])).toBeUndefined();
    expect(oneVersusRestAuc([[0.5, 0.5]], [0])).toBeUndefined();
  });
});
