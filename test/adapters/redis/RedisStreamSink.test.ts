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

describe('RedisStreamSink over a server that hangs', () => {
  it('refuses what would make too much wait, and sends nothing that was given up before its turn', async () => {
    const answers: (() => void)[] = [];
    const sent: string[][] = [];
    const client = {
      sendCommand: (args: string[]) => {
        sent.push(args.slice(6));
        return new Promise((done) => answers.push(() => done(1)));
      },
    };
    const sink = new RedisStreamSink<number>(client, { stream: 's', maxPending: 10 });
    const first = sink.write(Array.from({ length: 50 }, (_, i) => i));
    await expect(sink.write([1])).rejects.toMatchObject({ code: 'ERR_FULL' });
    await expect.poll(() => answers.length).toBe(1);
    answers.shift()!();
    await first;
    const [hanging, waiting] = [sink.write([1, 2, 3]), new AbortController()];
    const givenUp = sink.write([4, 5], { signal: waiting.signal });
    waiting.abort(new Error('enough'));
    await expect(givenUp).rejects.toThrow('enough');
    const last = sink.write([6]);
    await expect(sink.write([7, 8, 9, 10, 11])).rejects.toMatchObject({ code: 'ERR_FULL' });
    await expect.poll(() => answers.length).toBe(1);
    answers.shift()!();
    await hanging;
    await expect.poll(() => answers.length).toBe(1);
    answers.shift()!();
    await last;
    await sink.close();
    expect(sent.slice(1)).toEqual([['1', '2', '3'], ['6']]);
    expect(() => new RedisStreamSink(client, { stream: 's', maxPending: 0 })).toThrow('maxPending must be');
  });
});
