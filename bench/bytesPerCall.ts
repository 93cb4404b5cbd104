import type { Operation } from './measure.ts';

/**
 * Heap bytes that one call allocates; undefined without `--expose-gc`. Warmed up first: unoptimised code boxes numbers
 * that optimised code keeps in registers. Rounds allocate about a megabyte, and an upper one counts: a round that a
 * collection falls into shows too little, and one or two show what the engine allocated for itself.
 */
export function bytesPerCall(operation: Operation): number | undefined {
  const { gc } = globalThis;
  if (gc === undefined) return undefined;
  for (let call = 0; call < 200_000; call += 1) operation();
  const grown = (calls: number): number => {
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let call = 0; call < calls; call += 1) operation();
    return (process.memoryUsage().heapUsed - before) / calls;
  };
  const upper = (calls: number): number => Array.from({ length: 15 }, () => grown(calls)).sort((a, b) => a - b)[11]!;
  const rough = upper(1000);
  return upper(Math.round(Math.min(50_000, Math.max(1000, 1e6 / rough))));
}
