import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { kendallCorrelation, kendallTest } from '../../../src/stats/quality/index.ts';
import { kendallCounts } from '../../../src/stats/quality/kendallCounts.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Expected {
  readonly kendallTauB?: { readonly tau: number; readonly pAsymptotic: number };
}

describe('kendallTest agrees with SciPy', () => {
  type File = GoldenFile<{ x: number[]; y: number[] }, Expected>;
  for (const { id, input, expected } of readGolden<File>('correlation.json').cases) {
    const want = expected.kendallTauB;
    if (want === undefined) continue;
    it(id, () => {
      expectClose(kendallCorrelation(input.x, input.y)!, want.tau, 1e-12, 'tau');
      const { pValue, estimate, effectSize } = ok(kendallTest(input.x, input.y));
      expectClose(pValue, want.pAsymptotic, 1e-11, 'p');
      expect(estimate).toBe(effectSize.value);
    });
  }
});

const pairs = fc.array(fc.tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -8, max: 8 })), {
  minLength: 3,
  maxLength: 40,
});

describe('kendallCorrelation', () => {
  it('is what counting all pairs gives', () => {
    fc.assert(
      fc.property(pairs, (sample) => {
        let [score, tellX, tellY] = [0, 0, 0];
        for (const [i, [a, b]] of sample.entries()) {
          for (const [c, d] of sample.slice(i + 1)) {
            score += Math.sign(a - c) * Math.sign(b - d);
            tellX += Math.abs(Math.sign(a - c));
            tellY += Math.abs(Math.sign(b - d));
          }
        }
        const got = kendallCorrelation(
          sample.map(([x]) => x),
          sample.map(([, y]) => y),
        );
        if (tellX === 0 || tellY === 0) expect(got).toBeUndefined();
        else expectClose(got!, score / Math.sqrt(tellX * tellY), 1e-12, 'tau', 1);
      }),
      { seed: 42 },
    );
  });

  it('flips with the order of one variable; p within [0, 1]; the interval contains the estimate', () => {
    fc.assert(
      fc.property(pairs, (sample) => {
        const x = sample.map(([a]) => a);
        const y = sample.map(([, b]) => b);
        const forth = kendallTest(x, y);
        fc.pre(forth.status === 'ok');
        const back = ok(
          kendallTest(
            x,
            y.map((b) => -b),
            { alternative: 'less' },
          ),
        );
        expectClose(back.estimate, -forth.estimate, 1e-13, '', 1);
        expectClose(back.pValue, ok(kendallTest(x, y, { alternative: 'greater' })).pValue, 1e-13);
        expectClose(ok(kendallTest(y, x)).pValue, forth.pValue, 1e-13);
        for (const { pValue, interval, estimate } of [forth, back]) {
          expect(pValue).toBeGreaterThanOrEqual(0);
          expect(pValue).toBeLessThanOrEqual(1);
          expect(interval[0]).toBeLessThanOrEqual(estimate);
          expect(interval[1]).toBeGreaterThanOrEqual(estimate);
        }
      }),
      { seed: 42 },
    );
  });

  it('counts long lists fast: 100,000 pairs in order but for one exchange', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
    const y = x.slice();
    [y[0], y[1]] = [1, 0];
    expectClose(kendallCorrelation(x, y)!, 1 - 4 / (100_000 * 99_999), 1e-15);
  });

  it('says what it does not know, and refuses what is no pair', () => {
    expect(kendallTest([1, 2], [1, 2]).status).toBe('inconclusive');
    expect(kendallTest([1, 1, 1], [1, 2, 3]).status).toBe('inconclusive');
    expect(kendallCorrelation([1], [1])).toBeUndefined();
    expect(ok(kendallTest([1, 2, 3, 4], [1, 3, 2, 4])).interval).toEqual([-1, 1]);
    expect(ok(kendallTest([1, 2, 3, 4], [1, 3, 2, 4], { level: 0.5, alternative: 'greater' })).interval).toEqual([
      -1, 1,
    ]);
    expect(kendallCounts([1, 2], [1, 2]).variance).toBe(0);
    expect(ok(kendallTest([1, 2, 3], [3, 2, 1]))).toMatchObject({ estimate: -1, interval: [-1, -1] });
    expect(() => kendallTest([1, 2], [1])).toThrow(InvalidDataError);
    expect(() => kendallTest([1, 2], [1, 2], { level: 1 })).toThrow(InvalidOptionError);
  });
});
