// A service whose shadow computes for five milliseconds. argv: where the shadow runs (none, loop, ungoverned, worker).
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WorkerExecutor } from '../../src/adapters/worker/index.ts';
import { ShadowRunner } from '../../src/shadow/index.ts';
import { model } from './busyModel.js';

/** What the service tells when it is asked to stop. */
export interface ServerReport {
  readonly offered: number;
  readonly shadowed: number;
  readonly dropped: number;
}

const primary = { predict: (x: number): number => x * 2 };
const mode = process.argv[2];
const executor =
  mode === 'worker'
    ? new WorkerExecutor<number, number>({ module: new URL('./busyModel.js', import.meta.url), inFlight: 2, nice: 19 })
    : undefined;
const runner =
  mode === 'none'
    ? undefined
    : new ShadowRunner({
        primary,
        shadows: { next: executor === undefined ? model : { executor } },
        queue: { capacity: 64, concurrency: 4 },
        ...(mode === 'ungoverned' ? { cpuShare: 1 } : {}),
        seed: 1,
      });
const served = runner ?? primary;

const server = createServer((request, response) => {
  const x = Number(request.url?.slice(1));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ answer: served.predict(x) }));
});
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));

process.on('message', async () => {
  const counts = runner?.compare('next');
  const dropped = counts === undefined ? 0 : Object.values(counts.dropped).reduce((sum, n) => sum + n, 0);
  const report: ServerReport = { offered: counts?.offered ?? 0, shadowed: counts?.compared ?? 0, dropped };
  process.send!(report);
  await executor?.close();
  process.exit(0);
});
