import type { AnyStrategy, RecordResult, Served, strategyMark } from '../../core/index.ts';
import { checkBoolean, checkMethods, checkOptions } from '../support/check.ts';
import { listTree } from '../support/watchTree.ts';
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from './openTelemetry.ts';

/** Options of {@link withTracing}. */
export interface TracingOptions {
  /** @defaultValue that of the globally registered provider, named `coronate` */
  readonly tracer?: Tracer;
  /** Whether spans say for whom the request was (`feature_flag.context.id`): it may be personal. @defaultValue false */
  readonly unit?: boolean;
}

/** What a traced strategy answers. */
export type Traced<S extends AnyStrategy> = Pick<S, 'predict' | 'serve' | 'record' | typeof strategyMark>;

interface Asked {
  readonly unit?: unknown;
}

/**
 * A strategy that serves as before, each `serve` and `predict` within a span. The span is active while the models run, so
 * that their own spans are its children. Attributes follow the semantic conventions for feature flags: the strategy is the
 * flag, the variant its result. Whatever the tracer does, throws included, the answer is the strategy's own.
 *
 * @throws InvalidOptionError if it is no strategy, or an option breaks its rule
 * @example
 * const model = withTracing(abTest, { tracer: trace.getTracer('service') });
 * model.serve(row, { unit: wafer.id });
 */
export function withTracing<S extends AnyStrategy>(strategy: S, options: TracingOptions = {}): Traced<S> {
  checkOptions('options', options, ['tracer', 'unit']);
  const { tracer = trace.getTracer('coronate'), unit = false } = options;
  checkMethods('tracer', tracer, 'a tracer of OpenTelemetry', ['startActiveSpan']);
  checkBoolean('unit', unit);
  const { kind, name } = listTree('strategy', strategy)[0]!;
  const base: Attributes = {
    'feature_flag.key': name,
    'feature_flag.provider.name': 'coronate',
    'coronate.strategy.kind': kind,
  };
  const traced = (method: 'predict' | 'serve') => (input: never, request?: Asked) => {
    const asked = unit ? unitOf(request) : {};
    const call = (): unknown => (strategy[method] as (input: never, request?: unknown) => unknown)(input, request);
    return within(tracer, `coronate.${method}`, { ...base, ...asked }, call, method === 'serve' ? told : nothing);
  };
  const proxy = {
    predict: traced('predict'),
    serve: traced('serve'),
    record: (requestId: string, truth: unknown): RecordResult => strategy.record(requestId, truth),
  };
  // Wrapped by another strategy it is nested like the one that it traces.
  return new Proxy(strategy, {
    get: (target, key) => (Object.hasOwn(proxy, key) ? proxy[key as keyof typeof proxy] : own(target, key)),
  }) as Traced<S>;
}

/** A member with the strategy itself as `this`: its private fields are not the proxy's. */
function own(target: object, key: PropertyKey): unknown {
  const member: unknown = Reflect.get(target, key, target);
  return typeof member === 'function' ? member.bind(target) : member;
}

const nothing = (): Attributes => ({});

/** For whom a request is. What is no unit is not told: turning it into text runs code that may throw. */
function unitOf(request: Asked | undefined): Attributes {
  let unit: unknown;
  quietly(() => {
    unit = request?.unit;
  });
  const told = typeof unit === 'string' || typeof unit === 'number' || typeof unit === 'bigint';
  return told ? { 'feature_flag.context.id': String(unit) } : {};
}

/** What a story says, as attributes. */
function told(answer: unknown): Attributes {
  const { requestId, variant, answeredBy, path } = answer as Served<unknown>;
  return {
    'feature_flag.result.variant': variant,
    'feature_flag.result.reason': 'split',
    'coronate.request.id': requestId,
    'coronate.answered_by': answeredBy,
    'coronate.path': path.join('/'),
  };
}

/**
 * Runs a call within a span, exactly once. Tracers that throw cost the span, never the answer; one that hands out a span
 * again or too late has it told and ended, without another call.
 */
function within(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  call: () => unknown,
  describe: (answer: unknown) => Attributes,
): unknown {
  let started = false;
  let outcome: { readonly value: unknown } | { readonly error: unknown } | undefined;
  const spans: Set<Span> = new Set();
  const run = (span: Span | undefined): void => {
    if (!started) {
      started = true;
      try {
        outcome = { value: call() };
      } catch (error) {
        outcome = { error };
      }
    }
    if (span === undefined || outcome === undefined || spans.has(span)) return;
    spans.add(span);
    settle(span, outcome, describe);
  };
  quietly(() => tracer.startActiveSpan(name, { kind: SpanKind.INTERNAL, attributes }, run));
  if (outcome === undefined) run(undefined);
  const done = outcome as unknown as { readonly value: unknown } | { readonly error: unknown };
  if ('error' in done) throw done.error;
  return done.value;
}

function settle(
  span: Span,
  outcome: { readonly value: unknown } | { readonly error: unknown },
  describe: (answer: unknown) => Attributes,
): void {
  if ('error' in outcome) fail(span, outcome.error);
  else if (outcome.value instanceof Promise) {
    outcome.value.then(
      (answer) => succeed(span, () => describe(answer)),
      (error: unknown) => fail(span, error),
    );
  } else succeed(span, () => describe(outcome.value));
}

function succeed(span: Span, attributes: () => Attributes): void {
  quietly(() => span.setAttributes(attributes()));
  quietly(() => span.end());
}

function fail(span: Span, error: unknown): void {
  quietly(() => {
    const type = error instanceof Error ? error.name : typeof error;
    span.setAttributes({ 'feature_flag.result.reason': 'error', 'error.type': type });
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR });
  });
  quietly(() => span.end());
}

function quietly(task: () => void): void {
  try {
    task();
  } catch {
    // Telemetry that breaks is no reason to keep anybody waiting for an answer.
  }
}
