import type { Reading } from '../support/readStrategy.ts';

/** A metric that the adapter exports: its name without the prefix, its help, and its labels. */
export interface MetricDefinition {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
}

/** What is told while requests are served. */
type CountedMetric = 'requests' | 'fallbacks' | 'latency' | 'truths' | 'events' | 'collectErrors';

/** Counters and the histogram: told while requests are served. */
export const countedMetrics: Readonly<Record<CountedMetric, MetricDefinition>> = {
  requests: {
    name: 'requests_total',
    help: 'Calls of the variant that was chosen, by what became of them',
    labels: ['strategy', 'variant', 'status'],
  },
  fallbacks: {
    name: 'fallbacks_total',
    help: 'Calls of a variant in the place of one that had failed',
    labels: ['strategy', 'variant', 'status'],
  },
  latency: {
    name: 'latency_seconds',
    help: 'Time until the variant had answered or failed',
    labels: ['strategy', 'variant'],
  },
  truths: {
    name: 'truths_total',
    help: 'Requests by what became of their truth: recorded, expired, or dropped because too many waited',
    labels: ['strategy', 'outcome'],
  },
  events: {
    name: 'events_total',
    help: 'Events of the audit log, contained errors among them',
    labels: ['strategy', 'type'],
  },
  collectErrors: {
    name: 'collect_errors_total',
    help: 'Strategies that could not be read when metrics were collected',
    labels: ['strategy'],
  },
};

/** Gauges: read from the strategies when metrics are collected. */
export const readMetrics: Readonly<Record<Reading['metric'], MetricDefinition>> = {
  weight: { name: 'traffic_share', help: 'Share of the traffic, within 0 and 1', labels: ['strategy', 'variant'] },
  phase: { name: 'phase', help: '1 for the phase that it is in, 0 for all others', labels: ['strategy', 'phase'] },
  stage: { name: 'stage', help: 'Stage of the canary or step of the rollout, from 1; 0 outside', labels: ['strategy'] },
  progress: { name: 'rollout_progress', help: 'How far the rollout is, within 0 and 1', labels: ['strategy'] },
  decision: {
    name: 'decision',
    help: '1 for what the test decides, 0 for all others',
    labels: ['strategy', 'decision'],
  },
  armPulls: { name: 'arm_pulls', help: 'Rewards received by the arm', labels: ['strategy', 'arm'] },
  armReward: { name: 'arm_mean_reward', help: 'Mean reward of the arm', labels: ['strategy', 'arm'] },
  shadowed: {
    name: 'shadow_requests',
    help: 'Requests offered to the shadow, by what became of them',
    labels: ['strategy', 'shadow', 'outcome'],
  },
  truthsWaiting: { name: 'truths_waiting', help: 'Requests that wait for their truth', labels: ['strategy'] },
};

/** Every metric name that the adapter exports. */
export function metricNames(prefix = 'coronate_'): readonly string[] {
  return [...Object.values(countedMetrics), ...Object.values(readMetrics)].map(({ name }) => prefix + name);
}
