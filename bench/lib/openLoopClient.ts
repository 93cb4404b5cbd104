// Sends requests at the times of a Poisson process, whether the ones before are answered or not, and measures each from
// the time that it was due: so a stall counts for everyone who would have come in it. argv: port, rate a second, seconds, seed.
import { Agent, get } from 'node:http';
import { createRng } from '../../src/random/index.ts';

/** Milliseconds. */
export interface ClientReport {
  readonly sent: number;
  readonly failed: number;
  readonly latencies: readonly number[];
}

const [port, rate, seconds, seed] = process.argv.slice(2).map(Number) as [number, number, number, number];
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const rng = createRng(seed);
const latencies: number[] = [];
let failed = 0;

function request(x: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: `/${x}`, agent }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => {
        if ((JSON.parse(text) as { answer: number }).answer === x * 2) resolve();
        else reject(new Error('a wrong answer'));
      });
    }).on('error', reject);
  });
}

async function measured(x: number, due: number): Promise<void> {
  try {
    await request(x);
    latencies.push(performance.now() - due);
  } catch {
    failed += 1;
  }
}

// Connections and compiled code first.
await Promise.all(Array.from({ length: 50 }, (_, i) => request(i)));
const begin = performance.now() + 200;
const running: Promise<void>[] = [];
for (let due = begin, x = 0; due < begin + seconds * 1000; x += 1) {
  due += (-Math.log(1 - rng.next()) * 1000) / rate;
  const wait = due - performance.now();
  if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait));
  running.push(measured(x, due));
}
await Promise.all(running);
const report: ClientReport = { sent: running.length, failed, latencies };
process.send!(report, () => process.exit(0));
