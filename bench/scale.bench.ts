import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { createClient } from 'redis';
import type { BenchRow } from './BenchRow.ts';

/** What one replica does for a while: serves a bandit, alone or shared over Redis. */
interface Task {
  readonly port: number;
  readonly name: string;
  readonly shared: boolean;
  readonly ms: number;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Decisions per second of so many replicas, each in a thread of its own with a connection of its own. */
async function rate(port: number, replicas: number, shared: boolean, ms: number): Promise<number> {
  const name = `bench-${replicas}-${shared}-${Math.floor(performance.now())}`;
  const counts = await Promise.all(
    Array.from({ length: replicas }, () => {
      const worker = new Worker(new URL('./lib/scaleReplica.ts', import.meta.url), {
        workerData: { port, name, shared, ms } satisfies Task,
        execArgv: ['--import', 'tsx', '--conditions=@coronate/source'],
      });
      return new Promise<number>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
    }),
  );
  return counts.reduce((sum, perSecond) => sum + perSecond, 0);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** Decisions, rewards included, with 1 and 2 replicas, with and without Redis at the default interval. */
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
    const rows: BenchRow[] = [];
    for (const replicas of [1, 2]) {
      const alone: number[] = [];
      const shared: number[] = [];
      // Turn by turn, so that a busy machine is as busy for both.
      for (let turn = 0; turn < 5; turn += 1) {
        alone.push(await rate(port, replicas, false, 2500));
        shared.push(await rate(port, replicas, true, 2500));
      }
      const cost = 100 * (median(alone.map((perSecond, i) => perSecond / shared[i]!)) - 1);
      const told = (perSecond: number): string => `${(perSecond / 1e6).toFixed(2)} M decisions/s in all`;
      const suffix = `${replicas} replica${replicas > 1 ? 's' : ''}`;
      rows.push({ name: `bandit alone, ${suffix}`, ns: 1e9 / median(alone), note: told(median(alone)) });
      rows.push({
        name: `bandit shared over Redis, ${suffix}`,
        ns: 1e9 / median(shared),
        note: `${told(median(shared))}; ${cost.toFixed(1)} % more per decision (${availableParallelism()} cores)`,
      });
    }
    return rows;
  } finally {
    admin.destroy();
    server.kill('SIGKILL');
  }
}
