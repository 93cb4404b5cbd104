import { InvalidDataError } from '../../core/errors.ts';

/** Models that compute in single precision miss the sum of 1 by about this much at most. */
const SUM_TOLERANCE = 1e-4;

/** Rows of probabilities with the index of the class that happened. @throws InvalidDataError */
export function checkProbabilityRows(rows: readonly ArrayLike<number>[], labels: ArrayLike<number>): void {
  if (rows.length !== labels.length) {
    throw new InvalidDataError('labels.length', labels.length, `${rows.length}, the number of rows`);
  }
  rows.forEach((row, i) => {
    const label = labels[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label < row.length)) {
      throw new InvalidDataError(`labels[${i}]`, label, `the index of a class, an integer within [0, ${row.length})`);
    }
    if (row.length !== rows[0]!.length) {
      throw new InvalidDataError(`probabilities[${i}].length`, row.length, `${rows[0]!.length}, as in the first row`);
    }
    let sum = 0;
    for (let j = 0; j < row.length; j += 1) {
      const p = row[j]!;
      if (!(p >= 0 && p <= 1)) throw new InvalidDataError(`probabilities[${i}][${j}]`, p, 'within [0, 1]');
      sum += p;
    }
    if (!(Math.abs(sum - 1) <= SUM_TOLERANCE)) {
      throw new InvalidDataError(`probabilities[${i}]`, row, `probabilities that sum to 1, not to ${sum}`);
    }
  });
}
