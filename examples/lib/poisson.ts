import type { RegressionModel, Row } from './models.ts';
import { type Coefficients, fitByNewton, linearPredictor } from './newton.ts';

/** A fitted Poisson regression: it expects exp(intercept + weights · row) events. */
export interface PoissonModel extends RegressionModel, Coefficients {}

/** Poisson regression with the log link, by Newton's method. No randomness in it. */
export function trainPoisson(rows: readonly Row[], counts: readonly number[], name = 'poisson'): PoissonModel {
  const fit = fitByNewton(rows, counts, { mean: Math.exp, variance: (mean) => mean }, 1e-3);
  return { name, ...fit, predict: (row) => Math.exp(linearPredictor(fit, row)) };
}
