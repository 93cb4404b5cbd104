import { createRng, normal } from '../src/random/index.ts';
import {
  Covariance,
  Moments,
  mannWhitneyTest,
  QuantileSketch,
  Reservoir,
  sampleMoments,
  welchTest,
  wilcoxonTest,
} from '../src/stats/index.ts';
import type { BenchRow } from './BenchRow.ts';
import { loadPeer } from './loadPeer.ts';
import { compare, measure, type Operation } from './measure.ts';
import { type ScipyTime, timeScipy } from './scipy.ts';

/** As much of simple-statistics as is measured. */
interface SimpleStatistics {
  tTestTwoSample(x: readonly number[], y: readonly number[]): number;
  wilcoxonRankSum(x: readonly number[], y: readonly number[]): number;
}
/** A package of @stdlib with one function. */
interface Stdlib<F> {
  readonly default: F;
}

const rng = createRng(1);
const sampleOf = (n: number, shift: number): Float64Array =>
  Float64Array.from({ length: n }, () => normal(rng) + shift);

/** The same number of runs as SciPy gets: three, or as many as fit into 0.6 s; the median of them, in nanoseconds. */
function time(operation: Operation): number {
  for (let run = 0; run < 3; run += 1) kept.answer = operation();
  const samples: number[] = [];
  const stop = performance.now() + 600;
  while (samples.length < 3 || performance.now() < stop) {
    const start = performance.now();
    kept.answer = operation();
    samples.push(performance.now() - start);
  }
  return samples.sort((a, b) => a - b)[samples.length >> 1]! * 1e6;
}

/** Holds the last answer, so that the engine must compute it. */
const kept: { answer: unknown } = { answer: undefined };

/** One update of each summary, over values that fit the caches. */
async function updates(): Promise<readonly BenchRow[]> {
  const values = sampleOf(4096, 100);
  let i = 0;
  const next = (): number => {
    i = (i + 1) & 4095;
    return values[i]!;
  };
  const moments = new Moments();
  const pairs = new Covariance();
  const sketch = new QuantileSketch();
  const reservoir = new Reservoir({ capacity: 1000, rng: createRng(2) });
  const peer = await loadPeer<Stdlib<() => (x: number) => unknown>>('@stdlib/stats-incr-meanvar');
  const accumulate = peer?.module.default();
  return [
    await compare(
      'Moments.push (to fourth order)',
      () => moments.push(next()),
      accumulate && peer ? { name: `${peer.label} (to second)`, run: () => accumulate(next()) } : undefined,
    ),
    await compare('Covariance.push', () => pairs.push(next(), next())),
    await compare('QuantileSketch.push', () => sketch.push(next())),
    await compare('Reservoir.push, 1000 kept', () => reservoir.push(next())),
  ];
}

function beside(name: string, ns: number, scipy: ScipyTime | undefined, key: string, note: string): BenchRow[] {
  const peerNs = scipy?.times[key];
  if (scipy === undefined || peerNs === undefined) return [{ name, ns, note: 'SciPy is not installed' }];
  return [{ name, ns, peer: scipy.label, peerNs, ratio: peerNs / ns, note: `timed inside Python; ${note}` }];
}

type PeerRun = { name: string; run: Operation; note: string };

function against(name: string, ns: number, peer: PeerRun | undefined): readonly BenchRow[] {
  if (peer === undefined) return [];
  const peerNs = time(peer.run);
  return [{ name, ns, peer: peer.name, peerNs, ratio: peerNs / ns, note: peer.note }];
}

async function welch(n: number, scipy: ScipyTime | undefined): Promise<readonly BenchRow[]> {
  const [x, y] = [sampleOf(n, 0), sampleOf(n, 0.01)];
  const [xs, ys] = [Array.from(x), Array.from(y)];
  const name = `Welch, two samples of ${n}`;
  const ns = time(() => welchTest(sampleMoments(x), sampleMoments(y)));
  const stdlib = await loadPeer<Stdlib<(x: Float64Array, y: Float64Array) => unknown>>('@stdlib/stats-ttest2');
  const simple = await loadPeer<SimpleStatistics>('simple-statistics');
  return [
    ...beside(name, ns, scipy, `welch ${n}`, 'p-value only, where ours has interval and effect size too'),
    ...against(
      name,
      ns,
      stdlib && { name: stdlib.label, run: () => stdlib.module.default(x, y), note: 'p-value and interval' },
    ),
    ...against(
      name,
      ns,
      simple && { name: simple.label, run: () => simple.module.tTestTwoSample(xs, ys), note: 'pooled t, no p-value' },
    ),
  ];
}

async function mannWhitney(n: number, scipy: ScipyTime | undefined): Promise<readonly BenchRow[]> {
  const [x, y] = [sampleOf(n, 0), sampleOf(n, 0.01)];
  const [xs, ys] = [Array.from(x), Array.from(y)];
  const name = `Mann-Whitney, two samples of ${n}`;
  const ns = time(() => mannWhitneyTest(x, y));
  const simple = await loadPeer<SimpleStatistics>('simple-statistics');
  return [
    ...beside(name, ns, scipy, `mannwhitney ${n}`, 'p-value only, where ours has the shift and its interval too'),
    ...against(
      name,
      ns,
      simple && { name: simple.label, run: () => simple.module.wilcoxonRankSum(xs, ys), note: 'rank sum, no p-value' },
    ),
  ];
}

/** Summaries and tests beside SciPy and the npm packages that offer the same. jstat has neither test. */
export async function bench(): Promise<readonly BenchRow[]> {
  const scipy = timeScipy();
  const rows: BenchRow[] = [...(await updates())];
  const [a, b] = [new Moments().pushAll(sampleOf(1000, 0)), new Moments().pushAll(sampleOf(1000, 0.1))];
  rows.push({ name: 'welchTest of two Moments', ns: await measure(() => welchTest(a, b)) });
  for (const n of [1000, 100_000, 1_000_000]) rows.push(...(await welch(n, scipy)));
  for (const n of [1000, 100_000, 1_000_000]) rows.push(...(await mannWhitney(n, scipy)));
  const differences = sampleOf(1000, 0.1);
  rows.push({ name: 'Wilcoxon, 1000 differences', ns: time(() => wilcoxonTest(differences, 0)) });
  return rows;
}
