import { createRng } from 'coronate/random';
import { describe, expect, it } from 'vitest';
import { FRAUD_RATE, FRAUD_SHIFT, makeTransactions } from '../../examples/lib/data/fraud.ts';
import { makeOutlierDevices, OUTLIER_RATE, outlierProbability } from '../../examples/lib/data/outliers.ts';
import { trainLogistic } from '../../examples/lib/logistic.ts';
import type { Row } from '../../examples/lib/models.ts';
import { detectorRates, thresholdFor } from '../../examples/lib/thresholds.ts';
import { trainFraudModels } from '../../examples/lib/train/fraud.ts';
import { trainOutlierModels } from '../../examples/lib/train/outliers.ts';
import { expectMean, expectRate } from './statistics.ts';

describe('thresholds and rates', () => {
  it('let through exactly the allowed share of negatives', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [(i + 1) / 1001]);
    const threshold = thresholdFor(([x]) => x!, rows, 0.01);
    expect(rows.filter(([x]) => x! >= threshold)).toHaveLength(10);
  });

  it('count the four kinds of answer', () => {
    const rows: readonly Row[] = [[1], [1], [1], [0], [0], [0], [0], [0]];
    const labels = [1, 1, 0, 1, 0, 0, 0, 0];
    expect(detectorRates(([x]) => x!, rows, labels)).toEqual({
      precision: 2 / 3,
      recall: 2 / 3,
      falsePositiveRate: 1 / 5,
      accuracy: 6 / 8,
    });
  });
});

describe('outlier devices', () => {
  const devices = makeOutlierDevices(createRng(1), 40_000);
  const rows = devices.map((d) => d.row);
  const labels = devices.map((d) => d.outlier);

  it('come from the seed alone, 4 % of them outliers, with an exact oracle', () => {
    expect(makeOutlierDevices(createRng(1), 20)).toEqual(devices.slice(0, 20));
    expectRate(
      labels.map((label) => label === 1),
      OUTLIER_RATE,
    );
    const probabilities = rows.map(outlierProbability);
    // Calibrated: of those that it calls likely, as many are outliers as it says, at every level.
    for (const [low, high] of [
      [0, 0.01],
      [0.01, 0.2],
      [0.2, 0.6],
      [0.6, 0.95],
      [0.95, 1],
    ] as const) {
      const inside = probabilities.flatMap((p, i) => (p >= low && p < high ? [labels[i]! - p] : []));
      expect(inside.length).toBeGreaterThan(80);
      expectMean(inside, 0, `[${low}, ${high})`);
    }
  });

  it('are told apart by the careful model, and by the eager one with too little precision', () => {
    const { production, good, eager } = trainOutlierModels(3);
    const [now, careful, hasty] = [production, good, eager].map((model) => detectorRates(model.predict, rows, labels));
    expect(careful!.precision).toBeGreaterThan(0.98);
    expect(careful!.falsePositiveRate).toBeLessThan(0.001);
    expect(careful!.recall).toBeGreaterThan(now!.recall + 0.1);
    expect(hasty!.precision).toBeGreaterThan(0.9);
    expect(hasty!.precision).toBeLessThan(0.945);
    expect(hasty!.falsePositiveRate).toBeLessThan(0.005);
    expect(hasty!.recall).toBeGreaterThan(careful!.recall);
  });
});

describe('transactions', () => {
  const transactions = makeTransactions(createRng(1), 100_000);
  const rows = transactions.map((t) => t.row);
  const labels = transactions.map((t) => t.fraud);

  it('come from the seed alone: rate, amounts and pace as documented', () => {
    expect(makeTransactions(createRng(1), 20)).toEqual(transactions.slice(0, 20));
    expectRate(
      labels.map((label) => label === 1),
      FRAUD_RATE,
    );
    const amounts = (fraud: 0 | 1) => transactions.filter((t) => t.fraud === fraud).map((t) => t.amount);
    expectMean(amounts(0), Math.exp(3.6 + 0.81 / 2));
    expectMean(amounts(1), Math.exp(3.6 + 0.72 + 0.81 / 2));
    expect(Math.abs(transactions.at(-1)!.at / 100_000 - 50)).toBeLessThan(4 * (50 / Math.sqrt(100_000)));
  });

  it('have log-odds whose slopes are the shifts', () => {
    const fit = trainLogistic(rows, labels);
    fit.weights.forEach((weight, j) => {
      expect(Math.abs(weight - FRAUD_SHIFT[j]!)).toBeLessThan(0.35);
    });
  });

  it('are judged as well as the models are called', () => {
    const { current, good, bad, equal } = trainFraudModels(3);
    const [now, better, worse, same] = [current, good, bad, equal].map((m) => detectorRates(m.predict, rows, labels));
    for (const rates of [now!, better!, same!]) {
      expect(Math.abs(rates.falsePositiveRate - 0.0025)).toBeLessThan(0.001);
      expect(rates.recall).toBeGreaterThan(0.86);
    }
    expect(better!.recall).toBeGreaterThan(now!.recall + 0.02);
    expect(Math.abs(same!.recall - now!.recall)).toBeLessThan(0.03);
    expect(worse!.falsePositiveRate).toBeGreaterThan(0.02);
  });
});
