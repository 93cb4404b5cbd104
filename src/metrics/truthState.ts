import { SnapshotError } from '../core/errors.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { Outcome } from './Outcome.ts';
import { noTruths, type TruthCounter } from './TruthCounts.ts';

/** How the wait for a truth ended. */
export type TruthEnd = 'recorded' | 'expired';

/** One request whose truth may come, or what became of it. */
export interface TruthEntry {
  readonly id: string;
  readonly at: number;
  /** Undefined until the prediction is there, and once the truth is. */
  readonly outcome: Outcome | undefined;
  readonly state: 'waiting' | TruthEnd;
}

/** All that a ledger keeps over a restart. */
export interface TruthState {
  /** Oldest first. */
  readonly waiting: readonly TruthEntry[];
  readonly done: readonly TruthEntry[];
  readonly counts: Readonly<Record<TruthCounter, number>>;
}

const COUNTERS = Object.keys(noTruths()) as readonly TruthCounter[];

/**
 * An outcome as plain data, without what its entry says (its id, its time) and what is undefined: replicas tell one another
 * of every request that waits. What was thrown stays with the process.
 */
export function outcomeToJson({ variant, unit, input, context, status, prediction, latencyMs, note }: Outcome): Json {
  const short = isPlain(note) ? present(note) : note;
  return encodeJson(present({ variant, unit, input, context, status, prediction, latencyMs, note: short }));
}

function present(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(record)) if (record[key] !== undefined) out[key] = record[key];
  return out;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** What an outcome may be told without. */
const UNTOLD = { unit: undefined, input: undefined, context: undefined, prediction: undefined, note: undefined };

/** A ledger's state as plain data. Predictions under way end with the process. */
export function truthsToJson({ waiting, done, counts }: TruthState): Json {
  return {
    waiting: waiting.flatMap(({ id, at, outcome }) =>
      outcome === undefined ? [] : [[id, at, outcomeToJson(outcome)]],
    ),
    done: done.map(({ id, state }) => [id, state]),
    counts: { ...counts },
  } as Json;
}

/** A request that waits for its truth, from plain data. */
export function waitingEntry(id: string, at: number, json: Json): TruthEntry {
  const told = decodeJson(json) as Pick<Outcome, 'variant' | 'status' | 'latencyMs'>;
  const outcome: Outcome = { ...UNTOLD, ...told, requestId: id, at, error: undefined, truth: undefined };
  return { id, at, outcome, state: 'waiting' };
}

/** Reads what `truthsToJson` wrote. @throws SnapshotError */
export function readTruths(json: Json): TruthState {
  const saved = json as unknown as {
    readonly waiting: readonly (readonly [string, number, Json])[];
    readonly done: readonly (readonly [string, TruthEnd])[];
    readonly counts: Record<TruthCounter, number>;
  } | null;
  const sound =
    Array.isArray(saved?.waiting) &&
    saved.waiting.every(([id, at, outcome]) => typeof id === 'string' && Number.isFinite(at) && isOutcome(outcome)) &&
    Array.isArray(saved.done) &&
    saved.done.every(([id, how]) => typeof id === 'string' && (how === 'recorded' || how === 'expired')) &&
    COUNTERS.every((counter) => Number.isSafeInteger(saved.counts?.[counter]) && saved.counts[counter] >= 0);
  if (!sound)
    throw new SnapshotError('the truths of a snapshot must be waiting outcomes, ids that are done, and counts');
  const doneEntry = ([id, state]: readonly [string, TruthEnd]): TruthEntry => ({
    id,
    at: 0,
    outcome: undefined,
    state,
  });
  return {
    waiting: saved.waiting.map(([id, at, outcome]) => waitingEntry(id, at, outcome)),
    done: saved.done.map(doneEntry),
    counts: { ...saved.counts },
  };
}

/** Whether plain data is an outcome. */
export function isOutcome(json: Json): boolean {
  const outcome = json as { readonly variant?: unknown; readonly status?: unknown } | null;
  return typeof outcome?.variant === 'string' && typeof outcome.status === 'string';
}
