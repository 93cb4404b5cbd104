import { InvalidDataError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Sink } from '../../core/Sink.ts';
import type { Draft, ShadowRecord } from '../ShadowRecord.ts';
import { SHADOW_SCHEMA } from '../ShadowRecord.ts';
import { type SinkStatus, SinkWriter, type WriterRules } from './SinkWriter.ts';

/** What became of a runner's records. */
export interface LogStatus {
  /** Records made so far: the last `seq`. */
  readonly records: number;
  /** `sink`: lost to one sink or another. `redact`: `redact` threw, and nothing was let through. */
  readonly dropped: { readonly sink: number; readonly redact: number };
  readonly sinks: readonly SinkStatus[];
}

/** How a log is made. */
export interface LogRules extends WriterRules {
  readonly runner: string;
  readonly replica: () => string;
  readonly flushMs: number;
  readonly sinks: readonly Sink<ShadowRecord>[];
  /** The records that come before any other of this process. */
  begin(): Draft<ShadowRecord>;
  /** The record as sinks may see it; undefined leaves it out. What it throws is `failed` to be redacted. */
  redact(record: ShadowRecord): unknown;
  redactFailed(error: unknown): void;
  /** Totals that go with every batch. */
  totals(): readonly Draft<ShadowRecord>[];
}

/** Numbers records, redacts them, and hands them to the sinks in batches. */
export class RecordLog {
  readonly #rules: LogRules;
  readonly #writers: readonly SinkWriter[];
  #seq = 0;
  #redactFailures = 0;
  #begun = false;
  #closed = false;
  #cancel: (() => void) | undefined;

  constructor(rules: LogRules) {
    this.#rules = rules;
    this.#writers = rules.sinks.map((sink) => new SinkWriter(sink, rules));
  }

  /** Whether anybody wants records. */
  get active(): boolean {
    return this.#writers.length > 0;
  }

  /** Adds a record. */
  append(draft: Draft<ShadowRecord>): void {
    if (!this.active || this.#closed) return;
    if (!this.#begun) {
      this.#begun = true;
      this.#write(this.#rules.begin());
    }
    this.#write(draft);
    this.#cancel ??= this.#rules.clock.schedule(() => {
      this.#cancel = undefined;
      this.#writeTotals();
      for (const writer of this.#writers) writer.kick();
    }, this.#rules.flushMs);
  }

  /** Writes everything that waits and lets the sinks make it safe. Never rejects. */
  async flush(): Promise<void> {
    this.#writeTotals();
    await Promise.all(this.#writers.map((writer) => writer.flush()));
  }

  /** Flushes, and lets the sinks go. Never rejects. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#cancel?.();
    this.#writeTotals();
    this.#closed = true;
    await Promise.all(this.#writers.map((writer) => writer.close()));
  }

  get status(): LogStatus {
    const sinks = this.#writers.map(({ status }) => status);
    const sink = sinks.reduce((sum, { lost }) => sum + lost, 0);
    return { records: this.#seq, dropped: { sink, redact: this.#redactFailures }, sinks };
  }

  toJSON(): Json {
    const writers = this.#writers.map((writer) => writer.toJSON());
    return { seq: this.#seq, redactFailures: this.#redactFailures, writers } as unknown as Json;
  }

  /** Goes on counting; writers are matched by their place. */
  load(json: Json): void {
    const state = json as unknown as {
      seq: number;
      redactFailures: number;
      writers: ReturnType<SinkWriter['toJSON']>[];
    };
    this.#seq = state.seq;
    this.#redactFailures = state.redactFailures;
    this.#writers.forEach((writer, i) => {
      const saved = state.writers[i];
      if (saved !== undefined) writer.load(saved);
    });
  }

  #writeTotals(): void {
    if (this.#begun && !this.#closed) for (const draft of this.#rules.totals()) this.#write(draft);
  }

  #write(draft: Draft<ShadowRecord>): void {
    const { runner, replica, clock } = this.#rules;
    const base = { schema: SHADOW_SCHEMA, seq: this.#seq + 1, at: clock.now(), runner, replica: replica() };
    const record = this.#redact(detached({ ...base, ...draft } as ShadowRecord));
    if (record === undefined) return;
    this.#seq += 1;
    for (const writer of this.#writers) writer.push(record);
  }

  /** The record as sinks may see it; undefined where they may not see any. */
  #redact(draft: ShadowRecord): ShadowRecord | undefined {
    try {
      const record = this.#rules.redact(draft);
      if (record === undefined) return undefined;
      const { kind } = record as { readonly kind?: unknown };
      if (typeof kind === 'string') return record as ShadowRecord;
      // A promise that nobody waits for must not end the process where it rejects.
      if (record instanceof Promise) record.catch(() => undefined);
      throw new InvalidDataError('redact', record, 'a record, or undefined');
    } catch (error) {
      this.#redactFailures += 1;
      this.#rules.redactFailed(error);
      return undefined;
    }
  }
}

/** A record of its own: evidence holds the parts of the draft, and nobody may change it by way of a record. */
function detached(record: ShadowRecord): ShadowRecord {
  return Object.fromEntries(
    Object.entries(record).map(([key, part]) => [key, copied(part)]),
  ) as unknown as ShadowRecord;
}

function copied(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map(copied);
  return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copied(inner)]));
}
