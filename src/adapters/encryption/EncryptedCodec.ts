import type { Clock } from '../../core/clock.ts';
import type { Codec, LogHead } from '../../core/Sink.ts';
import { checkInteger, checkMethods, checkName, checkOneOf, checkOptions } from '../support/check.ts';
import { InvalidOptionError } from '../support/errors.ts';
import { splitLines } from '../support/splitLines.ts';
import { systemClock } from '../support/systemClock.ts';
import { type BatchHeader, hashLine, readHeader, seal, serialise, unseal } from './batch.ts';
import { type CheckpointOptions, CheckpointSigner } from './CheckpointSigner.ts';
import { type LogFindingKind, LogIntegrityError } from './findings.ts';
import { checkKeys, checkRecipient, type LogKey, type NamedKey, type Recipient } from './keys.ts';

/** Options of `EncryptedCodec`. Who writes has a `recipient`, who reads has `keys`. */
export interface EncryptedCodecOptions {
  /** The log's name. It is sealed into every batch, so that none can be moved to another log. */
  readonly stream: string;
  /**
   * Whom batches are encrypted for: a public key (EC on P-256, P-384 or P-521, X25519, or RSA from 2048 bits) and its id. The host that
   * writes has nothing that reads.
   */
  readonly recipient?: NamedKey;
  /** The private keys that read, by their ids. */
  readonly keys?: Readonly<Record<string, LogKey>>;
  /**
   * What reading does with batches whose key is not there, destroyed for instance so that nobody can read them any more: stop with
   * a `LogIntegrityError`, or leave them out and count them. @defaultValue 'throw'
   */
  readonly missingKeys?: 'throw' | 'skip';
  /**
   * Records that are sealed together at most: a line each batch. More costs less time in all, and more at a stretch.
   * @defaultValue 128
   */
  readonly recordsPerBatch?: number;
  /** Signed checkpoints in a second place. Without them nobody sees that the end of a log was cut off. @defaultValue none */
  readonly checkpoints?: CheckpointOptions;
  /** The source of time, for checkpoints. @defaultValue the system's */
  readonly clock?: Clock;
}

/** What a codec has done so far. */
export interface EncryptedCodecCounts {
  /** Batches that were sealed. */
  readonly sealed: number;
  /** Batches that were read. */
  readonly opened: number;
  /** Batches that were left out in reading because their key is not there. */
  readonly skipped: number;
  /** Checkpoints that are kept in the second place. */
  readonly checkpoints: number;
  /** Checkpoints that could not be kept there. Their batches are covered by the next one. */
  readonly checkpointFailures: number;
}

const names = ['stream', 'recipient', 'keys', 'missingKeys', 'recordsPerBatch', 'checkpoints', 'clock'];

/**
 * Encrypts the batches of a log, each by a random key of its own (AES-256-GCM) that is wrapped for the recipient's public key, and
 * chains them: every batch names its number and the SHA-256 of the line before, under the same seal. `verifyLog` tells what was
 * altered, moved, taken out, put in or, with checkpoints, cut off. One codec writes one log.
 *
 * `encode` rejects with an `InvalidRecordError` where a record is no JSON; `resume` with a `LogIntegrityError` where the log's last
 * line is no batch of it. `decode` throws a `LogIntegrityError` at the first thing that is wrong; a log whose oldest files have
 * been deleted may begin with any batch.
 *
 * Source: RFC 7516 (JWE), RFC 7518 sections 4.3, 4.6 and 5.3, FIPS 180-4.
 */
export class EncryptedCodec<Item = unknown> implements Codec<Item> {
  readonly #stream: string;
  readonly #keys: ReadonlyMap<string, LogKey> | undefined;
  readonly #missingKeys: 'throw' | 'skip';
  readonly #recordsPerBatch: number;
  readonly #signer: CheckpointSigner | undefined;
  #recipient: Recipient | undefined;
  #head: LogHead | null = null;
  #sealed = 0;
  #opened = 0;
  #skipped = 0;

  /** @throws InvalidOptionError */
  constructor(options: EncryptedCodecOptions) {
    checkOptions('options', options, names);
    const { recipient, keys, checkpoints, clock = systemClock } = options;
    this.#stream = checkName('stream', options.stream);
    this.#recipient = recipient === undefined ? undefined : checkRecipient('recipient', recipient);
    this.#keys = keys === undefined ? undefined : checkKeys('keys', keys, 'private');
    this.#missingKeys = checkOneOf('missingKeys', options.missingKeys ?? 'throw', ['throw', 'skip']);
    this.#recordsPerBatch = checkInteger('recordsPerBatch', options.recordsPerBatch ?? 128, { ge: 1 });
    checkMethods('clock', clock, 'a Clock', ['now', 'schedule']);
    this.#signer = checkpoints === undefined ? undefined : new CheckpointSigner(this.#stream, clock, checkpoints);
  }

  /** The newest batch that was sealed, or resumed from. */
  get head(): LogHead | null {
    return this.#head;
  }

  /** What has been done so far. */
  get counts(): EncryptedCodecCounts {
    const { signed = 0, failed = 0 } = this.#signer ?? {};
    const counts = { sealed: this.#sealed, opened: this.#opened, skipped: this.#skipped };
    return { ...counts, checkpoints: signed, checkpointFailures: failed };
  }

  /** Encrypts for another key from the next batch on. Readers need the old one as long as its batches are to be read. @throws InvalidOptionError */
  rotate(recipient: NamedKey): void {
    this.#recipient = checkRecipient('recipient', recipient);
  }

  async resume(lastLine: Uint8Array | null): Promise<void> {
    if (lastLine === null) {
      this.#head = null;
      return;
    }
    const header = readHeader(lastLine, this.#stream);
    if (typeof header === 'string') throw broken('malformed', null, null, `the log's last line: ${header}`);
    this.#head = { seq: header.seq, hash: hashLine(lastLine) };
  }

  async encode(batch: readonly Item[]): Promise<Uint8Array> {
    const recipient = this.#recipient;
    if (recipient === undefined) throw new InvalidOptionError('recipient', undefined, 'given to write');
    const parts: Uint8Array[] = [];
    let head = this.#head;
    for (let from = 0; from < batch.length; from += this.#recordsPerBatch) {
      const records = batch.slice(from, from + this.#recordsPerBatch);
      const link = { stream: this.#stream, seq: (head?.seq ?? -1) + 1, prev: head?.hash ?? '', count: records.length };
      const line = await seal(serialise(records, from), recipient, link);
      head = { seq: link.seq, hash: hashLine(line) };
      parts.push(line, NEWLINE);
    }
    this.#sealed += parts.length / 2;
    this.#head = head;
    return Buffer.concat(parts);
  }

  kept(): void {
    if (this.#head !== null) this.#signer?.kept(this.#head);
  }

  async close(): Promise<void> {
    await this.#signer?.close();
  }

  async *decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Item, void, void> {
    if (this.#keys === undefined) throw new InvalidOptionError('keys', undefined, 'given to read');
    let line = 0;
    let last: LogHead | undefined;
    for await (const { bytes, ended } of splitLines(chunks)) {
      line += 1;
      if (!ended) throw broken('torn', line, null, 'it is not ended');
      const header = readHeader(bytes, this.#stream);
      if (typeof header === 'string') throw broken('malformed', line, null, header);
      checkLink(header, last, line);
      last = { seq: header.seq, hash: hashLine(bytes) };
      for (const record of await this.#open(bytes, header, line)) yield record as Item;
    }
  }

  async #open(bytes: Uint8Array, header: BatchHeader, line: number): Promise<readonly unknown[]> {
    const key = this.#keys!.get(header.kid);
    if (key === undefined) {
      if (this.#missingKeys === 'throw')
        throw broken('unreadable', line, header.seq, `there is no key ${JSON.stringify(header.kid)}`);
      this.#skipped += 1;
      return [];
    }
    try {
      const records = await unseal(bytes, header, key);
      this.#opened += 1;
      return records;
    } catch (error) {
      throw broken('altered', line, header.seq, 'its seal is broken', error);
    }
  }
}

const NEWLINE = Uint8Array.of(10);

/** Reading goes on from a batch to the very next one, and to no other. */
function checkLink({ seq, prev }: BatchHeader, last: LogHead | undefined, line: number): void {
  if (last === undefined) return;
  const next = last.seq + 1;
  if (seq > next) throw broken('missing', line, seq, `batch ${seq} follows batch ${last.seq}`);
  if (seq < next) throw broken('order', line, seq, `batch ${seq} follows batch ${last.seq}`);
  if (prev !== last.hash) throw broken('broken-link', line, seq, `batch ${seq} does not name the line before it`);
}

function broken(
  kind: LogFindingKind,
  line: number | null,
  seq: number | null,
  message: string,
  cause?: unknown,
): Error {
  return new LogIntegrityError({ kind, line, seq, message }, cause === undefined ? undefined : { cause });
}
