import { checkOptions } from '../core/check.ts';
import { defineMetric, metricOptionNames } from './defineMetric.ts';
import { plainOptions } from './errorMetrics.ts';
import type { MetricOptions, NumberMetric } from './Metric.ts';
import type { Outcome } from './Outcome.ts';

/** What was waited for: a call that failed at once says nothing of the model's speed. */
function waited({ status, latencyMs }: Outcome): number | undefined {
  return status === 'error' || status === 'cancelled' ? undefined : latencyMs;
}

/**
 * Latency in milliseconds: its quantile, or its mean where no quantile is given. Lower is better. Timeouts count with
 * the time that was waited; errors and cancelled requests do not. Its limit for a canary: twice the baseline's.
 */
export function latency(options: MetricOptions & { readonly quantile?: number } = {}): NumberMetric {
  checkOptions('metric', options, [...metricOptionNames, 'quantile']);
  const { quantile } = options;
  const plain = plainOptions(options, ['quantile']);
  const common = { direction: 'lower', due: 'serve', value: waited, limit: { relative: 1 } } as const;
  if (quantile === undefined) return defineMetric({ name: 'latency', kind: 'mean', ...common, ...plain });
  const name = `latencyP${Number((quantile * 100).toFixed(6))}`;
  return defineMetric({ name, kind: 'quantile', quantile, ...common, ...plain });
}

/**
 * The share of requests that failed: threw, timed out, or answered with what is no answer. Lower is better. Cancelled
 * requests do not count. Its limit for a canary: 1 %.
 */
export function errorRate(options: MetricOptions = {}): NumberMetric {
  checkOptions('metric', options, metricOptionNames);
  const value = ({ status }: Outcome): boolean | undefined => (status === 'cancelled' ? undefined : status !== 'ok');
  const limit = { max: 0.01 };
  return defineMetric({ name: 'errorRate', kind: 'rate', direction: 'lower', due: 'serve', value, limit, ...options });
}

/**
 * Service time: the mean milliseconds of model time per request, errors included. A variant that takes 1/0.9 of the
 * baseline's time has 90 % of its capacity, whatever share of the traffic it gets: that is its limit for a canary.
 * Lower is better.
 */
export function serviceTime(options: MetricOptions = {}): NumberMetric {
  checkOptions('metric', options, metricOptionNames);
  const value = ({ status, latencyMs }: Outcome): number | undefined =>
    status === 'cancelled' ? undefined : latencyMs;
  const limit = { relative: 1 / 0.9 - 1 };
  return defineMetric({
    name: 'serviceTime',
    kind: 'mean',
    direction: 'lower',
    due: 'serve',
    value,
    limit,
    ...options,
  });
}
