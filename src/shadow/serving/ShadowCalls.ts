import type { Clock } from '../../core/clock.ts';
import type { Slot } from '../../core/dispatch.ts';
import type { PassedRequest } from '../../core/Model.ts';
import { isThenable } from '../../core/perRow.ts';
import { describeFailure } from './describeFailure.ts';
import type { QueuedJob, ShadowResult } from './ShadowJob.ts';

/** How models are asked behind the scenes, and who hears of it. What is told must not throw. */
export interface CallRules {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly copy: (input: unknown) => unknown;
  readonly isValid: (prediction: unknown) => boolean;
  /** A synchronous call has held the loop for so long. */
  held(model: string, ms: number): void;
  /** An asynchronous call is over; `finish` tells its result, and costs what that costs. */
  closed(finish: () => void): void;
}

/** Calls of models that nobody waits for: timed, given up in time, and whatever they do is a result. */
export class ShadowCalls {
  readonly #rules: CallRules;
  readonly #giveUp: Set<() => void> = new Set();

  constructor(rules: CallRules) {
    this.#rules = rules;
  }

  /** Asynchronous calls under way. */
  get running(): number {
    return this.#giveUp.size;
  }

  /** Gives up all calls under way: they are done without a result. */
  giveUp(): void {
    for (const giveUp of [...this.#giveUp]) giveUp();
  }

  /**
   * Asks a model.
   * @param alone whether nobody else reads the input, so that it needs no copy of its own
   * @param done hears the result, at once where the model is synchronous; undefined where it was given up
   */
  call(slot: Slot, entry: QueuedJob, alone: boolean, done: (result: ShadowResult | undefined) => void): void {
    const { clock, timeoutMs } = this.#rules;
    const abort = slot.form === 'leaf' ? undefined : new AbortController();
    let started = clock.monotonic();
    let value: unknown;
    let later: boolean;
    try {
      const input = alone ? entry.job.input : this.#rules.copy(entry.job.input);
      started = clock.monotonic();
      value = this.#predict(slot, input, entry, abort?.signal);
      later = isThenable(value);
    } catch (error) {
      done(failure('error', error, clock.monotonic() - started));
      return;
    }
    const latencyMs = clock.monotonic() - started;
    if (later) this.#await(slot, value as PromiseLike<unknown>, started, abort, done);
    else {
      this.#rules.held(slot.name, latencyMs);
      done(latencyMs > timeoutMs ? overdue(slot.name, timeoutMs, latencyMs) : this.#judge(value, latencyMs));
    }
  }

  #await(
    slot: Slot,
    value: PromiseLike<unknown>,
    started: number,
    abort: AbortController | undefined,
    done: (result: ShadowResult | undefined) => void,
  ): void {
    const { clock, timeoutMs } = this.#rules;
    let open = true;
    const close = (result: ShadowResult | undefined): void => {
      if (!open) return;
      open = false;
      cancel();
      this.#giveUp.delete(giveUp);
      this.#rules.closed(() => done(result));
    };
    const giveUp = (): void => {
      close(undefined);
      abort?.abort();
    };
    this.#giveUp.add(giveUp);
    const cancel = clock.schedule(() => {
      close(overdue(slot.name, timeoutMs, timeoutMs));
      abort?.abort();
    }, timeoutMs);
    // A promise of its own, resolved with it: a `then` that throws, or answers twice, is no promise, and neither is one
    // whose `constructor` cannot be read (`Promise.resolve` would read it, and hand back the very promise).
    new Promise((resolve) => resolve(value)).then(
      (prediction) => close(this.#judge(prediction, clock.monotonic() - started)),
      (error: unknown) => close(failure('error', error, clock.monotonic() - started)),
    );
  }

  #predict(slot: Slot, input: unknown, { outcome }: QueuedJob, signal: AbortSignal | undefined): unknown {
    const model = slot.model as { predict(input: unknown, request?: PassedRequest): unknown };
    if (slot.form === 'leaf') return model.predict(input);
    const { requestId, unit, context } = outcome;
    return model.predict(input, {
      ...(requestId === undefined ? {} : { id: requestId }),
      ...(unit === undefined ? {} : { unit }),
      ...(context === undefined ? {} : { context }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #judge(prediction: unknown, latencyMs: number): ShadowResult {
    return { status: this.#rules.isValid(prediction) ? 'ok' : 'invalid', prediction, error: null, latencyMs };
  }
}

function failure(status: 'error' | 'timeout', error: unknown, latencyMs: number): ShadowResult {
  return { status, prediction: undefined, error: describeFailure(error), latencyMs };
}

function overdue(name: string, timeoutMs: number, latencyMs: number): ShadowResult {
  const message = `${name} did not answer within ${timeoutMs} ms`;
  return { status: 'timeout', prediction: undefined, error: { name: 'ModelTimeoutError', message }, latencyMs };
}
