import type { Json } from '../core/json.ts';
import type { AttemptStatus } from '../core/observer.ts';
import type { HourlyDrops } from './evidence/ShadowTally.ts';

/** The layout of records; raised whenever it changes. */
export const SHADOW_SCHEMA: 1 = 1;

interface RecordBase {
  readonly schema: typeof SHADOW_SCHEMA;
  /** Counts the records of one runner from 1, without a gap: what is missing in a log was lost or taken out. */
  readonly seq: number;
  /** When it was written, milliseconds since the epoch, by the runner's clock. */
  readonly at: number;
  /** The runner's name. */
  readonly runner: string;
  /** The runner's replica label; empty where there is one process only. */
  readonly replica: string;
}

/** What comparisons read of a prediction: never the prediction itself. `null` stands for a number that is none (NaN, an infinity). */
export interface RecordedReading {
  /** The score of the positive class, where `classification` reads one. */
  readonly score?: number | null;
  /** Whether it says positive, where `classification` is asked for. */
  readonly positive?: boolean;
  /** The class, where `classes` are asked for; null for an answer that is none of them. */
  readonly label?: string | number | null;
  /** The predicted number: what `regression` reads, or else a prediction that is a number itself (drift is told of it). */
  readonly value?: number | null;
  /** The values of the metrics that are due, by name; pairs of metrics of pairs. */
  readonly metrics?: Readonly<Record<string, number | null | readonly [number | null, number | null]>>;
}

/** What became of one model's call, and what was read of its answer. */
export interface RecordedAnswer extends RecordedReading {
  readonly status: AttemptStatus;
  readonly latencyMs: number;
  /** The name of what was thrown. Messages stay out: they quote inputs. */
  readonly error?: string;
  /** What `log.prediction` lets through of the answer; absent by default. */
  readonly prediction?: Json;
}

/** The first record of a process: what runs. */
export interface RunRecord extends RecordBase {
  readonly kind: 'run';
  /** Versions by model name, `primary` among them; null where a model does not say. */
  readonly versions: Readonly<Record<string, string | null>>;
  readonly sampleRate: number;
  readonly expiresAt: number | null;
  /** Whether it goes on from a snapshot: totals and `seq` then go on as well. */
  readonly restored: boolean;
}

/** One request as the primary and one shadow answered it. */
export interface ComparisonRecord extends RecordBase {
  readonly kind: 'comparison';
  /** Null where nobody can ask for it: `predict()` without an id. */
  readonly requestId: string | null;
  /** When it was served, milliseconds since the epoch. */
  readonly servedAt: number;
  readonly shadow: string;
  /** The share of requests that was sampled when it was served. */
  readonly sampleRate: number;
  readonly comparison: 'agreed' | 'disagreed' | 'ignored' | 'incomparable';
  /** How far apart the two answers are, where that can be said. */
  readonly distance: number | null;
  readonly primary: RecordedAnswer;
  readonly candidate: RecordedAnswer;
  /** The request's group by attribute, where `subgroup` says. */
  readonly subgroups: Readonly<Record<string, string>>;
  /** What `log.input` lets through of the input; absent by default. */
  readonly input?: Json;
}

/** The truth of one request for one shadow, with what both had said: it can be counted without the comparison's record. */
export interface TruthRecord extends RecordBase {
  readonly kind: 'truth';
  readonly requestId: string | null;
  readonly servedAt: number;
  readonly shadow: string;
  /** What was read of the truth. */
  readonly truth: {
    readonly positive?: boolean;
    readonly label?: string | number | null;
    readonly value?: number | null;
  };
  readonly primary: RecordedReading;
  readonly candidate: RecordedReading;
  readonly subgroups: Readonly<Record<string, string>>;
}

/** The primary asked a second time about the same input: what differs here is noise of its own. */
export interface NoiseRecord extends RecordBase {
  readonly kind: 'noise';
  readonly requestId: string | null;
  readonly servedAt: number;
  readonly comparison: 'agreed' | 'disagreed' | 'ignored' | 'incomparable';
  readonly distance: number | null;
}

/** How many requests were offered to one shadow and left out so far, by reason: running totals. */
export interface DropsRecord extends RecordBase {
  readonly kind: 'drops';
  readonly shadow: string;
  readonly offered: number;
  readonly dropped: Readonly<Record<string, number>>;
  /** The same by the hour of the day, UTC; absent in logs of before it was kept. */
  readonly hours?: HourlyDrops;
  /** Drops by group, where `subgroup` says and some were dropped. */
  readonly groups?: readonly GroupDrops[];
}

/** Drops of one group of requests, by reason: running totals. */
export interface GroupDrops {
  /** A name that `subgroup` answered with, and what it said. */
  readonly attribute: string;
  readonly group: string;
  /** Requests left out so far, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Somebody asked whether a shadow may be promoted. */
export interface LookRecord extends RecordBase {
  readonly kind: 'look';
  readonly shadow: string;
  /** Counts the looks from 1. */
  readonly look: number;
  readonly decision: 'promote' | 'hold' | 'reject' | 'expired';
}

/**
 * What a runner hands to its sinks, in batches: plain JSON, readings and counts instead of inputs and answers.
 * `replay` rebuilds the comparisons from it.
 */
export type ShadowRecord = RunRecord | ComparisonRecord | TruthRecord | NoiseRecord | DropsRecord | LookRecord;

/** A record that has no place in a log yet. @internal */
export type Draft<R extends ShadowRecord> = R extends unknown
  ? Omit<R, 'schema' | 'seq' | 'at' | 'runner' | 'replica'>
  : never;
