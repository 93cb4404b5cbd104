import { checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import type { AdjustedPValues, MultiplicityOptions } from '../multiplicity/index.ts';

/**
 * The e-BH procedure: Benjamini–Hochberg for e-values. It holds the false discovery rate under any dependence between
 * the metrics, and at every look where the e-values are anytime-valid.
 *
 * @param logEValues natural logarithms of one e-value a hypothesis, in any order
 * @returns `adjusted[i]` is the smallest alpha at which hypothesis i is rejected
 * @throws InvalidDataError for NaN
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @example
 * eBenjaminiHochberg([Math.log(100), Math.log(30), 0]).adjusted; // [0.03, 0.05, 1] up to rounding
 * @see Wang & Ramdas (2022), False discovery rate control with e-values, JRSS-B 84(3), doi:10.1111/rssb.12489
 */
export function eBenjaminiHochberg(logEValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  checkOptions('options', options, ['alpha']);
  const alpha = checkProbability('alpha', options.alpha ?? 0.05);
  for (const [i, log] of logEValues.entries()) {
    if (Number.isNaN(log)) throw new InvalidDataError(`logEValues[${i}]`, log, 'the logarithm of an e-value');
  }
  const m = logEValues.length;
  // Equal e-values come out with the same adjusted value, in whichever order they stand.
  const order = logEValues.map((_, i) => i).sort((i, j) => logEValues[j]! - logEValues[i]!);
  const adjusted: number[] = new Array(m).fill(1);
  let smallest = 1;
  for (let rank = m; rank >= 1; rank -= 1) {
    const i = order[rank - 1]!;
    smallest = Math.min(smallest, (m / rank) * Math.exp(-logEValues[i]!));
    adjusted[i] = smallest;
  }
  return { adjusted, rejected: adjusted.map((p) => p <= alpha), alpha };
}
