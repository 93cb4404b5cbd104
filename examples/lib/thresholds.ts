import type { Row } from './models.ts';

/**
 * The lowest threshold at which at most this share of the negatives says yes: how a detector is set to a
 * false-positive rate.
 * @param negatives rows whose label is no; some thousands of them
 */
export function thresholdFor(
  probability: (row: Row) => number,
  negatives: readonly Row[],
  falsePositiveRate: number,
): number {
  const scores = negatives.map(probability).sort((a, b) => b - a);
  const allowed = Math.floor(falsePositiveRate * scores.length);
  // Just above the first score that must say no.
  return scores[allowed]! + (1 - scores[allowed]!) * 1e-9;
}

/** How often a detector is right, by kind of case. */
export interface DetectorRates {
  /** Of those it says yes to, the share that is yes. */
  readonly precision: number;
  /** Of the yes, the share that it finds: detection rate, sensitivity. */
  readonly recall: number;
  /** Of the no, the share that it says yes to. */
  readonly falsePositiveRate: number;
  readonly accuracy: number;
}

/** Counts a detector's answers on rows whose labels (0 or 1) are known. */
export function detectorRates(
  predict: (row: Row) => number,
  rows: readonly Row[],
  labels: readonly number[],
): DetectorRates {
  const counts = { hit: 0, miss: 0, alarm: 0, quiet: 0 };
  rows.forEach((row, i) => {
    if (labels[i] === 1) counts[predict(row) === 1 ? 'hit' : 'miss'] += 1;
    else counts[predict(row) === 1 ? 'alarm' : 'quiet'] += 1;
  });
  const { hit, miss, alarm, quiet } = counts;
  return {
    precision: hit / (hit + alarm),
    recall: hit / (hit + miss),
    falsePositiveRate: alarm / (alarm + quiet),
    accuracy: (hit + quiet) / rows.length,
  };
}
