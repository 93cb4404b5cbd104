import { checkProportion } from '../checkProportion.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult, Proportion } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * Woolf's interval of an odds ratio (`a` over `b`) on the logarithmic scale.
 *
 * @returns inconclusive where one of the four cells is empty (the logarithm of 0). `standardError` is that of the
 * logarithm.
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @example
 * oddsRatioInterval({ successes: 30, trials: 100 }, { successes: 20, trials: 100 }); // interval [0.89457..., 3.28509...]
 * @see Woolf (1955), Ann. Hum. Genet. 19(4), doi:10.1111/j.1469-1809.1955.tb01348.x
 */
export function oddsRatioInterval(a: Proportion, b: Proportion, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkProportion('a', a);
  checkProportion('b', b);
  const n = [a.trials, b.trials];
  const cells = [a.successes, a.trials - a.successes, b.successes, b.trials - b.successes] as const;
  if (cells.some((count) => count === 0)) return inconclusive('woolf-log', n, 'one of the four cells is empty');
  const standardError = Math.sqrt(cells.reduce((sum, count) => sum + 1 / count, 0));
  const estimate = (cells[0] * cells[3]) / (cells[1] * cells[2]);
  const factor = Math.exp(normalDistribution.isf(tail) * standardError);
  return intervalEstimate(
    'woolf-log',
    n,
    level,
    estimate,
    boundsFor(alternative, estimate / factor, estimate * factor, [0, Number.POSITIVE_INFINITY]),
    { standardError },
  );
}
