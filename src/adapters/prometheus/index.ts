export { metricNames } from './metricNames.ts';
export { type RegisterMetricsOptions, registerMetrics } from './registerMetrics.ts';
