import type { AnyStrategy, StrategyObserver } from '../../core/index.ts';
import { checkInteger, checkMethods, checkOptions } from '../support/check.ts';
import { LabelLimit } from '../support/LabelLimit.ts';
import { type Reading, readStrategy } from '../support/readStrategy.ts';
import { listTree, watchTree } from '../support/watchTree.ts';
import { type Meter, metrics, type ObservableGauge } from './openTelemetry.ts';

/** Options of {@link recordMetrics}. */
export interface RecordMetricsOptions {
  /** @defaultValue that of the globally registered provider, named `coronate` */
  readonly meter?: Meter;
  /** Values per attribute beyond which new ones are told as `__other__`. @defaultValue 100 */
  readonly maxAttributeValues?: number;
}

/** Gauges by what they read: name, description and unit. */
const gauges: Readonly<Record<Reading['metric'], readonly [name: string, description: string, unit: string]>> = {
  weight: ['coronate.traffic.share', 'Share of the traffic, within 0 and 1', '1'],
  phase: ['coronate.phase', '1 for the phase that it is in, 0 for all others', '1'],
  stage: ['coronate.stage', 'Stage of the canary or step of the rollout, from 1; 0 outside', '{stage}'],
  progress: ['coronate.rollout.progress', 'How far the rollout is, within 0 and 1', '1'],
  decision: ['coronate.decision', '1 for what the test decides, 0 for all others', '1'],
  armPulls: ['coronate.arm.pulls', 'Rewards received by the arm', '{reward}'],
  armReward: ['coronate.arm.mean_reward', 'Mean reward of the arm', '1'],
  shadowed: ['coronate.shadow.requests', 'Requests offered to the shadow, by what became of them', '{request}'],
  truthsWaiting: ['coronate.truths.waiting', 'Requests that wait for their truth', '{request}'],
};

/**
 * Records a strategy, and every one nested in it, with a meter: requests, latencies, truths and events as they happen,
 * weights, phases, decisions, arms and shadows whenever the meter is read. Where it throws, nothing is left watching.
 *
 * @returns takes the strategy off again: its watchers and the gauges' callback, whatever the meter throws
 * @throws InvalidOptionError if it is no strategy, or an option breaks its rule
 */
export function recordMetrics(strategy: AnyStrategy, options: RecordMetricsOptions = {}): () => void {
  checkOptions('options', options, ['meter', 'maxAttributeValues']);
  const { meter = metrics.getMeter('coronate'), maxAttributeValues = 100 } = options;
  checkMethods('meter', meter, 'a meter of OpenTelemetry', [
    'createCounter',
    'createHistogram',
    'createObservableGauge',
    'addBatchObservableCallback',
    'removeBatchObservableCallback',
  ]);
  const limit = new LabelLimit(checkInteger('maxAttributeValues', maxAttributeValues, { ge: 1 }));
  const tree = listTree('strategy', strategy);
  const read = new Map(
    Object.entries(gauges).map(([metric, [name, description, unit]]) => [
      metric,
      meter.createObservableGauge(name, { description, unit }),
    ]),
  );
  const all = [...read.values()] as ObservableGauge[];
  const collect = (result: {
    observe(gauge: ObservableGauge, value: number, attributes: Record<string, string>): void;
  }): void => {
    for (const watched of tree) {
      for (const { metric, labels, value } of readQuietly(() => readStrategy(watched))) {
        const bounded = Object.entries(labels).map(([label, text]) => [`coronate.${label}`, limit.admit(label, text)]);
        result.observe(read.get(metric)!, value, { 'coronate.strategy': watched.name, ...Object.fromEntries(bounded) });
      }
    }
  };
  const stop = watchTree(tree, ({ name }) => createObserver(meter, limit, name));
  try {
    meter.addBatchObservableCallback(collect, all);
  } catch (error) {
    stop();
    throw error;
  }
  return () => {
    stop();
    meter.removeBatchObservableCallback(collect, all);
  };
}

function createObserver(meter: Meter, limit: LabelLimit, name: string): StrategyObserver {
  const own = { 'coronate.strategy': name };
  const requests = meter.createCounter('coronate.requests', { description: 'Calls of models', unit: '{request}' });
  const latency = meter.createHistogram('coronate.latency', {
    description: 'Time until a model had answered',
    unit: 's',
  });
  const truths = meter.createCounter('coronate.truths', {
    description: 'Truths by what became of them',
    unit: '{truth}',
  });
  const events = meter.createCounter('coronate.events', { description: 'Events of the audit log', unit: '{event}' });
  const variantOf = (variant: string) => ({ ...own, 'coronate.variant': limit.admit('variant', variant) });
  const truth = (outcome: string): void => truths.add(1, { ...own, 'coronate.outcome': outcome });
  return {
    called: ({ variant, status, latencyMs, fallback }) => {
      requests.add(1, { ...variantOf(variant), 'coronate.status': status, 'coronate.fallback': fallback });
      latency.record(latencyMs / 1000, variantOf(variant));
    },
    joined: () => truth('recorded'),
    lost: (_, why) => truth(why),
    audited: ({ type }) => events.add(1, { ...own, 'coronate.event': limit.admit('event', type) }),
  };
}

/** A strategy that cannot be read now leaves the others readable. */
function readQuietly(read: () => readonly Reading[]): readonly Reading[] {
  try {
    return read();
  } catch {
    return [];
  }
}
