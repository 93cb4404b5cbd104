import type { AnyStrategy, StrategyObserver } from '../../core/index.ts';
import { checkInteger, checkMethods, checkOptions } from '../support/check.ts';
import { InvalidOptionError } from '../support/errors.ts';
import { LabelLimit } from '../support/LabelLimit.ts';
import { type Reading, readStrategy } from '../support/readStrategy.ts';
import { listTree, type Watched, watchTree } from '../support/watchTree.ts';
import { countedMetrics, type MetricDefinition, metricNames, readMetrics } from './metricNames.ts';
import { Counter, defaultRegistry, Gauge, Histogram, type Registry } from './promClient.ts';

/** Options of {@link registerMetrics}. */
export interface RegisterMetricsOptions {
  /** @defaultValue prom-client's default registry */
  readonly register?: Registry;
  /** In front of every name. @defaultValue 'coronate_' */
  readonly prefix?: string;
  /** Upper bounds of the latency histogram in seconds, rising; those of the first registration hold. @defaultValue 0.1 ms to 10 s */
  readonly buckets?: readonly number[];
  /** Values per label beyond which new ones are told as `__other__`; that of the first registration holds. @defaultValue 100 */
  readonly maxLabelValues?: number;
}

const BUCKETS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Counted = Exclude<keyof typeof countedMetrics, 'latency'>;

/** The metrics of one registry and prefix, and the strategies that they are of. */
interface Exporter {
  readonly counters: Readonly<Record<Counted, Counter>>;
  readonly latency: Histogram;
  readonly limit: LabelLimit;
  readonly sources: Map<string, Watched>;
}

const exporters: WeakMap<Registry, Map<string, Exporter>> = new WeakMap();

/**
 * Exports a strategy, and every one nested in it, to Prometheus: requests, latencies, truths and events as they happen,
 * weights, phases, decisions, arms and shadows when metrics are collected. Several strategies share one registry. No label
 * ever holds a request id or a unit. Where it throws, the registry is as it was.
 *
 * @returns takes the strategy off again; its counters stay, as Prometheus expects
 * @throws InvalidOptionError if a strategy of that name is registered there, or a metric of such a name is there already
 * @example
 * const stop = registerMetrics(rollout, { register });
 * server.get('/metrics', () => register.metrics());
 */
export function registerMetrics(strategy: AnyStrategy, options: RegisterMetricsOptions = {}): () => void {
  checkOptions('options', options, ['register', 'prefix', 'buckets', 'maxLabelValues']);
  const { register = defaultRegistry } = options;
  checkMethods('register', register, 'a registry of prom-client', [
    'registerMetric',
    'getSingleMetric',
    'removeSingleMetric',
  ]);
  const { prefix = 'coronate_', buckets = BUCKETS, maxLabelValues = 100 } = options;
  if (typeof prefix !== 'string' || !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(prefix)) {
    throw new InvalidOptionError('prefix', prefix, 'the beginning of a metric name: letters, digits, _ and :');
  }
  const above = (bound: unknown, i: number): boolean => typeof bound === 'number' && bound > (buckets[i - 1] ?? 0);
  const rising = Array.isArray(buckets) && buckets.every(above);
  if (!rising) throw new InvalidOptionError('buckets', buckets, 'a list of rising seconds above 0');
  checkInteger('maxLabelValues', maxLabelValues, { ge: 1 });
  const tree = listTree('strategy', strategy);
  const found = findExporter(register, prefix);
  const names = tree.map(({ name }) => name);
  for (const name of names) {
    if (found?.sources.has(name) || names.indexOf(name) !== names.lastIndexOf(name)) {
      throw new InvalidOptionError(
        'strategy',
        name,
        'of a name that is not registered there: labels would be mixed up',
      );
    }
  }
  const exporter = found ?? createExporter(register, prefix, buckets, new LabelLimit(maxLabelValues));
  let stop: () => void;
  try {
    stop = watchTree(tree, ({ name }) => observer(exporter, name));
  } catch (error) {
    if (found === undefined) takeBack(register, prefix);
    throw error;
  }
  for (const watched of tree) exporter.sources.set(watched.name, watched);
  if (found === undefined) keepExporter(register, prefix, exporter);
  return () => {
    stop();
    for (const watched of tree) {
      // Stopped twice, the name may be another strategy's by now.
      if (exporter.sources.get(watched.name) === watched) exporter.sources.delete(watched.name);
    }
  };
}

function observer({ counters, latency, limit }: Exporter, name: string): StrategyObserver {
  const strategy = limit.admit('strategy', name);
  const truth = (outcome: string): void => counters.truths.inc({ strategy, outcome });
  return {
    called: ({ variant, status, latencyMs, fallback }) => {
      const labels = { strategy, variant: limit.admit('variant', variant) };
      (fallback ? counters.fallbacks : counters.requests).inc({ ...labels, status });
      latency.observe(labels, latencyMs / 1000);
    },
    joined: () => truth('recorded'),
    lost: (_, why) => truth(why),
    audited: ({ type }) => counters.events.inc({ strategy, type: limit.admit('type', type) }),
  };
}

/** The exporter whose metrics are in the registry: somebody may have cleared it since. */
function findExporter(register: Registry, prefix: string): Exporter | undefined {
  const found = exporters.get(register)?.get(prefix);
  const present = register.getSingleMetric(prefix + countedMetrics.requests.name);
  return found !== undefined && present === found.counters.requests ? found : undefined;
}

function keepExporter(register: Registry, prefix: string, exporter: Exporter): void {
  const known = exporters.get(register) ?? new Map<string, Exporter>();
  exporters.set(register, known.set(prefix, exporter));
}

/** Registers all metrics or none. */
function createExporter(register: Registry, prefix: string, buckets: readonly number[], limit: LabelLimit): Exporter {
  for (const name of metricNames(prefix)) {
    if (register.getSingleMetric(name) !== undefined) {
      throw new InvalidOptionError('prefix', prefix, `one that no metric of the registry has: ${name} is taken`);
    }
  }
  try {
    return createMetrics(register, prefix, buckets, limit);
  } catch (error) {
    takeBack(register, prefix);
    throw error;
  }
}

/** Takes all metrics out again; their names were free before, so that they are nobody else's. */
function takeBack(register: Registry, prefix: string): void {
  for (const name of metricNames(prefix)) register.removeSingleMetric(name);
}

function createMetrics(register: Registry, prefix: string, buckets: readonly number[], limit: LabelLimit): Exporter {
  const sources: Map<string, Watched> = new Map();
  const configure = ({ name, help, labels }: MetricDefinition) => {
    return { name: prefix + name, help, labelNames: [...labels], registers: [register] };
  };
  const counter = (of: Counted): Counter => new Counter(configure(countedMetrics[of]));
  const counters = {
    requests: counter('requests'),
    fallbacks: counter('fallbacks'),
    truths: counter('truths'),
    events: counter('events'),
    collectErrors: counter('collectErrors'),
  };
  const latency = new Histogram({ ...configure(countedMetrics.latency), buckets: [...buckets] });
  const read = once(() => readAll(sources, limit, (name) => counters.collectErrors.inc({ strategy: name })));
  for (const [metric, definition] of Object.entries(readMetrics)) {
    new Gauge({
      ...configure(definition),
      collect() {
        this.reset();
        for (const reading of read()) if (reading.metric === metric) this.set({ ...reading.labels }, reading.value);
      },
    });
  }
  return { counters, latency, limit, sources };
}

/** All gauges of one collection come from one reading. */
function once(read: () => readonly Reading[]): () => readonly Reading[] {
  let readings: readonly Reading[] | undefined;
  return () => {
    if (readings === undefined) {
      readings = read();
      // Collecting asks every gauge within one turn of the loop.
      queueMicrotask(() => {
        readings = undefined;
      });
    }
    return readings;
  };
}

function readAll(
  sources: ReadonlyMap<string, Watched>,
  limit: LabelLimit,
  failed: (name: string) => void,
): readonly Reading[] {
  return [...sources].flatMap(([name, watched]) => {
    const strategy = limit.admit('strategy', name);
    try {
      return readStrategy(watched).map(({ metric, labels, value }) => {
        const bounded = Object.entries(labels).map(([label, text]) => [label, limit.admit(label, text)]);
        return { metric, value, labels: { strategy, ...Object.fromEntries(bounded) } };
      });
    } catch {
      failed(strategy);
      return [];
    }
  });
}
