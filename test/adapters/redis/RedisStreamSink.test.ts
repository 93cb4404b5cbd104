import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisStreamSink } from '../../../src/adapters/redis/index.ts';
import { type SinkItem, sinkContract } from '../../contracts/sink.contract.ts';
import { hasRedis, type RedisServer, startRedis } from '../../support/redisServer.ts';

describe.runIf(hasRedis())('on a Redis server', () => {
  let server: RedisServer;
  let client: Redis;
  let streams = 0;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    server = await startRedis();
    client = new Redis({ port: server.port });
  });
  afterAll(async () => {
    await client.quit();
    for (const close of closers) await close();
    await server.end();
  });
  const name = () => {
    streams += 1;
    return `stream ${streams}`;
  };
  const read = async (stream: string): Promise<SinkItem[]> =>
    (await client.xrange(stream, '-', '+')).map(([, fields]) => JSON.parse(fields[1]!) as SinkItem);

  sinkContract('RedisStreamSink over ioredis', async () => {
    const stream = name();
    return { sink: new RedisStreamSink<SinkItem>(client, { stream }), read: () => read(stream) };
  });
  sinkContract('RedisStreamSink over redis', async () => {
    const stream = name();
    const connection = await createClient({ url: server.url }).connect();
    closers.push(() => connection.close());
    return { sink: new RedisStreamSink<SinkItem>(connection, { stream }), read: () => read(stream) };
  });

  it('keeps about as many entries as it is told', async () => {
    const stream = name();
    const sink = new RedisStreamSink<SinkItem>(client, { stream, maxLength: 1000 });
    const signal = new AbortController().signal;
    for (let batch = 0; batch < 20; batch += 1) {
      const items = Array.from({ length: 700 }, (_, i) => ({ n: batch * 700 + i, text: 'x' }));
      await sink.write(items, { signal });
    }
    const kept = await read(stream);
    expect(kept.length).toBeGreaterThanOrEqual(1000);
    expect(kept.length).toBeLessThan(1300);
    expect(kept.at(-1)!.n).toBe(13_999);
  });
});
