import type { Clock } from '../../core/clock.ts';
import type { Codec } from '../../core/Sink.ts';
import { checkInteger, checkMethods, checkName, checkNumber, checkOneOf, checkOptions } from '../support/check.ts';
import { systemClock } from '../support/systemClock.ts';
import { ndjsonCodec } from './ndjsonCodec.ts';
import { type LogPath, parseLogPath } from './segments.ts';

/**
 * When bytes are forced to the disk (`fdatasync`). `'batch'`: before a write resolves, so that what was acknowledged survives
 * a loss of power. `'interval'`: every `fsyncIntervalMs`; a write resolves once the system has the bytes, which survives the death
 * of the process alone. `'none'`: the system decides.
 */
export type FsyncPolicy = 'batch' | 'interval' | 'none';

/** Options of `FileSink`. */
export interface FileSinkOptions<Item> {
  /**
   * The log's path. Its files lie in the same folder and carry a number and the time they were begun at:
   * `logs/fraud.ndjson` is `logs/fraud.00000001.20261127T010203Z.ndjson` and so on. The folder is made where it is missing, for
   * its owner alone. One writer a log: replicas have a path each.
   */
  readonly path: string;
  /** Names the sink in counts and reports. @defaultValue the file's name without its extension */
  readonly name?: string;
  /** How records become lines. @defaultValue `ndjsonCodec()` */
  readonly codec?: Codec<Item>;
  /** A file that would grow beyond so many bytes is ended, and the next begun. A single batch is never cut. @defaultValue 2 ** 26 (64 MiB) */
  readonly maxBytes?: number;
  /** A file older than this is ended at the next write, milliseconds. @defaultValue a day */
  readonly maxAgeMs?: number;
  /**
   * Files whose every record is older than so many days are deleted, as seen from the start of the file after them, whenever a
   * file is begun and by `prune()`. @defaultValue Infinity: none
   */
  readonly retainDays?: number;
  /** When bytes are forced to the disk. @defaultValue 'batch' */
  readonly fsync?: FsyncPolicy;
  /** How long acknowledged bytes may wait for the disk under `fsync: 'interval'`, milliseconds. @defaultValue 1000 */
  readonly fsyncIntervalMs?: number;
  /**
   * Records that may wait behind the write under way. A batch that would make it more is refused with a `FullError`, whole;
   * where nothing waits, a batch of any size is taken. @defaultValue 65_536
   */
  readonly maxPending?: number;
  /** The source of time. @defaultValue the system's */
  readonly clock?: Clock;
}

/** Options as checked, with their defaults. */
export interface FileSinkSettings<Item> extends Required<Omit<FileSinkOptions<Item>, 'path'>> {
  readonly log: LogPath;
}

const names = [
  'path',
  'name',
  'codec',
  'maxBytes',
  'maxAgeMs',
  'retainDays',
  'fsync',
  'fsyncIntervalMs',
  'maxPending',
  'clock',
];

/** @throws InvalidOptionError */
export function checkFileSinkOptions<Item>(options: FileSinkOptions<Item>): FileSinkSettings<Item> {
  checkOptions('options', options, names);
  const log = parseLogPath(checkName('path', options.path));
  const { name, codec, clock } = options;
  return {
    log,
    name: name === undefined ? log.stem : checkName('name', name),
    codec: codec === undefined ? ndjsonCodec<Item>() : checkMethods('codec', codec, 'a codec', ['encode', 'decode']),
    maxBytes: checkInteger('maxBytes', options.maxBytes ?? 2 ** 26, { ge: 1 }),
    maxAgeMs: checkNumber('maxAgeMs', options.maxAgeMs ?? 86_400_000, { ge: 1 }),
    retainDays: checkNumber('retainDays', options.retainDays ?? Number.POSITIVE_INFINITY, { ge: 0 }),
    fsync: checkOneOf('fsync', options.fsync ?? 'batch', ['batch', 'interval', 'none']),
    fsyncIntervalMs: checkNumber('fsyncIntervalMs', options.fsyncIntervalMs ?? 1000, { ge: 1 }),
    maxPending: checkInteger('maxPending', options.maxPending ?? 65_536, { ge: 1 }),
    clock:
      clock === undefined ? systemClock : checkMethods('clock', clock, 'a Clock', ['now', 'monotonic', 'schedule']),
  };
}
