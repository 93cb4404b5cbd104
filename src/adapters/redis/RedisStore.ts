import type { Json } from '../../core/json.ts';
import type { SetResult, StateStore, StoreCall, Stored } from '../../core/StateStore.ts';
import { checkInteger, checkName, checkOptions, jsonTextOf } from '../support/check.ts';
import { ClosedError, DamagedError } from '../support/errors.ts';
import { waitUnlessAborted } from '../support/waitUnlessAborted.ts';
import { checkPrefix, keysOf } from './keys.ts';
import { type RedisClient, type SendCommand, senderOf } from './RedisClient.ts';
import { jsonOf, Script } from './Script.ts';

/** Options of a `RedisStore`. */
export interface RedisStoreOptions {
  /** @defaultValue 'redis' */
  readonly name?: string;
  /** Begins every key. @defaultValue 'coronate' */
  readonly prefix?: string;
  /** How many events a key keeps. @defaultValue 10_000 */
  readonly eventCapacity?: number;
}

const compareAndSet = new Script(`
local version = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
if version ~= tonumber(ARGV[1]) then return {0, version} end
redis.call('HSET', KEYS[1], 'v', version + 1, 'd', ARGV[2])
return {1, version + 1}
`);

const append = new Script(`
for i = 2, #ARGV do redis.call('RPUSH', KEYS[1], ARGV[i]) end
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[1]), -1)
return 1
`);

/** Lua unpacks no more than this many arguments at once, and a script should hold up nobody for long. */
const EVENTS_AT_ONCE = 500;

/**
 * A store on Redis, for `persist` and for a rollout that several processes follow. Every change is one step of the
 * server's, so that one of many writers wins. A value is as safe as the server's persistence makes it: with
 * `appendfsync always`, on disk when the call resolves.
 *
 * @example
 * const client = await createClient({ url }).connect();
 * const store = new RedisStore(client, { prefix: 'models' });
 */
export class RedisStore implements StateStore {
  readonly name: string;
  readonly #send: SendCommand;
  readonly #prefix: string;
  readonly #capacity: number;
  #closed = false;

  /**
   * @param client a connection of `redis` or `ioredis`; it stays the caller's
   * @throws InvalidOptionError
   */
  constructor(client: RedisClient, options: RedisStoreOptions = {}) {
    checkOptions('options', options, ['name', 'prefix', 'eventCapacity']);
    this.#send = senderOf('client', client);
    this.name = checkName('name', options.name ?? 'redis');
    this.#prefix = checkPrefix(options.prefix);
    this.#capacity = checkInteger('eventCapacity', options.eventCapacity ?? 10_000, { ge: 1 });
  }

  /** @throws DamagedError where the key holds what this store never wrote */
  async load(key: string, call: StoreCall = {}): Promise<Stored | undefined> {
    const state = this.#key(key, 'state');
    const [version, text] = (await this.#ask(call, state, ['HMGET', state, 'v', 'd'])) as (string | null)[];
    if (version === null || version === undefined) return undefined;
    const value = jsonOf(text);
    if (!Number.isSafeInteger(Number(version)) || value === undefined) {
      throw new DamagedError(`${state} holds what this store never wrote`);
    }
    return { version: Number(version), value };
  }

  async compareAndSet(key: string, expected: number, value: Json, call: StoreCall = {}): Promise<SetResult> {
    checkInteger('expected', expected, { ge: 0 });
    const state = this.#key(key, 'state');
    const text = jsonTextOf('value', value);
    const reply = waitUnlessAborted(compareAndSet.run(this.#send, [state], [expected, text]), call.signal);
    const [ok, version] = (await reply) as [unknown, unknown];
    return { ok: Number(ok) === 1, version: Number(version) };
  }

  async append(key: string, events: readonly Json[], call: StoreCall = {}): Promise<void> {
    const list = this.#key(key, 'events');
    const texts = events.map((event, i) => jsonTextOf(`events[${i}]`, event));
    for (let i = 0; i < texts.length; i += EVENTS_AT_ONCE) {
      const some = texts.slice(i, i + EVENTS_AT_ONCE);
      await waitUnlessAborted(append.run(this.#send, [list], [this.#capacity, ...some]), call.signal);
    }
  }

  async events(key: string, limit: number = this.#capacity, call: StoreCall = {}): Promise<readonly Json[]> {
    checkInteger('limit', limit, { ge: 1 });
    const list = this.#key(key, 'events');
    const found = (await this.#ask(call, list, ['LRANGE', list, String(-limit), '-1'])) as unknown[];
    return found.map(jsonOf).filter((event) => event !== undefined);
  }

  async remove(key: string, call: StoreCall = {}): Promise<void> {
    const [state, list] = [this.#key(key, 'state'), this.#key(key, 'events')];
    await this.#ask(call, state, ['DEL', state, list]);
  }

  /** Later calls reject. The connection stays open: it is the caller's. */
  async close(): Promise<void> {
    this.#closed = true;
  }

  #key(key: string, part: string): string {
    checkName('key', key);
    if (this.#closed) throw new ClosedError(this.name);
    return keysOf(this.#prefix, key)(part);
  }

  #ask({ signal }: StoreCall, key: string, args: readonly string[]): Promise<unknown> {
    return waitUnlessAborted(this.#send(key, args), signal);
  }
}
