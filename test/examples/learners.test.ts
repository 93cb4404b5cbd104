import { createRng, normal } from 'coronate/random';
import { describe, expect, it } from 'vitest';
import { choose, poisson } from '../../examples/lib/data/counts.ts';
import { fitScaler, quadratic, sigmoid } from '../../examples/lib/features.ts';
import { trainLogistic } from '../../examples/lib/logistic.ts';
import { backward, createNetwork, forward } from '../../examples/lib/network.ts';
import { trainNeural, trainNeuralClassifier } from '../../examples/lib/neural.ts';
import { trainPoisson } from '../../examples/lib/poisson.ts';
import { expectMean, expectRate } from './statistics.ts';

describe('features', () => {
  it('scale every column to mean 0 and deviation 1, constant columns to 0', () => {
    const scaler = fitScaler([
      [1, 10, 7],
      [3, 30, 7],
    ]);
    expect(scaler.apply([1, 30, 7])).toEqual([-1, 1, 0]);
  });

  it('multiply out', () => {
    expect(quadratic([2, 3])).toEqual([2, 3, 4, 6, 9]);
  });

  it('squash without overflow', () => {
    expect(sigmoid(-800)).toBe(0);
    expect(sigmoid(800)).toBe(1);
    expect(sigmoid(0)).toBe(0.5);
    expect(sigmoid(-2) + sigmoid(2)).toBeCloseTo(1, 15);
  });
});

describe('trainLogistic', () => {
  const rng = createRng(11);
  const rows = Array.from({ length: 20_000 }, () => [5 + 2 * normal(rng), normal(rng)]);
  const labels = rows.map(([a, b]) => (rng.next() < sigmoid(-4 + 0.6 * a! - 1.2 * b!) ? 1 : 0));
  const model = trainLogistic(rows, labels);

  it('recovers the coefficients that made the data', () => {
    // Four standard errors at this n: about 0.045, 0.08 and 0.2.
    expect(Math.abs(model.weights[0]! - 0.6)).toBeLessThan(0.045);
    expect(Math.abs(model.weights[1]! + 1.2)).toBeLessThan(0.08);
    expect(Math.abs(model.intercept + 4)).toBeLessThan(0.25);
  });

  it('has a gradient of zero where it stops: mean probability equals the rate of yes', () => {
    const predicted = rows.reduce((sum, row) => sum + model.probability(row), 0);
    const seen = labels.filter((label) => label === 1).length;
    expect(Math.abs(predicted - seen)).toBeLessThan(1e-4);
  });

  it('stays finite on separable data', () => {
    const separable = trainLogistic([[0], [1], [2], [3]], [0, 0, 1, 1]);
    expect([0, 1, 2, 3].map((x) => separable.predict([x]))).toEqual([0, 0, 1, 1]);
    expect(separable.weights.every(Number.isFinite)).toBe(true);
  });
});

describe('counts', () => {
  it.each([0, 0.3, 5, 100])('have the mean and the variance of a Poisson law with mean %d', (mean) => {
    const rng = createRng(21);
    const draws = Array.from({ length: 10_000 }, () => poisson(rng, mean));
    if (mean === 0) expect(draws.every((draw) => draw === 0)).toBe(true);
    else {
      expectMean(draws, mean);
      expectMean(
        draws.map((draw) => (draw - mean) ** 2),
        mean,
      );
    }
  });

  it('choose by their probabilities', () => {
    const rng = createRng(22);
    const draws = Array.from({ length: 10_000 }, () => choose(rng, [0.5, 0.2, 0.3]));
    [0.5, 0.2, 0.3].forEach((p, i) => {
      expectRate(
        draws.map((draw) => draw === i),
        p,
      );
    });
  });
});

describe('trainPoisson', () => {
  it('recovers the coefficients that made the counts, also from rates far from 1', () => {
    const rng = createRng(12);
    const rows = Array.from({ length: 5000 }, () => [normal(rng), 10 + normal(rng)]);
    const rate = ([a, b]: readonly number[]) => Math.exp(-1 + 0.5 * a! + 0.4 * b!);
    const model = trainPoisson(
      rows,
      rows.map((row) => poisson(rng, rate(row))),
    );
    // Rates are about 20, so the standard error of a weight is about 1 / sqrt(5000 × 20) = 0.003.
    expect(Math.abs(model.weights[0]! - 0.5)).toBeLessThan(0.013);
    expect(Math.abs(model.weights[1]! - 0.4)).toBeLessThan(0.013);
    expect(Math.abs(model.predict([0, 10]) / Math.exp(3) - 1)).toBeLessThan(0.02);
  });
});

describe('networks', () => {
  it('have the gradients that finite differences give', () => {
    const network = createNetwork([3, 4, 2], createRng(5));
    const row = [0.3, -1.2, 0.8];
    const loss = () => 0.5 * (forward(network, row) - 0.7) ** 2;
    backward(network, row, forward(network, row) - 0.7);
    for (const { weights, biases } of network.layers) {
      for (const p of [weights, biases]) {
        p.values.forEach((value, k) => {
          p.values[k] = value + 1e-5;
          const up = loss();
          p.values[k] = value - 1e-5;
          const down = loss();
          p.values[k] = value;
          expect(Math.abs((up - down) / 2e-5 - p.gradient[k]!)).toBeLessThan(1e-8);
        });
      }
    }
  });

  it('learn XOR, which no linear model can', () => {
    const rows = [0, 1, 2, 3].map((i) => [i & 1, i >> 1]);
    const labels = rows.map(([a, b]) => a! ^ b!);
    const options = { hidden: [8], epochs: 400, learningRate: 0.05, batch: 4, seed: 3 };
    const network = trainNeuralClassifier(rows, labels, options);
    rows.forEach((row, i) => {
      expect(Math.abs(network.probability(row) - labels[i]!)).toBeLessThan(0.1);
    });
    const linear = trainLogistic(rows, labels);
    expect(rows.map((row) => linear.probability(row)).every((p) => Math.abs(p - 0.5) < 1e-6)).toBe(true);
    expect(trainNeuralClassifier(rows, labels, options).probability([1, 0])).toBe(network.probability([1, 0]));
    expect(trainNeuralClassifier(rows, labels, { ...options, seed: 4 }).probability([1, 0])).not.toBe(
      network.probability([1, 0]),
    );
  });

  it('bend to a curve on its own scale', () => {
    const rng = createRng(9);
    const rows = Array.from({ length: 600 }, () => [6 * rng.next()]);
    const curve = (x: number) => 1000 + 50 * Math.sin(x);
    const model = trainNeural(
      rows,
      rows.map(([x]) => curve(x!)),
      { hidden: [12], epochs: 150 },
    );
    const errors = rows.map(([x]) => model.predict([x!]) - curve(x!));
    expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length)).toBeLessThan(3);
  });
});
