import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { describe } from 'vitest';
import { RedisStore } from '../../../src/adapters/redis/index.ts';
import { stateStoreContract } from '../../contracts/stateStore.contract.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redisServer.ts';

describe.runIf(hasRedis())('on a Redis server', () => {
  let server: Promise<RedisServer> | undefined;
  const started = (): Promise<RedisServer> => {
    server ??= startRedis();
    return server;
  };
  let close: () => Promise<unknown> = async () => undefined;

  stateStoreContract({
    name: 'RedisStore over redis',
    eventCapacity: 50,
    durable: true,
    open: async () => {
      await close();
      const client = await createClient({ url: (await started()).url }).connect();
      close = () => client.close();
      return new RedisStore(client, { eventCapacity: 50 });
    },
    end: () => close() as Promise<void>,
  });

  stateStoreContract({
    name: 'RedisStore over ioredis',
    eventCapacity: 50,
    durable: true,
    open: async () => {
      const client = new Redis({ port: (await started()).port });
      close = () => client.quit();
      return new RedisStore(client, { eventCapacity: 50, prefix: 'other' });
    },
    end: async () => {
      await close();
      await (await started()).end();
    },
  });
});
