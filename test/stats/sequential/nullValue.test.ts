import { describe, expect, it } from 'vitest';
import {
  asymptoticDifferenceSequence,
  asymptoticMeanSequence,
  regressionAdjustedSequence,
  stagedDifferenceSequence,
} from '../../../src/stats/sequential/index.ts';
import { oneSampleTTest } from '../../../src/stats/tests/index.ts';
import type { EstimateResult, TestResult } from '../../../src/stats/types.ts';
import { expectClose } from '../../support/golden.ts';

const moments = (n: number, mean: number, variance: number) => ({ n, mean, variance });
const pairs = (mean: number) => ({ n: 500, x: moments(500, 1, 2), y: moments(500, mean, 3), covariance: 1 });
/** Each estimate with the mean of its (first) sample, against a null value. */
const estimates: Readonly<Record<string, (mean: number, nullValue: number) => EstimateResult | TestResult>> = {
  asymptoticMeanSequence: (mean, nullValue) => asymptoticMeanSequence(moments(500, mean, 3), { nullValue }),
  asymptoticDifferenceSequence: (mean, nullValue) =>
    asymptoticDifferenceSequence(moments(500, mean, 3), moments(400, 1, 2), { nullValue }),
  stagedDifferenceSequence: (mean, nullValue) =>
    stagedDifferenceSequence(
      [
        [moments(500, mean, 3), moments(400, 1, 2)],
        [moments(300, mean, 3), moments(400, 1, 2)],
        // Too few on one side: the stage does not count.
        [moments(300, 1e6, 3), moments(9, 1, 2)],
      ],
      { nullValue },
    ),
  regressionAdjustedSequence: (mean, nullValue) => regressionAdjustedSequence(pairs(mean), pairs(1), { nullValue }),
  oneSampleTTest: (mean, nullValue) => oneSampleTTest(moments(500, mean, 3), { nullValue }),
};

describe.each(Object.entries(estimates))('the null value of %s', (_name, of) => {
  it('moves with the data: evidence and interval are those of the shifted sample', () => {
    const [base, moved] = [of(1.2, 0), of(1.5, 0.3)];
    if (base.status !== 'ok' || moved.status !== 'ok') throw new Error('both say something');
    expectClose(moved.pValue!, base.pValue!, 1e-9);
    if (base.logEValue !== undefined) expectClose(moved.logEValue!, base.logEValue, 1e-9, '', 1);
    for (const i of [0, 1] as const) expectClose(moved.interval[i] - 0.3, base.interval[i], 1e-12);
    const [elsewhere] = [of(1.5, -0.3)];
    if (elsewhere.status !== 'ok') throw new Error('says something');
    expect(elsewhere.pValue!).toBeLessThanOrEqual(moved.pValue!);
    for (const i of [0, 1] as const) expectClose(elsewhere.interval[i], moved.interval[i], 1e-13);
  });
});
