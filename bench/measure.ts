import { Bench } from 'tinybench';
import type { BenchRow } from './BenchRow.ts';

/** An operation to measure. What it returns is kept, so that the engine cannot drop the work. */
export type Operation = () => unknown;

/** Holds the last answer, so that the engine must compute it. */
const kept: { answer: unknown } = { answer: undefined };

/** Calls per batch: enough that the clock's own cost, some tens of nanoseconds, does not count. */
function batchSize(operation: Operation): number {
  for (let calls = 1; ; calls *= 2) {
    const start = performance.now();
    for (let call = 0; call < calls; call += 1) kept.answer = operation();
    if (performance.now() - start > 0.5 || calls >= 1 << 22) return calls;
  }
}

/**
 * Nanoseconds per call, the median over batches of calls, warmed up.
 * @param ms how long to measure, in milliseconds
 */
export async function measure(operation: Operation, ms = 300): Promise<number> {
  const calls = batchSize(operation);
  const bench = new Bench({ time: ms, warmupTime: ms / 3, throws: true });
  bench.add('operation', () => {
    for (let call = 0; call < calls; call += 1) kept.answer = operation();
  });
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`the measurement ended ${result?.state}`);
  return (result.latency.p50 * 1e6) / calls;
}

/** Nanoseconds per call of an asynchronous operation, one call after the other. */
export async function measureAsync(operation: () => Promise<unknown>, ms = 300): Promise<number> {
  const bench = new Bench({ time: ms, warmupTime: ms / 3, throws: true });
  bench.add('operation', async () => {
    kept.answer = await operation();
  });
  await bench.run();
  const result = bench.tasks[0]?.result;
  if (result?.state !== 'completed') throw new Error(`the measurement ended ${result?.state}`);
  return result.latency.p50 * 1e6;
}

/** A row for `ours`, beside `peer` where it is installed. */
export async function compare(
  name: string,
  ours: Operation,
  peer?: { name: string; run: Operation },
): Promise<BenchRow> {
  const ns = await measure(ours);
  if (peer === undefined) return { name, ns };
  const peerNs = await measure(peer.run);
  return { name, ns, peer: peer.name, peerNs, ratio: peerNs / ns };
}
