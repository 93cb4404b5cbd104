import { checkFunction } from '../core/check.ts';
import { defineMetric } from '../metrics/defineMetric.ts';
import type { Metric } from '../metrics/Metric.ts';

/** What a sampled request used, by the name of the probe. */
export type Usage = Record<string, number>;

/** A metric for each probe: the mean growth of its counter per request, at most 150 % of the baseline's. @throws InvalidOptionError */
export function resourceMetrics(probes: Readonly<Record<string, () => number>>): readonly Metric[] {
  return Object.entries(probes).map(([name, probe]) => {
    checkFunction(`probes.${name}`, probe);
    return defineMetric({
      name,
      kind: 'mean',
      direction: 'lower',
      due: 'serve',
      role: 'guardrail',
      limit: { relative: 0.5 },
      value: ({ note }) => (note as { readonly usage?: Usage }).usage?.[name],
    });
  });
}
