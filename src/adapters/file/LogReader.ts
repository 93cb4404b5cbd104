import { open } from 'node:fs/promises';
import type { Codec } from '../../core/Sink.ts';
import { checkMethods, checkName, checkOptions } from '../support/check.ts';
import { splitLines } from '../support/splitLines.ts';
import { ignoreMissing } from './ignoreMissing.ts';
import { READ_FLAGS } from './lastLine.ts';
import { ndjsonCodec } from './ndjsonCodec.ts';
import { type LogPath, listSegments, parseLogPath } from './segments.ts';

/** The end of a file that no newline ends: its writer was killed, lost power, or is at work right now. */
export interface TornTail {
  readonly file: string;
  /** Where the torn line begins, in bytes; everything before it is whole. */
  readonly offset: number;
  /** How many bytes of it there are. */
  readonly bytes: number;
}

/** Options of `LogReader`. */
export interface LogReaderOptions<Item> {
  /** The path that the log was written with. */
  readonly path: string;
  /** How lines become records. @defaultValue `ndjsonCodec()` */
  readonly codec?: Codec<Item>;
}

/**
 * Reads a log back, file after file, record after record, in constant memory. No whole line is ever lost: a torn one at the
 * end of a file is left out and told in `torn`, what follows in the next file is read.
 *
 * @example
 * const log = new LogReader({ path: 'logs/fraud.ndjson' });
 * for await (const record of log) console.log(record);
 * if (log.torn.length > 0) console.warn('torn', log.torn);
 */
export class LogReader<Item = unknown> implements AsyncIterable<Item> {
  readonly #log: LogPath;
  readonly #codec: Codec<Item>;
  #torn: TornTail[] = [];
  #files: string[] = [];

  /** @throws InvalidOptionError */
  constructor(options: LogReaderOptions<Item>) {
    checkOptions('options', options, ['path', 'codec']);
    const { codec } = options;
    this.#log = parseLogPath(checkName('path', options.path));
    this.#codec =
      codec === undefined ? ndjsonCodec<Item>() : checkMethods('codec', codec, 'a codec', ['encode', 'decode']);
  }

  /** The torn tails that the last pass found so far. */
  get torn(): readonly TornTail[] {
    return [...this.#torn];
  }

  /** The files that the last pass has read so far, oldest first. */
  get files(): readonly string[] {
    return [...this.#files];
  }

  /** The records. Throws what the codec does, and the system's error where a file cannot be read. */
  [Symbol.asyncIterator](): AsyncIterator<Item> {
    return this.#codec.decode(this.lines())[Symbol.asyncIterator]();
  }

  /** The whole lines as they stand, each with its newline: what `verifyLog` of an encrypted log wants. */
  async *lines(): AsyncGenerator<Uint8Array, void, void> {
    this.#torn = [];
    this.#files = [];
    for (const { path } of await listSegments(this.#log)) {
      this.#files.push(path);
      for await (const { bytes, ended, offset } of splitLines(read(path))) {
        if (ended) yield withNewline(bytes);
        else this.#torn.push({ file: path, offset, bytes: bytes.length });
      }
    }
  }
}

async function* read(path: string): AsyncGenerator<Uint8Array, void, void> {
  // A file that has just been pruned holds nothing that anybody wants.
  const handle = await open(path, READ_FLAGS).catch(ignoreMissing);
  if (handle === undefined) return;
  try {
    const buffer = new Uint8Array(65_536);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

function withNewline(line: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(line.length + 1);
  bytes.set(line);
  bytes[line.length] = 10;
  return bytes;
}
