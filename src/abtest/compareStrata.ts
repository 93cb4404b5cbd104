import { InvalidOptionError } from '../core/errors.ts';
import {
  compareAnytime,
  compareBayesian,
  compareBayesianPairs,
  compareFixed,
  compareGroupSequential,
  compareGroupSequentialPairs,
  comparePaired,
  compareRanks,
  type MetricComparison,
  type MetricPairs,
  type MetricStratum,
} from '../metrics/inference/index.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import { checkMethod, type StatisticalTestOptions, type TestMethod } from './StatisticalTestOptions.ts';

/** The method that a test's inference stands for. */
export function methodOf({ inference }: Pick<ABTestSettings, 'inference'>): TestMethod {
  if (typeof inference === 'object') return 'group-sequential';
  if (inference === 'bayesian') return 'bayesian';
  return inference === 'fixed' ? 'welch' : 'anytime';
}

/**
 * Compares two variants by the asked method.
 *
 * @param pairs both models on the same requests, where they were asked together
 * @param final whether a test with planned looks gets no more data than this
 * @throws InvalidOptionError
 */
export function compareStrata(
  strata: readonly MetricStratum[],
  pairs: MetricPairs | undefined,
  { method, variant: _, ...options }: StatisticalTestOptions,
  settings: ABTestSettings,
  final = false,
): MetricComparison {
  const asked = checkMethod(method ?? methodOf(settings));
  const common = { alpha: settings.alpha, ...options };
  const { horizon = 5000, burnIn, inference } = settings;
  if (asked === 'group-sequential') {
    if (typeof inference !== 'object') {
      throw new InvalidOptionError('method', asked, 'another one: the test has no looks planned (inference)');
    }
    const looks = { ...common, ...inference.groupSequential, final };
    return pairs === undefined ? compareGroupSequential(strata, looks) : compareGroupSequentialPairs(pairs, looks);
  }
  if (asked === 'bayesian')
    return pairs === undefined ? compareBayesian(strata, common) : compareBayesianPairs(pairs, common);
  if (pairs !== undefined && asked === 'anytime') return comparePaired(pairs, { ...common, horizon, burnIn });
  if (pairs !== undefined && asked === 'welch') return comparePaired(pairs, { ...common, method: 'fixed' });
  if (asked === 'anytime') return compareAnytime(strata, { ...common, horizon, burnIn });
  return asked === 'mann-whitney' ? compareRanks(strata, common) : compareFixed(strata, { ...common, method: asked });
}
