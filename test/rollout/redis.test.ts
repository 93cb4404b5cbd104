import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, type RedisServer, startRedis } from '../support/redisServer.ts';
import type { RolloutCommand, RolloutReply } from './workers/rolloutTypes.ts';

type Reply<T extends RolloutReply['type']> = RolloutReply & { readonly type: T };

/** A process that shares the rollout. */
class Worker {
  readonly #child: ChildProcess;

  constructor(port: number, label: string) {
    const script = resolve(import.meta.dirname, 'workers/rolloutWorker.ts');
    const args = ['--import', 'tsx', '--conditions=@coronate/source', script, String(port), label];
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('error', () => undefined);
    this.#child.setMaxListeners(0);
  }
  hear<T extends RolloutReply['type']>(type: T): Promise<Reply<T>> {
    return new Promise((done, failed) => {
      const listen = (reply: RolloutReply): void => {
        if (reply.type !== type) return;
        this.#child.off('message', listen);
        done(reply as Reply<T>);
      };
      this.#child.on('message', listen);
      this.#child.once('exit', () => failed(new Error(`ended while ${type} was awaited`)));
    });
  }
  async ready(): Promise<this> {
    await this.hear('ready');
    return this;
  }
  ask<T extends RolloutReply['type']>(command: RolloutCommand, type: T): Promise<Reply<T>> {
    const heard = this.hear(type);
    this.#child.send(command, () => undefined);
    return heard;
  }
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise((done) => this.#child.once('exit', done));
    this.#child.kill('SIGKILL');
    await gone;
  }
}

describe.runIf(hasRedis())('a rollout of two processes on Redis', () => {
  let server: RedisServer;
  const workers: Worker[] = [];
  beforeAll(async () => {
    server = await startRedis(true);
  });
  afterAll(async () => {
    for (const worker of workers) await worker.kill().catch(() => undefined);
    await server.end();
  });
  const begin = (label: string): Promise<Worker> => {
    const worker = new Worker(server.port, label);
    workers.push(worker);
    return worker.ready();
  };
  const report = (worker: Worker) => worker.ask({ type: 'report' }, 'report');
  /** Rounds until both have nothing left to ask, and know the same. */
  const agreed = async (...both: Worker[]): Promise<Record<string, unknown>> => {
    await expect
      .poll(
        async () => {
          const reports = await Promise.all(both.map(report));
          const [first, ...others] = reports.map(({ evidence, asked }) => JSON.stringify({ evidence, asked }));
          return others.every((other) => other === first) && reports.every(({ asked }) => asked === 0);
        },
        { timeout: 20_000, interval: 100 },
      )
      .toBe(true);
    return (await report(both[0]!)).evidence;
  };

  it('goes on in the same step with the same evidence where one is killed in it, and ends everywhere alike', async () => {
    let [a, b] = await Promise.all([begin('a'), begin('b')]);
    let from = 0;
    for (const [index, step] of (['shadow', 'abTest', 'canary'] as const).entries()) {
      const here = await a.ask({ type: 'serve', from, times: 60 }, 'served');
      const there = await b.ask({ type: 'serve', from: from + 60, times: 40 }, 'served');
      const truths = [...here.ids, ...there.ids].map((id, i) => [id, from + i] as const);
      await agreed(a, b);
      // The truths of both come to the other one; some to both.
      await a.ask({ type: 'record', truths: truths.slice(50, 90) }, 'recorded');
      await b.ask({ type: 'record', truths: truths.slice(0, 60) }, 'recorded');
      const before = await agreed(a, b);
      expect(before).toMatchObject({ phase: { phase: 'running', step: index }, requests: 100 * (index + 1) });
      if (step === 'shadow') expect(before.shadow).toMatchObject({ compared: 100 });
      if (step === 'abTest') {
        expect(before.abTest).toMatchObject({ requests: 100, truths: 90 });
      }

      await a.kill();
      expect((await report(b)).evidence).toEqual(before);
      // The truths of what the dead one had served are joined by the other.
      await b.ask({ type: 'record', truths: truths.slice(0, 100) }, 'recorded');
      a = await begin('a');
      const after = await agreed(a, b);
      expect(after).toMatchObject({ phase: before.phase, requests: before.requests });
      if (step === 'abTest') {
        expect(after.abTest).toMatchObject({ requests: 100, truths: 100 });
      }
      // The one that came back moves both.
      await a.ask({ type: 'act', act: 'skip' }, 'acted');
      from += 100;
      [a, b] = [b, a];
      expect(await agreed(a, b)).toMatchObject(
        index < 2 ? { phase: { phase: 'running', step: index + 1 } } : { phase: { phase: 'gated', step: 3 } },
      );
    }
    await a.ask({ type: 'act', act: 'approve' }, 'acted');
    expect(await agreed(a, b)).toMatchObject({ phase: { phase: 'promoted' }, requests: 300 });
    const stories = await Promise.all([a, b].map(report));
    for (const { story, refused } of stories) {
      expect(refused).toBe(0);
      expect(story).toContain('promoted');
    }
  }, 300_000);
});
