import { checkFinite, checkOptions } from '../../core/check.ts';
import { checkProbabilityRows } from './checkProbabilityRows.ts';
import type { LogLossOptions } from './logLosses.ts';
import { meanOf } from './meanOf.ts';

/**
 * The mean logarithmic loss of predicted probabilities of several classes, in nats.
 *
 * @param probabilities one row for each prediction, with a probability for each class
 * @param labels the index of the class that happened, row by row
 * @returns `undefined` without rows; infinite where a truth was called impossible and nothing is clipped
 * @throws InvalidDataError for a probability outside [0, 1], a row that does not sum to 1, an index that is none, or lengths that differ
 * @throws InvalidOptionError
 * @example
 * multiclassLogLoss([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]], [0, 1]); // 0.45814536593707...
 */
export function multiclassLogLoss(
  probabilities: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  options: LogLossOptions = {},
): number | undefined {
  checkOptions('options', options, ['clip']);
  const clip = checkFinite('clip', options.clip ?? 0, { ge: 0, lt: 0.5 });
  checkProbabilityRows(probabilities, labels);
  return meanOf(
    Float64Array.from(probabilities, (row, i) => 0 - Math.log(Math.min(1 - clip, Math.max(clip, row[labels[i]!]!)))),
  );
}
