import { unlink } from 'node:fs/promises';
import type { Sink } from '../../core/Sink.ts';
import { ClosedError, FullError } from '../support/errors.ts';
import { checkFileSinkOptions, type FileSinkOptions, type FileSinkSettings } from './FileSinkOptions.ts';
import { ignoreMissing } from './ignoreMissing.ts';
import { lastLine } from './lastLine.ts';
import { openFolder } from './makeFolder.ts';
import { SegmentWriter } from './SegmentWriter.ts';
import { listSegments } from './segments.ts';
import { type PendingBatch, WriteQueue } from './WriteQueue.ts';

const DAY_MS = 86_400_000;

/** Batches that wait are written together up to so many records: one line of an encrypted log, one `fdatasync`. */
const TOGETHER = 512;

/** What a file sink has done so far. */
export interface FileSinkCounts {
  /** Records that are in the log, as safe as `fsync` promises. */
  readonly written: number;
  /** Records of writes that were rejected: they may be missing in the log. */
  readonly rejected: number;
  /** Bytes that were written, over all files. */
  readonly bytes: number;
  /** Files that were begun. */
  readonly files: number;
  /** Files that were deleted because they were too old. */
  readonly pruned: number;
  /** Times that old files could not be deleted, or that bytes could not be forced to the disk between writes. */
  readonly troubles: number;
}

/**
 * Keeps records in files: one line a record by default, rotated by size and age, deleted after `retainDays`. Files are created
 * for their owner alone (mode 0600) and only ever appended to by the sink that created them, so that a process that is
 * killed can tear no more than the last line of its last file; `LogReader` finds it. A write that fails (a full disk) is cut out
 * again and rejects; the next one is tried afresh.
 *
 * Writes are kept in the order of their calls. Those that wait for one under way are written together.
 */
export class FileSink<Item = unknown> implements Sink<Item> {
  readonly name: string;
  readonly #settings: FileSinkSettings<Item>;
  readonly #queue: WriteQueue<Item>;
  readonly #counts = { written: 0, rejected: 0, bytes: 0, files: 0, pruned: 0, troubles: 0 };
  #segment: SegmentWriter | undefined;
  #resumed = false;
  #cancelSync: (() => void) | undefined;
  #unsynced = false;
  #trouble: { readonly error: unknown } | undefined;
  #head: string | undefined;
  #closing: Promise<void> | undefined;

  /** @throws InvalidOptionError, also where the folder cannot be made or written to */
  constructor(options: FileSinkOptions<Item>) {
    this.#settings = checkFileSinkOptions(options);
    this.name = this.#settings.name;
    openFolder('path', options.path, this.#settings.log.folder, 'in a folder');
    this.#queue = new WriteQueue(TOGETHER, (group) => this.#keep(group));
  }

  /** What has been done so far. */
  get counts(): FileSinkCounts {
    return { ...this.#counts };
  }

  head(): string | undefined {
    return this.#head;
  }

  /**
   * Keeps a batch. The array may be used again at once, the records must stay as they are until it settles.
   *
   * Rejects with a `FullError` where `maxPending` records wait already, an `InvalidRecordError` where a record is no JSON, a
   * `ClosedError` after `close()`, and the system's own error where the disk refuses; then nothing of the batch is kept. When the
   * signal aborts, a batch that waits is taken back; one that is being written may be kept all the same.
   */
  write(batch: readonly Item[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    const { signal } = options;
    if (this.#closing !== undefined) return this.#refuse(batch, new ClosedError(`the sink ${this.name}`));
    if (signal?.aborted === true) return this.#refuse(batch, signal.reason);
    if (batch.length === 0) return Promise.resolve();
    const waiting = this.#queue.waiting;
    if (waiting > 0 && waiting + batch.length > this.#settings.maxPending)
      return this.#refuse(batch, new FullError(`the sink ${this.name}`, waiting, this.#settings.maxPending));
    return this.#queue.push(batch, signal).catch((error: unknown) => this.#refuse(batch, error));
  }

  /** Waits for the writes before it, and forces their bytes to the disk whatever `fsync` says. */
  async flush(): Promise<void> {
    await this.#queue.after(() => this.#sync());
  }

  /** Flushes and ends the file. Later writes reject with a `ClosedError`; a second call waits for the first. */
  close(): Promise<void> {
    this.#closing ??= this.#queue.after(async () => {
      await this.#end();
      await this.#settings.codec.close?.();
    });
    return this.#closing;
  }

  /** Deletes the files that are past `retainDays`. Returns their paths. */
  async prune(): Promise<readonly string[]> {
    const { log, retainDays, clock } = this.#settings;
    if (retainDays === Number.POSITIVE_INFINITY) return [];
    const limit = clock.now() - retainDays * DAY_MS;
    const segments = await listSegments(log);
    const old = segments.filter((_, index) => (segments[index + 1]?.createdAt ?? Number.POSITIVE_INFINITY) < limit);
    const paths: string[] = [];
    for (const { path } of old) {
      // Another process may have been faster.
      await unlink(path).catch(ignoreMissing);
      paths.push(path);
      this.#counts.pruned += 1;
    }
    return paths;
  }

  #refuse(batch: readonly Item[], error: unknown): Promise<never> {
    this.#counts.rejected += batch.length;
    return Promise.reject(error);
  }

  /** Writes batches as one, and settles each. Never rejects. */
  async #keep(group: readonly PendingBatch<Item>[]): Promise<void> {
    const records = group.length === 1 ? group[0]!.batch : group.flatMap(({ batch }) => batch);
    let bytes: Uint8Array;
    try {
      bytes = await this.#encode(records);
    } catch (error) {
      // One of them has a record that is no JSON: the others must not suffer for it.
      if (group.length > 1) for (const one of group) await this.#keep([one]);
      else group[0]!.settle({ error });
      return;
    }
    let failure: { readonly error: unknown } | undefined;
    try {
      await this.#store(bytes);
      this.#counts.written += records.length;
      this.#settings.codec.kept?.();
      this.#head = this.#settings.codec.head?.hash;
    } catch (error) {
      // The codec is ahead of the log: it goes on from what is there.
      this.#resumed = false;
      failure = { error };
    }
    for (const { settle } of group) settle(failure);
  }

  async #encode(records: readonly Item[]): Promise<Uint8Array> {
    const { codec, log } = this.#settings;
    if (!this.#resumed) {
      await codec.resume?.(await lastLine(await listSegments(log)));
      this.#resumed = true;
      this.#head = codec.head?.hash;
    }
    return codec.encode(records);
  }

  async #store(bytes: Uint8Array): Promise<void> {
    const { fsync } = this.#settings;
    const segment = await this.#segmentFor(bytes.length);
    try {
      await segment.append(bytes, fsync === 'batch');
    } catch (error) {
      if (segment.broken) await this.#leave();
      throw error;
    }
    this.#counts.bytes += bytes.length;
    if (fsync !== 'batch') this.#unsynced = true;
    if (fsync === 'interval') this.#scheduleSync();
  }

  async #segmentFor(bytes: number): Promise<SegmentWriter> {
    const { clock, fsync, log, maxAgeMs, maxBytes } = this.#settings;
    const now = clock.now();
    const open = this.#segment;
    if (open !== undefined) {
      const full = open.size > 0 && open.size + bytes > maxBytes;
      if (!full && now - open.name.createdAt <= maxAgeMs) return open;
      await this.#end().catch((error: unknown) => this.#remember(error));
    }
    this.#segment = await SegmentWriter.create(log, now, fsync === 'batch');
    this.#counts.files += 1;
    await this.prune().catch(() => {
      this.#counts.troubles += 1;
    });
    return this.#segment;
  }

  /** Forces to the disk what is not there yet, and tells of a time when that failed between writes. */
  async #sync(): Promise<void> {
    this.#cancelSync?.();
    this.#cancelSync = undefined;
    const unsynced = this.#unsynced;
    this.#unsynced = false;
    try {
      if (unsynced) await this.#segment?.sync();
    } catch (error) {
      await this.#leave();
      throw error;
    }
    if (this.#trouble === undefined) return;
    const { error } = this.#trouble;
    this.#trouble = undefined;
    throw error;
  }

  #scheduleSync(): void {
    const { clock, fsyncIntervalMs } = this.#settings;
    this.#cancelSync ??= clock.schedule(() => {
      this.#cancelSync = undefined;
      this.#queue.after(() => this.#sync()).catch((error: unknown) => this.#remember(error));
    }, fsyncIntervalMs);
  }

  /** Keeps an error for the next flush: the writes that it concerns have long been acknowledged. */
  #remember(error: unknown): void {
    this.#counts.troubles += 1;
    this.#trouble = { error };
  }

  /** Forces what is left to the disk and ends the file. */
  async #end(): Promise<void> {
    try {
      await this.#sync();
    } finally {
      const segment = this.#segment;
      this.#segment = undefined;
      await segment?.close();
    }
  }

  /** Lets go of a file that can no longer be trusted. The next write begins another. */
  async #leave(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    this.#resumed = false;
    await segment?.close().catch(() => undefined);
  }
}
