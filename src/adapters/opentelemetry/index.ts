/**
 * Strategies as spans and meters. Peer: `@opentelemetry/api` 1. Guide: docs/guides/observability.md.
 *
 * @packageDocumentation
 */

export { type RecordMetricsOptions, recordMetrics } from './recordMetrics.ts';
export { type Traced, type TracingOptions, withTracing } from './withTracing.ts';
