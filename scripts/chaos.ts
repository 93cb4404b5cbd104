/**
 * Kills, restarts, pauses and stops, over and over: `tsx --conditions=@coronate/source scripts/chaos.ts [rounds] [seed]`.
 * Prints what the ledgers and the replicas say, how long a rollback took to reach all, and what a kill lost.
 */
import { createRng } from '../src/random/index.ts';
import { runChaos } from '../test/sharing/chaos.ts';

const rounds = Number(process.argv[2] ?? 20);
const seed = Number(process.argv[3] ?? 1);
const rng = createRng(seed);
const kinds = ['kill', 'restart', 'pause', 'stop-server', 'calm'] as const;
const events = Array.from({ length: rounds }, () => kinds[Math.floor(rng.next() * kinds.length)]!);
const started = performance.now();
const log = (line: string): void =>
  console.log(`${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s  ${line}`);
const report = await runChaos({ seed, events, everyMs: 200, log });
const { acknowledged, held, lost, ...rest } = report;
console.log(JSON.stringify(rest, null, 2));
const sorted = (value: object): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.localeCompare(b)))
      : inner,
  );
console.log(`acknowledged  ${sorted(acknowledged)}`);
for (const one of held) console.log(`held          ${sorted(one)}`);
for (const { flushes, values, ofLearnt } of lost) {
  console.log(
    `a kill lost ${flushes} flush under way and ${values} of ${ofLearnt} learnt values, all since the last flush`,
  );
}
const equal = held.every((one) => sorted(one) === sorted(acknowledged));
console.log(equal ? 'equal: every replica holds the sum of the acknowledged flushes' : 'NOT EQUAL');
if (!equal) process.exitCode = 1;
