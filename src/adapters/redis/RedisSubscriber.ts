import { InvalidOptionError } from '../support/errors.ts';

/** A second connection of the `redis` package, for messages. */
export interface NodeRedisSubscriberLike {
  /** Begins to listen. */
  subscribe(channel: string, listener: (message: string) => void): Promise<void>;
  /** Ends it. */
  unsubscribe(channel: string, listener: (message: string) => void): Promise<void>;
}

/** A second connection of the `ioredis` package, for messages. */
export interface IoRedisSubscriberLike {
  /** Begins to listen. */
  subscribe(channel: string): Promise<unknown>;
  /** Ends it. */
  unsubscribe(channel: string): Promise<unknown>;
  /** Where messages arrive. */
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
  /** Takes a listener off. */
  off(event: 'message', listener: (channel: string, message: string) => void): unknown;
  /** What tells it from a connection of `redis`. */
  call(...args: never): unknown;
}

/** A connection that does nothing but listen: of `redis` or of `ioredis`. */
export type RedisSubscriber = NodeRedisSubscriberLike | IoRedisSubscriberLike;

/** Listens on a channel. @returns ends it @throws InvalidOptionError */
export async function subscribe(
  subscriber: RedisSubscriber,
  channel: string,
  listener: () => void,
): Promise<() => Promise<void>> {
  if (typeof subscriber?.subscribe !== 'function') {
    throw new InvalidOptionError('subscriber', subscriber, 'a connection of the packages redis or ioredis');
  }
  if ('call' in subscriber) {
    const hear = (from: string): void => {
      if (from === channel) listener();
    };
    subscriber.on('message', hear);
    await subscriber.subscribe(channel);
    return async () => {
      subscriber.off('message', hear);
      await subscriber.unsubscribe(channel);
    };
  }
  const hear = (): void => listener();
  await subscriber.subscribe(channel, hear);
  return () => subscriber.unsubscribe(channel, hear);
}
