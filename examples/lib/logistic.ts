import { sigmoid } from './features.ts';
import { type BinaryModel, binaryModel, type Row } from './models.ts';
import { type Coefficients, fitByNewton, linearPredictor } from './newton.ts';

/** A fitted logistic regression: its weights for the columns as they come, and its intercept. */
export interface LogisticModel extends BinaryModel, Coefficients {}

/** How to fit. */
export interface TrainLogisticOptions {
  /** @defaultValue 'logistic' */
  readonly name?: string;
  /**
   * The weight of the penalty (half the squared length of the weights on standardised columns, the intercept left out).
   * It keeps separable data finite.
   * @defaultValue 1e-3
   */
  readonly ridge?: number;
  /** @defaultValue 0.5 */
  readonly threshold?: number;
}

/**
 * Logistic regression by Newton's method, until no weight moves by more than 1e-8. No randomness in it.
 *
 * @param labels 0 or 1, both present
 */
export function trainLogistic(
  rows: readonly Row[],
  labels: readonly number[],
  { name = 'logistic', ridge = 1e-3, threshold = 0.5 }: TrainLogisticOptions = {},
): LogisticModel {
  const fit = fitByNewton(rows, labels, { mean: sigmoid, variance: (p) => p * (1 - p) }, ridge);
  return { ...binaryModel(name, (row) => sigmoid(linearPredictor(fit, row)), threshold), ...fit };
}
