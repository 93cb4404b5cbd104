import { createHash } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Json } from '../../core/json.ts';
import type { SetResult, StateStore, StoreCall, Stored } from '../../core/StateStore.ts';
import { checkInteger, checkName, checkOptions } from '../support/check.ts';
import { ClosedError, DamagedError, InvalidOptionError } from '../support/errors.ts';
import { EventFile } from './EventFile.ts';
import { ProcessLock } from './ProcessLock.ts';
import { syncFolder } from './syncFolder.ts';

/** Options of a `FileStore`. */
export interface FileStoreOptions {
  /** @defaultValue 'file' */
  readonly name?: string;
  /** How many events a key keeps. @defaultValue 10_000 */
  readonly eventCapacity?: number;
}

/** What a file says of itself, before its value. */
interface Header {
  readonly version: number;
  readonly sha256: string;
  readonly bytes: number;
}

const MAGIC = 'coronate-state-1';

/**
 * A store in a folder that this process has to itself: the default where there is no server. A value is written beside
 * the old one, made safe, and put in its place in one step; a checksum tells a damaged file from a sound one, and the
 * generation before is kept to go back to.
 *
 * @example
 * const store = await FileStore.open('./state');
 * await persist(bandit, store);
 */
export class FileStore implements StateStore {
  readonly name: string;
  readonly #folder: string;
  readonly #capacity: number;
  readonly #lock: ProcessLock;
  readonly #events: Map<string, EventFile> = new Map();
  /** One change at a time: the last one of the queue. */
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(folder: string, lock: ProcessLock, { name = 'file', eventCapacity = 10_000 }: FileStoreOptions) {
    this.#folder = folder;
    this.#lock = lock;
    this.name = name;
    this.#capacity = eventCapacity;
  }

  /**
   * Opens a folder, which is made where it does not exist.
   * @throws LockedError while another process has it
   * @throws InvalidOptionError
   */
  static async open(folder: string, options: FileStoreOptions = {}): Promise<FileStore> {
    checkName('folder', folder);
    checkOptions('options', options, ['name', 'eventCapacity']);
    checkName('name', options.name ?? 'file');
    checkInteger('eventCapacity', options.eventCapacity ?? 10_000, { ge: 1 });
    const path = resolve(folder);
    await mkdir(path, { recursive: true });
    return new FileStore(path, await ProcessLock.take(join(path, '.lock')), options);
  }

  /** @throws DamagedError where neither the last generation nor the one before is sound */
  async load(key: string, _call?: StoreCall): Promise<Stored | undefined> {
    const path = this.#path(key);
    return this.#inTurn(() => readValue(path));
  }

  async compareAndSet(key: string, expected: number, value: Json, _call?: StoreCall): Promise<SetResult> {
    checkInteger('expected', expected, { ge: 0 });
    const path = this.#path(key);
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new InvalidOptionError('value', value, 'plain JSON');
    return this.#inTurn(async () => {
      const found = await readValue(path);
      const version = found?.version ?? 0;
      if (version !== expected) return { ok: false, version };
      // Only a sound generation is worth keeping as the one before.
      if (found !== undefined && found.recovered !== true) await keepPrevious(path);
      await replace(path, version + 1, text);
      await syncFolder(this.#folder);
      return { ok: true, version: version + 1 };
    });
  }

  async append(key: string, events: readonly Json[], _call?: StoreCall): Promise<void> {
    const file = this.#eventFile(key);
    await this.#inTurn(() => file.append(events));
  }

  async events(key: string, limit: number = this.#capacity, _call?: StoreCall): Promise<readonly Json[]> {
    checkInteger('limit', limit, { ge: 1 });
    const file = this.#eventFile(key);
    return this.#inTurn(() => file.read(limit));
  }

  async remove(key: string, _call?: StoreCall): Promise<void> {
    const path = this.#path(key);
    const file = this.#eventFile(key);
    await this.#inTurn(async () => {
      for (const each of [`${path}.json`, `${path}.json.previous`, `${path}.json.new`]) await removeFile(each);
      await file.remove();
      this.#events.delete(path);
      await syncFolder(this.#folder);
    });
  }

  /** Lets another process have the folder. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turn.catch(() => undefined);
    await this.#lock.release();
  }

  #eventFile(key: string): EventFile {
    const path = this.#path(key);
    const known = this.#events.get(path);
    if (known !== undefined) return known;
    const file = new EventFile(`${path}.events`, this.#capacity);
    this.#events.set(path, file);
    return file;
  }

  #path(key: string): string {
    checkName('key', key);
    if (this.#closed) throw new ClosedError(this.name);
    return join(this.#folder, fileName(key));
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task, task);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

/**
 * A file name that any file system takes, that keeps keys apart even where it does not tell A from a, and that a person
 * can read: the plain part of the key, and a checksum of all of it.
 */
function fileName(key: string): string {
  // UTF-16, unlike UTF-8, keeps lone surrogates apart.
  const sum = createHash('sha256').update(key, 'utf16le').digest('hex').slice(0, 24);
  return `${key.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 80)}-${sum}`;
}

async function readValue(path: string): Promise<Stored | undefined> {
  const last = await readGeneration(`${path}.json`);
  if (last !== 'damaged' && last !== undefined) return last;
  const previous = await readGeneration(`${path}.json.previous`);
  if (last === undefined && previous === undefined) return undefined;
  if (previous === undefined || previous === 'damaged') throw new DamagedError(`${path}.json`);
  return { ...previous, recovered: true };
}

async function readGeneration(path: string): Promise<Stored | 'damaged' | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const end = bytes.indexOf(10);
  const header = end < 0 ? undefined : parseHeader(bytes.toString('utf8', 0, end));
  const body = bytes.subarray(end + 1);
  if (header === undefined || body.length !== header.bytes || sha256(body) !== header.sha256) return 'damaged';
  return { version: header.version, value: JSON.parse(body.toString('utf8')) as Json };
}

function parseHeader(line: string): Header | undefined {
  const [magic, version, sum, bytes] = line.split(' ');
  if (magic !== MAGIC || sum === undefined) return undefined;
  return { version: Number(version), sha256: sum, bytes: Number(bytes) };
}

/** Writes beside, makes it safe, and puts it in place in one step. */
async function replace(path: string, version: number, text: string): Promise<void> {
  const body = Buffer.from(text, 'utf8');
  const file = await open(`${path}.json.new`, 'w');
  try {
    await file.writeFile(`${MAGIC} ${version} ${sha256(body)} ${body.length}\n`);
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.json.new`, `${path}.json`);
}

/** A second name for the last generation, which the next one will not overwrite. */
async function keepPrevious(path: string): Promise<void> {
  await removeFile(`${path}.json.previous`);
  await link(`${path}.json`, `${path}.json.previous`).catch(() => undefined);
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
