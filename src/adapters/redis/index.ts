export type { IoRedisLike, NodeRedisClusterLike, NodeRedisLike, RedisClient } from './RedisClient.ts';
export { RedisStore, type RedisStoreOptions } from './RedisStore.ts';
