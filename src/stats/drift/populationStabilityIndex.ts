import { checkFinite, checkOptions } from '../../core/check.ts';
import { normalisePair } from './normalise.ts';

/** Options of {@link populationStabilityIndex}. */
export interface PopulationStabilityOptions {
  /**
   * Every proportion below this one is taken for it, so that an empty bin gives a large but finite term. The others
   * are not rescaled. Within (0, 0.5]. An empty bin against one of weight w adds about w ln(w / floor): the index of
   * data with empty bins depends on this choice.
   * @defaultValue 1e-4
   */
  readonly floor?: number;
}

/**
 * The population stability index, Σ (q - p) ln(q / p), of the current distribution `q` against the reference `p`.
 * By an old rule of credit scoring below 0.1 is stable and above 0.25 is not; the rule ignores sample size, see
 * {@link driftReport} for a p-value that does not.
 *
 * @param reference weights of the bins, for example counts; they are normalised to sum to one
 * @param current weights of the same bins
 * @throws InvalidDataError if a weight is negative or not finite, all are 0, or the numbers of bins differ
 * @throws InvalidOptionError if the floor is outside (0, 0.5]
 * @example
 * populationStabilityIndex([50, 50], [60, 40]); // 0.0405465108108164...
 * @see Siddiqi (2006), Credit Risk Scorecards, chapter 9; the index is Jeffreys' divergence of the two
 */
export function populationStabilityIndex(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: PopulationStabilityOptions = {},
): number {
  checkOptions('options', options, ['floor']);
  const { floor = 1e-4 } = options;
  checkFinite('floor', floor, { gt: 0, le: 0.5 });
  const [p, q] = normalisePair(reference, current, ['reference', 'current']);
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) {
    const before = Math.max(p[i]!, floor);
    const after = Math.max(q[i]!, floor);
    const change = after - before;
    // ln(after / before), which loses the digits of a small change, and log1p those of a large one.
    sum += change * (Math.abs(change) < before / 2 ? Math.log1p(change / before) : Math.log(after / before));
  }
  return sum;
}
