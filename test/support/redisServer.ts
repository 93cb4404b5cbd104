import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis server of our own on a free loopback port, with its data in a folder that goes with it. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** The server's process. */
  readonly pid: () => number;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  end(): Promise<void>;
}

/** Whether there is a server to start; says loudly where there is none. */
export function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(
      '\n!!! redis-server is not installed: every test against Redis is SKIPPED (apt-get install redis-server)\n',
    );
    return false;
  }
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Starts a server. @param durable whether every write is on disk before it is answered */
export async function startRedis(durable = false): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'coronate-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const disk = durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
    const address = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const started = spawn('redis-server', [...address, ...disk], { stdio: ['ignore', 'pipe', 'inherit'] });
    child = started;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      started.stdout!.on('data', (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-4000);
        if (/[Rr]eady to accept connections/.test(said)) resolve();
      });
      started.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    });
  };
  const kill = async (): Promise<void> => {
    const dying = child;
    child = undefined;
    if (dying === undefined || dying.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => void dying.once('exit', () => resolve()));
    dying.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    pid: () => child!.pid!,
    kill,
    start,
    end: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
