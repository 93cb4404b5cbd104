import { execFileSync, fork, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
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

/** Of one replica, or of several together. */
interface Rate {
  readonly perSecond: number;
  /** Processor time of one decision, in nanoseconds: it says what a decision costs, however busy the machine is. */
  readonly cpuNs: number;
}

/** Decisions per second of so many replicas, each a process of its own. */
async function rate(port: number, replicas: number, shared: boolean, ms: number): Promise<Rate> {
  const name = `bench-${replicas}-${shared}-${Math.floor(performance.now())}`;
  const counts = await Promise.all(
    Array.from({ length: replicas }, () => {
      const task: Task = { port, name, shared, ms };
      const child = fork(fileURLToPath(new URL('./lib/scaleReplica.ts', import.meta.url)), [JSON.stringify(task)], {
        execArgv: ['--import', 'tsx', '--conditions=@coronate/source'],
      });
      return new Promise<Rate>((resolve, reject) => {
        child.once('message', (measured) => resolve(measured as Rate));
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`a replica ended with ${code}`)));
      });
    }),
  );
  const perSecond = counts.reduce((sum, one) => sum + one.perSecond, 0);
  return { perSecond, cpuNs: counts.reduce((sum, one) => sum + one.cpuNs, 0) / replicas };
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
      const alone: Rate[] = [];
      const shared: Rate[] = [];
      // Turn by turn, so that a busy machine is as busy for both.
      for (let turn = 0; turn < 3; turn += 1) {
        alone.push(await rate(port, replicas, false, 2000));
        shared.push(await rate(port, replicas, true, 2000));
      }
      const cost = 100 * (median(shared.map(({ cpuNs }, i) => cpuNs / alone[i]!.cpuNs)) - 1);
      const row = (name: string, rates: readonly Rate[], more = ''): BenchRow => {
        const perSecond = median(rates.map((one) => one.perSecond));
        const cpuNs = median(rates.map((one) => one.cpuNs));
        const note = `${(perSecond / 1e6).toFixed(3)} M decisions/s in all, ${cpuNs.toFixed(0)} ns of processor each${more}`;
        return { name: `${name}, ${replicas} replica${replicas > 1 ? 's' : ''}`, ns: 1e9 / perSecond, note };
      };
      rows.push(row('bandit alone', alone));
      rows.push(
        row('bandit shared over Redis', shared, `: ${cost.toFixed(1)} % more (${availableParallelism()} cores)`),
      );
    }
    return rows;
  } finally {
    admin.destroy();
    server.kill('SIGKILL');
  }
}
