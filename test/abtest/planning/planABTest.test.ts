import { describe, expect, it } from 'vitest';
import { ABTest } from '../../../src/abtest/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('ABTest.plan', () => {
  const accuracyOf = { baseline: { rate: 0.9 }, effect: { absolute: 0.01 }, power: 0.8 } as const;

  it('knows that pairing needs a fraction of the requests, looked at once or all the time', () => {
    const split = ABTest.plan({ ...accuracyOf, inference: 'fixed' });
    const paired = ABTest.plan({ ...accuracyOf, inference: 'fixed', mode: 'paired', disagreement: 0.05 });
    // 26,984 and 3,917 by the normal formulas.
    expect(Math.abs(split.requests - 26984)).toBeLessThan(30);
    expect(Math.abs(paired.requests - 3917)).toBeLessThan(10);
    const [watchedSplit, watchedPaired] = [
      ABTest.plan(accuracyOf),
      ABTest.plan({ ...accuracyOf, mode: 'paired', disagreement: 0.05 }),
    ];
    expect(watchedSplit.requests / watchedPaired.requests).toBeGreaterThan(5);
    expect(watchedSplit.medianRequests!).toBeLessThan(watchedSplit.requests);
  });

  it('counts days, uneven shares and what a covariate explains', () => {
    const even = ABTest.plan({ ...accuracyOf, inference: 'fixed', requestsPerDay: 1000 });
    const uneven = ABTest.plan({ ...accuracyOf, inference: 'fixed', trafficShare: 0.1 });
    const adjusted = ABTest.plan({ ...accuracyOf, inference: 'fixed', explained: 0.5 });
    expectClose(even.days!, even.requests / 1000);
    expect(uneven.requests).toBeGreaterThan(2.5 * even.requests);
    expect(uneven.perVariant[0]).toBeGreaterThan(8.9 * uneven.perVariant[1]);
    expect(Math.abs(adjusted.requests / even.requests - 0.5)).toBeLessThan(0.01);
  });
});
