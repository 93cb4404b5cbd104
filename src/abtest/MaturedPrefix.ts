import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { Outcome } from '../metrics/Outcome.ts';

type State = { at: number; outcome: Outcome | undefined; done: boolean };

/** Requests that may stand behind one whose truth is late; beyond that it is taken as lost. */
const MOST = 200_000;

/**
 * Hands truths on in the order in which the requests were served: one whose truth is late holds back all that came after
 * it, until the truth comes or is given up. So what is analysed is always a prefix of the requests, never "whoever was
 * labelled first".
 */
export class MaturedPrefix {
  readonly #release: (outcome: Outcome) => void;
  readonly #windowMs: number;
  #queue: Map<string, State> = new Map();

  /** @param windowMs nobody is waited for longer: the id of a request may have been used before, and never be heard of */
  constructor(release: (outcome: Outcome) => void, windowMs: number) {
    this.#release = release;
    this.#windowMs = windowMs;
  }

  /** A request was served. */
  open(requestId: string, at: number): void {
    for (const state of this.#queue.values()) {
      if (at - state.at <= this.#windowMs) break;
      state.done = true;
    }
    this.#drain();
    if (this.#queue.has(requestId)) return;
    this.#queue.set(requestId, { at, outcome: undefined, done: false });
    if (this.#queue.size > MOST) {
      this.#queue.delete(this.#queue.keys().next().value as string);
      this.#drain();
    }
  }

  /** Its truth has come; `undefined`: it will not. */
  close(requestId: string, outcome: Outcome | undefined): void {
    const state = this.#queue.get(requestId);
    if (state === undefined) return;
    state.outcome = outcome;
    state.done = true;
    this.#drain();
  }

  /** Requests whose truth is there, held back by an earlier one. */
  get held(): number {
    let held = 0;
    for (const { done } of this.#queue.values()) if (done) held += 1;
    return held;
  }

  toJSON(): Json {
    return [...this.#queue].map(([id, { at, outcome, done }]) => [
      id,
      at,
      done,
      outcome === undefined ? null : encodeJson({ ...outcome, error: undefined }),
    ]);
  }

  load(json: Json): void {
    const saved = json as unknown as readonly (readonly [string, number, boolean, Json | null])[];
    this.#queue = new Map(
      saved.map(([id, at, done, outcome]) => [
        id,
        { at, done, outcome: outcome === null ? undefined : (decodeJson(outcome) as Outcome) },
      ]),
    );
  }

  #drain(): void {
    for (const [id, { outcome, done }] of this.#queue) {
      if (!done) return;
      this.#queue.delete(id);
      if (outcome !== undefined) this.#release(outcome);
    }
  }
}
