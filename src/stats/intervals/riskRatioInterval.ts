import { checkProportion } from '../checkProportion.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult, Proportion } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * Katz's interval of a ratio of proportions (`a` over `b`) on the logarithmic scale.
 *
 * @returns inconclusive where one of them has no successes (the logarithm of 0): take {@link newcombeInterval} of the
 * difference there. With successes only in both the interval is [1, 1], with a warning. `standardError` is that of
 * the logarithm.
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @example
 * riskRatioInterval({ successes: 30, trials: 100 }, { successes: 20, trials: 100 }); // interval [0.91596..., 2.45643...]
 * @see Katz, Baptista, Azen & Pike (1978), Biometrics 34(3), doi:10.2307/2530610
 */
export function riskRatioInterval(a: Proportion, b: Proportion, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkProportion('a', a);
  checkProportion('b', b);
  const n = [a.trials, b.trials];
  if (a.successes === 0 || b.successes === 0) return inconclusive('katz-log', n, 'no successes in one of the samples');
  const failures = (p: Proportion): number => (p.trials - p.successes) / p.trials / p.successes;
  const standardError = Math.sqrt(failures(a) + failures(b));
  const estimate = (a.successes * b.trials) / (b.successes * a.trials);
  const factor = Math.exp(normalDistribution.isf(tail) * standardError);
  return intervalEstimate(
    'katz-log',
    n,
    level,
    estimate,
    boundsFor(alternative, estimate / factor, estimate * factor, [0, Number.POSITIVE_INFINITY]),
    {
      standardError,
      warnings:
        standardError === 0 ? ['no failures in either sample: the interval has no width and covers nothing'] : [],
    },
  );
}
