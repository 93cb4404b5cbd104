import { createRng } from 'coronate/random';
import { makeTransactions, type Transaction } from '../data/fraud.ts';
import { trainLogistic } from '../logistic.ts';
import { type BinaryModel, binaryModel, type Row } from '../models.ts';
import { thresholdFor } from '../thresholds.ts';

/**
 * A logistic regression on the chosen columns, set to a false-positive rate of 0.25 % on honest transactions of its
 * own training data.
 */
function trainFraudDetector(
  name: string,
  transactions: readonly Transaction[],
  columns: readonly number[] = [0, 1, 2, 3, 4],
): BinaryModel {
  const pick = (row: Row): Row => columns.map((j) => row[j]!);
  const fit = trainLogistic(
    transactions.map((transaction) => pick(transaction.row)),
    transactions.map((transaction) => transaction.fraud),
  );
  const probability = (row: Row): number => fit.probability(pick(row));
  const honest = transactions.filter((transaction) => transaction.fraud === 0).map((transaction) => transaction.row);
  return binaryModel(name, probability, thresholdFor(probability, honest, 0.0025));
}

/** What {@link trainFraudModels} gives. */
export interface FraudModels {
  /** In production: does not look at the distance. Finds about 88 % at a false-positive rate of 0.25 to 0.3 %. */
  readonly current: BinaryModel;
  /** Looks at everything: about 93 % at the same rate. */
  readonly good: BinaryModel;
  /** Trained in a quiet month: today's honest customers look suspicious to it, and it blocks about 3 % of them. */
  readonly bad: BinaryModel;
  /** The current one trained again on other transactions. */
  readonly equal: BinaryModel;
}

/**
 * The four models of project 6, each trained on 60,000 transactions of its own.
 * @param quiet how quiet the bad model's month was. @defaultValue 1
 */
export function trainFraudModels(seed: number, quiet = 1): FraudModels {
  const rng = createRng(seed);
  const month = (label: string, stillness = 0): readonly Transaction[] =>
    makeTransactions(rng.fork(label), 60_000, stillness);
  const withoutDistance = [0, 2, 3, 4];
  return {
    current: trainFraudDetector('logistic', month('current'), withoutDistance),
    good: trainFraudDetector('logistic with distance', month('good')),
    bad: trainFraudDetector('logistic of a quiet month', month('bad', quiet)),
    equal: trainFraudDetector('logistic, retrained', month('equal'), withoutDistance),
  };
}
