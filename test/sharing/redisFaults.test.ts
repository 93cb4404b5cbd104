import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RedisHub } from '../../src/adapters/redis/index.ts';
import { type Replica, type ShareOptions, share } from '../../src/sharing/index.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redisServer.ts';
import { Tally } from '../support/Tally.ts';

/** What a Redis server does to those who rely on it: forgets, evicts, refuses, runs full. */
describe.runIf(hasRedis())('replicas on a Redis server that misbehaves', () => {
  let server: RedisServer;
  let admin: Awaited<ReturnType<typeof connect>>;
  let names = 0;
  let hubName = '';
  const closers: (() => Promise<unknown>)[] = [];
  const connect = () => createClient({ url: server.url }).connect();
  beforeAll(async () => {
    server = await startRedis();
    admin = await connect();
    closers.push(() => admin.close());
  });
  afterEach(async () => {
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
  });
  afterAll(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await server.end();
  });

  interface Member {
    readonly tally: Tally;
    readonly replica: Replica;
  }
  const begin = (): void => {
    names += 1;
    hubName = `faults ${names}`;
  };
  const keyOf = (part: string): string => `coronate:{${hubName}}:${part}`;
  const join = async (label: string, options: ShareOptions = {}): Promise<Member> => {
    const tally = new Tally({ seed: 42 });
    const hub = new RedisHub(admin, { name: hubName });
    const replica = await share(tally, hub, { replica: label, everyMs: 1e9, ...options });
    closers.push(() => replica.stop());
    return { tally, replica };
  };
  const settle = async (...members: Member[]): Promise<void> => {
    for (let i = 0; i < 4; i += 1) for (const { replica } of members) await replica.exchange();
  };
  const servedBy = (members: readonly Member[]): number[] => members.map(({ tally }) => tally.sums.served);

  it('loses no count and repeats no id where the database is flushed below two replicas of one label', async () => {
    begin();
    const members = [await join('web'), await join('web')];
    const ids: string[] = [];
    const serve = (times: number): void => {
      for (const { tally } of members) for (let i = 0; i < times; i += 1) ids.push(tally.serve(i).requestId);
    };
    for (let round = 0; round < 3; round += 1) {
      serve(5);
      await settle(...members);
    }
    for (let flush = 0; flush < 3; flush += 1) {
      await admin.sendCommand(['FLUSHDB']);
      serve(7);
      // The second one first: it must not come by the name that the first one still has.
      await settle(...members.toReversed());
      serve(3);
      await settle(...members);
      expect(servedBy(members)).toEqual([ids.length, ids.length]);
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(members.flatMap(({ replica }) => replica.history.filter(({ type }) => type === 'lost-flushes'))).toEqual([]);
  });

  const parts = ['log', 'meta', 'cursors', 'readers', 'flushed', 'flushedAt', 'waiting', 'waitingAt', 'joined'];
  it.each(parts.flatMap((part) => [4, 256].map((foldAt) => [part, foldAt] as const)))(
    'goes on where the server has evicted its %s, folded at %i, and counts nothing twice',
    async (part, foldAt) => {
      begin();
      const members = [await join('a', { foldAt }), await join('b', { foldAt })];
      let served = 0;
      const serve = (): void => {
        for (const { tally } of members) tally.serve(served);
        served += members.length;
      };
      for (let i = 0; i < 6; i += 1) {
        serve();
        await settle(...members);
      }
      serve();
      await members[0]!.replica.exchange();
      await admin.sendCommand(['DEL', keyOf(part)]);
      for (let i = 0; i < 3; i += 1) {
        serve();
        await settle(...members);
      }
      const late = await join('late');
      await settle(late, ...members);
      const counts = servedBy([...members, late]);
      // What was in the evicted key and nowhere else is gone; nobody may count what never was, or count on differently.
      for (const count of counts) expect(count).toBeLessThanOrEqual(served);
      expect(counts[0]).toBeGreaterThanOrEqual(served - 2);
      const before = servedBy([...members, late]);
      serve();
      await settle(...members, late);
      expect(servedBy([...members, late]).map((count, i) => count - before[i]!)).toEqual([2, 2, 2]);
    },
  );

  it('waits where the server is out of memory, and tells everything once there is room', async () => {
    begin();
    const members = [await join('a'), await join('b')];
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory', '1']);
    for (let i = 0; i < 10; i += 1) members[0]!.tally.serve(i);
    members[0]!.tally.say('full');
    expect(await members[0]!.replica.exchange()).toBe(false);
    expect(members[0]!.replica.history.at(-1)).toMatchObject({ type: 'round-failed' });
    for (let i = 0; i < 10; i += 1) members[0]!.tally.serve(i);
    await admin.sendCommand(['CONFIG', 'SET', 'maxmemory', '0']);
    await settle(...members);
    expect(servedBy(members)).toEqual([20, 20]);
    expect(members[1]!.tally.word).toBe('full');
  });

  it('waits while the server is a read-only replica of another', async () => {
    begin();
    const members = [await join('a'), await join('b')];
    members[0]!.tally.serve(1);
    await admin.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
    try {
      expect(await members[0]!.replica.exchange()).toBe(false);
      expect(String((members[0]!.replica.history.at(-1) as { error?: unknown }).error)).toMatch(/READONLY/);
    } finally {
      await admin.sendCommand(['REPLICAOF', 'NO', 'ONE']);
    }
    await settle(...members);
    expect(servedBy(members)).toEqual([1, 1]);
  });

  it('keeps what waits for its truth where one replica has a clock that is a year ahead', async () => {
    begin();
    const [a, b] = [await join('a'), await join('b')];
    const { requestId } = a.tally.serve(1);
    await settle(a);
    const hub = new RedisHub(admin, { name: hubName });
    const { replica, cursor } = await hub.join('ahead', 0);
    const year = 365 * 24 * 3_600_000;
    const round = { replica, at: Date.now() + year, cursor, controlVersion: 0, flush: undefined };
    await hub.exchange({ ...round, claims: [], released: [], base: undefined });
    b.tally.record(requestId, 5);
    await settle(b, a);
    expect([a.tally.sums, b.tally.sums]).toEqual(Array(2).fill({ served: 1, truths: 5, joined: 1 }));
  });

  it('passes over what somebody else has put into its keys', async () => {
    begin();
    const [a, b] = [await join('a', { graceMs: 0 }), await join('b', { graceMs: 0 })];
    a.tally.serve(1);
    await settle(a, b);
    for (const text of ['somebody\n{"torn', 'no line at all', 'somebody\n"text"', 'somebody\n{"__proto__":1}']) {
      const place = await admin.sendCommand(['HINCRBY', keyOf('meta'), 'place', '1']);
      await admin.sendCommand(['HSET', keyOf('log'), String(place), text]);
    }
    a.tally.serve(1);
    await settle(a, b, a);
    expect([a.tally.sums.served, b.tally.sums.served]).toEqual([2, 2]);
    expect(b.replica.status).toMatchObject({ joined: true, refused: 4, failures: 0 });
    await admin.sendCommand(['HSET', keyOf('meta'), 'v', '7', 'control', '{']);
    a.tally.serve(1);
    await settle(a, b, a);
    expect([a.tally.sums.served, b.tally.sums.served]).toEqual([3, 3]);
    expect(b.replica.status.failures).toBe(0);
  });

  it('hears at once what was agreed on over an ioredis with a key prefix, also after another replica of the process has left', async () => {
    begin();
    const io = (): Redis => {
      const client = new Redis({ port: server.port, keyPrefix: 'tenant:' });
      closers.push(() => client.quit());
      return client;
    };
    const subscriber = io();
    const hub = new RedisHub(io(), { name: hubName, subscriber });
    const member = async (label: string): Promise<Member> => {
      const tally = new Tally({ seed: 42 });
      const replica = await share(tally, hub, { replica: label, everyMs: 1e6 });
      closers.push(() => replica.stop());
      return { tally, replica };
    };
    const [a, b, c] = [await member('a'), await member('b'), await member('c')];
    await settle(a, b, c);
    a.tally.say('one');
    await expect.poll(() => b.tally.word, { timeout: 3000 }).toBe('one');
    await c.replica.stop();
    a.tally.say('two');
    await expect.poll(() => b.tally.word, { timeout: 3000 }).toBe('two');
    await a.replica.stop();
    await b.replica.stop();
    expect(subscriber.listenerCount('message')).toBe(0);
  });
});
