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

/** How many listen on each channel of a connection of `ioredis`, which itself does not count: the last one to go unsubscribes. */
const listening: WeakMap<IoRedisSubscriberLike, Map<string, number>> = new WeakMap();

/** Listens on a channel. @returns ends it @throws InvalidOptionError */
export async function subscribe(
  subscriber: RedisSubscriber,
  channel: string,
  listener: () => void,
): Promise<() => Promise<void>> {
  if (typeof subscriber?.subscribe !== 'function') {
    throw new InvalidOptionError('subscriber', subscriber, 'a connection of the packages redis or ioredis');
  }
  if ('call' in subscriber) return subscribeOver(subscriber, channel, listener);
  const hear = (): void => listener();
  await subscriber.subscribe(channel, hear);
  return () => subscriber.unsubscribe(channel, hear);
}

async function subscribeOver(
  subscriber: IoRedisSubscriberLike,
  channel: string,
  listener: () => void,
): Promise<() => Promise<void>> {
  const hear = (from: string): void => {
    if (from === channel) listener();
  };
  const counts = listening.get(subscriber) ?? new Map<string, number>();
  listening.set(subscriber, counts);
  const leave = (): boolean => {
    subscriber.off('message', hear);
    const left = (counts.get(channel) ?? 1) - 1;
    if (left === 0) counts.delete(channel);
    else counts.set(channel, left);
    return left === 0;
  };
  subscriber.on('message', hear);
  counts.set(channel, (counts.get(channel) ?? 0) + 1);
  try {
    await subscriber.subscribe(channel);
  } catch (error) {
    leave();
    throw error;
  }
  return async () => {
    if (leave()) await subscriber.unsubscribe(channel);
  };
}
