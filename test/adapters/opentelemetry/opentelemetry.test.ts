import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context, ROOT_CONTEXT, SpanStatusCode } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, it } from 'vitest';
import { ABTest } from '../../../src/abtest/index.ts';
import { recordMetrics, withTracing } from '../../../src/adapters/opentelemetry/index.ts';
import { ThompsonSampling } from '../../../src/bandits/index.ts';
import { CanaryDeployment } from '../../../src/canary/index.ts';
import { ShadowRunner } from '../../../src/shadow/index.ts';

const ok = { predict: (x: number) => x };
const later = { predict: (x: number) => Promise.resolve(x) };

function tracing(exporter: SpanExporter = new InMemorySpanExporter()) {
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  return { provider, exporter: exporter as InMemorySpanExporter, tracer: provider.getTracer('test') };
}

describe('withTracing', () => {
  it('puts a span around serve, with the variant as the result of a feature flag', () => {
    const { tracer, exporter } = tracing();
    const test = withTracing(new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok }), { tracer, unit: true });
    const story = test.serve(3, { unit: 'wafer 9' });
    const [span] = exporter.getFinishedSpans();
    expect(span!.name).toBe('coronate.serve');
    expect(span!.attributes).toEqual({
      'feature_flag.key': 't',
      'feature_flag.provider.name': 'coronate',
      'feature_flag.context.id': 'wafer 9',
      'feature_flag.result.variant': story.variant,
      'feature_flag.result.reason': 'split',
      'coronate.strategy.kind': 'abtest',
      'coronate.request.id': story.requestId,
      'coronate.answered_by': story.variant,
      'coronate.path': story.variant,
    });
    expect(span!.ended).toBe(true);
  });

  it('says nothing of the unit unless told to', () => {
    const { tracer, exporter } = tracing();
    withTracing(new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok }), { tracer }).predict(3, {
      unit: 'ada',
    });
    expect(JSON.stringify(exporter.getFinishedSpans()[0]!.attributes)).not.toContain('ada');
  });

  it('keeps the very error, and asynchronous answers, and ends their spans', async () => {
    const { tracer, exporter } = tracing();
    const error = new RangeError('broken');
    const broken = {
      predict: (): number => {
        throw error;
      },
    };
    const failing = withTracing(new ABTest({ name: 'f', seed: 1, champion: broken, challenger: broken }), { tracer });
    expect(() => failing.predict(1)).toThrow(error);
    expect(exporter.getFinishedSpans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
    expect(exporter.getFinishedSpans()[0]!.attributes['error.type']).toBe('RangeError');
    const test = withTracing(new ABTest({ name: 'a', seed: 1, champion: later, challenger: later }), { tracer });
    const promise = test.serve(4);
    expect(exporter.getFinishedSpans().length).toBe(1);
    expect((await promise).prediction).toBe(4);
    expect(exporter.getFinishedSpans().length).toBe(2);
    const rejecting = { predict: () => Promise.reject(error) };
    const rejected = withTracing(new ABTest({ name: 'r', seed: 1, champion: rejecting, challenger: rejecting }), {
      tracer,
    });
    await expect(rejected.serve(1)).rejects.toBe(error);
    expect(exporter.getFinishedSpans()[2]).toMatchObject({ status: { code: SpanStatusCode.ERROR } });
  });

  it('answers whatever the tracer does: throw, forget to call, call and throw', () => {
    let calls = 0;
    const counting = {
      predict: (x: number) => {
        calls += 1;
        return x;
      },
    };
    const make = () => new ABTest({ name: 't', seed: 1, champion: counting, challenger: counting });
    const fail = (): never => {
      throw new Error('tracer');
    };
    const span = { setAttributes: fail, end: fail, recordException: fail, setStatus: fail };
    const tracers = [
      { startActiveSpan: fail },
      { startActiveSpan: () => undefined },
      { startActiveSpan: (_: string, __: object, run: (s: object) => void) => run(span) },
      {
        startActiveSpan: (_: string, __: object, run: (s: object) => void) => {
          run(span);
          fail();
        },
      },
    ];
    for (const tracer of tracers) expect(withTracing(make(), { tracer: tracer as never }).serve(5).prediction).toBe(5);
    expect(calls).toBe(tracers.length);
  });

  it.each(['serve', 'predict'] as const)(
    '%s asks once of a tracer that calls twice, or after it returned',
    (method) => {
      let calls = 0;
      const counting = {
        predict: (x: number) => {
          calls += 1;
          return x;
        },
      };
      let ends = 0;
      const makeSpan = () => ({
        setAttributes: () => undefined,
        end: () => {
          ends += 1;
        },
      });
      const late: (() => void)[] = [];
      const same = makeSpan();
      type Run = (span: object) => void;
      const tracers: [start: (_: string, __: object, run: Run) => void, spans: number][] = [
        [(_, __, run) => [same, same].forEach(run), 1],
        [(_, __, run) => [makeSpan(), makeSpan()].forEach(run), 2],
        [(_, __, run) => late.push(() => run(makeSpan())), 1],
        [
          (_, __, run) => {
            late.push(() => run(makeSpan()));
            run(makeSpan());
          },
          2,
        ],
      ];
      for (const [startActiveSpan, spans] of tracers) {
        calls = 0;
        ends = 0;
        const test = new ABTest({ name: 't', seed: 1, champion: counting, challenger: counting });
        const answer = withTracing(test, { tracer: { startActiveSpan } as never })[method](5);
        expect(method === 'serve' ? (answer as { prediction: number }).prediction : answer).toBe(5);
        for (const run of late.splice(0)) run();
        expect(calls).toBe(1);
        expect(ends).toBe(spans);
      }
    },
  );

  it('answers as the strategy does where a unit cannot be made text, or cannot be read', () => {
    const { tracer, exporter } = tracing();
    const unit = {
      toString: (): string => {
        throw new Error('unit');
      },
    };
    const bandit = new ThompsonSampling({ name: 'b', seed: 1, arms: { ok, also: ok }, reward: () => 1 });
    expect(bandit.predict(4, { unit: unit as never })).toBe(4);
    const traced = withTracing(bandit, { tracer, unit: true });
    expect(traced.predict(5, { unit: unit as never })).toBe(5);
    expect(exporter.getFinishedSpans()[0]!.attributes).not.toHaveProperty('feature_flag.context.id');
    const unreadable = {
      get unit(): string {
        throw new Error('unit');
      },
    };
    const outcome = (model: Pick<typeof bandit, 'predict'>): unknown => {
      try {
        return model.predict(7, unreadable);
      } catch (error) {
        return error;
      }
    };
    expect(outcome(traced)).toEqual(outcome(bandit));
    traced.predict(6, { unit: 12n });
    expect(exporter.getFinishedSpans()[2]!.attributes).toHaveProperty('feature_flag.context.id', '12');
  });

  it('waits for no exporter: one that hangs and one that throws', async () => {
    const hanging: SpanExporter = { export: () => undefined, shutdown: () => new Promise(() => undefined) };
    const provider = new BasicTracerProvider({
      spanProcessors: [new BatchSpanProcessor(hanging, { maxQueueSize: 8, maxExportBatchSize: 4 })],
    });
    const throwing: SpanExporter = {
      export: () => {
        throw new Error('exporter');
      },
      shutdown: () => Promise.resolve(),
    };
    const simple = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(throwing)] });
    for (const each of [provider, simple]) {
      const test = withTracing(new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok }), {
        tracer: each.getTracer('t'),
      });
      for (let i = 0; i < 100; i += 1) expect(test.predict(i)).toBe(i);
    }
  });

  it('is active while the models run, and nests in other strategies', () => {
    const active = new AsyncLocalStorage<Context>();
    context.setGlobalContextManager({
      active: () => active.getStore() ?? ROOT_CONTEXT,
      with: (within, task, self, ...args) => active.run(within, () => task.apply(self, args)),
      bind: (_, target) => target,
      enable: () => context as never,
      disable: () => context as never,
    });
    const { tracer, exporter } = tracing();
    const model = {
      predict: (x: number) =>
        tracer.startActiveSpan('model', (span) => {
          span.end();
          return x;
        }),
    };
    const inner = withTracing(new ABTest({ name: 'inner', seed: 1, champion: model, challenger: model }), { tracer });
    const outer = new ShadowRunner({ name: 'outer', seed: 2, primary: inner, shadows: { ok } });
    const story = outer.serve(1, { id: 'one' });
    expect(story.path.length).toBe(2);
    expect(outer.record('one', 1)).toBe('recorded');
    expect(inner.record('one', 1)).toBe('duplicate');
    const [child, parent] = exporter.getFinishedSpans();
    expect([child!.name, parent!.name]).toEqual(['model', 'coronate.serve']);
    expect(child!.parentSpanContext?.spanId).toBe(parent!.spanContext().spanId);
    context.disable();
  });

  it('refuses what is no strategy or tracer', () => {
    expect(() => withTracing(ok as never)).toThrow('strategy must be');
    const test = new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok });
    expect(() => withTracing(test, { tracer: {} as never })).toThrow('tracer must be');
    expect(() => withTracing(test, { meter: 1 } as never)).toThrow('options.meter');
  });
});

describe('recordMetrics', () => {
  it('counts requests and truths, and reads gauges when the meter is read', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    const canary = new CanaryDeployment({ name: 'c', seed: 1, baseline: ok, canary: ok, stages: [20, 100] });
    const stop = recordMetrics(canary, { meter: provider.getMeter('test') });
    for (let i = 0; i < 50; i += 1) canary.predict(i, { id: `r${i}` });
    canary.record('r1', 1);
    await provider.forceFlush();
    const found = exporter.getMetrics().at(-1)!.scopeMetrics[0]!.metrics;
    const points = (name: string) => found.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
    const requests = points('coronate.requests').reduce((sum, { value }) => sum + (value as number), 0);
    expect(requests).toBe(50);
    expect(points('coronate.truths')[0]!.attributes).toEqual({
      'coronate.strategy': 'c',
      'coronate.outcome': 'recorded',
    });
    const share = points('coronate.traffic.share').find(
      ({ attributes }) => attributes['coronate.variant'] === 'canary',
    );
    expect(share!.value).toBe(canary.weight / 100);
    expect(points('coronate.truths.waiting')[0]!.value).toBe(49);
    expect((points('coronate.latency')[0]!.value as { count: number }).count).toBeGreaterThan(0);
    stop();
    canary.predict(1);
    await provider.forceFlush();
    const after = exporter
      .getMetrics()
      .at(-1)!
      .scopeMetrics[0]!.metrics.find(({ descriptor }) => descriptor.name === 'coronate.requests');
    expect(after!.dataPoints.reduce((sum, { value }) => sum + (value as number), 0)).toBe(50);
    await provider.shutdown();
  });

  it('tells a variant named other from the overflow', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
    const provider = new MeterProvider({ readers: [reader] });
    const arms = { other: ok, a: ok, b: ok };
    const bandit = new ThompsonSampling({ name: 'b', seed: 1, arms, reward: () => 1 });
    recordMetrics(bandit, { meter: provider.getMeter('test'), maxAttributeValues: 1 });
    await provider.forceFlush();
    let other = 0;
    for (let i = 0; i < 100; i += 1) other += Number(bandit.serve(i).variant === 'other');
    await provider.forceFlush();
    const found = exporter.getMetrics().at(-1)!.scopeMetrics[0]!.metrics;
    const points = found.find(({ descriptor }) => descriptor.name === 'coronate.requests')!.dataPoints;
    const counts = points.map(({ attributes, value }) => [attributes['coronate.variant'], value]);
    expect(Object.fromEntries(counts)).toEqual({ other, __other__: 100 - other });
    await provider.shutdown();
  });

  it('leaves nobody watching where a later step throws, and lets go of all where the meter does at the end', () => {
    const inner = new ABTest({ name: 'inner', seed: 1, champion: ok, challenger: ok });
    const outer = new ABTest({ name: 'outer', seed: 1, champion: inner, challenger: ok });
    let counted = 0;
    const count = (): void => {
      counted += 1;
    };
    const sound = {
      createCounter: () => ({ add: count }),
      createHistogram: () => ({ record: () => undefined }),
      createObservableGauge: () => ({}),
      addBatchObservableCallback: () => undefined,
      removeBatchObservableCallback: () => undefined,
    };
    const fail = (): never => {
      throw new Error('meter');
    };
    for (const method of Object.keys(sound).filter((name) => !name.startsWith('remove'))) {
      let calls = 0;
      const late = method === 'createObservableGauge' ? 5 : method === 'createCounter' ? 4 : 0;
      const own = (...args: never[]): unknown => {
        calls += 1;
        return calls > late
          ? fail()
          : (sound as never as Record<string, (...args: never[]) => unknown>)[method]!(...args);
      };
      expect(() => recordMetrics(outer, { meter: { ...sound, [method]: own } as never }), method).toThrow('meter');
      for (let i = 0; i < 20; i += 1) outer.predict(i);
      expect([method, counted]).toEqual([method, 0]);
    }
    const stop = recordMetrics(outer, { meter: { ...sound, removeBatchObservableCallback: fail } as never });
    outer.predict(1);
    expect(counted).toBeGreaterThan(0);
    counted = 0;
    expect(stop).toThrow('meter');
    for (let i = 0; i < 20; i += 1) outer.predict(i);
    expect(counted).toBe(0);
    const { addBatchObservableCallback: _, ...half } = sound;
    expect(() => recordMetrics(outer, { meter: half as never })).toThrow('meter must be');
  });

  it('is contained where an instrument throws', () => {
    const fail = (): never => {
      throw new Error('meter');
    };
    const meter = {
      createCounter: () => ({ add: fail }),
      createHistogram: () => ({ record: fail }),
      createObservableGauge: () => ({}),
      addBatchObservableCallback: () => undefined,
      removeBatchObservableCallback: () => undefined,
    };
    const test = new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok });
    recordMetrics(test, { meter: meter as never });
    for (let i = 0; i < 5; i += 1) expect(test.predict(i)).toBe(i);
  });
});
