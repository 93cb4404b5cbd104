// What a caller of an HTTP service feels of a shadow that computes for 5 ms. Run: npm run bench -- shadowTail
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { BenchRow } from './BenchRow.ts';
import type { ClientReport } from './lib/openLoopClient.ts';
import type { ServerReport } from './lib/shadowServer.ts';

const SECONDS = 5;
const ROUNDS = 3;
const modes = {
  none: 'no shadow',
  loop: 'same loop, governor',
  ungoverned: 'same loop, no governor',
  worker: 'worker thread, nice 19',
} as const;
type Mode = keyof typeof modes;

const start = (file: string, args: readonly string[]): ChildProcess =>
  fork(new URL(`./lib/${file}`, import.meta.url), [...args], {
    execArgv: ['--import', 'tsx', '--conditions=@coronate/source'],
  });

async function message<T>(child: ChildProcess): Promise<T> {
  const [value] = (await once(child, 'message')) as [T];
  return value;
}

interface Cell {
  readonly client: ClientReport;
  readonly server: ServerReport;
}

/** One service and one client, each a process of its own, on loopback. */
async function run(mode: Mode, rate: number, seed: number): Promise<Cell> {
  const server = start('shadowServer.ts', [mode]);
  const port = await message<number>(server);
  const client = await message<ClientReport>(start('openLoopClient.ts', [port, rate, SECONDS, seed].map(String)));
  server.send('stop');
  return { client, server: await message<ServerReport>(server) };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;
}

function row(mode: Mode, rate: number, cells: readonly Cell[]): BenchRow {
  const each = (q: number): number =>
    quantile(
      cells.map(({ client }) => quantile(client.latencies, q)),
      0.5,
    );
  const sum = (of: (cell: Cell) => number): number => cells.reduce((total, cell) => total + of(cell), 0);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const offered = sum(({ server }) => server.offered);
  const shadowed =
    offered === 0 ? '' : `, shadowed ${((100 * sum(({ server }) => server.shadowed)) / offered).toFixed(0)} %`;
  const failed = sum(({ client }) => client.failed);
  return {
    name: `${rate} requests/s, ${modes[mode]}: p99`,
    ns: each(0.99) * 1e6,
    note: `p50 ${ms(each(0.5))}, p99.9 ${ms(each(0.999))}${shadowed}, failed ${failed}`,
  };
}

/** Medians over rounds in which every mode has its turn. Times count from when a request was due. */
export async function bench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const rate of [100, 250]) {
    const cells: Record<Mode, Cell[]> = { none: [], loop: [], ungoverned: [], worker: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const mode of Object.keys(modes) as Mode[]) cells[mode].push(await run(mode, rate, round + 1));
    }
    for (const mode of Object.keys(modes) as Mode[]) rows.push(row(mode, rate, cells[mode]));
  }
  return rows;
}
