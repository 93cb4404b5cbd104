import { expect, it } from 'vitest';
import { logHalfNormalFactor } from '../../../src/stats/sequential/logHalfNormalFactor.ts';
import { mixturePValue } from '../../../src/stats/sequential/normalMixture.ts';
import { expectClose } from '../../support/golden.ts';

it('neither overflows nor underflows', () => {
  expect(logHalfNormalFactor(0)).toBe(0);
  expectClose(logHalfNormalFactor(100), 5000 + Math.LN2, 1e-14);
  // 2 phi(x) / |x| (1 - 1 / x^2), over phi(0) scaled: Mills' ratio.
  expectClose(logHalfNormalFactor(-1e4), Math.log(Math.sqrt(2 / Math.PI) / 1e4), 1e-8);
});

it('leaves a one-sided p-value above 0 where only the exponent alone would overflow', () => {
  // exp(ln(1 + r) / 2 - ln 2 - z^2 r / (2 (1 + r))) at z = 38, r = 1e20.
  expectClose(Math.log(mixturePValue(38, 1e20, 'greater')), 10 * Math.log(10) - Math.LN2 - 722, 1e-12);
});
