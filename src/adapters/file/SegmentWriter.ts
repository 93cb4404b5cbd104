import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { type LogPath, listSegments, nameSegment, type SegmentName } from './segments.ts';
import { syncFolder } from './syncFolder.ts';

/** Others that begin a file at the same moment take the number first; so often the next one is tried. */
const ATTEMPTS = 16;

/**
 * One file of a log that is being written. It is created by this writer or not at all, so that nothing is ever appended
 * to what another process, or this one before a crash, may have left torn, and no link is followed.
 */
export class SegmentWriter {
  readonly name: SegmentName;
  readonly #handle: FileHandle;
  #size = 0;
  #broken = false;

  private constructor(name: SegmentName, handle: FileHandle) {
    this.name = name;
    this.#handle = handle;
  }

  /** Begins the file after the newest one there is. */
  static async create(log: LogPath, now: number, durable: boolean): Promise<SegmentWriter> {
    const first = ((await listSegments(log)).at(-1)?.number ?? 0) + 1;
    for (let number = first; ; number += 1) {
      const name = nameSegment(log, number, now);
      try {
        const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
        const segment = new SegmentWriter(name, await open(name.path, flags, 0o600));
        if (durable) await syncFolder(log.folder);
        return segment;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || number - first >= ATTEMPTS) throw error;
      }
    }
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** Whether what the file holds is no longer known: it must not be written to any more. */
  get broken(): boolean {
    return this.#broken;
  }

  /**
   * Appends all of the bytes, and forces them to the disk where asked to. Where that fails the file is cut back to where it
   * was; where it may still not be what it was, it is `broken`.
   */
  async append(bytes: Uint8Array, durable: boolean): Promise<void> {
    try {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#size + done);
        done += bytesWritten;
      }
      if (durable) await this.sync();
    } catch (error) {
      await this.#handle.truncate(this.#size).catch(() => {
        this.#broken = true;
      });
      throw error;
    }
    this.#size += bytes.length;
  }

  /** Makes what has been appended survive a loss of power. After a failure the file is `broken`. */
  async sync(): Promise<void> {
    try {
      await this.#handle.datasync();
    } catch (error) {
      // The system may have dropped the pages that it could not write, and says nothing the next time.
      this.#broken = true;
      throw error;
    }
  }

  /** Ends the file. One that holds nothing goes. */
  async close(): Promise<void> {
    await this.#handle.close();
    if (this.#size === 0) await unlink(this.name.path);
  }
}
