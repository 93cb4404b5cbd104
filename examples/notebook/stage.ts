// The stage on which the notebook plays: its wafers, its three models, trained here, and what it computed itself.
import { readFileSync } from 'node:fs';
import { trainForest } from '../lib/forest.ts';
import { trainLinear } from '../lib/linear.ts';
import type { RegressionModel, Row } from '../lib/models.ts';
import { progressBar } from '../lib/progress.ts';
import { loadWafers, type WaferTests } from '../lib/wafer.ts';

/** What the notebook itself computed (NumPy, scikit-learn, seed 42), recorded. */
export interface Expected {
  readonly testPredictions: {
    readonly linear: readonly number[];
    readonly randomForest100Depth10: readonly number[];
    readonly randomForest50Depth5: readonly number[];
  };
  readonly testErrors: { readonly rmse: { readonly linear: number } };
  readonly abTest: {
    readonly routingDraws: readonly number[];
    readonly championN: number;
    readonly challengerN: number;
    readonly statisticalTest: {
      readonly champion_mean: number;
      readonly challenger_mean: number;
      readonly t_statistic: number;
      readonly df: number;
      readonly p_value_approx: number;
      readonly improvement_pct: number;
      readonly decision: string;
    };
    readonly exact: {
      readonly welchT: number;
      readonly welchP: number;
      readonly welchDf: number;
      readonly mannWhitneyU1: number;
      readonly mannWhitneyP: number;
    };
  };
  readonly canary: {
    readonly routingDraws: readonly number[];
    readonly servedByNew: number;
    readonly baselineRmsePassedIn: number;
  };
  readonly bandit: { readonly ucb200: { readonly pulls: readonly number[]; readonly sequence: readonly number[] } };
}

/** Everything that the notebook's cells use. */
export interface Stage {
  readonly expected: Expected;
  readonly train: WaferTests;
  /** Rows 800-999: the requests. */
  readonly test: WaferTests;
  /** The champion: a line. */
  readonly linear: RegressionModel;
  /** The challenger: 100 trees of depth 10. */
  readonly forest: RegressionModel;
  /** The third arm: 50 trees of depth 5. */
  readonly simpleForest: RegressionModel;
}

/** The recorded results. */
export function loadExpected(): Expected {
  const url = new URL('../../test/golden/notebook-expected.json', import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Expected;
}

/**
 * Trains the notebook's three models on rows 0-799.
 * @param trees of the challenger and of the third arm: the notebook's own numbers unless a test is in a hurry
 */
export async function setStage(trees: readonly [forest: number, simpleForest: number] = [100, 50]): Promise<Stage> {
  const { train, test } = loadWafers();
  const linear = trainLinear(train.rows, train.yields);
  const grow = (name: string, count: number, maxDepth: number): Promise<RegressionModel> => {
    const bar = progressBar(`${count} trees of depth ${maxDepth}`);
    return trainForest(train.rows, train.yields, { name, trees: count, maxDepth, seed: 42, onProgress: bar });
  };
  const forest = await grow('forest', trees[0], 10);
  const simpleForest = await grow('simpleForest', trees[1], 5);
  return { expected: loadExpected(), train, test, linear, forest, simpleForest };
}

/** A model that answers what a recorded one answered: its input is the request's number. */
export function recorded(predictions: readonly number[]): { predict(request: number): number } {
  return { predict: (request) => predictions[request]! };
}

/** The root of the mean squared error of predictions. */
export function rootMeanSquare(errors: readonly number[]): number {
  return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
}

/** A model's errors on rows. */
export function errorsOf(model: { predict(row: Row): number }, { rows, yields }: WaferTests): number[] {
  return rows.map((row, i) => model.predict(row) - yields[i]!);
}
