import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createClient } from 'redis';
import { createRng } from '../../src/random/index.ts';
import { startRedis } from '../support/redisServer.ts';
import { addTo, type ChaosCommand, type ChaosReply, type LedgerLine, type Tallies } from './chaosTypes.ts';

/** How long, and how rough. */
export interface ChaosOptions {
  readonly seed: number;
  /** What happens, one after the other. */
  readonly events: readonly ('kill' | 'restart' | 'pause' | 'stop-server' | 'calm')[];
  readonly everyMs: number;
  /** Hears what happens, and when. */
  readonly log?: (line: string) => void;
}

/** What came of it. */
export interface ChaosReport {
  readonly kills: number;
  /** Per strategy: what the survivors hold, and what the ledgers say was acknowledged. */
  readonly acknowledged: Readonly<Record<string, Tallies>>;
  readonly held: readonly Readonly<Record<string, Tallies>>[];
  /** Flushes that were sent when their process died, and that the server turned out to have. */
  readonly inDoubt: number;
  readonly flushes: number;
  readonly phases: readonly string[];
  readonly shares: readonly string[];
  /** Requests answered while the server was away. */
  readonly servedWhileAway: number;
  readonly failures: string;
  /** Flushes lost by each killed process, and learnt values. */
  readonly lost: readonly { readonly flushes: number; readonly values: number; readonly ofLearnt: number }[];
  /** Milliseconds from a rollback in one process until each of the others had it. */
  readonly rollbackMs: readonly number[];
  readonly refused: number;
}

const WORKERS = 4;
/** Requests that are answered at least while a server is gone, and flushes in all: without them nothing is shown. */
const SERVED_AWAY = 200;
const FLUSHES = 60;
type Reply<T extends ChaosReply['type']> = ChaosReply & { readonly type: T };

class Worker {
  readonly label: string;
  readonly child: ChildProcess;
  readonly #heard: ((reply: ChaosReply) => void)[] = [];

  constructor(label: string, args: readonly string[], onTruth: (reply: Reply<'truth'>) => void) {
    this.label = label;
    const script = resolve(import.meta.dirname, 'workers/chaosWorker.ts');
    this.child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@coronate/source', script, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    // A process that is killed hears no more.
    this.child.on('error', () => undefined);
    this.child.on('message', (reply: ChaosReply) => {
      if (reply.type === 'truth') onTruth(reply);
      for (const listener of [...this.#heard]) listener(reply);
    });
  }
  hear<T extends ChaosReply['type']>(type: T): Promise<Reply<T>> {
    return new Promise((done, failed) => {
      const listener = (reply: ChaosReply): void => {
        if (reply.type !== type) return;
        this.#heard.splice(this.#heard.indexOf(listener), 1);
        done(reply as Reply<T>);
      };
      this.#heard.push(listener);
      this.child.once('exit', () => failed(new Error(`${this.label} ended while ${type} was awaited`)));
    });
  }
  tell(command: ChaosCommand): void {
    if (this.child.connected) this.child.send(command, () => undefined);
  }
  ask<T extends ChaosReply['type']>(command: ChaosCommand, type: T): Promise<Reply<T>> {
    const heard = this.hear(type);
    this.tell(command);
    return heard;
  }
  async end(signal: NodeJS.Signals | undefined): Promise<void> {
    const gone = new Promise((done) => this.child.once('exit', done));
    if (signal === undefined) this.tell({ type: 'stop' });
    else this.child.kill(signal);
    await gone;
  }
}

const sleep = (ms: number): Promise<void> => new Promise((done) => void setTimeout(done, ms));

/** Waits until it holds: what takes a moment takes many on a busy machine. What never holds is for the assertions. */
async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 30_000;
  while (!holds() && performance.now() < end) await sleep(50);
}

/**
 * Lets all of them exchange until a whole pass has brought no flush: a truth that comes late is asked for in one round,
 * joined in the next, flushed in a third and read by the others in a fourth. What never ends is for the assertions.
 */
async function settle(workers: readonly Worker[], lines: () => number): Promise<number> {
  for (let pass = 1, quiet = 0; ; pass += 1) {
    const before = lines();
    await Promise.all(workers.map((worker) => worker.ask({ type: 'settle' }, 'settled')));
    quiet = lines() === before ? quiet + 1 : 0;
    if (quiet === 2 || pass === 20) return pass;
  }
}

/** Four processes serve a bandit, an A/B test and a canary through one Redis, while all that can happen to them does. */
export async function runChaos({ seed, events, everyMs, log = () => undefined }: ChaosOptions): Promise<ChaosReport> {
  const rng = createRng(seed);
  const folder = mkdtempSync(join(tmpdir(), 'coronate-chaos-'));
  const server = await startRedis(true);
  const admin = createClient({ url: server.url, socket: { reconnectStrategy: 100 } });
  admin.on('error', () => undefined);
  await admin.connect();
  const workers: Worker[] = [];
  const pick = (): Worker => workers[Math.floor(rng.next() * workers.length)]!;
  const onTruth = ({ strategy, requestId, truth }: Reply<'truth'>): void => {
    const times = 1 + Number(rng.next() < 0.3);
    for (let i = 0; i < times; i += 1) pick().tell({ type: 'record', strategy, requestId, truth });
  };
  const begin = async (i: number): Promise<void> => {
    const args = [String(server.port), folder, `worker-${i}`, String(seed), String(everyMs)];
    workers[i] = new Worker(`worker-${i}`, args, onTruth);
    await workers[i]!.hear('ready');
  };
  const served = (): number => progressOf(folder).reduce((sum, file) => sum + file.served, 0);
  try {
    await Promise.all(Array.from({ length: WORKERS }, (_, i) => begin(i)));
    const killed: number[] = [];
    let servedWhileAway = 0;
    let ramped: Promise<unknown> = Promise.resolve();
    for (const [i, event] of events.entries()) {
      await sleep(everyMs * (1 + 2 * rng.next()));
      if (i === Math.floor(events.length / 2)) ramped = pick().ask({ type: 'ramp', share: 0.5 }, 'ramped');
      const before = served();
      log(event);
      if (event === 'kill') {
        const victim = Math.floor(rng.next() * WORKERS);
        // A change that nobody was told of goes with its process, and rightly so; this one is to be seen by all.
        await ramped;
        killed.push(workers[victim]!.child.pid!);
        await workers[victim]!.end('SIGKILL');
        await begin(victim);
      } else if (event === 'restart') {
        await server.kill();
        await sleep(400);
        await until(() => served() - before > SERVED_AWAY);
        servedWhileAway += served() - before;
        await server.start();
      } else if (event === 'pause') {
        await admin.sendCommand(['CLIENT', 'PAUSE', '400', 'ALL']);
        await sleep(400);
        servedWhileAway += served() - before;
      } else if (event === 'stop-server') {
        process.kill(server.pid(), 'SIGSTOP');
        await sleep(1500);
        servedWhileAway += served() - before;
        process.kill(server.pid(), 'SIGCONT');
      }
    }
    await ramped;
    await until(() => linesOf(folder).filter(({ type }) => type === 'acknowledged').length > FLUSHES);
    log('roll back');
    const seeing = workers
      .slice(1)
      .map((worker) => Promise.race([worker.hear('saw-rollback'), sleep(5000).then(() => ({ at: Number.NaN }))]));
    const began: number = (await workers[0]!.ask({ type: 'rollback' }, 'rolled-back')).at;
    const rollbackMs = (await Promise.all(seeing)).map((saw) => saw.at - began);
    log('settle');
    for (const worker of workers) worker.tell({ type: 'pause' });
    await sleep(100);
    const passes = await settle(workers, () => linesOf(folder).length);
    log(`settled after ${passes} passes`);
    log('report');
    const reports = await Promise.all(workers.map((worker) => worker.ask({ type: 'report' }, 'report')));
    const flushed = await Promise.all(
      ['bandit', 'ab', 'canary'].map((key) => admin.hGetAll(`coronate:{${key}}:flushed`)),
    );
    const has = { bandit: flushed[0]!, ab: flushed[1]!, canary: flushed[2]! } as Record<string, Record<string, string>>;
    const { acknowledged, inDoubt, flushes } = sumLedgers(folder, has);
    const lost = killed.map((pid) => lossOf(folder, pid, has));
    for (const worker of workers) await worker.end(undefined);
    return {
      kills: killed.length,
      acknowledged,
      held: reports.map(({ totals }) => totals.held),
      inDoubt,
      flushes,
      phases: reports.map(({ totals }) => totals.phase),
      shares: reports.map(({ totals }) => JSON.stringify(totals.shares)),
      servedWhileAway,
      failures: readIfThere(join(folder, 'failures')),
      lost,
      rollbackMs,
      refused: reports.reduce(
        (sum, { status }) => sum + Object.values(status).reduce((inner, { refused }) => inner + refused, 0),
        0,
      ),
    };
  } finally {
    for (const worker of workers) worker.child.kill('SIGKILL');
    admin.destroy();
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Progress {
  readonly served: number;
  readonly learnt: Record<string, Tallies>;
}

function progressOf(folder: string): readonly Progress[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.progress'))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8').trim();
      return text === '' ? [] : [JSON.parse(text) as Progress];
    });
}

function linesOf(folder: string, pid?: number): readonly LedgerLine[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(pid === undefined ? '.ledger' : `.${pid}.ledger`))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as LedgerLine);
}

/** What was acknowledged; a flush whose process died before it could hear counts where the server has it. */
function sumLedgers(folder: string, has: Record<string, Record<string, string>>) {
  const acknowledged: Record<string, Tallies> = {};
  const seen = new Set<string>();
  let inDoubt = 0;
  const lines = linesOf(folder);
  const add = ({ strategy, replica, flush, tallies }: LedgerLine): boolean => {
    const id = `${strategy}/${replica}/${flush}`;
    if (seen.has(id)) return false;
    seen.add(id);
    acknowledged[strategy] ??= {};
    addTo(acknowledged[strategy], tallies);
    return true;
  };
  for (const line of lines) if (line.type === 'acknowledged') add(line);
  for (const line of lines) {
    if (line.type === 'sent' && line.flush <= Number(has[line.strategy]![line.replica] ?? 0))
      inDoubt += Number(add(line));
  }
  return { acknowledged, inDoubt, flushes: seen.size };
}

/** What a killed process had learnt of the bandit, and the server has not. */
function lossOf(folder: string, pid: number, has: Record<string, Record<string, string>>): ChaosReport['lost'][number] {
  const name = readdirSync(folder).find((file) => file.endsWith(`.${pid}.progress`))!;
  const text = readFileSync(join(folder, name), 'utf8').trim();
  const learnt = text === '' ? {} : (JSON.parse(text) as Progress).learnt.bandit!;
  const sent = linesOf(folder, pid).filter((line) => line.strategy === 'bandit' && line.type === 'sent');
  const kept: Tallies = {};
  const there = sent.filter((line) => line.flush <= Number(has.bandit![line.replica] ?? 0));
  for (const line of there) addTo(kept, line.tallies);
  const count = (tallies: Tallies): number => Object.values(tallies).reduce((sum, { n }) => sum + n, 0);
  return { flushes: sent.length - there.length, values: count(learnt) - count(kept), ofLearnt: count(learnt) };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
