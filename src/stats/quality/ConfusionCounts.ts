import { InvalidDataError } from '../../core/errors.ts';

/** How often a yes-or-no prediction met a yes-or-no truth. "Positive" is the class one looks for: fraud, defect, click. */
export interface ConfusionCounts {
  /** Predicted positive, and it was. */
  readonly truePositives: number;
  /** Predicted positive, but it was negative. */
  readonly falsePositives: number;
  /** Predicted negative, and it was. */
  readonly trueNegatives: number;
  /** Predicted negative, but it was positive. */
  readonly falseNegatives: number;
}

const CELLS = ['truePositives', 'falsePositives', 'trueNegatives', 'falseNegatives'] as const;

/** Four finite counts of at least 0. @throws InvalidDataError */
export function checkConfusion(counts: ConfusionCounts): ConfusionCounts {
  for (const cell of CELLS) {
    const count = counts[cell];
    if (!(Number.isFinite(count) && count >= 0)) throw new InvalidDataError(cell, count, 'a finite count at least 0');
  }
  return counts;
}
