import { InvalidDataError } from '../../core/errors.ts';
import { checkSample } from '../checkSample.ts';
import type { BinaryLabel } from './ConfusionTable.ts';

/** As many scores as truths that they go with; what is no label {@link isPositive} refuses. @throws InvalidDataError */
export function checkScored(scores: ArrayLike<number>, labels: ArrayLike<BinaryLabel>): void {
  checkSample('scores', scores);
  if (scores.length !== labels.length) {
    throw new InvalidDataError('labels.length', labels.length, `${scores.length}, the number of scores`);
  }
}

/** The same for scores that are probabilities. @throws InvalidDataError */
export function checkProbabilities(probabilities: ArrayLike<number>, labels: ArrayLike<BinaryLabel>): void {
  for (let i = 0; i < probabilities.length; i += 1) {
    const p = probabilities[i];
    if (!(typeof p === 'number' && p >= 0 && p <= 1)) {
      throw new InvalidDataError(`probabilities[${i}]`, p, 'within [0, 1]');
    }
  }
  if (probabilities.length !== labels.length) {
    throw new InvalidDataError('labels.length', labels.length, `${probabilities.length}, the number of probabilities`);
  }
}

/** Whether a label says yes. @throws InvalidDataError for what is neither a boolean nor 0 or 1 */
export function isPositive(labels: ArrayLike<BinaryLabel>, index: number): boolean {
  const label = labels[index];
  if (label === true || label === 1) return true;
  if (label === false || label === 0) return false;
  throw new InvalidDataError(`labels[${index}]`, label, 'true, false, 1 or 0');
}
