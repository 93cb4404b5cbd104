import { SnapshotError } from '../../../core/errors.ts';
import type { LinearModel } from './LinearModel.ts';
import { Precision, type PrecisionState } from './Precision.ts';
import { dot, readVector } from './readVector.ts';

/** Features that arms share: of the context and the arm. */
export interface SharedFeatures {
  /** How many there are, at least 1. */
  readonly dimension: number;
  /** The shared features of an arm for a context: `dimension` finite numbers. */
  readonly features: (context: ArrayLike<number>, arm: string) => ArrayLike<number>;
}

interface HybridArm {
  readonly precision: Precision;
  /** Σ w x zᵀ, row after row (d × k), and Σ w r x (d). */
  readonly xz: Float64Array;
  readonly rx: Float64Array;
}

interface HybridState {
  readonly schur: PrecisionState;
  readonly shared: { readonly [name in SharedColumn]: readonly number[] };
  readonly arms: readonly {
    readonly precision: PrecisionState;
    readonly xz: readonly number[];
    readonly rx: readonly number[];
  }[];
}

type SharedColumn = 'beta' | 'rhs' | 'zz' | 'rz';
const SHARED: readonly SharedColumn[] = ['beta', 'rhs', 'zz', 'rz'];

/**
 * The hybrid model of Li, Chu, Langford & Schapire (2010), A Contextual-Bandit Approach to Personalized News Article
 * Recommendation, WWW, doi:10.1145/1772690.1772758, algorithm 2: reward = z·β (shared by all arms) + x·θ (of the arm).
 *
 * β and all θ are one ridge regression. Kept are the inverse A⁻¹ of each arm's block and that of the Schur complement S of all
 * of them; a reward changes both by rank one: with u = A⁻¹x and w = z − Bᵀu, S gains w wᵀ / (1 + x·u).
 */
export class HybridModel implements LinearModel {
  readonly mergeable = true;
  readonly #dimension: number;
  readonly #lambda: number;
  readonly #features: SharedFeatures;
  readonly #schur: Precision;
  /** β; the right-hand side of S β = rhs; and Σ w z zᵀ (k × k) and Σ w r z, from which S and rhs can be formed anew. */
  readonly #shared: { readonly [name in SharedColumn]: Float64Array };
  readonly #x: Float64Array;
  readonly #u: Float64Array;
  readonly #z: Float64Array;
  readonly #w: Float64Array;
  #arms: HybridArm[] = [];
  #context: ArrayLike<number> = [];
  #names: readonly string[] = [];
  /** The arm for which u, z and w hold; -1 for none. */
  #prepared = -1;

  constructor(dimension: number, lambda: number, features: SharedFeatures) {
    const k = features.dimension;
    this.#dimension = dimension;
    this.#lambda = lambda;
    this.#features = features;
    this.#schur = new Precision(k, lambda);
    this.#shared = {
      beta: new Float64Array(k),
      rhs: new Float64Array(k),
      zz: new Float64Array(k * k),
      rz: new Float64Array(k),
    };
    this.#x = new Float64Array(dimension);
    this.#u = new Float64Array(dimension);
    this.#z = new Float64Array(k);
    this.#w = new Float64Array(k);
  }

  see(context: unknown, names: readonly string[], arm?: number): void {
    this.#prepared = -1;
    readVector('context', context, this.#x);
    this.#context = context as ArrayLike<number>;
    this.#names = names;
    if (arm !== undefined) this.#prepare(arm);
  }

  mean(arm: number): number {
    this.#prepare(arm);
    return dot(this.#w, this.#shared.beta) + dot(this.#u, this.#arms[arm]!.rx);
  }

  variance(arm: number): number {
    this.#prepare(arm);
    return this.#schur.quadratic(this.#w) + dot(this.#x, this.#u);
  }

  learn(arm: number, reward: number, weight: number): void {
    this.#prepare(arm);
    const { precision, xz, rx } = this.#arms[arm]!;
    const { beta, rhs, zz, rz } = this.#shared;
    const [x, z, w] = [this.#x, this.#z, this.#w];
    const k = z.length;
    const error = reward - dot(this.#u, rx);
    const gain = weight / (1 + weight * precision.add(x, weight, this.#u));
    for (let i = 0; i < k; i += 1) {
      rhs[i] = rhs[i]! + gain * error * w[i]!;
      rz[i] = rz[i]! + weight * reward * z[i]!;
      for (let j = 0; j < k; j += 1) zz[i * k + j] = zz[i * k + j]! + weight * z[i]! * z[j]!;
    }
    for (let i = 0; i < x.length; i += 1) {
      rx[i] = rx[i]! + weight * reward * x[i]!;
      for (let j = 0; j < k; j += 1) xz[i * k + j] = xz[i * k + j]! + weight * x[i]! * z[j]!;
    }
    this.#schur.add(w, gain, beta);
    this.#schur.apply(rhs, beta);
    this.#prepared = -1;
  }

  inserted(): void {
    this.#arms.push(this.#fresh());
  }

  /** What the arm taught about β stays: its block is taken out of the shared sums as if θ had been summed over. */
  removed(arm: number): void {
    this.#reduce(this.#arms[arm]!, this.#shared.zz, this.#shared.rz);
    this.#arms.splice(arm, 1);
    this.#prepared = -1;
  }

  /** β, and θ of every arm: for tests and inspection. */
  parameters(): { readonly beta: readonly number[]; readonly theta: readonly (readonly number[])[] } {
    const k = this.#z.length;
    const theta = this.#arms.map(({ precision, xz, rx }) => {
      const out = new Float64Array(this.#dimension);
      const rest = rx.map((v, i) => v - dot(xz.subarray(i * k, (i + 1) * k), this.#shared.beta));
      precision.apply(rest, out);
      return Array.from(out);
    });
    return { beta: Array.from(this.#shared.beta), theta };
  }

  save(): HybridState {
    const shared = Object.fromEntries(SHARED.map((name) => [name, Array.from(this.#shared[name])]));
    return {
      schur: this.#schur.save(),
      shared: shared as unknown as HybridState['shared'],
      arms: this.#arms.map(({ precision, xz, rx }) => ({
        precision: precision.save(),
        xz: Array.from(xz),
        rx: Array.from(rx),
      })),
    };
  }

  load(state: unknown, size: number): void {
    const saved = (state ?? {}) as Partial<HybridState>;
    const arms = (Array.isArray(saved.arms) ? saved.arms : []).map((arm) => {
      const fresh = this.#fresh();
      if (!fresh.precision.load(arm.precision) || !fill(fresh.xz, arm.xz) || !fill(fresh.rx, arm.rx)) throw unfit();
      return fresh;
    });
    const sound = arms.length === size && SHARED.every((name) => fits(this.#shared[name], saved.shared?.[name]));
    if (!sound || !this.#schur.load(saved.schur)) throw unfit();
    for (const name of SHARED) this.#shared[name].set(saved.shared![name]);
    this.#arms = arms;
    this.#prepared = -1;
  }

  merge(state: unknown, positions: readonly number[]): void {
    const { shared, arms } = state as HybridState;
    add(this.#shared.zz, shared.zz);
    add(this.#shared.rz, shared.rz);
    arms.forEach(({ precision, xz, rx }, j) => {
      const arm = this.#arms[positions[j]!]!;
      add(arm.xz, xz);
      add(arm.rx, rx);
      arm.precision.merge(precision.sum);
    });
    const zz = this.#shared.zz.slice();
    this.#shared.rhs.set(this.#shared.rz);
    for (const arm of this.#arms) this.#reduce(arm, zz, this.#shared.rhs);
    const k = this.#z.length;
    this.#schur.replace((i, j) => zz[i * k + j]!);
    this.#schur.apply(this.#shared.rhs, this.#shared.beta);
    this.#prepared = -1;
  }

  difference(after: unknown, before: unknown, from: readonly number[]): HybridState {
    const [now, then] = [after as HybridState, before as HybridState];
    const minus = (a: readonly number[], b: readonly number[]): readonly number[] => a.map((v, i) => v - b[i]!);
    const arms = now.arms.map((arm, i) => {
      const old = then.arms[from[i]!];
      if (old === undefined) return arm;
      const precision = { ...arm.precision, sum: minus(arm.precision.sum, old.precision.sum) };
      return { precision, xz: minus(arm.xz, old.xz), rx: minus(arm.rx, old.rx) };
    });
    const { zz, rz } = then.shared;
    return { ...now, arms, shared: { ...now.shared, zz: minus(now.shared.zz, zz), rz: minus(now.shared.rz, rz) } };
  }

  /** Subtracts Bᵀ A⁻¹ B and Bᵀ A⁻¹ b of an arm. */
  #reduce({ precision, xz, rx }: HybridArm, zz: Float64Array, rz: Float64Array): void {
    const k = this.#z.length;
    const image = new Float64Array(this.#dimension);
    for (let j = 0; j < k; j += 1) {
      const column = rx.map((_, i) => xz[i * k + j]!);
      precision.apply(column, image);
      rz[j] = rz[j]! - dot(image, rx);
      for (let l = 0; l < k; l += 1) {
        for (let i = 0; i < image.length; i += 1) zz[j * k + l] = zz[j * k + l]! - image[i]! * xz[i * k + l]!;
      }
    }
  }

  #prepare(arm: number): void {
    if (this.#prepared === arm) return;
    const { precision, xz } = this.#arms[arm]!;
    const name = this.#names[arm]!;
    readVector(`features of ${name}`, this.#features.features(this.#context, name), this.#z);
    precision.apply(this.#x, this.#u);
    const k = this.#z.length;
    this.#w.set(this.#z);
    for (let i = 0; i < this.#u.length; i += 1) {
      for (let j = 0; j < k; j += 1) this.#w[j] = this.#w[j]! - xz[i * k + j]! * this.#u[i]!;
    }
    this.#prepared = arm;
  }

  #fresh(): HybridArm {
    return {
      precision: new Precision(this.#dimension, this.#lambda),
      xz: new Float64Array(this.#dimension * this.#z.length),
      rx: new Float64Array(this.#dimension),
    };
  }
}

function add(target: Float64Array, list: readonly number[]): void {
  for (let i = 0; i < target.length; i += 1) target[i] = target[i]! + list[i]!;
}

function fits(target: Float64Array, list: unknown): boolean {
  return Array.isArray(list) && list.length === target.length && list.every(Number.isFinite);
}

function fill(target: Float64Array, list: readonly number[]): boolean {
  if (!fits(target, list)) return false;
  target.set(list);
  return true;
}

function unfit(): SnapshotError {
  return new SnapshotError('the snapshot has no hybrid model of these arms and dimensions');
}
