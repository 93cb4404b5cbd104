import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { Outcome } from '../metrics/Outcome.ts';

type State = { at: number; outcome: Outcome | undefined; done: boolean };
type Saved = readonly (readonly [id: string, at: number, done: boolean, outcome: Json | null])[];

/** Truths that are here and not analysed yet. */
export interface HeldTruths {
  /** Requests whose truth is there, or given up, behind an earlier one that is late, and those of `foreign`. */
  readonly requests: number;
  /** Of requests that other replicas served: analysed once their window is over. */
  readonly foreign: number;
  /** When the last of these is, milliseconds since the epoch; undefined where there is none. */
  readonly foreignUntil: number | undefined;
}

/** Nothing is held. */
export const NOTHING_HELD: HeldTruths = { requests: 0, foreign: 0, foreignUntil: undefined };

/** Requests that may stand behind one whose truth is late; beyond that it is taken as lost. */
const MOST = 200_000;

/**
 * Hands truths on in the order in which the requests were served: one whose truth is late holds back all that came after
 * it, until the truth comes or is given up. So what is analysed is always a prefix of the requests, never "whoever was
 * labelled first".
 *
 * Of a request that another replica served nobody here knows what came before it: its truth is handed on once the window
 * is over, when the truths of all earlier ones are there or given up, wherever they were served.
 */
export class MaturedPrefix {
  readonly #release: (outcome: Outcome) => void;
  readonly #windowMs: number;
  #queue: Map<string, State> = new Map();
  /** Requests that other replicas served, whose truths came here. */
  #foreign: Map<string, State> = new Map();

  /** @param windowMs nobody is waited for longer: the id of a request may have been used before, and never be heard of */
  constructor(release: (outcome: Outcome) => void, windowMs: number) {
    this.#release = release;
    this.#windowMs = windowMs;
  }

  /** A request was served. */
  open(requestId: string, at: number): void {
    this.expire(at);
    if (this.#queue.has(requestId)) return;
    this.#queue.set(requestId, { at, outcome: undefined, done: false });
    if (this.#queue.size > MOST) {
      this.#queue.delete(this.#queue.keys().next().value as string);
      this.#drain();
    }
  }

  /** A request that another replica served waits here for its truth. */
  adopt(requestId: string, at: number): void {
    if (this.#queue.has(requestId)) return;
    this.#foreign.set(requestId, { at, outcome: undefined, done: false });
    if (this.#foreign.size > MOST) this.#foreign.delete(this.#foreign.keys().next().value as string);
  }

  /** Nothing is waited for longer than the window. */
  expire(now: number): void {
    for (const state of this.#queue.values()) {
      if (now - state.at <= this.#windowMs) break;
      state.done = true;
    }
    this.#drain();
    for (const [id, { at, outcome }] of this.#foreign) {
      if (now - at <= this.#windowMs) continue;
      this.#foreign.delete(id);
      if (outcome !== undefined) this.#release(outcome);
    }
  }

  /** Its truth has come; `undefined`: it will not. */
  close(requestId: string, outcome: Outcome | undefined): void {
    const state = this.#queue.get(requestId) ?? this.#foreign.get(requestId);
    if (state === undefined) return;
    state.outcome = outcome;
    state.done = true;
    this.#drain();
  }

  /** What is held back: by an earlier request, or until a window is over. */
  get held(): HeldTruths {
    let requests = 0;
    for (const { done } of this.#queue.values()) if (done) requests += 1;
    let foreign = 0;
    let last = Number.NEGATIVE_INFINITY;
    for (const { done, at } of this.#foreign.values()) {
      if (!done) continue;
      foreign += 1;
      last = Math.max(last, at);
    }
    const foreignUntil = foreign === 0 ? undefined : last + this.#windowMs;
    return { requests: requests + foreign, foreign, foreignUntil };
  }

  toJSON(): Json {
    return { own: statesToJson(this.#queue), foreign: statesToJson(this.#foreign) };
  }

  load(json: Json): void {
    const { own, foreign } = json as unknown as { readonly own: Saved; readonly foreign: Saved };
    this.#queue = readStates(own);
    this.#foreign = readStates(foreign);
  }

  #drain(): void {
    for (const [id, { outcome, done }] of this.#queue) {
      if (!done) return;
      this.#queue.delete(id);
      if (outcome !== undefined) this.#release(outcome);
    }
  }
}

function statesToJson(states: ReadonlyMap<string, State>): Json {
  return [...states].map(([id, { at, outcome, done }]) => [
    id,
    at,
    done,
    outcome === undefined ? null : encodeJson({ ...outcome, error: undefined }),
  ]);
}

function readStates(saved: Saved): Map<string, State> {
  return new Map(
    saved.map(([id, at, done, outcome]) => [
      id,
      { at, done, outcome: outcome === null ? undefined : (decodeJson(outcome) as Outcome) },
    ]),
  );
}
