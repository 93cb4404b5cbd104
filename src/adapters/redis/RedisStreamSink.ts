import type { Sink } from '../../core/Sink.ts';
import { checkInteger, checkName, checkOptions } from '../support/check.ts';
import { ClosedError, FullError, InvalidRecordError } from '../support/errors.ts';
import { waitUnlessAborted } from '../support/waitUnlessAborted.ts';
import { type RedisClient, type SendCommand, senderOf } from './RedisClient.ts';
import { Script } from './Script.ts';

/** Options of a `RedisStreamSink`. */
export interface RedisStreamSinkOptions {
  /** The stream's key. */
  readonly stream: string;
  /** @defaultValue 'redis-stream' */
  readonly name?: string;
  /** The stream keeps about so many entries; the oldest go. @defaultValue 1_000_000 */
  readonly maxLength?: number;
  /** The field of an entry that holds the record as JSON. @defaultValue 'record' */
  readonly field?: string;
  /**
   * Records that may wait behind the write under way. A batch that would make it more is refused with a `FullError`, whole;
   * where nothing waits, a batch of any size is taken. @defaultValue 65_536
   */
  readonly maxPending?: number;
}

/** Whole batches, in order: a reader never sees the second half of one without the first. */
const add = new Script(`
for i = 3, #ARGV do redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', ARGV[2], ARGV[i]) end
return #ARGV - 2
`);

/** A script holds up the server while it runs. */
const AT_ONCE = 500;

/**
 * Writes records to a Redis Stream, an entry each, trimmed to about a length: for consumer groups, and for logs that
 * another process moves on. A write resolves when the server has the batch. Clients that send a command again after a
 * connection was lost (`ioredis` by default) may add entries twice: readers go by the record's own id. A write that is given
 * up before its turn leaves nothing; one that had begun may be kept all the same.
 *
 * @example
 * const sink = new RedisStreamSink(client, { stream: 'shadow-records' });
 */
export class RedisStreamSink<Item = unknown> implements Sink<Item> {
  readonly name: string;
  readonly #send: SendCommand;
  readonly #stream: string;
  readonly #maxLength: number;
  readonly #field: string;
  readonly #maxPending: number;
  /** One batch after the other: the last of the queue. */
  #turn: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #closed = false;

  /** @throws InvalidOptionError */
  constructor(client: RedisClient, options: RedisStreamSinkOptions) {
    checkOptions('options', options, ['stream', 'name', 'maxLength', 'field', 'maxPending']);
    this.#send = senderOf('client', client);
    this.name = checkName('name', options.name ?? 'redis-stream');
    this.#stream = checkName('stream', options.stream);
    this.#field = checkName('field', options.field ?? 'record');
    this.#maxLength = checkInteger('maxLength', options.maxLength ?? 1_000_000, { ge: 1 });
    this.#maxPending = checkInteger('maxPending', options.maxPending ?? 65_536, { ge: 1 });
  }

  /** @throws InvalidRecordError for a record that is no JSON: nothing of the batch is written; FullError; ClosedError */
  async write(batch: readonly Item[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    if (this.#closed) throw new ClosedError(`the sink ${this.name}`);
    signal?.throwIfAborted();
    if (this.#pending > 0 && this.#pending + batch.length > this.#maxPending) {
      throw new FullError(`the sink ${this.name}`, this.#pending, this.#maxPending);
    }
    const texts = batch.map(textOf);
    this.#pending += texts.length;
    const written = this.#turn
      .then(() => this.#add(texts, signal))
      .finally(() => {
        this.#pending -= texts.length;
      });
    this.#turn = written.catch(() => undefined);
    return waitUnlessAborted(written, signal);
  }

  async #add(texts: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    // Nobody waits for it any more, and nothing of it was sent.
    signal?.throwIfAborted();
    for (let i = 0; i < texts.length; i += AT_ONCE) {
      const args = [this.#maxLength, this.#field, ...texts.slice(i, i + AT_ONCE)];
      await add.run(this.#send, [this.#stream], args);
    }
  }

  /** Waits for what was written before. */
  async flush(): Promise<void> {
    await this.#turn;
  }

  /** Later writes reject. The connection stays open: it is the caller's. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
  }
}

function textOf(record: unknown, index: number): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(record);
  } catch (cause) {
    throw new InvalidRecordError(index, record, { cause });
  }
  if (text === undefined) throw new InvalidRecordError(index, record);
  return text;
}
