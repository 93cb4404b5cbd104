import type { Unit } from './Unit.ts';

/** Anything that predicts. `Output` may be a Promise: strategies over synchronous models stay synchronous. */
export interface Model<Input, Output> {
  /** The model's answer to one input. */
  predict(input: Input): Output;
}

/** Any model at all: the bound of the strategies' type parameters. */
export interface AnyModel {
  /** The model's answer. */
  predict(input: never, ...rest: never): unknown;
}

/** Models by variant name. */
export type Models = Readonly<Record<string, AnyModel>>;

/** A model seen from what it takes. */
export interface AcceptingModel<Input> {
  /** The model's answer. */
  predict(input: Input, ...rest: never): unknown;
}

/** A model seen from what it returns. */
export interface AnsweringModel<Output> {
  /** The model's answer. */
  predict(input: never, ...rest: never): Output;
}

/** What a model takes. */
export type InputOf<M> = M extends AcceptingModel<infer I> ? I : never;

/** What a model returns, promises included; the union where several models differ. */
export type OutputOf<M> = M extends AnsweringModel<infer O> ? O : never;

/** The intersection of the members of a union. */
export type Meet<U> = (U extends unknown ? (u: U) => void : never) extends (i: infer I) => void ? I : never;

/** What every one of several models takes: the intersection of their inputs. */
export type SharedInput<M> = Meet<M extends unknown ? [InputOf<M>] : never> extends [infer I] ? I : Meet<InputOf<M>>;

/** A model's answer once it is there: the output with its promise taken off. */
export type PredictionOf<M> = Awaited<OutputOf<M>>;

/** What a caller may say about one request. The outermost strategy owns it and hands it to nested strategies only. */
export interface Request {
  /** The key by which `record(id, truth)` finds the outcome. Given: the outcome waits for its truth. */
  readonly id?: string;
  /** Who is asking: hashed for sticky assignment, and the cluster of cluster-robust statistics. */
  readonly unit?: Unit;
  /** Cancels an asynchronous prediction. A cancelled request is no error of the model. */
  readonly signal?: AbortSignal;
  /** Whatever segments, gates and contextual bandits look at besides the input. */
  readonly context?: unknown;
  /** The ground truth, where it is known already: the same as `record(id, truth)` right after the answer. */
  readonly truth?: unknown;
}

/** The part of a request that travels down to nested strategies and to models marked by `withContext`. */
export type PassedRequest = Pick<Request, 'id' | 'unit' | 'signal' | 'context'>;

/** What became of a truth that was recorded. Never an exception: labels come late, twice, and for strangers. */
export type RecordResult =
  /** Joined to its outcome; the metrics have it. */
  | 'recorded'
  /** The prediction is still under way; the truth waits for it. */
  | 'pending'
  /** This request has its truth already; nothing changed. */
  | 'duplicate'
  /** The outcome waited longer than the truth window, and is gone. */
  | 'expired'
  /** No request of this id, or so long ago that even the id is forgotten. */
  | 'unknown'
  /** The value is none (a reward that is NaN, or outside its range): nothing changed, and the request still waits. */
  | 'invalid';

/** The story of one served request. */
export interface Served<Prediction> {
  readonly requestId: string;
  /** The variant that the strategy chose: the one that an error counts against. */
  readonly variant: string;
  /** The variant whose answer this is; another one than `variant` after a fallback. */
  readonly answeredBy: string;
  /**
   * The variants from this strategy down to the leaf model. A variant that failed and was replaced by a fallback
   * stands there with a `!` behind its name, before the one that answered.
   */
  readonly path: readonly string[];
  readonly prediction: Prediction;
  /** Milliseconds until the answer was there, nested strategies and fallbacks included. */
  readonly latencyMs: number;
}

/**
 * The story of an output: plain for a synchronous model, a promise for an asynchronous one, the honest union for a
 * mixture. An untyped (`any`) model counts as synchronous.
 */
export type Story<Output, Extra = unknown> = 0 extends 1 & Output
  ? Served<Output> & Extra
  : [Output] extends [PromiseLike<infer T>]
    ? Promise<Served<T> & Extra>
    : [Extract<Output, PromiseLike<unknown>>] extends [never]
      ? Served<Output> & Extra
      : (Served<Exclude<Output, PromiseLike<unknown>>> & Extra) | Promise<Served<Awaited<Output>> & Extra>;
