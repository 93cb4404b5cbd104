import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import type { BenchRow } from './BenchRow.ts';
import { during, ScaleProcess, type Stretch } from './lib/ScaleProcess.ts';
import type { ScaleTask } from './lib/scaleTypes.ts';

/** Pairs of fresh processes: the engine compiles each in its own way, which alone makes some percent. */
const PAIRS = 3;
const WARM_MS = 3000;
const FLAT_OUT_MS = 5000;
const SLICE = 4000;

/** Decisions a second of a busy service. */
const PACE = 1000;
/** First at a quicker pace: at its own, the engine has not compiled all of it when the measuring begins. */
const WARM_PACE = 10_000;
const WARM_PACED_MS = 10_000;
const PACED_BLOCKS = 6;
const BLOCK_MS = 4000;
const LATE_MS = 3000;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const spread = (values: readonly number[], digits: number): string =>
  `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
const nsOf = (stretches: readonly Stretch[]): number =>
  (1000 * stretches.reduce((sum, { cpuUs }) => sum + cpuUs, 0)) /
  stretches.reduce((sum, { decisions }) => sum + decisions, 0);

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

let names = 0;
/** Replicas of one strategy. */
async function team(
  replicas: number,
  { lateMs = 0, ...rest }: Omit<ScaleTask, 'name' | 'lateMs'> & { readonly lateMs?: number },
): Promise<readonly ScaleProcess[]> {
  names += 1;
  const task = { ...rest, name: `bench-${names}`, lateMs };
  return Promise.all(Array.from({ length: replicas }, () => ScaleProcess.start(task)));
}

/** What one pair of teams showed. */
interface Pair {
  readonly aloneNs: number;
  readonly sharedNs: number;
  /** Decisions a second of all replicas of a team together. */
  readonly alone: number;
  readonly shared: number;
}

/** As many decisions as go, in slices, turn by turn, so that a busy machine is as busy for both. */
async function flatOut(kind: ScaleTask['kind'], port: number, replicas: number, second: boolean): Promise<Pair> {
  const teams = [
    await team(replicas, { kind, port, shared: false }),
    await team(replicas, { kind, port, shared: second }),
  ] as const;
  const tookMs: [number, number] = [0, 0];
  const turns = async (ms: number): Promise<void> => {
    const end = performance.now() + ms;
    for (let turn = 0; performance.now() < end; turn += 1) {
      for (const i of turn % 2 === 0 ? [0, 1] : [1, 0]) {
        const began = performance.now();
        await Promise.all(teams[i]!.map((one) => one.tell({ type: 'serve', calls: SLICE })));
        tookMs[i]! += performance.now() - began;
      }
    }
  };
  await turns(WARM_MS);
  tookMs.fill(0);
  // Rounds with Redis do not wait for a turn: they are in the stretch, whenever they happen.
  const stretches = await during(teams.flat(), () => turns(FLAT_OUT_MS));
  const [alone, shared] = [stretches.slice(0, replicas), stretches.slice(replicas)];
  for (const one of teams.flat()) one.end();
  const rate = (stretches: readonly Stretch[], ms: number): number =>
    (1000 * stretches.reduce((sum, { decisions }) => sum + decisions, 0)) / ms;
  return {
    aloneNs: nsOf(alone),
    sharedNs: nsOf(shared),
    alone: rate(alone, tookMs[0]),
    shared: rate(shared, tookMs[1]),
  };
}

async function flatOutRows(kind: ScaleTask['kind'], port: number, replicas: number): Promise<readonly BenchRow[]> {
  const pairs: Pair[] = [];
  const twins: Pair[] = [];
  for (let i = 0; i < PAIRS; i += 1) {
    pairs.push(await flatOut(kind, port, replicas, true));
    // Alone against alone: what two processes that do the same differ by.
    if (replicas === 1) twins.push(await flatOut(kind, port, replicas, false));
  }
  const more = ({ aloneNs, sharedNs }: Pair): number => 100 * (sharedNs / aloneNs - 1);
  const costs = pairs.map(more);
  const moreNs = median(pairs.map(({ aloneNs, sharedNs }) => sharedNs - aloneNs));
  const noise = twins.length === 0 ? '' : `; two that share nothing differ by ${spread(twins.map(more), 1)} %`;
  const row = (name: string, perSecond: readonly number[], ns: readonly number[], note = ''): BenchRow => ({
    name: `${name}, ${replicas} replica${replicas > 1 ? 's' : ''} flat out`,
    ns: 1e9 / median(perSecond),
    note: `${(median(perSecond) / 1e6).toFixed(3)} M decisions/s in all, ${median(ns).toFixed(0)} ns of processor each${note}`,
  });
  const cost = `: ${median(costs).toFixed(1)} %, ${moreNs.toFixed(0)} ns more (${spread(costs, 1)}, ${PAIRS} pairs${noise}; ${availableParallelism()} cores)`;
  return [
    row(
      `${kind} alone`,
      pairs.map(({ alone }) => alone),
      pairs.map(({ aloneNs }) => aloneNs),
    ),
    row(
      `${kind} shared over Redis`,
      pairs.map(({ shared }) => shared),
      pairs.map(({ sharedNs }) => sharedNs),
      cost,
    ),
  ];
}

/** At a service's pace, side by side: what a round a second costs, and what a truth costs that comes late. */
async function pacedRows(port: number): Promise<readonly BenchRow[]> {
  const kinds = [
    { name: 'bandit alone', shared: false, lateMs: 0 },
    { name: 'bandit shared over Redis', shared: true, lateMs: 0 },
    { name: 'bandit alone, truths after 3 s', shared: false, lateMs: LATE_MS },
    { name: 'bandit shared over Redis, truths after 3 s', shared: true, lateMs: LATE_MS },
  ] as const;
  const members = await Promise.all(
    kinds.map(async ({ shared, lateMs }) => (await team(1, { kind: 'bandit', port, shared, lateMs }))[0]!),
  );
  for (const one of members) await one.tell({ type: 'pace', perSecond: WARM_PACE });
  await sleep(WARM_PACED_MS);
  for (const one of members) await one.tell({ type: 'pace', perSecond: PACE });
  await sleep(LATE_MS + WARM_MS);
  const ns: number[][] = kinds.map(() => []);
  for (let block = 0; block < PACED_BLOCKS; block += 1) {
    const stretches = await during(members, () => sleep(BLOCK_MS));
    stretches.forEach((stretch, i) => void ns[i]!.push(nsOf([stretch])));
  }
  for (const one of members) one.end();
  return kinds.map(({ name, shared }, i) => {
    const own = median(ns[i]!);
    const each = `${own.toFixed(0)} ns of processor each, ${((own * PACE) / 1e7).toFixed(2)} % of a core`;
    const alone = ns[i - 1];
    if (!shared || alone === undefined) return { name: `${name}, ${PACE}/s`, ns: own, note: each };
    const differences = ns[i]!.map((value, block) => value - alone[block]!);
    const more = median(differences);
    const note = `${each}: ${more.toFixed(0)} ns more (${spread(differences, 0)}, ${PACED_BLOCKS} blocks), ${((100 * more) / median(alone)).toFixed(1)} %, ${((more * PACE) / 1e7).toFixed(2)} % of a core`;
    return { name: `${name}, ${PACE}/s`, ns: own, note };
  });
}

/** Decisions, rewards included, of strategies alone and shared over Redis at the default interval of a second. */
export async function bench(): Promise<BenchRow[]> {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return [{ name: 'scale', ns: Number.NaN, note: 'NOT MEASURED: redis-server is not installed' }];
  }
  const port = await freePort();
  const address = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', address, { stdio: 'ignore' });
  const admin = createClient({ url: `redis://127.0.0.1:${port}`, socket: { reconnectStrategy: 50 } });
  admin.on('error', () => undefined);
  await admin.connect();
  try {
    return [
      ...(await flatOutRows('bandit', port, 1)),
      ...(await flatOutRows('bandit', port, 2)),
      ...(await flatOutRows('A/B test', port, 1)),
      ...(await pacedRows(port)),
    ];
  } finally {
    admin.destroy();
    server.kill('SIGKILL');
  }
}
