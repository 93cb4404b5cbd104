/**
 * Where records go that somebody wants to keep: a file, a stream, a table. A strategy hands over whole batches, never one
 * record at a time, and goes on without waiting. A write that rejects is counted and told; what was in it is lost to this sink alone.
 */
export interface Sink<Item> {
  /** Names it in counts, events and reports. */
  readonly name: string;
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
  /** The bytes of one batch, which stand on lines of their own. */
  encode(batch: readonly Item[]): Promise<Uint8Array>;
  /** The records of what `encode` gave, batch after batch, in order. */
  decode(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Item>;
}
