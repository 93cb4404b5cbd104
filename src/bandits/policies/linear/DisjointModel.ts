import { SnapshotError } from '../../../core/errors.ts';
import type { LinearModel } from './LinearModel.ts';
import { Precision, type PrecisionState } from './Precision.ts';
import { dot, readVector } from './readVector.ts';

interface RidgeArm {
  readonly precision: Precision;
  /** Σ w r x. */
  readonly b: Float64Array;
  readonly theta: Float64Array;
}

interface RidgeState {
  readonly precision: PrecisionState;
  readonly b: readonly number[];
  readonly theta: readonly number[];
}

/** A ridge regression of the reward on the context for every arm by itself. */
export class DisjointModel implements LinearModel {
  readonly mergeable = true;
  readonly #dimension: number;
  readonly #lambda: number;
  readonly #x: Float64Array;
  readonly #image: Float64Array;
  #arms: RidgeArm[] = [];

  constructor(dimension: number, lambda: number) {
    this.#dimension = dimension;
    this.#lambda = lambda;
    this.#x = new Float64Array(dimension);
    this.#image = new Float64Array(dimension);
  }

  see(context: unknown): void {
    readVector('context', context, this.#x);
  }

  mean(arm: number): number {
    return dot(this.#arms[arm]!.theta, this.#x);
  }

  variance(arm: number): number {
    return this.#arms[arm]!.precision.quadratic(this.#x);
  }

  learn(arm: number, reward: number, weight: number): void {
    const { precision, b, theta } = this.#arms[arm]!;
    const x = this.#x;
    const error = reward - dot(theta, x);
    const q = precision.add(x, weight, this.#image);
    const gain = (weight * error) / (1 + weight * q);
    for (let i = 0; i < x.length; i += 1) {
      b[i] = b[i]! + weight * reward * x[i]!;
      theta[i] = theta[i]! + gain * this.#image[i]!;
    }
    // The inverse has just been computed anew: so is what follows from it.
    if (precision.refreshed) precision.apply(b, theta);
  }

  inserted(): void {
    this.#arms.push(this.#fresh());
  }

  removed(arm: number): void {
    this.#arms.splice(arm, 1);
  }

  /** Parameters and matrix of an arm, for tests and inspection. */
  arm(arm: number): RidgeArm {
    return this.#arms[arm]!;
  }

  save(): readonly RidgeState[] {
    return this.#arms.map(({ precision, b, theta }) => ({
      precision: precision.save(),
      b: Array.from(b),
      theta: Array.from(theta),
    }));
  }

  load(state: unknown, size: number): void {
    const list = (Array.isArray(state) ? state : []) as Partial<RidgeState>[];
    const fits = (x: unknown): boolean => Array.isArray(x) && x.length === this.#dimension && x.every(Number.isFinite);
    const arms = list.map(({ precision, b, theta }) => {
      const arm = this.#fresh();
      if (!arm.precision.load(precision) || !fits(b) || !fits(theta)) throw unfit();
      arm.b.set(b!);
      arm.theta.set(theta!);
      return arm;
    });
    if (arms.length !== size) throw unfit();
    this.#arms = arms;
  }

  merge(state: unknown, positions: readonly number[]): void {
    (state as readonly RidgeState[]).forEach(({ precision, b }, j) => {
      const arm = this.#arms[positions[j]!]!;
      for (let i = 0; i < b.length; i += 1) arm.b[i] = arm.b[i]! + b[i]!;
      arm.precision.merge(precision.sum);
      arm.precision.apply(arm.b, arm.theta);
    });
  }

  difference(after: unknown, before: unknown, from: readonly number[]): readonly RidgeState[] {
    return (after as readonly RidgeState[]).map((now, i) => {
      const then = (before as readonly RidgeState[])[from[i]!];
      if (then === undefined) return now;
      const sum = now.precision.sum.map((x, k) => x - then.precision.sum[k]!);
      return { ...now, precision: { ...now.precision, sum }, b: now.b.map((x, k) => x - then.b[k]!) };
    });
  }

  #fresh(): RidgeArm {
    return {
      precision: new Precision(this.#dimension, this.#lambda),
      b: new Float64Array(this.#dimension),
      theta: new Float64Array(this.#dimension),
    };
  }
}

function unfit(): SnapshotError {
  return new SnapshotError('the snapshot has no linear models of these arms and this dimension');
}
