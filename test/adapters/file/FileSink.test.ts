import fs, { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FileSink, type FileSinkOptions, LogReader } from '../../../src/adapters/file/index.ts';
import { ManualClock } from '../../../src/core/index.ts';
import { type SinkItem, sinkContract } from '../../contracts/sink.contract.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const place = temporaryFolder();
afterEach(() => vi.restoreAllMocks());

async function readAll<Item = number>(path: string): Promise<{ records: Item[]; log: LogReader<Item> }> {
  const log = new LogReader<Item>({ path });
  const records: Item[] = [];
  for await (const record of log) records.push(record);
  return { records, log };
}

const filesOf = (path: string): readonly string[] => readdirSync(dirname(path)).sort();
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const START = Date.UTC(2026, 10, 27, 1, 2, 3, 456);

function make(options: Partial<FileSinkOptions<number>> = {}): {
  sink: FileSink<number>;
  path: string;
  clock: ManualClock;
} {
  const clock = new ManualClock(START);
  const path = options.path ?? place();
  return { sink: new FileSink<number>({ clock, ...options, path }), path, clock };
}

for (const fsync of ['batch', 'interval', 'none'] as const) {
  sinkContract(`FileSink with fsync '${fsync}'`, async () => {
    const path = place();
    return {
      sink: new FileSink<SinkItem>({ path, fsync, maxBytes: 4096 }),
      read: async () => (await readAll<SinkItem>(path)).records,
    };
  });
}

/** The methods that all file handles share. */
const handles = await (async () => {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
})();
const systemError = (code: string): Error => Object.assign(new Error(`${code}: from the test`), { code });

describe('the files of a FileSink', () => {
  it('carry a number and the time they were begun at, and are for their owner alone', async () => {
    const { sink, path } = make({ path: place('deep/er/fraud.v8.ndjson') });
    await sink.write([1]);
    await sink.close();
    expect(filesOf(path)).toEqual(['fraud.v8.00000001.20261127T010203Z.ndjson']);
    const file = join(dirname(path), filesOf(path)[0]!);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, 'utf8')).toBe('1\n');
    expect(sink.name).toBe('fraud.v8');
  });

  it('are none where nothing is written', async () => {
    const { sink, path } = make();
    await sink.flush();
    await sink.close();
    expect(filesOf(path)).toEqual([]);
  });

  it('end where the next batch would make them too large, and hold a larger batch whole', async () => {
    const { sink, path } = make({ maxBytes: 10 });
    await sink.write([1000, 1001]); // Ten bytes: just so many.
    await sink.write([1]);
    await sink.write([2, 3, 4]);
    await sink.write([5]);
    await sink.write([100, 101, 102, 103]);
    await sink.write([6]);
    await sink.close();
    const contents = filesOf(path).map((file) => readFileSync(join(dirname(path), file), 'utf8'));
    expect(contents).toEqual(['1000\n1001\n', '1\n2\n3\n4\n5\n', '100\n101\n102\n103\n', '6\n']);
    expect(sink.counts).toMatchObject({ files: 4, written: 12, rejected: 0, bytes: 38 });
  });

  it('end when they are too old, at the next write', async () => {
    const { sink, path, clock } = make({ maxAgeMs: 60_000 });
    await sink.write([1]);
    clock.advance(59_000);
    await sink.write([2]);
    clock.advance(2000);
    await sink.write([3]);
    await sink.close();
    expect(filesOf(path)).toEqual(['log.00000001.20261127T010203Z.ndjson', 'log.00000002.20261127T010304Z.ndjson']);
    expect((await readAll(path)).records).toEqual([1, 2, 3]);
  });

  it('are never shared: every sink begins its own after the newest, whatever its clock says', async () => {
    const { sink: first, path } = make();
    await first.write([1]);
    const { sink: second } = make({ path, clock: new ManualClock(START - 1e9) });
    await second.write([2]);
    await first.write([3]);
    await Promise.all([first.close(), second.close()]);
    expect(filesOf(path).map((file) => file.slice(0, 12))).toEqual(['log.00000001', 'log.00000002']);
    expect((await readAll(path)).records).toEqual([1, 3, 2]);
  });

  it('are in the order of their numbers beyond eight digits', async () => {
    const { sink, path } = make();
    writeFileSync(join(dirname(path), 'log.99999999.20200101T000000Z.ndjson'), '1\n');
    await sink.write([2]);
    await sink.close();
    expect(filesOf(path)).toContain('log.100000000.20261127T010203Z.ndjson');
    expect((await readAll(path)).records).toEqual([1, 2]);
  });

  it('are deleted once everything in them is older than retainDays; other files are left alone', async () => {
    const { sink, path, clock } = make({ maxAgeMs: 86_400_000, retainDays: 2 });
    const others = [
      'log.ndjson',
      'log.1.20261127T010203Z.ndjson',
      'other.00000001.20200101T000000Z.ndjson',
      'log.00000001.2020.ndjson',
    ];
    for (const other of others) writeFileSync(join(dirname(path), other), 'x');
    for (let day = 0; day < 6; day += 1) {
      await sink.write([day]);
      clock.advance(86_400_000 + 1000);
    }
    await sink.close();
    // On day 5 the file of day 2 ended (with the start of day 3) two days and two seconds ago.
    expect((await readAll(path)).records).toEqual([3, 4, 5]);
    expect(sink.counts.pruned).toBe(3);
    expect(filesOf(path)).toEqual(expect.arrayContaining(others));
    clock.advance(86_400_000 * 10);
    const pruned = await sink.prune();
    expect(pruned.map((file) => basename(file).slice(0, 12))).toEqual(['log.00000004', 'log.00000005']);
    expect((await readAll(path)).records).toEqual([5]); // Nobody knows yet when the newest ends.
  });

  it('are not followed where they are links', async () => {
    const { sink, path } = make();
    const outside = join(dirname(path), 'outside');
    symlinkSync(outside, join(dirname(path), 'log.00000001.20261127T010203Z.ndjson'));
    await sink.write([1]);
    await sink.close();
    expect(filesOf(path)).not.toContain('outside');
    await expect(readAll(path)).rejects.toMatchObject({ code: 'ELOOP' });
  });
});

describe('a FileSink that cannot write', () => {
  it('cuts a batch out again that was written in part, and goes on in the same file', async () => {
    const { sink, path } = make();
    await sink.write([1]);
    const write = vi.spyOn(handles, 'write').mockImplementationOnce(async function (
      this: FileHandle,
      ...args: unknown[]
    ) {
      write.mockRestore();
      const [bytes, offset, , position] = args as [Uint8Array, number, number, number];
      await this.write(bytes, offset, 2, position);
      throw systemError('ENOSPC');
    } as never);
    await expect(sink.write([22, 33])).rejects.toMatchObject({ code: 'ENOSPC' });
    await sink.write([4]);
    await sink.close();
    const { records, log } = await readAll(path);
    expect(records).toEqual([1, 4]);
    expect(log.torn).toEqual([]);
    expect(log.files).toHaveLength(1);
    expect(sink.counts).toMatchObject({ written: 2, rejected: 2, files: 1 });
  });

  it('writes the rest where the system takes only part of the bytes', async () => {
    const { sink, path } = make();
    const whole = handles.write;
    vi.spyOn(handles, 'write').mockImplementation(function (this: FileHandle, ...args: unknown[]) {
      const [bytes, offset, length, position] = args as [Uint8Array, number, number, number];
      return (whole as (...all: unknown[]) => unknown).call(this, bytes, offset, Math.min(length, 3), position);
    } as never);
    await sink.write(upTo(100));
    await sink.close();
    expect((await readAll(path)).records).toEqual(upTo(100));
  });

  it('leaves a file alone that could not be cut back: what is torn there is found', async () => {
    const { sink, path } = make();
    await sink.write([1]);
    vi.spyOn(handles, 'truncate').mockRejectedValueOnce(systemError('EIO'));
    const write = vi.spyOn(handles, 'write').mockImplementationOnce(async function (
      this: FileHandle,
      ...args: unknown[]
    ) {
      write.mockRestore();
      const [bytes, offset, , position] = args as [Uint8Array, number, number, number];
      await this.write(bytes, offset, 1, position);
      throw systemError('EIO');
    } as never);
    await expect(sink.write([22])).rejects.toMatchObject({ code: 'EIO' });
    await sink.write([3]);
    await sink.close();
    const { records, log } = await readAll(path);
    expect(records).toEqual([1, 3]);
    expect(log.torn).toEqual([{ file: log.files[0], offset: 2, bytes: 1 }]);
  });

  it('trusts no file any more whose bytes could not be forced to the disk', async () => {
    const { sink, path } = make();
    await sink.write([1]);
    vi.spyOn(handles, 'datasync').mockRejectedValueOnce(systemError('EIO'));
    await expect(sink.write([2])).rejects.toMatchObject({ code: 'EIO' });
    await sink.write([3]);
    await sink.close();
    const { records, log } = await readAll(path);
    expect(records).toEqual([1, 3]);
    expect(log.files).toHaveLength(2);
  });

  it('tells at the next flush that bytes could not be forced to the disk between writes', async () => {
    const { sink, path, clock } = make({ fsync: 'interval', fsyncIntervalMs: 100 });
    const sync = vi.spyOn(handles, 'datasync').mockRejectedValueOnce(systemError('EIO'));
    await sink.write([1]);
    expect(sync).not.toHaveBeenCalled();
    clock.advance(100);
    await vi.waitFor(() => expect(sink.counts.troubles).toBe(1));
    await sink.write([2]);
    await expect(sink.flush()).rejects.toMatchObject({ code: 'EIO' });
    await sink.flush();
    await sink.close();
    expect((await readAll(path)).records).toEqual([1, 2]);
    expect(sync).toHaveBeenCalledTimes(2);
  });

  it('rejects every write of a group that the disk refuses, once, and keeps what comes later', async () => {
    const { sink, path } = make();
    const first = sink.write([0]);
    const group = [sink.write([1]), sink.write([2])];
    await first;
    vi.spyOn(handles, 'write').mockRejectedValueOnce(systemError('ENOSPC'));
    const settled = await Promise.allSettled(group);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await sink.write([3]);
    await sink.close();
    expect((await readAll(path)).records).toEqual([0, 3]);
  });

  it('refuses a record that is no JSON, and keeps the batches that were to be written with it', async () => {
    const { sink, path } = make();
    const writes = [[0], [1, 2], [3, 4n as unknown as number], [5]].map((batch) => sink.write(batch));
    const settled = await Promise.allSettled(writes);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(settled[2]).toMatchObject({ reason: { code: 'ERR_INVALID_RECORD', index: 1 } });
    await sink.close();
    expect((await readAll(path)).records).toEqual([0, 1, 2, 5]);
    expect(sink.counts).toMatchObject({ written: 4, rejected: 2 });
  });

  it('rejects where the folder has gone, and goes on when it is back', async () => {
    const { sink, path } = make();
    fs.rmSync(dirname(path), { recursive: true });
    await expect(sink.write([1])).rejects.toMatchObject({ code: 'ENOENT' });
    mkdirSync(dirname(path));
    await sink.write([2]);
    await sink.close();
    expect((await readAll(path)).records).toEqual([2]);
  });

  it('counts old files that cannot be deleted, and writes on', async () => {
    const { sink, path, clock } = make({ retainDays: 0, maxAgeMs: 1000 });
    await sink.write([1]);
    clock.advance(5000);
    mkdirSync(join(dirname(path), 'log.00000000.20200101T000000Z.ndjson')); // A folder in the place of a file.
    await sink.write([2]);
    await sink.close();
    expect(sink.counts).toMatchObject({ troubles: 1, written: 2 });
  });
});

describe('a FileSink under pressure', () => {
  it('refuses what is more than may wait, whole, and counts it', async () => {
    const { sink, path } = make({ maxPending: 10 });
    const writes = [[0], upTo(100), [1], upTo(10)].map((batch) => sink.write(batch)); // Under way, waiting, refused, refused.
    const settled = await Promise.allSettled(writes);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(settled[2]).toMatchObject({
      reason: { code: 'ERR_FULL', message: 'the sink log is full: 100 wait, 10 are the limit' },
    });
    await sink.write([5]);
    await sink.close();
    expect((await readAll(path)).records).toEqual([0, ...upTo(100), 5]);
    expect(sink.counts).toMatchObject({ written: 102, rejected: 11 });
  });

  it('writes what waits together, with one fdatasync', async () => {
    const { sink, path } = make();
    const sync = vi.spyOn(handles, 'datasync');
    await Promise.all(upTo(400).map((n) => sink.write([n])));
    expect(sync.mock.calls.length).toBeLessThanOrEqual(3);
    await sink.close();
    expect((await readAll(path)).records).toEqual(upTo(400));
  });

  it('takes a batch back whose caller gives up while it waits', async () => {
    const { sink, path } = make();
    const abort = new AbortController();
    const writes = [sink.write([1]), sink.write([2], { signal: abort.signal }), sink.write([3])];
    abort.abort(new Error('gave up'));
    const settled = await Promise.allSettled(writes);
    expect(settled[1]).toMatchObject({ status: 'rejected', reason: { message: 'gave up' } });
    await sink.close();
    expect((await readAll(path)).records).toEqual([1, 3]);
  });

  it('lets a caller go whose write hangs', async () => {
    const { sink } = make();
    let release: () => void = () => undefined;
    vi.spyOn(handles, 'datasync').mockImplementationOnce(() => new Promise((resolve) => (release = resolve)));
    const abort = new AbortController();
    const write = sink.write([1], { signal: abort.signal });
    await vi.waitFor(() => expect(handles.datasync).toHaveBeenCalled());
    abort.abort(new Error('too long'));
    await expect(write).rejects.toThrow('too long');
    release();
    await sink.close();
  });
});

describe('the options of a FileSink', () => {
  it.each([
    [{ path: '' }, 'path must be a non-empty string, got ""'],
    [{ maxBytes: 0 }, 'maxBytes must be an integer at least 1, got 0'],
    [{ maxAgeMs: Number.NaN }, 'maxAgeMs must be a number at least 1, got NaN'],
    [{ retainDays: -1 }, 'retainDays must be a number at least 0, got -1'],
    [{ fsync: 'always' }, 'fsync must be one of "batch", "interval", "none", got "always"'],
    [{ fsyncIntervalMs: 0 }, 'fsyncIntervalMs must be a number at least 1, got 0'],
    [{ maxPending: 0.5 }, 'maxPending must be an integer at least 1, got 0.5'],
    [{ codec: {} }, 'codec must be a codec: an object with encode, decode, got an object'],
    [{ clock: Date }, 'clock must be a Clock: an object with now, monotonic, schedule, got a function'],
    [{ name: '' }, 'name must be a non-empty string, got ""'],
    [{ rotate: 1 }, /^options\.rotate must be left out: the options are path, name, /],
  ])('are checked: %j', (options, message) => {
    expect(() => new FileSink({ path: place(), ...options } as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });

  it('must name a folder that can be made and written to', () => {
    const path = place('file/log.ndjson');
    mkdirSync(dirname(dirname(path)), { recursive: true });
    writeFileSync(dirname(path), 'a file');
    expect(() => new FileSink({ path })).toThrow(
      /^path must be in a folder that can be written \((EEXIST|ENOTDIR)\), got /,
    );
    expect(() => new FileSink({ path: `${path}/deeper/log` })).toThrow('(ENOTDIR)');
    expect(() => new FileSink({ path: 'a\0b/log' })).toThrow('(ERR_INVALID_ARG_VALUE)');
    if (process.platform === 'linux') expect(() => new FileSink({ path: '/proc/none/log' })).toThrow('(ENOENT)');
    // Root may write anywhere: there the system has nothing to refuse.
    if (process.getuid?.() === 0) return;
    const closed = place('log.ndjson');
    mkdirSync(dirname(closed), { recursive: true });
    chmodSync(dirname(closed), 0o500);
    expect(() => new FileSink({ path: closed })).toThrow('(EACCES)');
  });
});

describe('LogReader', () => {
  /** A log of files with these bytes, numbered from 1. */
  function logOf(...files: readonly (string | Uint8Array)[]): string {
    const path = place();
    mkdirSync(dirname(path), { recursive: true });
    files.forEach((bytes, index) => {
      writeFileSync(join(dirname(path), `log.0000000${index + 1}.20261127T010203Z.ndjson`), bytes);
    });
    return path;
  }

  it('reads nothing of a log that is not there', async () => {
    const { records, log } = await readAll(place());
    expect([records, log.files, log.torn]).toEqual([[], [], []]);
  });

  it.each([
    ['in the last file', ['1\n2\n', '3\n4'], [1, 2, 3], [{ at: 1, offset: 2, bytes: 1 }]],
    ['in the middle', ['1\n{"a":', '3\n', '4\n'], [1, 3, 4], [{ at: 0, offset: 2, bytes: 5 }]],
    [
      'of zeros, as a loss of power may leave it',
      ['1\n', `2\n${'\0'.repeat(9)}`],
      [1, 2],
      [{ at: 1, offset: 2, bytes: 9 }],
    ],
    ['that is all there is', ['12'], [], [{ at: 0, offset: 0, bytes: 2 }]],
    ['in an empty file: none', ['', '1\n'], [1], []],
  ])('tells of a torn tail %s', async (_where, files, expected, torn) => {
    const { records, log } = await readAll(logOf(...files));
    expect(records).toEqual(expected);
    expect(log.torn).toEqual(torn.map(({ at, ...rest }) => ({ file: log.files[at], ...rest })));
    // A second pass finds the same, not twice as much.
    const again: number[] = [];
    for await (const record of log) again.push(record);
    expect([again, log.torn.length, log.files.length]).toEqual([expected, torn.length, files.length]);
  });

  it('loses no whole line, wherever the last file is cut', async () => {
    const lines = upTo(12).map((n) => JSON.stringify({ n, text: 'ü'.repeat(n) }));
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { records, log } = await readAll(logOf('"before"\n', bytes.subarray(0, cut)));
      const whole = bytes.subarray(0, cut).filter((byte) => byte === 10).length;
      expect(records).toEqual(['"before"', ...lines.slice(0, whole)].map((line) => JSON.parse(line)));
      const start = bytes.subarray(0, cut).lastIndexOf(10) + 1;
      expect(log.torn).toEqual(start === cut ? [] : [{ file: log.files[1], offset: start, bytes: cut - start }]);
    }
  });

  it('stops at a whole line that is no record: it was tampered with, not torn', async () => {
    await expect(readAll(logOf('1\nxx\n3\n'))).rejects.toMatchObject({
      code: 'ERR_LOG_FORMAT',
      message: 'line 2 is not JSON',
    });
  });

  it('refuses unknown options', () => {
    expect(() => new LogReader({ path: 'x', codex: 1 } as never)).toThrow('options.codex must be left out');
  });
});

describe('a codec that goes on after the last line', () => {
  /** A codec that notes what it is resumed from. */
  function noting(): { codec: FileSinkOptions<number>['codec']; resumed: (string | null)[] } {
    const resumed: (string | null)[] = [];
    const codec = {
      head: { seq: 7, hash: 'the hash' },
      resume: async (line: Uint8Array | null) =>
        void resumed.push(line === null ? null : new TextDecoder().decode(line)),
      encode: async (batch: readonly number[]) => new TextEncoder().encode(batch.map((n) => `${n}\n`).join('')),
      decode: async function* () {},
    };
    return { codec, resumed };
  }

  it('is resumed once from nothing, and by the next sink from the last whole line', async () => {
    const first = noting();
    const { sink, path } = make({ codec: first.codec! });
    expect(sink.head()).toBeUndefined();
    await sink.write([1, 2]);
    await sink.write([3]);
    expect(sink.head()).toBe('the hash');
    await sink.close();
    expect(first.resumed).toEqual([null]);
    fs.appendFileSync(join(dirname(path), filesOf(path)[0]!), '44'); // Torn.
    const second = noting();
    const { sink: later } = make({ path, codec: second.codec! });
    await later.write([5]);
    await later.close();
    expect(second.resumed).toEqual(['3']);
  });

  it('is resumed from what is really there after a failed write', async () => {
    const { codec, resumed } = noting();
    const { sink } = make({ codec: codec! });
    await sink.write([1]);
    vi.spyOn(handles, 'write').mockRejectedValueOnce(systemError('ENOSPC'));
    await expect(sink.write([2])).rejects.toThrow('ENOSPC');
    await sink.write([3]);
    await sink.close();
    expect(resumed).toEqual([null, '1']);
  });

  it('finds a last line of any length, also behind files without one', async () => {
    for (const length of [0, 1, 65_534, 65_535, 65_536, 65_537, 131_072, 400_000]) {
      const { codec, resumed } = noting();
      const { sink, path } = make({ codec: codec! });
      const line = 'ab'.repeat(length / 2 + 1).slice(0, length);
      const folder = dirname(path);
      writeFileSync(join(folder, 'log.00000001.20261127T010203Z.ndjson'), `first\n${line}\ntorn`);
      writeFileSync(join(folder, 'log.00000002.20261127T010203Z.ndjson'), 'x'.repeat(length));
      await sink.write([1]);
      await sink.close();
      expect(resumed).toEqual([line]);
    }
  });
});
