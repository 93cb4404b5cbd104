/**
 * Redis: state, replicas that share, and records to a stream. Peer: `redis` 6 or `ioredis` 6. Guide:
 * docs/guides/scale.md.
 *
 * @packageDocumentation
 */

export { AdapterError, type AdapterErrorCode } from '../support/errors.ts';
export type { IoRedisLike, NodeRedisClusterLike, NodeRedisLike, RedisClient } from './RedisClient.ts';
export { RedisHub, type RedisHubOptions } from './RedisHub.ts';
export { RedisStore, type RedisStoreOptions } from './RedisStore.ts';
export { RedisStreamSink, type RedisStreamSinkOptions } from './RedisStreamSink.ts';
export type { IoRedisSubscriberLike, NodeRedisSubscriberLike, RedisSubscriber } from './RedisSubscriber.ts';
