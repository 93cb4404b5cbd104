import { createRng } from 'coronate/random';
import { describe, expect, it } from 'vitest';
import {
  chooseBlocks,
  DIES_PER_WAFER,
  expectedFails,
  FULL_PLAN,
  makeTestWafers,
  missedDies,
  reportedYield,
  TEST_BLOCKS,
  type TestPlan,
  testMinutes,
  trueYield,
} from '../../examples/lib/data/testTime.ts';
import { trainTestTimeModels } from '../../examples/lib/train/testTime.ts';
import { correlation, expectMean, mean } from './statistics.ts';

const wafers = makeTestWafers(createRng(1), 20_000);

function measure(plan: (row: readonly number[]) => TestPlan) {
  const plans = wafers.map((wafer) => plan(wafer.row));
  const reported = plans.map((p, i) => reportedYield(p, wafers[i]!));
  return {
    time: mean(plans.map((p, i) => testMinutes(p, wafers[i]!))) / mean(wafers.map((w) => testMinutes(FULL_PLAN, w))),
    correlation: correlation(reported, wafers.map(trueYield)),
    missed: mean(plans.map((p, i) => missedDies(p, wafers[i]!))),
    bias: mean(reported) - mean(wafers.map(trueYield)),
  };
}

describe('wafers under test', () => {
  it('come from the seed alone, with the expectations that are documented', () => {
    expect(makeTestWafers(createRng(1), 20)).toEqual(wafers.slice(0, 20));
    expect(TEST_BLOCKS.reduce((sum, block) => sum + block.minutes, 0)).toBeCloseTo(4, 12);
    TEST_BLOCKS.forEach(({ base, effects, name }, j) => {
      // The mean of exp(base + effects · N(0, I)) is exp(base + |effects|² / 2).
      expectMean(
        wafers.map((w) => w.fails[j]!),
        Math.exp(base + effects.reduce((s, e) => s + e * e, 0) / 2),
        name,
      );
    });
  });

  it('account for every die: found, missed and true', () => {
    const wafer = wafers[0]!;
    const plan = { run: TEST_BLOCKS.map((_, j) => j % 2 === 0), expectedSkipped: 3 };
    const all = wafer.fails.reduce((a, b) => a + b, 0);
    expect(trueYield(wafer)).toBeCloseTo(100 * (1 - all / DIES_PER_WAFER), 12);
    expect(reportedYield(plan, wafer)).toBeCloseTo(
      100 * (1 - (all - missedDies(plan, wafer) + 3) / DIES_PER_WAFER),
      12,
    );
    expect(testMinutes(plan, wafer)).toBeCloseTo(wafer.tempo * (0.3 + 0.8 + 0.6 + 0.4), 12);
  });

  it('are planned within the budget, the least useful minutes first', () => {
    const plan = chooseBlocks([0.3, 4, 0.08, 7, 6, 5, 4, 3], 1);
    expect(plan.run).toEqual([false, true, false, true, true, true, true, true]);
    expect(plan.expectedSkipped).toBeCloseTo(0.38, 12);
    expect(chooseBlocks([1, 1, 1, 1, 1, 1, 1, 1], 0)).toEqual(FULL_PLAN);
  });
});

describe('test-time models', () => {
  const models = trainTestTimeModels(3);

  it('skip as well as the oracle: below 75 % of the time, above 99 % correlation, unbiased', () => {
    const oracle = measure((row) => chooseBlocks(expectedFails(row)));
    const got = measure(models.challenger.predict);
    expect(Math.abs(oracle.time - 0.69)).toBeLessThan(0.01);
    expect(Math.abs(oracle.correlation - 0.995)).toBeLessThan(0.001);
    expect(Math.abs(got.time - oracle.time)).toBeLessThan(0.01);
    expect(Math.abs(got.correlation - oracle.correlation)).toBeLessThan(0.001);
    expect(Math.abs(got.bias)).toBeLessThan(0.02);
  });

  it('have a placebo that changes nothing and a careless one that loses the yield', () => {
    expect(measure(models.placebo.predict)).toEqual({ ...measure(models.champion.predict), missed: 0 });
    const careless = measure(models.careless.predict);
    expect(careless.time).toBeLessThan(0.73);
    expect(careless.correlation).toBeLessThan(0.985);
  });
});
