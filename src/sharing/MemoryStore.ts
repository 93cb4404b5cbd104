import { checkInteger, checkName, checkOptions, jsonTextOf } from '../core/check.ts';
import type { Json } from '../core/json.ts';
import type { SetResult, StateStore, Stored } from '../core/StateStore.ts';

/** Options of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /** @defaultValue 'memory' */
  readonly name?: string;
  /** How many events a key keeps. @defaultValue 10_000 */
  readonly eventCapacity?: number;
}

/** The text of a value: what is handed in or out later must not change what is kept. */
type Text = string;

/**
 * A store that ends with the process: for tests, simulations, and strategies that share one process.
 *
 * @example
 * const store = new MemoryStore();
 * await store.compareAndSet('yield-v2', 0, { answer: 42 }); // { ok: true, version: 1 }
 */
export class MemoryStore implements StateStore {
  readonly name: string;
  readonly #capacity: number;
  readonly #values: Map<string, { readonly version: number; readonly text: Text }> = new Map();
  readonly #events: Map<string, Text[]> = new Map();

  /** @throws InvalidOptionError */
  constructor(options: MemoryStoreOptions = {}) {
    checkOptions('options', options, ['name', 'eventCapacity']);
    this.name = checkName('name', options.name ?? 'memory');
    this.#capacity = checkInteger('eventCapacity', options.eventCapacity ?? 10_000, { ge: 1 });
  }

  async load(key: string): Promise<Stored | undefined> {
    const found = this.#values.get(checkName('key', key));
    return found === undefined ? undefined : { version: found.version, value: JSON.parse(found.text) as Json };
  }

  async compareAndSet(key: string, expected: number, value: Json): Promise<SetResult> {
    checkInteger('expected', expected, { ge: 0 });
    const text = jsonTextOf('value', value);
    const version = this.#values.get(checkName('key', key))?.version ?? 0;
    if (version !== expected) return { ok: false, version };
    this.#values.set(key, { version: version + 1, text });
    return { ok: true, version: version + 1 };
  }

  async append(key: string, events: readonly Json[]): Promise<void> {
    const texts = events.map((event, i) => jsonTextOf(`events[${i}]`, event));
    const list = [...(this.#events.get(checkName('key', key)) ?? []), ...texts];
    this.#events.set(key, list.slice(-this.#capacity));
  }

  async events(key: string, limit: number = this.#capacity): Promise<readonly Json[]> {
    checkInteger('limit', limit, { ge: 1 });
    return (this.#events.get(checkName('key', key)) ?? []).slice(-limit).map((text) => JSON.parse(text) as Json);
  }

  async remove(key: string): Promise<void> {
    this.#values.delete(checkName('key', key));
    this.#events.delete(key);
  }
}
