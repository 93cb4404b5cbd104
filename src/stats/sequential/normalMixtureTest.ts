import { checkFinite, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import type { NormalMixtureBoundaryOptions } from './normalMixture.ts';

/**
 * Whether a score has crossed the boundary of `normalMixtureBoundary`, with the options checked once and for all: for a
 * judge that looks at every request.
 *
 * @returns a function of the score (information times estimate) and its information
 * @throws InvalidOptionError
 * @example
 * const worse = normalMixtureTest({ rho: 12.6, alpha: 0.05, alternative: 'greater' });
 * worse(30, 100); // true: the boundary at 100 is 29.0...
 * @see Howard et al. (2021), Ann. Statist. 49(2), section 3.2, doi:10.1214/20-AOS1991
 */
export function normalMixtureTest(
  options: NormalMixtureBoundaryOptions,
): (score: number, information: number) => boolean {
  checkOptions('options', options, ['rho', 'alternative', 'alpha']);
  const rho = checkFinite('rho', options.rho, { gt: 0 });
  const alpha = checkProbability('alpha', options.alpha);
  const alternative = checkOneOf('alternative', options.alternative ?? 'two-sided', ['two-sided', 'less', 'greater']);
  if (alternative === 'two-sided') {
    const start = -2 * Math.log(alpha);
    return (score, v) => score * score > (v + rho) * (Math.log1p(v / rho) + start);
  }
  const sign = alternative === 'greater' ? 1 : -1;
  const scale = 1 / (2 * alpha);
  return (score, v) => {
    const towards = sign * score;
    return towards > 0 && towards * towards > 2 * (v + rho) * Math.log1p(scale * Math.sqrt(1 + v / rho));
  };
}
