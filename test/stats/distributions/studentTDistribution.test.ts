import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { normalDistribution, studentTDistribution } from '../../../src/stats/distributions/index.ts';
import { continuousContract, logUniform } from '../../contracts/continuousDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('studentTDistribution', () => {
  continuousContract(studentTDistribution, {
    parameters: fc.oneof(logUniform, fc.constantFrom(1, 2, 3, 30, 1e6)).map((df) => [df]),
    support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    refused: [[0], [-1], [Number.NaN]],
    example: [4.7],
  });

  it('is symmetric', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), logUniform, (t, df) => {
        expect(studentTDistribution.sf(t, df)).toBe(studentTDistribution.cdf(-t, df));
        expect(studentTDistribution.pdf(t, df)).toBe(studentTDistribution.pdf(-t, df));
        expect(studentTDistribution.twoSided(t, df)).toBe(studentTDistribution.twoSided(-t, df));
        expectClose(studentTDistribution.twoSided(t, df), 2 * studentTDistribution.sf(Math.abs(t), df), 1e-15);
      }),
      { seed: 42 },
    );
  });

  it('is the Cauchy distribution for one degree of freedom', () => {
    for (const t of [1e-8, 0.3, 1, 7, 1e4, 1e150, 1e200]) {
      expectClose(studentTDistribution.sf(t, 1), Math.atan2(1, t) / Math.PI, 1e-13, `t = ${t}`);
      expectClose(studentTDistribution.pdf(t, 1), 1 / t / (Math.PI * (t + 1 / t)), 1e-13, `t = ${t}`);
    }
    expectClose(studentTDistribution.isf(1e-200, 1), 1e200 / Math.PI, 1e-13);
  });

  it('is normal for infinite degrees of freedom, and tends to it', () => {
    for (const df of [1e21, 1e25, Number.POSITIVE_INFINITY]) {
      for (const t of [0, 0.4, 2, 30]) {
        expectClose(studentTDistribution.sf(t, df), normalDistribution.sf(t), 1e-12, `t = ${t}, df = ${df}`);
        expectClose(studentTDistribution.pdf(t, df), normalDistribution.pdf(t), 1e-12, `t = ${t}, df = ${df}`);
        expectClose(studentTDistribution.logSf(t, df), normalDistribution.logSf(t), 1e-12, `t = ${t}, df = ${df}`);
        expectClose(studentTDistribution.twoSided(-t, df), 2 * normalDistribution.sf(t), 1e-12, `t = ${t}, df = ${df}`);
      }
      expectClose(studentTDistribution.isf(0.025, df), normalDistribution.isf(0.025), 1e-12);
    }
  });

  it('has the median 0', () => {
    expect(studentTDistribution.quantile(0.5, 3.3)).toBe(-0);
    expect(studentTDistribution.isf(0.5, 3.3)).toBe(0);
    expect(studentTDistribution.cdf(0, 3.3)).toBe(0.5);
  });

  it('refuses a statistic that is no number', () => {
    expect(() => studentTDistribution.twoSided(Number.NaN, 3)).toThrow(InvalidOptionError);
    expect(() => studentTDistribution.twoSided(1, Number.NaN)).toThrow(InvalidOptionError);
    expect(() => studentTDistribution.twoSided(1, 0)).toThrow(InvalidOptionError);
  });

  it('has densities where the square of t overflows', () => {
    expectClose(studentTDistribution.pdf(1e200, 0.1), 4.173803137173207e-222, 1e-12);
  });
});
