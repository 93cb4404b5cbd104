import { createRng } from 'coronate/random';
import { RandomForestRegression } from 'ml-random-forest';
import { describe, expect, it } from 'vitest';
import { chunkSeed, TREES_PER_CHUNK, trainForest, trainForestClassifier } from '../../examples/lib/forest.ts';
import { trainLinear } from '../../examples/lib/linear.ts';
import {
  binaryModel,
  copyRows,
  named,
  probabilityModel,
  type RegressionModel,
  withThreshold,
} from '../../examples/lib/models.ts';
import { expectedYield, freshWafers, loadWafers, WAFER_NOISE, type WaferTests } from '../../examples/lib/wafer.ts';
import { readGolden } from '../support/golden.ts';

interface Expected {
  readonly linear: { readonly coef: readonly number[]; readonly intercept: number };
  readonly testPredictions: { readonly linear: readonly number[] };
  readonly testErrors: { readonly rmse: { readonly linear: number; readonly rf100: number; readonly rf50: number } };
}
const expected = readGolden<Expected>('notebook-expected.json');
const { train, test } = loadWafers();

function rmse(model: RegressionModel, { rows, yields }: WaferTests): number {
  return Math.sqrt(rows.reduce((sum, row, i) => sum + (model.predict(row) - yields[i]!) ** 2, 0) / rows.length);
}

describe('wafers', () => {
  it("are the notebook's 1,000 rows, 800 to train on and 200 to serve", () => {
    expect(train.rows).toHaveLength(800);
    expect(test.rows).toHaveLength(200);
    expect(train.rows[0]).toEqual([1.0248357076505616, 0.4861735698828815, 1032.3844269050346, 32.61514928204013, 75]);
    expect(train.yields[0]).toBe(56.89638492238143);
    expect(test.rows.concat(train.rows).every((row) => row.length === 5 && row.every(Number.isFinite))).toBe(true);
  });

  it('come fresh from the same formula, the same for the same seed', () => {
    const fresh = freshWafers(createRng(1), 20_000);
    expect(fresh).toEqual(freshWafers(createRng(1), 20_000));
    expect(fresh.rows[0]).not.toEqual(freshWafers(createRng(2), 1).rows[0]);
    const oracle = rmse({ name: 'oracle', predict: expectedYield }, fresh);
    // The standard error of an RMSE of n normal errors is sigma / sqrt(2n) = 0.0075.
    expect(Math.abs(oracle - WAFER_NOISE)).toBeLessThan(4 * 0.0075);
    const mean = (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
    const columns = [0, 1, 2, 3, 4].map((j) => mean(fresh.rows.map((row) => row[j]!)));
    [1, 0.5, 1000, 25, 124.5].forEach((want, j) => {
      const se = [0.05, 0.1, 50, 5, 43.3][j]! / Math.sqrt(20_000);
      expect(Math.abs(columns[j]! - want), `column ${j}`).toBeLessThan(4 * se);
    });
    expect(fresh.rows.every((row) => Number.isInteger(row[4]) && row[4]! >= 50 && row[4]! < 200)).toBe(true);
  });
});

describe('trainLinear', () => {
  const linear = trainLinear(train.rows, train.yields);

  it("predicts the 200 rows as scikit-learn's does, to 1e-9", () => {
    test.rows.forEach((row, i) => {
      expect(Math.abs(linear.predict(row) - expected.testPredictions.linear[i]!)).toBeLessThan(1e-9);
    });
    linear.weights.forEach((weight, j) => {
      expect(Math.abs(weight - expected.linear.coef[j]!)).toBeLessThan(1e-9);
    });
    expect(Math.abs(linear.intercept - expected.linear.intercept)).toBeLessThan(1e-9);
    expect(Math.abs(rmse(linear, test) - expected.testErrors.rmse.linear)).toBeLessThan(1e-9);
  });

  it('keeps its accuracy where the columns sit far from zero', () => {
    const rows = [1, 2, 3, 4, 5].map((x) => [1e6 + x, 1e6 + x * x]);
    const far = trainLinear(
      rows,
      rows.map(([a, b]) => 3 * (a! - 1e6) - 2 * (b! - 1e6) + 7),
    );
    expect(far.weights[0]).toBeCloseTo(3, 8);
    expect(far.weights[1]).toBeCloseTo(-2, 8);
    expect(far.predict([1e6 + 6, 1e6 + 36])).toBeCloseTo(3 * 6 - 2 * 36 + 7, 6);
  });
});

describe('forests', () => {
  it('average their chunks, grow from the seed alone, and report true progress', async () => {
    const rows = train.rows.slice(0, 150);
    const yields = train.yields.slice(0, 150);
    const seen: string[] = [];
    const options = { trees: 10, maxDepth: 3, seed: 7, onProgress: (d: number, n: number) => seen.push(`${d}/${n}`) };
    const forest = await trainForest(rows, yields, options);
    expect(seen).toEqual(['5/10', '10/10']);
    const chunks = [0, 1].map((i) => {
      const chunk = new RandomForestRegression({
        nEstimators: TREES_PER_CHUNK,
        seed: chunkSeed(7, i),
        noOOB: true,
        treeOptions: { maxDepth: 3 },
      });
      chunk.train(copyRows(rows), [...yields]);
      return chunk.predict(copyRows(test.rows));
    });
    test.rows.forEach((row, i) => {
      expect(forest.predict(row)).toBeCloseTo((chunks[0]![i]! + chunks[1]![i]!) / 2, 10);
    });
    const again = await trainForest(rows, yields, { trees: 10, maxDepth: 3, seed: 7 });
    const other = await trainForest(rows, yields, { trees: 10, maxDepth: 3, seed: 8 });
    expect(test.rows.map(again.predict)).toEqual(test.rows.map(forest.predict));
    expect(test.rows.map(other.predict)).not.toEqual(test.rows.map(forest.predict));
  });

  it("are as far off as the notebook's: RMSE 2.85 at depth 10, 3.82 at depth 5, far worse at depth 1", async () => {
    const shallow = await trainForest(train.rows, train.yields, { trees: 5, maxDepth: 1 });
    const simple = await trainForest(train.rows, train.yields, { trees: 10, maxDepth: 5 });
    const deep = await trainForest(train.rows, train.yields, { trees: 15, maxDepth: 10 });
    expect(rmse(shallow, test)).toBeGreaterThan(6);
    expect(Math.abs(rmse(deep, test) / expected.testErrors.rmse.rf100 - 1)).toBeLessThan(0.15);
    expect(Math.abs(rmse(simple, test) / expected.testErrors.rmse.rf50 - 1)).toBeLessThan(0.15);
  });

  it('vote on classes', async () => {
    const rng = createRng(3);
    const rows = Array.from({ length: 200 }, () => [rng.next(), rng.next()]);
    const labels = rows.map(([a, b]) => (a! > 0.5 && b! > 0.5 ? 1 : 0));
    const forest = await trainForestClassifier(rows, labels, { trees: 15, maxDepth: 4 });
    expect(forest.predict([0.9, 0.9])).toBe(1);
    expect(forest.predict([0.1, 0.9])).toBe(0);
    expect(forest.probability([0.1, 0.1])).toBe(0);
    const p = forest.probability([0.55, 0.6]);
    expect(p).toBeGreaterThanOrEqual(0);
    expect(Number.isInteger(Math.round(p * 15 * 1e9) / 1e9)).toBe(true);
    expect(withThreshold(forest, 0).predict([0.1, 0.1])).toBe(1);
  });
});

describe('binary models', () => {
  it('say yes from their threshold on, under any name', () => {
    const model = binaryModel('half', ([x]) => x!, 0.5);
    expect([0.49, 0.5, 0.51].map((x) => model.predict([x]))).toEqual([0, 1, 1]);
    expect(probabilityModel(model).predict([0.3])).toBe(0.3);
    const renamed = named('other', withThreshold(model, 0.9));
    expect(renamed.name).toBe('other');
    expect([0.89, 0.9].map((x) => renamed.predict([x]))).toEqual([0, 1]);
  });
});
