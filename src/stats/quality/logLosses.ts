import { checkFinite, checkOptions } from '../../core/check.ts';
import { checkProbabilities, isPositive } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';

/** Options of the logarithmic loss. */
export interface LogLossOptions {
  /**
   * Probabilities nearer to 0 or 1 than this are taken for it, which bounds what one certain mistake can cost. With 0 a
   * probability of 0 for what happened costs infinity. Within [0, 0.5).
   * @defaultValue 0
   */
  readonly clip?: number;
}

/**
 * The logarithmic loss of every prediction, -ln of the probability that it gave to the truth.
 *
 * @param probabilities the predicted probability of "yes"
 * @param labels the truth of each prediction
 * @throws InvalidDataError for a probability outside [0, 1], a label that is none, or lengths that differ
 * @throws InvalidOptionError
 * @example
 * logLosses([0.5, 0.9], [true, true]); // 0.6931471805599453 and 0.10536051565782628
 */
export function logLosses(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<BinaryLabel>,
  options: LogLossOptions = {},
): Float64Array {
  checkOptions('options', options, ['clip']);
  const clip = checkFinite('clip', options.clip ?? 0, { ge: 0, lt: 0.5 });
  checkProbabilities(probabilities, labels);
  return Float64Array.from(probabilities, (p, i) => {
    const safe = Math.min(1 - clip, Math.max(clip, p));
    return isPositive(labels, i) ? 0 - Math.log(safe) : 0 - Math.log1p(-safe);
  });
}
