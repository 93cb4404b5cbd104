import type { BinaryLabel } from './ConfusionTable.ts';
import { type LogLossOptions, logLosses } from './logLosses.ts';
import { meanOf } from './meanOf.ts';

/**
 * The mean logarithmic loss (cross-entropy, in nats) of predicted probabilities. Strictly proper: the true
 * probabilities have the lowest expected loss.
 *
 * @param probabilities the predicted probability of "yes"
 * @param labels the truth of each prediction
 * @returns `undefined` without predictions; infinite where a truth was called impossible and nothing is clipped
 * @throws InvalidDataError for a probability outside [0, 1], a label that is none, or lengths that differ
 * @throws InvalidOptionError
 * @example
 * logLoss([0.9, 0.2], [1, 0]); // 0.16425203348601...
 * @see Good (1952), JRSS-B 14(1), doi:10.1111/j.2517-6161.1952.tb00104.x
 */
export function logLoss(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<BinaryLabel>,
  options: LogLossOptions = {},
): number | undefined {
  return meanOf(logLosses(probabilities, labels, options));
}
