import type { Clock } from '../../core/clock.ts';
import type { LogHead, Sink } from '../../core/Sink.ts';
import { checkInteger, checkMethods, checkNumber, checkOptions } from '../support/check.ts';
import { signCheckpoint } from './checkpoint.ts';
import { checkNamedKey, type NamedKey } from './keys.ts';

/** How a log's head is signed, and where the signatures go. */
export interface CheckpointOptions {
  /**
   * Where signed checkpoints are kept: a second place, which whoever can change the log cannot change. A `FileSink` on
   * another machine's disk, a bucket that only grows, another account's stream. Its owner closes it.
   */
  readonly sink: Sink<string>;
  /** The private Ed25519 key that signs, with its id. */
  readonly key: NamedKey;
  /** A checkpoint after so many batches. @defaultValue 64 */
  readonly everyBatches?: number;
  /** A checkpoint at the latest so long after a batch, milliseconds. @defaultValue 60_000 */
  readonly everyMs?: number;
  /** A checkpoint that is not kept after so long has failed, milliseconds; the next one is tried when it is due. @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

/** Signs the newest kept batch every so often, in the background: a second place that fails or hangs stops no log. */
export class CheckpointSigner {
  readonly #stream: string;
  readonly #clock: Clock;
  readonly #sink: Sink<string>;
  readonly #key: NamedKey;
  readonly #everyBatches: number;
  readonly #everyMs: number;
  readonly #timeoutMs: number;
  #head: LogHead | null = null;
  /** The number of the newest batch that a kept checkpoint covers. */
  #covered = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #signing: Promise<void> | undefined;
  /** Checkpoints that are kept in the second place. */
  signed = 0;
  /** Checkpoints that could not be kept there. */
  failed = 0;

  /** @throws InvalidOptionError */
  constructor(stream: string, clock: Clock, options: CheckpointOptions) {
    checkOptions('checkpoints', options, ['sink', 'key', 'everyBatches', 'everyMs', 'timeoutMs']);
    this.#stream = stream;
    this.#clock = clock;
    this.#sink = checkMethods('checkpoints.sink', options.sink, 'a sink', ['write']);
    this.#key = checkNamedKey('checkpoints.key', options.key, 'private');
    this.#everyBatches = checkInteger('checkpoints.everyBatches', options.everyBatches ?? 64, { ge: 1 });
    this.#everyMs = checkNumber('checkpoints.everyMs', options.everyMs ?? 60_000, { ge: 1 });
    this.#timeoutMs = checkNumber('checkpoints.timeoutMs', options.timeoutMs ?? 10_000, { ge: 1 });
  }

  /** The log holds everything up to this batch. The first one after a start is signed at once: what came before may not be covered. */
  kept(head: LogHead): void {
    this.#head = head;
    if (head.seq - this.#covered >= this.#everyBatches) void this.#sign();
    else this.#cancel ??= this.#clock.schedule(() => void this.#sign(), this.#everyMs);
  }

  /** Signs what is not covered yet, and gives up after `timeoutMs`. */
  async close(): Promise<void> {
    await this.#signing;
    if (this.#head !== null && this.#head.seq > this.#covered) await this.#sign();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** One checkpoint at a time; one that was due meanwhile follows. Never rejects. */
  #sign(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#signing ??= this.#signHead().then((done) => {
      this.#signing = undefined;
      const head = this.#head;
      if (done && head !== null && head.seq > this.#covered) this.kept(head);
      else if (!done) this.#cancel ??= this.#clock.schedule(() => void this.#sign(), this.#everyMs);
    });
    return this.#signing;
  }

  async #signHead(): Promise<boolean> {
    const { seq, hash } = this.#head!;
    const abort = new AbortController();
    const stop = this.#clock.schedule(() => abort.abort(new Error('the checkpoint took too long')), this.#timeoutMs);
    try {
      const text = await signCheckpoint({ stream: this.#stream, seq, hash, at: this.#clock.now() }, this.#key);
      await Promise.race([this.#sink.write([text], { signal: abort.signal }), rejection(abort.signal)]);
      this.#covered = seq;
      this.signed += 1;
      return true;
    } catch {
      this.failed += 1;
      return false;
    } finally {
      stop();
    }
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}
