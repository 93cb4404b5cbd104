import { checkFinite } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { Metric } from '../metrics/Metric.ts';

/** Why fixed baselines are warned of. */
export const driftWarning =
  'the baseline is fixed: if the world drifts, a healthy canary is judged by yesterday (compare concurrent instead)';

/**
 * Metrics with their relative limits turned into absolute ones around values that were measured before.
 * @throws InvalidOptionError for a value of no metric, and for a relative limit without a value
 */
export function fixBaseline(metrics: readonly Metric[], fixed: Readonly<Record<string, number>>): readonly Metric[] {
  const names = metrics.map(({ name }) => name);
  const stranger = Object.keys(fixed).find((name) => !names.includes(name));
  if (stranger !== undefined)
    throw new InvalidOptionError(`compare.fixed.${stranger}`, stranger, 'the name of a metric');
  return metrics.map((metric) => {
    const { limit, name, direction } = metric;
    if (limit === undefined || !('relative' in limit)) return metric;
    const value = checkFinite(`compare.fixed.${name}`, fixed[name], { gt: 0 });
    const bound = direction === 'lower' ? { max: value * (1 + limit.relative) } : { min: value * (1 - limit.relative) };
    return { ...metric, limit: bound } as Metric;
  });
}

/** Said where the first stage is all of the traffic, and only concurrent requests are compared. */
export const noBaselineWarning =
  'no request goes to the baseline: limits against it cannot be proven; begin with a smaller stage, or compare shadow-first';
