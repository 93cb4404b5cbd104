import { describe, expect, it } from 'vitest';
import { DisjointModel } from '../../../../src/bandits/policies/linear/DisjointModel.ts';
import { HybridModel } from '../../../../src/bandits/policies/linear/HybridModel.ts';
import { LogisticModel, sigmoid } from '../../../../src/bandits/policies/linear/LogisticModel.ts';
import { Precision } from '../../../../src/bandits/policies/linear/Precision.ts';
import { createRng, normal } from '../../../../src/random/index.ts';
import { expectClose, readGolden } from '../../../support/golden.ts';

interface LinearCase {
  readonly d: number;
  readonly K: number;
  readonly lambda_: number;
  readonly alpha: number;
  readonly contexts: number[][];
  readonly arms: number[];
  readonly rewards: number[];
  readonly queries: number[][];
  readonly expected: {
    readonly disjoint: readonly {
      readonly A: number[][];
      readonly b: number[];
      readonly AInv: number[][];
      readonly theta: number[];
      readonly scores: readonly { readonly mean: number; readonly width: number; readonly ucb: number }[];
    }[];
    readonly hybrid: {
      readonly beta: number[];
      readonly arms: readonly {
        readonly theta: number[];
        readonly scores: readonly { readonly s: number; readonly ucb: number }[];
      }[];
    };
  };
}
const cases = readGolden<{ linear: LinearCase[] }>('bandits.json').linear;
const names = ['0', '1', '2', '3'];

describe.each(cases)('linear models, d = $d, $K arms', (reference) => {
  const { d, K, lambda_, alpha, contexts, arms, rewards, queries, expected } = reference;

  it('disjoint ridge regressions', () => {
    const model = new DisjointModel(d, lambda_);
    for (let k = 0; k < K; k += 1) model.inserted();
    contexts.forEach((x, t) => {
      model.see(x);
      model.learn(arms[t]!, rewards[t]!, 1);
    });
    expected.disjoint.forEach((want, k) => {
      const { precision, b, theta } = model.arm(k);
      const column = new Float64Array(d);
      for (let i = 0; i < d; i += 1) {
        for (let j = 0; j <= i; j += 1) expectClose(precision.entry(i, j), want.A[i]![j]!, 1e-12, 'A', 1);
        precision.apply(
          Float64Array.from({ length: d }, (_, m) => (m === i ? 1 : 0)),
          column,
        );
        column.forEach((x, j) => {
          expectClose(x, want.AInv[j]![i]!, 1e-11, 'inverse', 1);
        });
        expectClose(b[i]!, want.b[i]!, 1e-12, 'b', 1);
        expectClose(theta[i]!, want.theta[i]!, 1e-11, 'theta', 1);
      }
      queries.forEach((x, q) => {
        model.see(x);
        expectClose(model.mean(k), want.scores[q]!.mean, 1e-10, 'mean', 1);
        expectClose(Math.sqrt(model.variance(k)), want.scores[q]!.width, 1e-10, 'width');
        expectClose(model.mean(k) + alpha * Math.sqrt(model.variance(k)), want.scores[q]!.ucb, 1e-10, 'ucb', 1);
      });
    });
  });

  it('the hybrid model', () => {
    const features = (x: ArrayLike<number>, arm: string): number[] => [x[0]!, x[1]!, (Number(arm) + 1) * x[0]!];
    const model = new HybridModel(d, lambda_, { dimension: 3, features });
    for (let k = 0; k < K; k += 1) model.inserted();
    contexts.forEach((x, t) => {
      model.see(x, names);
      model.learn(arms[t]!, rewards[t]!, 1);
    });
    const { beta, theta } = model.parameters();
    beta.forEach((x, i) => {
      expectClose(x, expected.hybrid.beta[i]!, 1e-9, 'beta', 1);
    });
    expected.hybrid.arms.forEach((want, k) => {
      want.theta.forEach((x, i) => {
        expectClose(theta[k]![i]!, x, 1e-9, 'theta', 1);
      });
      queries.forEach((x, q) => {
        model.see(x, names);
        expectClose(model.variance(k), want.scores[q]!.s, 1e-9, 's');
        expectClose(model.mean(k) + alpha * Math.sqrt(model.variance(k)), want.scores[q]!.ucb, 1e-9, 'ucb', 1);
      });
    });
  });
});

describe('Precision', () => {
  it('starts from I / lambda: a cold arm is as wide as its prior (defect 2 of other libraries)', () => {
    for (const [lambda, width] of [
      [10, 0.31622776601683794],
      [0.1, 3.1622776601683795],
    ] as const) {
      expectClose(Math.sqrt(new Precision(2, lambda).quadratic(Float64Array.of(1, 0))), width, 1e-15);
    }
  });

  it('stays an inverse through 100,000 updates', () => {
    const d = 5;
    const precision = new Precision(d, 0.5);
    const rng = createRng('drift');
    const x = new Float64Array(d);
    const image = new Float64Array(d);
    for (let t = 0; t < 99_999; t += 1) {
      for (let i = 0; i < d; i += 1) x[i] = normal(rng) * 10 ** (i - 2);
      precision.add(x, 1, image);
    }
    let worst = 0;
    const column = new Float64Array(d);
    for (let j = 0; j < d; j += 1) {
      precision.apply(
        Float64Array.from({ length: d }, (_, m) => (m === j ? 1 : 0)),
        column,
      );
      for (let i = 0; i < d; i += 1) {
        let sum = 0;
        for (let k = 0; k < d; k += 1) sum += precision.entry(Math.max(i, k), Math.min(i, k)) * column[k]!;
        worst = Math.max(worst, Math.abs(sum - (i === j ? 1 : 0)));
      }
    }
    expect(worst).toBeLessThan(1e-8);
  });

  it('forms quadratics of every length alike', () => {
    const rng = createRng('quadratic');
    for (const d of [1, 2, 3, 4, 5, 8, 9, 17]) {
      const precision = new Precision(d, 1);
      const image = new Float64Array(d);
      const x = Float64Array.from({ length: d }, () => normal(rng));
      precision.add(
        Float64Array.from({ length: d }, () => normal(rng)),
        2,
        image,
      );
      precision.apply(x, image);
      expectClose(
        precision.quadratic(x),
        x.reduce((sum, v, i) => sum + v * image[i]!, 0),
        1e-12,
      );
    }
  });

  it('refuses a matrix that is not positive definite', () => {
    expect(() => new Precision(2, 1).merge([-5, 0, 0])).toThrow('not positive definite');
  });
});

describe('removing an arm of a hybrid model', () => {
  it('keeps what the arm taught about the shared parameters, before and after a merge', () => {
    const hybrid = (): HybridModel => new HybridModel(1, 1, { dimension: 1, features: (x) => [x[0]!] });
    const model = hybrid();
    for (let k = 0; k < 2; k += 1) model.inserted();
    const rng = createRng('removed');
    for (let t = 0; t < 60; t += 1) {
      model.see([normal(rng)], names);
      model.learn(t % 2, 2 + normal(rng), 1);
    }
    const { beta } = model.parameters();
    model.removed(0);
    expect(model.parameters().beta).toEqual(beta);
    const empty = hybrid();
    empty.inserted();
    model.merge(JSON.parse(JSON.stringify(empty.save())), [0]);
    expectClose(model.parameters().beta[0]!, beta[0]!, 1e-10);
  });
});

describe('LogisticModel', () => {
  it('moves to the mode of belief times likelihood', () => {
    const model = new LogisticModel(2, 0.5);
    model.inserted();
    const x = [0.7, -1.2];
    model.see(x);
    model.learn(0, 1, 3);
    // Prior precision 0.5 I: the mode solves 0.5 w = 3 (1 - sigmoid(w·x)) x, so that w is a multiple s of x.
    const norm = x[0]! ** 2 + x[1]! ** 2;
    const s = model.mean(0) / norm;
    expectClose(0.5 * s, 3 * (1 - sigmoid(s * norm)), 1e-12);
    const p = sigmoid(s * norm);
    expectClose(model.variance(0), norm / (0.5 + 3 * p * (1 - p) * norm), 1e-12);
  });

  it('finds the coefficients that made the data', () => {
    const model = new LogisticModel(2, 1);
    model.inserted();
    const rng = createRng('logistic');
    for (let t = 0; t < 20_000; t += 1) {
      const x = [1, normal(rng)];
      model.see(x);
      model.learn(0, rng.next() < sigmoid(-1 + 0.8 * x[1]!) ? 1 : 0, 1);
    }
    model.see([1, 0]);
    expect(Math.abs(model.mean(0) + 1)).toBeLessThan(4.5 * Math.sqrt(model.variance(0)));
    model.see([0, 1]);
    expect(Math.abs(model.mean(0) - 0.8)).toBeLessThan(4.5 * Math.sqrt(model.variance(0)));
  });

  it('survives rewards that contradict a certain belief', () => {
    const model = new LogisticModel(1, 1e-6);
    model.inserted();
    for (const reward of [1, 1, 0, 0, 0, 1]) {
      model.see([100]);
      model.learn(0, reward, 1);
    }
    model.see([100]);
    // So vague a belief follows the last reward, but stays a belief.
    expect(model.mean(0)).toBeGreaterThan(0);
    expect(Number.isFinite(model.mean(0))).toBe(true);
    expect(model.variance(0)).toBeGreaterThan(0);
    expect(sigmoid(-800)).toBe(0);
    expect(sigmoid(800)).toBe(1);
  });
});
