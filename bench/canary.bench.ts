import { CanaryDeployment } from '../src/canary/index.ts';
import { rmse } from '../src/metrics/index.ts';
import { createRng } from '../src/random/index.ts';
import type { BenchRow } from './BenchRow.ts';
import { measure } from './measure.ts';

const noise = createRng(1);
/** Errors made before, so that the models cost next to nothing. */
const errors = Float64Array.from({ length: 4096 }, () => noise.next() + noise.next() - 1);

function model(offset: number): { predict(input: number): number } {
  let i = offset;
  return {
    predict: (x) => {
      i = (i + 1) & 4095;
      return x + errors[i]!;
    },
  };
}

function rollout(more: object = {}) {
  // A minimum of samples that no measurement reaches: it stays at its stage, and judges every outcome.
  const stages = [{ weight: 10, minSamples: 1e9 }, 100];
  return new CanaryDeployment({ baseline: model(0), canary: model(2048), seed: 1, stages, ...more });
}

/** Heap in use after a collection, in bytes; undefined without `--expose-gc`. */
function heap(): number | undefined {
  if (globalThis.gc === undefined) return undefined;
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function flatness(requests: number): BenchRow {
  const canary = rollout();
  let i = 0;
  const serve = (until: number): void => {
    for (; i < until; i += 1) canary.predict(i, { truth: i });
  };
  serve(requests / 10);
  const before = heap();
  const started = performance.now();
  serve(requests);
  const ns = ((performance.now() - started) * 1e6) / (requests * 0.9);
  const after = heap();
  const grown =
    before === undefined || after === undefined ? 'not measured' : `${((after - before) / 1024).toFixed(0)} KiB`;
  return { name: `predict + truth over ${requests / 1e6} M requests`, ns, note: `heap grew by ${grown}` };
}

/** The cost of a rollout per request: over the bare model, judged at every outcome. */
export async function bench(): Promise<BenchRow[]> {
  const bare = model(0);
  let i = 0;
  const next = (): number => {
    i += 1;
    return i;
  };
  const bareNs = await measure(() => bare.predict(next()));
  const over = async (name: string, canary: ReturnType<typeof rollout>, truth: boolean): Promise<BenchRow> => {
    const ns = await measure(() => canary.predict(next(), truth ? { truth: i } : {}));
    return { name, ns, note: `${(ns - bareNs).toFixed(0)} ns over the bare model` };
  };
  const requests = process.env.BENCH_FULL === '1' ? 10_000_000 : 1_000_000;
  return [
    { name: 'the bare model', ns: bareNs },
    await over('predict, four metrics, no truth', rollout(), false),
    await over('predict + truth, rmse alone', rollout({ metrics: [rmse({ role: 'goal' })] }), true),
    await over('predict + truth, four metrics', rollout(), true),
    await over(
      'predict + truth, four metrics, 50 %',
      rollout({ stages: [{ weight: 50, minSamples: 1e9 }, 100] }),
      true,
    ),
    flatness(requests),
  ];
}
