export { Counter, Gauge, Histogram, type Registry, register as defaultRegistry } from 'prom-client';
