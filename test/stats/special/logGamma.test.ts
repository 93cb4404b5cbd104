import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { logGamma } from '../../../src/stats/special/index.ts';
import { logGamma1p } from '../../../src/stats/special/logGamma.ts';
import { expectClose } from '../../support/golden.ts';

describe('logGamma', () => {
  it('is the logarithm of the factorial', () => {
    let factorial = 1;
    for (let n = 1; n <= 170; n += 1) {
      expectClose(logGamma(n), Math.log(factorial), 2e-15, `n = ${n}`, 1e-300);
      factorial *= n;
    }
  });

  it('keeps its relative accuracy beside its zeros, where it is -γ h and (1 - γ) h', () => {
    const gamma = 0.5772156649015329;
    const h = 2 ** -40;
    const second = Math.PI ** 2 / 12;
    expectClose(logGamma(1 + h), -gamma * h + second * h * h, 1e-14);
    expectClose(logGamma(1 - h), gamma * h + second * h * h, 1e-14);
    expectClose(logGamma(2 + h), (1 - gamma) * h + (second - 0.5) * h * h, 1e-14);
    expect([logGamma(1), logGamma(2)]).toEqual([0, 0]);
    expectClose(logGamma1p(1e-30), -gamma * 1e-30, 1e-15);
  });

  it('does not jump where one formula gives way to the next', () => {
    for (const x of [2, 10]) expectClose(logGamma(x + 2 ** -46), logGamma(x - 2 ** -46), 2e-11, `${x}`, 1e-3);
    expectClose(logGamma(1000 + 1e-9), logGamma(1000 - 1e-9), 1e-11);
  });

  it('reaches as far as the doubles do', () => {
    expect(logGamma(0)).toBe(Number.POSITIVE_INFINITY);
    expect(logGamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(logGamma(5e-324)).toBeCloseTo(744.44, 2);
    expectClose(logGamma(1e305), 7.0128844e307, 1e-5);
  });

  it('refuses negative arguments and NaN', () => {
    for (const x of [-1, -0.5, Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => logGamma(x)).toThrow(InvalidOptionError);
    }
  });
});
