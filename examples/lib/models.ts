/** One request's features, in a fixed order. */
export type Row = readonly number[];

/** A trained model that answers one row with one number. */
export interface RegressionModel {
  readonly name: string;
  predict(row: Row): number;
}

/** A trained model that answers one row with yes (1) or no (0). */
export interface BinaryModel {
  readonly name: string;
  /** The probability of yes from which on it says yes. */
  readonly threshold: number;
  /** How probable it thinks yes. */
  probability(row: Row): number;
  predict(row: Row): 0 | 1;
}

/** A binary model of a probability and a threshold. @defaultValue threshold 0.5 */
export function binaryModel(name: string, probability: (row: Row) => number, threshold = 0.5): BinaryModel {
  return { name, threshold, probability, predict: (row) => (probability(row) >= threshold ? 1 : 0) };
}

/** The same model, saying yes from another probability on. */
export function withThreshold(model: BinaryModel, threshold: number): BinaryModel {
  return binaryModel(model.name, (row) => model.probability(row), threshold);
}

/**
 * The same model answering with its probability, for those who want to rank by it (ROC-AUC, log loss). Whether it says yes is
 * then `answer >= model.threshold`.
 */
export function probabilityModel(model: BinaryModel): RegressionModel {
  return { name: model.name, predict: (row) => model.probability(row) };
}

/** The same model under another name. */
export function named<M extends RegressionModel | BinaryModel>(name: string, model: M): M {
  return { ...model, name };
}

/** What trees and solvers of the ml family take: mutable copies, so that the caller's rows stay his. */
export function copyRows(rows: readonly Row[]): number[][] {
  return rows.map((row) => [...row]);
}
