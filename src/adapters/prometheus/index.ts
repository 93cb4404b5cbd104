/**
 * Strategies as Prometheus metrics. Peer: `prom-client` 15. Guide: docs/guides/observability.md.
 *
 * @packageDocumentation
 */

export { metricNames } from './metricNames.ts';
export { type RegisterMetricsOptions, registerMetrics } from './registerMetrics.ts';
