import { checkOneOf } from '../core/check.ts';
import {
  compareAnytime,
  compareFixed,
  compareRanks,
  type MetricComparison,
  type MetricStratum,
} from '../metrics/inference/index.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import type { StatisticalTestOptions } from './StatisticalTestOptions.ts';

const methods = ['anytime', 'welch', 'student', 'mann-whitney'] as const;

/** Compares two variants by the asked method. @throws InvalidOptionError */
export function compareStrata(
  strata: readonly MetricStratum[],
  { method, variant: _, ...options }: StatisticalTestOptions,
  settings: ABTestSettings,
): MetricComparison {
  const asked = method ?? (settings.inference === 'fixed' ? 'welch' : 'anytime');
  checkOneOf('method', asked, methods);
  const common = { alpha: settings.alpha, ...options };
  const { horizon = 5000, burnIn } = settings;
  if (asked === 'anytime') return compareAnytime(strata, { ...common, horizon, burnIn });
  return asked === 'mann-whitney' ? compareRanks(strata, common) : compareFixed(strata, { ...common, method: asked });
}
