import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisHub } from '../../../src/adapters/redis/index.ts';
import { hubContract } from '../../contracts/hub.contract.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redisServer.ts';

describe.runIf(hasRedis())('on a Redis server', () => {
  let server: RedisServer;
  let names = 0;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await server.end();
  });
  const nodeRedis = async () => {
    const client = await createClient({ url: server.url }).connect();
    closers.push(() => client.close());
    return client;
  };
  const ioRedis = () => {
    const client = new Redis({ port: server.port });
    closers.push(() => client.quit());
    return client;
  };
  const named = () => {
    names += 1;
    return `hub ${names}`;
  };

  hubContract({
    name: 'RedisHub over redis',
    open: async (options) =>
      new RedisHub(await nodeRedis(), { ...options, name: named(), subscriber: await nodeRedis() }),
  });
  hubContract({
    name: 'RedisHub over ioredis',
    open: async (options) => new RedisHub(ioRedis(), { ...options, name: named(), subscriber: ioRedis() }),
  });

  it('keeps its keys in one slot, and removes them all', async () => {
    const client = await nodeRedis();
    const hub = new RedisHub(client, { name: 'to {be} removed', prefix: 'p' });
    const { replica, cursor } = await hub.join('a', 0);
    const round = { replica, at: 1, cursor, controlVersion: 0, claims: [], released: [], base: undefined };
    const waiting = [{ requestId: 'r', at: 1, outcome: {} }];
    await hub.exchange({ ...round, flush: { id: 1, delta: undefined, waiting, joined: ['q'] } });
    const other = await hub.join('b', 0);
    await hub.exchange({ ...round, replica: other.replica, flush: undefined, claims: ['r'] });
    const keys = await client.keys('p:*');
    expect(keys.length).toBeGreaterThan(7);
    const slots = await Promise.all(
      keys.map((key) => client.sendCommand(['CLUSTER', 'KEYSLOT', key]).catch(() => key.match(/\{.*?\}/)![0])),
    );
    expect(new Set(slots).size).toBe(1);
    await hub.remove();
    expect(await client.keys('p:*')).toEqual([]);
  });

  it('goes on after the server has forgotten its scripts', async () => {
    const client = await nodeRedis();
    const hub = new RedisHub(client, { name: named() });
    const { born } = await hub.join('a', 0);
    await client.sendCommand(['SCRIPT', 'FLUSH']);
    expect(await hub.join('a', 0)).toMatchObject({ replica: expect.stringMatching(/^a\.[0-9a-z]+$/), born });
  });

  it('refuses what is no connection', () => {
    for (const client of [undefined, {}, { sendCommand: 5 }]) {
      expect(() => new RedisHub(client as never, { name: 'x' })).toThrow('client must be a connection');
    }
    expect(() => new RedisHub({ sendCommand: async () => 1 }, { name: '' })).toThrow('name must be');
  });
});
