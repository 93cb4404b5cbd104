import {
  type BanditPolicy,
  KlUcbPolicy,
  LinThompsonPolicy,
  LinUcbPolicy,
  ThompsonPolicy,
  Ucb1Policy,
} from '../src/bandits/policies/index.ts';
import { ThompsonSampling, UCB } from '../src/bandits/strategies/index.ts';
import type { BenchRow } from './BenchRow.ts';
import { loadPeer } from './loadPeer.ts';
import { measure, measureAsync, type Operation } from './measure.ts';

/** As much of the peers as is measured. */
interface BayesianBandit {
  readonly Bandit: new (options: {
    numberOfArms: number;
  }) => { selectArm(): number; readonly arms: readonly { reward(value: number): void }[] };
}
type UcbPeer = new (options: {
  arms: number;
}) => { select(): Promise<number>; reward(arm: number, value: number): Promise<unknown> };

/** xoshiro128** as the floors use it, with the 53 bits that the library promises of a uniform number. */
class Xoshiro {
  #a = 1;
  #b = 2;
  #c = 3;
  #d = 4;
  next(): number {
    return (this.#word() >>> 0) * 2 ** -32 + (this.#word() >>> 11) * 2 ** -53;
  }
  #word(): number {
    const r = Math.imul(this.#b, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }
}

/** Rewards of the measured worlds: cheap, the same for both sides. The first arm is the best. */
class World {
  #state = 12345;
  reward(arm: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state * 2 ** -32 < (arm === 0 ? 0.6 : 0.5) ? 1 : 0;
  }
}

/** What Thompson sampling costs at least: Marsaglia-Tsang with a ziggurat over xoshiro, one class, nothing checked. */
class ThompsonFloor {
  readonly #alpha: Float64Array;
  readonly #beta: Float64Array;
  readonly #rng = new Xoshiro();
  readonly #width = new Float64Array(257);
  readonly #height = new Float64Array(257);

  constructor(arms: number) {
    this.#alpha = new Float64Array(arms).fill(1);
    this.#beta = new Float64Array(arms).fill(1);
    const [tail, area] = [3.6541528853610088, 0.00492867323399];
    this.#width[0] = area / Math.exp(-0.5 * tail * tail);
    this.#width[1] = tail;
    this.#height[1] = Math.exp(-0.5 * tail * tail);
    for (let i = 2; i < 256; i += 1) {
      this.#height[i] = this.#height[i - 1]! + area / this.#width[i - 1]!;
      this.#width[i] = Math.sqrt(-2 * Math.log(this.#height[i]!));
    }
    this.#height[256] = 1;
  }

  select(): number {
    let best = 0;
    let top = -1;
    for (let i = 0; i < this.#alpha.length; i += 1) {
      const x = this.#gamma(this.#alpha[i]!);
      const sample = x / (x + this.#gamma(this.#beta[i]!));
      if (sample > top) {
        top = sample;
        best = i;
      }
    }
    return best;
  }

  update(arm: number, reward: number): void {
    this.#alpha[arm]! += reward;
    this.#beta[arm]! += 1 - reward;
  }

  #normal(): number {
    for (;;) {
      const scaled = this.#rng.next() * 512;
      const bits = scaled | 0;
      const layer = bits >> 1;
      const x = (scaled - bits) * this.#width[layer]!;
      if (x < this.#width[layer + 1]!) return bits & 1 ? -x : x;
      if (layer === 0) return this.#tail(bits & 1);
      const y = this.#height[layer]! + this.#rng.next() * (this.#height[layer + 1]! - this.#height[layer]!);
      if (y < Math.exp(-0.5 * x * x)) return bits & 1 ? -x : x;
    }
  }

  #tail(sign: number): number {
    for (;;) {
      const x = -Math.log1p(-this.#rng.next()) / 3.6541528853610088;
      const y = -Math.log1p(-this.#rng.next());
      if (y + y >= x * x) return (sign ? -1 : 1) * (3.6541528853610088 + x);
    }
  }

  #gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.#normal();
      const t = 1 + c * x;
      if (t <= 0) continue;
      const v = t * t * t;
      const u = 1 - this.#rng.next();
      if (u < 1 - 0.0331 * x * x * x * x) return d * v;
      if (Math.log(u) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
    }
  }
}

/** What UCB costs at least: means and 1 / sqrt(n) kept, one logarithm and one pass a choice. */
class UcbFloor {
  readonly #n: Float64Array;
  readonly #sum: Float64Array;
  readonly #mean: Float64Array;
  readonly #scale: Float64Array;
  #total: number;

  constructor(arms: number) {
    this.#n = new Float64Array(arms).fill(1);
    this.#sum = new Float64Array(arms).fill(0.5);
    this.#mean = new Float64Array(arms).fill(0.5);
    this.#scale = new Float64Array(arms).fill(1);
    this.#total = arms;
  }

  select(): number {
    const bonus = Math.sqrt(2 * Math.log(this.#total));
    let best = 0;
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.#mean.length; i += 1) {
      const index = this.#mean[i]! + bonus * this.#scale[i]!;
      if (index > top) {
        top = index;
        best = i;
      }
    }
    return best;
  }

  update(arm: number, reward: number): void {
    const n = this.#n[arm]! + 1;
    this.#n[arm] = n;
    this.#sum[arm]! += reward;
    this.#mean[arm] = this.#sum[arm]! / n;
    this.#scale[arm] = 1 / Math.sqrt(n);
    this.#total += 1;
  }
}

/** What KL-UCB costs at least: five Newton steps from the cheap bound, and only for arms that can still win. */
class KlUcbFloor {
  readonly #n: Float64Array;
  readonly #sum: Float64Array;
  #total: number;

  constructor(arms: number) {
    this.#n = new Float64Array(arms).fill(2);
    this.#sum = new Float64Array(arms).fill(1);
    this.#total = 2 * arms;
  }

  select(): number {
    const log = Math.log(this.#total);
    let best = 0;
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < this.#n.length; i += 1) {
      const n = this.#n[i]!;
      const p = this.#sum[i]! / n;
      const r = log / n;
      let q = Math.min(p + Math.sqrt(r / 2), 1 - (1 - p) * Math.exp((p * Math.log(p) - r) / (1 - p)));
      if (q <= top) continue;
      for (let step = 0; step < 5; step += 1) {
        const excess = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q)) - r;
        q -= (excess * q * (1 - q)) / (q - p);
      }
      if (q > top) {
        top = q;
        best = i;
      }
    }
    return best;
  }

  update(arm: number, reward: number): void {
    this.#n[arm]! += 1;
    this.#sum[arm]! += reward;
    this.#total += 1;
  }
}

interface Player {
  select(): number;
  update(arm: number, reward: number): void;
}

/** One decision with its reward. */
function decision(player: Player): Operation {
  const world = new World();
  return () => {
    const arm = player.select();
    player.update(arm, world.reward(arm));
    return arm;
  };
}

/** A policy by positions, or by names as most callers use it. */
function byPosition(policy: BanditPolicy): Player {
  return { select: () => policy.selectIndex(), update: (arm, reward) => policy.update(arm, reward) };
}

function byName(policy: BanditPolicy): Operation {
  const world = new World();
  const first = policy.arms[0]!;
  return () => {
    const arm = policy.select();
    policy.update(arm, world.reward(arm === first ? 0 : 1));
    return arm;
  };
}

const named = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `arm ${i}`);

/** Ours by name and by position, beside the floor (limit 2x where it is stated) and beside the peer. */
async function contextFree(
  name: string,
  arms: number,
  create: () => BanditPolicy,
  floor: Player,
): Promise<readonly BenchRow[]> {
  const floorNs = await measure(decision(floor));
  const nameNs = await measure(byName(create()));
  const positionNs = await measure(decision(byPosition(create())));
  const label = `${name}, ${arms} arms, select + update`;
  const beside = (ns: number) => ({ ns, peer: 'hand-tuned floor', peerNs: floorNs, ratio: floorNs / ns });
  const times = (ns: number): string => `${(ns / floorNs).toFixed(2)} times the floor`;
  return [
    { name: `${label}, by position`, ...beside(positionNs), note: times(positionNs) },
    { name: `${label}, by name`, ...beside(nameNs), note: times(nameNs) },
  ];
}

async function besidePeers(arms: number): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = [];
  const bayesian = await loadPeer<BayesianBandit & { readonly default?: BayesianBandit }>('bayesian-bandit');
  const thompson = await measure(byName(new ThompsonPolicy({ arms: named(arms), seed: 1 })));
  if (bayesian !== undefined) {
    const { Bandit } = bayesian.module.default ?? bayesian.module;
    const bandit = new Bandit({ numberOfArms: arms });
    const peerNs = await measure(
      decision({ select: () => bandit.selectArm(), update: (arm, reward) => bandit.arms[arm]!.reward(reward) }),
    );
    rows.push({ name: `Thompson, ${arms} arms`, ns: thompson, peer: bayesian.label, peerNs, ratio: peerNs / thompson });
  }
  const ucb = await loadPeer<{ readonly default: UcbPeer }>('ucb');
  const ours = await measure(byName(new Ucb1Policy({ arms: named(arms), seed: 1 })));
  if (ucb !== undefined) {
    const bandit = new ucb.module.default({ arms });
    const world = new World();
    const peerNs = await measureAsync(async () => {
      const arm = await bandit.select();
      await bandit.reward(arm, world.reward(arm));
    });
    const note = 'the peer answers by promises';
    rows.push({ name: `UCB1, ${arms} arms`, ns: ours, peer: ucb.label, peerNs, ratio: peerNs / ours, note });
  }
  return rows;
}

/** Median and 99th percentile of single calls: of the quietest of five rounds, because neighbours on the machine interrupt. */
function singleCalls(calls: number, operation: Operation): { readonly p50: number; readonly p99: number } {
  const rounds = Array.from({ length: 5 }, () => {
    const times = new Float64Array(calls);
    for (let k = 0; k < calls; k += 1) {
      const start = performance.now();
      operation();
      times[k] = performance.now() - start;
    }
    times.sort();
    return { p50: times[calls >> 1]! * 1e6, p99: times[Math.floor(calls * 0.99)]! * 1e6 };
  });
  return rounds.reduce((best, round) => (round.p99 < best.p99 ? round : best));
}

function contextual(name: string, policy: BanditPolicy<Float64Array>, dimension: number): BenchRow {
  const rng = new Xoshiro();
  const world = new World();
  const contexts = Array.from({ length: 512 }, () => Float64Array.from({ length: dimension }, () => rng.next() - 0.5));
  let t = 0;
  const operation = (): void => {
    t = (t + 1) & 511;
    const arm = policy.selectIndex(contexts[t]);
    policy.update(arm, world.reward(arm), contexts[t]);
  };
  const { p50, p99 } = singleCalls(2_000, operation);
  const label = `${name}, dimension ${dimension}, ${policy.arms.length} arms, select + update`;
  return { name: label, ns: p50, note: `p99 ${(p99 / 1e3).toFixed(0)} us` };
}

function million(): BenchRow {
  const policy = new ThompsonPolicy({ arms: named(3), seed: 1 });
  const operation = byName(policy);
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  for (let k = 0; k < 1e6; k += 1) operation();
  const ms = performance.now() - start;
  const bytes = process.memoryUsage().heapUsed - before;
  const note = `in all; heap ${bytes > 0 ? '+' : ''}${(bytes / 1e6).toFixed(1)} MB, state ${JSON.stringify(policy.snapshot()).length} bytes`;
  return { name: 'a million decisions with rewards, Thompson, 3 arms', ns: ms * 1e6, note };
}

/** The whole way: choose, ask the model, tell the story, take the reward by its id; beside the policy alone. */
async function wholeWay(name: string, Bandit: typeof ThompsonSampling | typeof UCB): Promise<readonly BenchRow[]> {
  const model = { predict: (x: number): number => x + 1 };
  const bandit = new Bandit({ arms: { a: model, b: { ...model }, c: { ...model } }, seed: 1 });
  const world = new World();
  const served: Operation = () => {
    const { requestId, variant } = bandit.serve(1);
    return bandit.recordReward(requestId, world.reward(variant === 'a' ? 0 : 1));
  };
  const predicted: Operation = () => bandit.predict(1);
  return [
    { name: `${name} over models, 3 arms, serve + recordReward`, ns: await measure(served) },
    { name: `${name} over models, 3 arms, predict`, ns: await measure(predicted) },
  ];
}

/** Choosing and learning, beside the hand-tuned floor of the same file and the peers of npm. */
export async function bench(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const arms of [3, 50]) {
    const options = { arms: named(arms), seed: 1 };
    rows.push(
      ...(await contextFree('Thompson', arms, () => new ThompsonPolicy(options), new ThompsonFloor(arms))),
      ...(await contextFree('UCB1', arms, () => new Ucb1Policy(options), new UcbFloor(arms))),
      ...(await contextFree('KL-UCB', arms, () => new KlUcbPolicy(options), new KlUcbFloor(arms))),
      ...(await besidePeers(arms)),
    );
  }
  for (const dimension of [10, 50]) {
    for (const arms of [5, 50]) {
      rows.push(contextual('LinUCB', new LinUcbPolicy({ arms: named(arms), dimension, seed: 1 }), dimension));
    }
  }
  rows.push(contextual('LinTS', new LinThompsonPolicy({ arms: named(50), dimension: 50, seed: 1 }), 50));
  rows.push(...(await wholeWay('ThompsonSampling', ThompsonSampling)), ...(await wholeWay('UCB', UCB)));
  rows.push(million());
  return rows;
}
