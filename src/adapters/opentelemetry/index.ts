export { type RecordMetricsOptions, recordMetrics } from './recordMetrics.ts';
export { type Traced, type TracingOptions, withTracing } from './withTracing.ts';
