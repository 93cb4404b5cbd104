import { createRng } from 'coronate/random';
import { describe, expect, it } from 'vitest';
import {
  DISEASE_RATE,
  diseaseProbability,
  makeCases,
  SCANNERS,
  subgroupsOf,
} from '../../examples/lib/data/radiology.ts';
import { detectorRates } from '../../examples/lib/thresholds.ts';
import { trainRadiologyModels } from '../../examples/lib/train/radiology.ts';
import { expectMean, expectRate } from './statistics.ts';

const cases = makeCases(createRng(1), 40_000);
const rates = (predict: (row: readonly number[]) => number, chosen = cases) =>
  detectorRates(
    predict,
    chosen.map((c) => c.row),
    chosen.map((c) => c.diseased),
  );

describe('cases', () => {
  it('come from the seed alone, with the rates that are documented', () => {
    expect(makeCases(createRng(1), 20)).toEqual(cases.slice(0, 20));
    expectRate(
      cases.map((c) => c.diseased === 1),
      DISEASE_RATE,
    );
    expectRate(
      cases.map((c) => c.scanner === 'portable'),
      0.3,
    );
    expectRate(
      cases.map((c) => c.sex === 'female'),
      0.5,
    );
    for (const scanner of ['fixed', 'portable'] as const) {
      const group = cases.filter((c) => c.scanner === scanner);
      expectRate(
        group.filter((c) => c.diseased).map((c) => c.reader === 1),
        SCANNERS[scanner].sensitivity,
        scanner,
      );
      expectRate(
        group.filter((c) => !c.diseased).map((c) => c.reader === 0),
        SCANNERS[scanner].specificity,
        scanner,
      );
    }
    expectRate(
      cases.map((c) => c.reader === c.diseased),
      0.896,
    );
  });

  it('fall into subgroups', () => {
    const groups = [49, 50, 69, 70].map((age) => subgroupsOf({ ...cases[0]!, age, sex: 'male', scanner: 'fixed' }));
    expect(groups.map((g) => g.age)).toEqual(['under 50', '50 to 69', '50 to 69', '70 and over']);
    expect(groups[0]).toEqual({ age: 'under 50', sex: 'male', scanner: 'fixed' });
  });

  it('have an exact oracle: calibrated, and right on 93.0 %', () => {
    const probabilities = cases.map((c) => diseaseProbability(c.row));
    for (const [low, high] of [
      [0, 0.05],
      [0.05, 0.3],
      [0.3, 0.7],
      [0.7, 0.95],
      [0.95, 1],
    ] as const) {
      expectMean(
        probabilities.flatMap((p, i) => (p >= low && p < high ? [cases[i]!.diseased - p] : [])),
        0,
        `[${low}, ${high})`,
      );
    }
    expectRate(
      probabilities.map((p, i) => (p >= 0.5 ? 1 : 0) === cases[i]!.diseased),
      0.93,
    );
  });
});

describe('radiology models', () => {
  const { good, worse } = trainRadiologyModels(3);

  it('include one that beats the reader on accuracy, sensitivity and specificity', () => {
    const got = rates(good.predict);
    expect(got.accuracy).toBeGreaterThan(0.915);
    expect(got.recall).toBeGreaterThan(0.84);
    expect(got.falsePositiveRate).toBeLessThan(0.08);
  });

  it('include one that sees disease in healthy old lungs', () => {
    expect(rates(worse.predict).accuracy).toBeLessThan(0.87);
    const alarms = (from: number, to: number) =>
      rates(
        worse.predict,
        cases.filter((c) => c.age >= from && c.age < to),
      ).falsePositiveRate;
    expect(alarms(70, 90)).toBeGreaterThan(alarms(20, 50) + 0.2);
  });
});
