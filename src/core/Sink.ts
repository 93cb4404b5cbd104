/** The newest line of a log whose lines are chained: who knows it knows whether any line before it was changed. */
export interface LogHead {
  /** Its number; the first line of a log is 0. */
  readonly seq: number;
  /** Its SHA-256, base64url. */
  readonly hash: string;
}

/**
 * Where records go that somebody wants to keep: a file, a stream, a table. A strategy hands over whole batches, never one
 * record at a time, and goes on without waiting. A write that rejects is counted and told; what was in it is lost to this sink alone.
 */
export interface Sink<Item> {
  /** Names it in counts, events and reports. */
  readonly name: string;
  /** The hash of the newest kept line of a chained log, for reports; undefined where nothing is chained, or nothing kept yet. */
  head?(): string | undefined;
  /**
   * Keeps a batch, in order. Resolves when the batch is as safe as the sink promises.
   * @param options `signal` aborts when the caller no longer waits
   */
  write(batch: readonly Item[], options: { readonly signal: AbortSignal }): Promise<void>;
  /** Makes safe what has been written so far. */
  flush?(): Promise<void>;
  /** Flushes and lets go of what the sink holds. Later writes reject. */
  close?(): Promise<void>;
}

/** Turns batches of records into bytes and back: plain lines, or encrypted and chained ones. */
export interface Codec<Item> {
  /** The newest line that was encoded or resumed from, of a codec that chains its lines. */
  readonly head?: LogHead | null;
  /**
   * Goes on after the last line that was kept, without its newline; null where there is none. A sink calls it before its
   * first `encode`, and again where what was encoded could not be kept. A codec that knows no past leaves it out.
   */
  resume?(lastLine: Uint8Array | null): Promise<void>;
  /** What was encoded last has been kept, as safe as the sink promises. Must not throw, and not take long. */
  kept?(): void;
  /** Nothing more will be encoded: called when its sink is closed, after everything has been kept. */
  close?(): Promise<void>;
  /** The bytes of one batch, which stand on lines of their own. One call at a time. */
  encode(batch: readonly Item[]): Promise<Uint8Array>;
  /** The records of what `encode` gave, batch after batch, in order. */
  decode(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Item>;
}
