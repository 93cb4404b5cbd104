import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Json } from '../../core/json.ts';
import type { SetResult, StateStore, StoreCall, Stored } from '../../core/StateStore.ts';
import { checkInteger, checkName, checkOptions, jsonTextOf } from '../support/check.ts';
import { ClosedError } from '../support/errors.ts';
import { EventFile } from './EventFile.ts';
import { Generations } from './Generations.ts';
import { openFolder } from './makeFolder.ts';
import { ProcessLock } from './ProcessLock.ts';
import { syncFolder } from './syncFolder.ts';

/** Options of a `FileStore`. */
export interface FileStoreOptions {
  /** @defaultValue 'file' */
  readonly name?: string;
  /** How many events a key keeps. @defaultValue 10_000 */
  readonly eventCapacity?: number;
}

/**
 * A store in a folder that this process has to itself: the default where there is no server. A value is written beside
 * the old one, made safe, and put in its place in one step; a checksum tells a damaged file from a sound one, and the
 * generation before is kept to go back to. Folder and files are made for their owner alone.
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
  #closing: Promise<void> | undefined;

  private constructor(folder: string, lock: ProcessLock, { name = 'file', eventCapacity = 10_000 }: FileStoreOptions) {
    this.#folder = folder;
    this.#lock = lock;
    this.name = name;
    this.#capacity = eventCapacity;
  }

  /**
   * Opens a folder, which is made where it does not exist.
   * @throws LockedError while another process has it
   * @throws InvalidOptionError, also where the folder cannot be made or written to
   */
  static async open(folder: string, options: FileStoreOptions = {}): Promise<FileStore> {
    checkName('folder', folder);
    checkOptions('options', options, ['name', 'eventCapacity']);
    checkName('name', options.name ?? 'file');
    checkInteger('eventCapacity', options.eventCapacity ?? 10_000, { ge: 1 });
    openFolder('folder', folder, resolve(folder));
    // One folder by two names is locked once.
    const path = await realpath(resolve(folder));
    return new FileStore(path, await ProcessLock.take(join(path, '.lock')), options);
  }

  /** @throws DamagedError where neither the last generation nor the one before is sound */
  async load(key: string, _call?: StoreCall): Promise<Stored | undefined> {
    const generations = new Generations(this.#path(key));
    return this.#inTurn(() => generations.read());
  }

  async compareAndSet(key: string, expected: number, value: Json, _call?: StoreCall): Promise<SetResult> {
    checkInteger('expected', expected, { ge: 0 });
    const generations = new Generations(this.#path(key));
    const text = jsonTextOf('value', value);
    return this.#inTurn(async () => {
      const found = await generations.read();
      const version = found?.version ?? 0;
      if (version !== expected) return { ok: false, version };
      return { ok: true, version: await generations.write(found, text) };
    });
  }

  async append(key: string, events: readonly Json[], _call?: StoreCall): Promise<void> {
    const file = this.#eventFile(key);
    const lines = events.map((event, i) => jsonTextOf(`events[${i}]`, event));
    await this.#inTurn(() => file.append(lines));
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
      await file.remove();
      await new Generations(path).remove();
      this.#events.delete(path);
      await syncFolder(this.#folder);
    });
  }

  /** Lets another process have the folder. */
  close(): Promise<void> {
    this.#closing ??= this.#turn.then(() => this.#lock.release());
    return this.#closing;
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
    if (this.#closing !== undefined) throw new ClosedError(this.name);
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
