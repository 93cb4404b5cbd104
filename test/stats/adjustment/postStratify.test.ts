import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postStratify } from '../../../src/stats/adjustment/index.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('postStratify', () => {
  it('weights the means by the shares and their squared errors by the squares', () => {
    const got = postStratify([
      { share: 0.6, moments: { n: 10, mean: 2, variance: 1 } },
      { share: 0.4, moments: { n: 40, mean: 5, variance: 4 } },
    ])!;
    expectClose(got.mean, 3.2, 1e-15);
    expect(got.n).toBe(50);
    expectClose(got.variance / got.n, 0.36 / 10 + 0.16 * 0.1, 1e-14);
  });
  it('with the shares that the sample has keeps its mean, and never adds variance within the strata', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(values, values, (a, b) => {
        const n = a.length + b.length;
        const [first, second] = [new Moments().pushAll(a), new Moments().pushAll(b)];
        const got = postStratify([
          { share: a.length / n, moments: first },
          { share: b.length / n, moments: second },
        ])!;
        expectClose(got.mean, new Moments().pushAll([...a, ...b]).mean, 1e-9, 'mean', 1);
        expectClose(got.variance, (a.length * first.variance + b.length * second.variance) / n, 1e-9, 'variance', 1);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('does not exist where a stratum with a share has no variance; one without a share does not count', () => {
    const empty = { n: 0, mean: Number.NaN, variance: Number.NaN };
    const full = { n: 5, mean: 1, variance: 2 };
    expect(
      postStratify([
        { share: 0.5, moments: empty },
        { share: 0.5, moments: full },
      ]),
    ).toBeUndefined();
    expect(
      postStratify([
        { share: 0, moments: empty },
        { share: 1, moments: full },
      ]),
    ).toEqual({ n: 5, mean: 1, variance: 2 });
    expect(
      postStratify([
        { share: 0.5, moments: { n: 1, mean: 2, variance: Number.NaN } },
        { share: 0.5, moments: full },
      ]),
    ).toBeUndefined();
  });
  it('refuses no strata, shares that do not sum to 1 and moments that are none', () => {
    expect(() => postStratify([])).toThrow('strata must be at least one stratum');
    expect(() => postStratify([{ share: 0.9, moments: { n: 2, mean: 1, variance: 1 } }])).toThrow(
      'shares that sum to 1',
    );
    expect(() => postStratify([{ share: 1, moments: { n: 2, mean: 1, variance: -1 } }])).toThrow(
      'strata[0].moments.variance',
    );
  });
});
