import { InvalidOptionError } from '../support/errors.ts';

/** A connection of the `redis` package (`createClient()`), as far as the adapter speaks to it. */
export interface NodeRedisLike {
  /** Sends one command. */
  sendCommand(args: string[]): Promise<unknown>;
}

/** A connection of the `ioredis` package (`new Redis()`, also `new Redis.Cluster()`), as far as the adapter speaks to it. */
export interface IoRedisLike {
  /** Sends one command. */
  call(command: string, ...args: string[]): Promise<unknown>;
}

/** A cluster of the `redis` package (`createCluster()`), as far as the adapter speaks to it. */
export interface NodeRedisClusterLike {
  /** The masters: what tells a cluster from a connection. */
  readonly masters: readonly unknown[];
  /** Sends one command to the node that has the key. */
  sendCommand(firstKey: string, isReadonly: boolean, args: string[]): Promise<unknown>;
}

/**
 * A connection to Redis 6.2 or newer (or Valkey): of `redis` 6 or of `ioredis` 6, single or cluster. It stays the caller's: connected before, and
 * closed after.
 */
export type RedisClient = NodeRedisLike | IoRedisLike | NodeRedisClusterLike;

/** Sends one command. All its keys are in the slot of `key`. */
export type SendCommand = (key: string, args: readonly string[]) => Promise<unknown>;

/** How to send commands over a connection. @throws InvalidOptionError if it is none */
export function senderOf(option: string, client: RedisClient): SendCommand {
  const found = client as Partial<IoRedisLike & NodeRedisClusterLike> | null | undefined;
  // `ioredis` has a `sendCommand` of its own, which takes something else: `call` is asked for first.
  if (typeof found?.call === 'function') {
    const connection = client as IoRedisLike;
    return async (_, [command, ...args]) => connection.call(command!, ...args);
  }
  if (typeof found?.sendCommand === 'function') {
    if (found.masters !== undefined) {
      const cluster = client as NodeRedisClusterLike;
      return async (key, args) => cluster.sendCommand(key, false, [...args]);
    }
    const connection = client as NodeRedisLike;
    return async (_, args) => connection.sendCommand([...args]);
  }
  throw new InvalidOptionError(option, client, 'a connection of the packages redis or ioredis');
}
