import { WorkerExecutor } from '../../src/adapters/worker/index.ts';
import { createRng } from '../../src/random/index.ts';
import type { Ask } from '../adapters/worker/models/Ask.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';

const WAVE = 1000;

/** What the n-th request asks: mostly an answer, sometimes an error, the death of its thread, or an endless loop. */
function askOf(n: number, draw: number): Ask {
  if (n % 20_011 === 5) return 'exit';
  if (n % 50_013 === 9) return { loop: new Int32Array(new SharedArrayBuffer(4)) };
  return draw < 0.01 ? 'throw' : n;
}

async function underFire(requests: number): Promise<SimulationResult> {
  let unhandled = 0;
  const note = (): void => {
    unhandled += 1;
  };
  process.on('unhandledRejection', note);
  const module = new URL('../adapters/worker/models/hostile.js', import.meta.url);
  const executor = new WorkerExecutor<Ask, unknown>({ module, threads: 2, inFlight: 64, graceMs: 20, backoffMs: 1 });
  const rng = createRng(42);
  let wrong = 0;
  let answers = 0;
  for (let sent = 0; sent < requests; sent += WAVE) {
    const wave = Array.from({ length: WAVE }, (_, i) => {
      const n = sent + i;
      const draw = rng.next();
      const ask = askOf(n, draw);
      const signal =
        typeof ask === 'object' ? AbortSignal.timeout(200) : draw > 0.999 ? AbortSignal.abort('given up') : undefined;
      return executor.run(ask, signal === undefined ? {} : { signal }).then(
        (value) => {
          answers += 1;
          if (value !== 2 * n) wrong += 1;
        },
        () => undefined,
      );
    });
    await Promise.all(wave);
  }
  const { counts } = executor;
  await executor.close();
  process.off('unhandledRejection', note);
  const { answered, failed, lost, aborted, refused, pending, crashes, terminations } = counts;
  const accounted = answered + failed + lost + aborted + refused + pending;
  const passed = wrong === 0 && unhandled === 0 && accounted === requests && answered === answers && crashes > 0;
  return {
    measured: { accounted, wrong, unhandled, lost, crashes, terminations },
    passed,
    detail: `${requests} requests, two threads; every one ended once, none with another's answer`,
  };
}

export const simulations: readonly Simulation[] = [
  {
    name: 'worker threads, requests that kill, loop, throw and are given up',
    claim: 'every request ends exactly once, no answer is another one, no rejection is unhandled',
    run: ({ full }) => underFire(full ? 1_000_000 : 100_000),
  },
];
