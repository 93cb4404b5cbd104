import { describe, expect, it } from 'vitest';
import {
  kendallTest,
  pearsonTest,
  regressionIntervals,
  rSquaredInterval,
  spearmanTest,
} from '../../../src/stats/quality/index.ts';
import { expectClose } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

const few = { status: 'inconclusive', n: [2], reason: '2 of at least 3 pairs' };

describe('correlations of very few pairs', () => {
  it.each([
    ['pearson', pearsonTest],
    ['spearman', spearmanTest],
    ['kendall', kendallTest],
  ])('%s: two say nothing, constants neither, three have no interval', (method, test) => {
    expect(test([1, 2], [1, 3])).toMatchObject({ ...few, method });
    expect(test([1], [1])).toMatchObject({ ...few, method, n: [1], reason: '1 of at least 3 pairs' });
    expect(test([1, 1, 1], [1, 2, 3])).toMatchObject({ status: 'inconclusive', method, n: [3] });
    const three = ok(test([1, 2, 3], [1, 3, 2]));
    expect(three.interval).toEqual([-1, 1]);
    expect(three.warnings).toEqual([]);
    expect(ok(test([1, 2, 3, 4, 5], [1, 3, 2, 5, 4])).interval).not.toEqual([-1, 1]);
    // Nor at a level at which a bound is the estimate itself.
    for (const level of [0.5, 0.3]) {
      for (const alternative of ['greater', 'less'] as const) {
        expect(ok(test([1, 2, 3], [1, 3, 2], { level, alternative })).interval).toEqual([-1, 1]);
      }
    }
  });

  it.each([
    ['pearson', pearsonTest],
    ['spearman', spearmanTest],
    ['kendall', kendallTest],
  ])('%s: a perfect one has an interval of no width and says so, of either sign', (_method, test) => {
    for (const sign of [1, -1]) {
      const perfect = ok(
        test(
          [1, 2, 3, 4, 5],
          [2, 4, 6, 8, 10].map((y) => sign * y),
        ),
      );
      const three = ok(test([1, 2, 3], [2 * sign, 4 * sign, 6 * sign]));
      for (const { estimate, interval } of [perfect, three]) {
        expect([estimate, ...interval]).toEqual([sign, sign, sign]);
      }
      expect(perfect.warnings.join()).toContain('the correlation is perfect');
    }
  });

  it('Fisher: the interval of four pairs is that of the formula', () => {
    const { estimate, interval } = ok(pearsonTest([1, 2, 3, 4], [1, 3, 2, 5]));
    for (const [i, sign] of [-1, 1].entries()) {
      expectClose(interval[i]!, Math.tanh(Math.atanh(estimate) + sign * 1.959963984540054), 1e-13);
    }
  });
});

describe('intervals of regression scores', () => {
  it('say why they are none', () => {
    expect(rSquaredInterval([1, 2], [1, 3])).toMatchObject({ ...few, method: 'log-r-squared' });
    expect(rSquaredInterval([2, 2, 2], [1, 3, 2])).toMatchObject({ reason: 'the target does not vary', n: [3] });
    expect(rSquaredInterval([1, 2, 4], [1, 2, 4])).toMatchObject({
      reason: 'every prediction is exact',
      n: [3],
      method: 'log-r-squared',
    });
    const overflow = { reason: 'the squares of these values overflow', n: [3], method: 'log-r-squared' };
    expect(rSquaredInterval([1e200, 2, 3], [1, 2, 4])).toMatchObject(overflow);
    expect(rSquaredInterval([1, 2, 3], [1e200, 2, 3])).toMatchObject(overflow);
    expect(rSquaredInterval([1e200, 2, 3], [1e200, 2, 4])).toMatchObject(overflow);
    expect(regressionIntervals([1, 2, 3], [1, 2, 4]).meanAbsoluteError).toMatchObject({ n: [3] });
  });
});
