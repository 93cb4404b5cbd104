import { describe, it } from 'vitest';
import { betaPowerTail } from '../../../src/stats/special/betaTail.ts';
import { logLower, logUpper } from '../../../src/stats/special/TailPair.ts';
import { expectClose } from '../../support/golden.ts';

describe('betaPowerTail', () => {
  it('keeps the logarithms of both tails, whichever is the small one', () => {
    // I_x(a, b) = x^a / (a B(a, b)), by mpmath for F = 1e-300 with 1e-12 and 1 degrees of freedom.
    const nearlyAll = betaPowerTail(0.5e-12, 0.5, Math.log(1e-300) + Math.log(1e-12));
    expectClose(logUpper(nearlyAll), -21.74520484359133, 1e-14);
    expectClose(logLower(nearlyAll), -3.5989642168763063e-10, 1e-12);
    const hardlyAny = betaPowerTail(3, 1, Math.log(1e-80));
    expectClose(logLower(hardlyAny), 3 * Math.log(1e-80), 1e-15);
    expectClose(logUpper(hardlyAny), -1e-240, 1e-12);
  });
});
