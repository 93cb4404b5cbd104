import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { absoluteError, compareFixed, type Metric, MetricSummary } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { expectClose } from '../support/golden.ts';

const sure = <T extends { status: string }>(result: T): Extract<T, { status: 'ok' }> => {
  if (result.status !== 'ok') throw new Error('inconclusive');
  return result as Extract<T, { status: 'ok' }>;
};

describe('ABTest.fromSummary', () => {
  it('says what the observations themselves would say', () => {
    const rng = createRng(2);
    const metric = absoluteError() as Metric;
    const sides = [1e3, 1e3 - 0.2].map((mean) => {
      const summary = new MetricSummary(metric);
      const row = { n: 0, sum: 0, sumSquares: 0 };
      for (let i = 0; i < 400; i += 1) {
        const x = mean + normal(rng);
        summary.push(x);
        row.n += 1;
        row.sum += x;
        row.sumSquares += x * x;
      }
      return { summary, row };
    });
    const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]];
    const direct = sure(compareFixed([{ reference: a.summary, candidate: b.summary }]));
    const found = sure(
      ABTest.fromSummary({ champion: a.row, challenger: b.row, direction: 'lower', inference: 'fixed' }),
    );
    expectClose(found.pValue, direct.pValue, 1e-6);
    expectClose(found.estimate, direct.estimate, 1e-8);
    expectClose(found.relative!.estimate, direct.relative!.estimate, 1e-8);
  });

  it('detects 30 errors of 1000 beside none', () => {
    const found = sure(
      ABTest.fromSummary({ champion: { n: 1000, sum: 0 }, challenger: { n: 1000, sum: 30 }, direction: 'lower' }),
    );
    expect(found.pValue).toBeLessThan(1e-5);
    expect(found.interval[1]).toBeLessThan(0);
    expect(found).toMatchObject({ reference: { n: 1000, value: 0 }, candidate: { value: 0.03 } });
  });

  it.each([
    [{ n: -1, sum: 0 }, 'champion.n'],
    [{ n: 10, sum: 11 }, 'champion.sum'],
    [{ n: 10, sum: Number.NaN }, 'champion.sum'],
    [{ n: 10, sum: 10, sumSquares: 1 }, 'champion.sumSquares'],
  ])('refuses %o', (champion, where) => {
    const other = 'sumSquares' in champion ? { n: 10, sum: 10, sumSquares: 11 } : { n: 10, sum: 1 };
    expect(() => ABTest.fromSummary({ champion, challenger: other })).toThrow(where);
  });
});
