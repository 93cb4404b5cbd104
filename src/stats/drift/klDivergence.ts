import { checkFinite, checkOptions } from '../../core/check.ts';
import { normalisePair } from './normalise.ts';
import { relativeEntropyTerm } from './relativeEntropyTerm.ts';

/** Options of the divergences that are measured in logarithms. */
export interface DivergenceOptions {
  /**
   * Base of the logarithm: 2 gives bits, `Math.E` nats. Greater than 1.
   * @defaultValue 2
   */
  readonly base?: number;
}

/** The logarithm of the base, checked. */
export function logarithmOfBase(options: DivergenceOptions): number {
  checkOptions('options', options, ['base']);
  const { base = 2 } = options;
  return base === 2 ? Math.LN2 : Math.log(checkFinite('base', base, { gt: 1 }));
}

/**
 * The Kullback–Leibler divergence of `p` from `q`, Σ p log(p / q): the extra length of messages about `p` in a code
 * made for `q`. At least 0; infinite where `p` has weight and `q` has none.
 *
 * @param p weights of the bins, for example counts; they are normalised to sum to one
 * @param q weights of the same bins
 * @throws InvalidDataError if a weight is negative or not finite, all are 0, or the numbers of bins differ
 * @throws InvalidOptionError if the base is not greater than 1
 * @example
 * klDivergence([1, 0], [1, 1]); // 1
 * @see Kullback & Leibler (1951), Ann. Math. Statist. 22(1), doi:10.1214/aoms/1177729694
 */
export function klDivergence(p: ArrayLike<number>, q: ArrayLike<number>, options: DivergenceOptions = {}): number {
  const unit = logarithmOfBase(options);
  const [a, b] = normalisePair(p, q);
  return a.reduce((sum, weight, i) => sum + relativeEntropyTerm(weight, b[i]!), 0) / unit;
}
