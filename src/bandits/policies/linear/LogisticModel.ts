import { SnapshotError } from '../../../core/errors.ts';
import type { LinearModel } from './LinearModel.ts';
import { Precision, type PrecisionState } from './Precision.ts';
import { dot, readVector } from './readVector.ts';

interface LogisticArm {
  readonly precision: Precision;
  readonly w: Float64Array;
}

interface LogisticState {
  readonly precision: PrecisionState;
  readonly w: readonly number[];
}

/**
 * A Bayesian logistic regression for every arm: a normal belief about its weights, moved by each reward to the mode of
 * (belief × likelihood) and sharpened by the curvature there, that is, an online Laplace approximation (Chapelle & Li 2011, An
 * Empirical Evaluation of Thompson Sampling, NIPS, algorithm 3, with the full covariance and one reward a batch).
 */
export class LogisticModel implements LinearModel {
  readonly mergeable = false;
  readonly #dimension: number;
  readonly #lambda: number;
  readonly #x: Float64Array;
  readonly #image: Float64Array;
  #arms: LogisticArm[] = [];

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
    return dot(this.#arms[arm]!.w, this.#x);
  }

  variance(arm: number): number {
    return this.#arms[arm]!.precision.quadratic(this.#x);
  }

  learn(arm: number, reward: number, weight: number): void {
    const { precision, w } = this.#arms[arm]!;
    const before = dot(w, this.#x);
    const q = precision.quadratic(this.#x);
    const after = posteriorLogit(before, q, reward, weight);
    const p = sigmoid(after);
    precision.add(this.#x, Math.max(weight * p * (1 - p), Number.MIN_VALUE), this.#image);
    // The mode moves along A⁻¹x only, by the residual there.
    const step = weight * (reward - p);
    for (let i = 0; i < w.length; i += 1) w[i] = w[i]! + step * this.#image[i]!;
  }

  inserted(): void {
    this.#arms.push(this.#fresh());
  }

  removed(arm: number): void {
    this.#arms.splice(arm, 1);
  }

  save(): readonly LogisticState[] {
    return this.#arms.map(({ precision, w }) => ({ precision: precision.save(), w: Array.from(w) }));
  }

  load(state: unknown, size: number): void {
    const list = (Array.isArray(state) ? state : []) as Partial<LogisticState>[];
    const arms = list.map(({ precision, w }) => {
      const arm = this.#fresh();
      const fits = Array.isArray(w) && w.length === this.#dimension && w.every(Number.isFinite);
      if (!fits || !arm.precision.load(precision)) throw unfit();
      arm.w.set(w);
      return arm;
    });
    if (arms.length !== size) throw unfit();
    this.#arms = arms;
  }

  merge(): void {
    throw new SnapshotError('logistic models depend on the order of updates');
  }

  difference(): never {
    throw new SnapshotError('logistic models depend on the order of updates');
  }

  #fresh(): LogisticArm {
    return { precision: new Precision(this.#dimension, this.#lambda), w: new Float64Array(this.#dimension) };
  }
}

/** 1 / (1 + e^-t). */
export function sigmoid(t: number): number {
  return t >= 0 ? 1 / (1 + Math.exp(-t)) : Math.exp(t) / (1 + Math.exp(t));
}

/**
 * The root of t = before + q weight (reward - sigmoid(t)): the logit at the posterior mode. The right side falls in t, so
 * that the root is unique and bracketed; Newton's method, kept inside the bracket.
 */
function posteriorLogit(before: number, q: number, reward: number, weight: number): number {
  const gain = q * weight;
  let low = before + gain * (reward - 1);
  let high = before + gain * reward;
  let t = before;
  for (let step = 0; step < 100 && high > low; step += 1) {
    const p = sigmoid(t);
    const excess = t - before - gain * (reward - p);
    if (excess > 0) high = t;
    else low = t;
    const next = t - excess / (1 + gain * p * (1 - p));
    const inside = next > low && next < high ? next : (low + high) / 2;
    if (Math.abs(inside - t) <= 1e-15 * Math.max(1, Math.abs(t))) return inside;
    t = inside;
  }
  return t;
}

function unfit(): SnapshotError {
  return new SnapshotError('the snapshot has no logistic models of these arms and this dimension');
}
