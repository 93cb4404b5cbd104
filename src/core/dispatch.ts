import type { Clock } from './clock.ts';
import { ModelTimeoutError } from './errors.ts';
import type { AnyModel, PassedRequest, Request, Served } from './Model.ts';
import type { AttemptStatus } from './observer.ts';
import { isThenable } from './perRow.ts';
import { checkModel, contextMark, isStrategy } from './strategy.ts';

export type { AttemptStatus } from './observer.ts';

/** One call of one model within a request. */
export interface Attempt {
  readonly variant: string;
  readonly status: AttemptStatus;
  /** The answer, where there is one (also where it is invalid, or came too late from a synchronous model). */
  readonly prediction: unknown;
  /** What was thrown or rejected, or the timeout. */
  readonly error: unknown;
  /** Milliseconds, measured around the call; a nested strategy's own work included. */
  readonly latencyMs: number;
  /** The variant that failed before, where this call is its fallback. */
  readonly fallbackFor: string | undefined;
}

/** A variant with its model, ready to be called. */
export interface Slot {
  readonly name: string;
  readonly model: AnyModel;
  readonly form: 'leaf' | 'context' | 'strategy';
}

/** A variant's model, checked and classified once. @throws InvalidOptionError if it has no predict() */
export function createSlot(option: string, name: string, model: unknown): Slot {
  const sound = checkModel(option, model as AnyModel);
  return { name, model: sound, form: isStrategy(sound) ? 'strategy' : contextMark in sound ? 'context' : 'leaf' };
}

/** How a strategy serves: the same for all of its requests. `Token` is what it remembers of one request. */
export interface ServingRules<Token> {
  readonly clock: Clock;
  /** An asynchronous model is given up after so many milliseconds; a synchronous one is judged by it afterwards. */
  readonly timeoutMs: number | undefined;
  /** Whether an answer is one; see `isAnswer`. */
  readonly isValid: (prediction: unknown) => boolean;
  /** Told of every attempt, exactly once, before the caller has the answer. Must not throw. */
  readonly settle: (token: Token, attempt: Attempt) => void;
}

/** The default rule: undefined, NaN and infinities are no answers. */
export function isAnswer(prediction: unknown): boolean {
  return typeof prediction === 'number' ? Number.isFinite(prediction) : prediction !== undefined;
}

/** A story as the dispatcher knows it: the strategy adds its request id and its own fields. */
export type Answer = Omit<Served<unknown>, 'requestId'>;

interface Call<Token> {
  readonly rules: ServingRules<Token>;
  readonly slot: Slot;
  readonly fallback: Slot | undefined;
  readonly input: unknown;
  readonly request: Request;
  readonly token: Token;
  readonly story: boolean;
  readonly started: number;
  /** When the present attempt began, and what failed before it. */
  readonly from: number;
  readonly failed: string | undefined;
}

type Predict = (input: unknown, request?: PassedRequest) => unknown;

/**
 * Calls the chosen variant's model, and the fallback's where that fails and there is one.
 *
 * With `story` false the result is the very value, promise or throw of the model that answered; a new promise stands
 * in only where an asynchronous variant has a fallback or a timeout. With `story` true it is an `Answer`, or a promise
 * of one where the model is asynchronous. Synchronous models make synchronous results.
 */
export function dispatch<Token>(
  rules: ServingRules<Token>,
  slot: Slot,
  fallback: Slot | undefined,
  input: unknown,
  request: Request,
  token: Token,
  story: boolean,
): unknown {
  const started = rules.clock.monotonic();
  return attempt({ rules, slot, fallback, input, request, token, story, started, from: started, failed: undefined });
}

function attempt<Token>(call: Call<Token>): unknown {
  const { rules, slot, input, request, story, from } = call;
  let value: unknown;
  // Only where somebody can hear it: an abort signal for a leaf that gets the input alone would be built for nobody.
  const abort = rules.timeoutMs !== undefined && slot.form !== 'leaf' ? new AbortController() : undefined;
  try {
    const predict = slot.model.predict as Predict;
    if (slot.form === 'leaf') value = predict.call(slot.model, input);
    else {
      const passed = pass(request, abort?.signal);
      const nested = story && slot.form === 'strategy';
      value = nested
        ? (slot.model as unknown as { serve: Predict }).serve(input, passed)
        : predict.call(slot.model, input, passed);
    }
  } catch (error) {
    return fail(call, error);
  }
  if (isThenable(value)) return rules.timeoutMs === undefined ? tap(call, value) : race(call, value, abort);
  const latencyMs = rules.clock.monotonic() - from;
  const late = rules.timeoutMs !== undefined && latencyMs > rules.timeoutMs;
  return succeed(call, value, latencyMs, late);
}

function pass({ id, unit, signal, context }: Request, timeout: AbortSignal | undefined): PassedRequest {
  const joined = timeout === undefined ? signal : signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  return {
    ...(id === undefined ? {} : { id }),
    ...(unit === undefined ? {} : { unit }),
    ...(joined === undefined ? {} : { signal: joined }),
    ...(context === undefined ? {} : { context }),
  };
}

function settle<Token>(
  call: Call<Token>,
  status: AttemptStatus,
  prediction: unknown,
  error: unknown,
  latencyMs: number,
): void {
  const variant = call.slot.name;
  call.rules.settle(call.token, { variant, status, prediction, error, latencyMs, fallbackFor: call.failed });
}

function succeed<Token>(call: Call<Token>, value: unknown, latencyMs: number, late: boolean): unknown {
  const { rules, slot, story } = call;
  const told = story && slot.form === 'strategy';
  const prediction = told ? (value as Served<unknown>).prediction : value;
  const valid = rules.isValid(prediction);
  settle(call, late ? 'timeout' : valid ? 'ok' : 'invalid', prediction, undefined, latencyMs);
  if (!valid && call.fallback !== undefined) return fallBack(call);
  if (!story) return value;
  const inner = told ? (value as Served<unknown>).path : [];
  const path = call.failed === undefined ? [slot.name, ...inner] : [`${call.failed}!`, slot.name, ...inner];
  const answer: Answer = {
    variant: call.failed ?? slot.name,
    answeredBy: slot.name,
    path,
    prediction,
    latencyMs: call.failed === undefined ? latencyMs : rules.clock.monotonic() - call.started,
  };
  return answer;
}

function fail<Token>(call: Call<Token>, error: unknown, status: 'error' | 'timeout' = 'error'): unknown {
  const cancelled = call.request.signal?.aborted === true;
  const latencyMs = call.rules.clock.monotonic() - call.from;
  settle(call, cancelled ? 'cancelled' : status, undefined, error, latencyMs);
  if (call.fallback !== undefined && !cancelled) return fallBack(call);
  throw error;
}

function fallBack<Token>(call: Call<Token>): unknown {
  const from = call.rules.clock.monotonic();
  return attempt({ ...call, slot: call.fallback!, fallback: undefined, from, failed: call.slot.name });
}

/** Listens in on a promise; the caller gets the very promise unless a fallback or a story must stand in for it. */
function tap<Token>(call: Call<Token>, value: PromiseLike<unknown>): unknown {
  const latency = (): number => call.rules.clock.monotonic() - call.from;
  const derived = listenTo(value).then(
    (prediction) => succeed(call, prediction, latency(), false),
    (error: unknown) => fail(call, error),
  );
  if (call.story || call.fallback !== undefined) return derived;
  derived.then(undefined, () => undefined);
  return value;
}

/** A promise to listen to: a foreign `then` that throws is a rejection like any other. */
function listenTo(value: PromiseLike<unknown>): Promise<unknown> {
  return value instanceof Promise ? value : Promise.resolve(value);
}

function race<Token>(call: Call<Token>, value: PromiseLike<unknown>, abort: AbortController | undefined): unknown {
  const { rules, slot, from } = call;
  const timeoutMs = rules.timeoutMs!;
  return new Promise((resolve, reject) => {
    let open = true;
    const close = (finish: () => unknown): void => {
      if (!open) return;
      open = false;
      cancel();
      try {
        resolve(finish());
      } catch (error) {
        reject(error);
      }
    };
    const cancel = rules.clock.schedule(() => {
      const error = new ModelTimeoutError(slot.name, timeoutMs);
      close(() => fail(call, error, 'timeout'));
      abort?.abort(error);
    }, timeoutMs);
    listenTo(value).then(
      (prediction) => close(() => succeed(call, prediction, rules.clock.monotonic() - from, false)),
      (error: unknown) => close(() => fail(call, error)),
    );
  });
}
