import { describe, expect, it } from 'vitest';
import { betaDistribution, gammaDistribution } from '../../../src/stats/distributions/index.ts';
import { betaTail } from '../../../src/stats/special/betaTail.ts';
import { gammaTail } from '../../../src/stats/special/gammaTail.ts';
import { densityOverTail, logLower, logUpper, NOTHING_ABOVE, swapTails } from '../../../src/stats/special/TailPair.ts';
import { expectClose } from '../../support/golden.ts';

describe('TailPair', () => {
  it('tells the density over either tail', () => {
    for (const [a, b, x] of [
      [3, 5, 0.1],
      [3, 5, 0.9],
      [50, 950, 0.04],
      [50, 950, 0.06],
      [2e4, 3e4, 0.4001],
    ] as const) {
      const pair = betaTail(a, b, x, 1 - x, a * (1 - x) - b * x);
      const density = x * (1 - x) * betaDistribution.pdf(x, a, b);
      expectClose(densityOverTail(pair, false, logLower(pair)), density / pair.lower, 1e-12, `lower, ${a}, ${b}, ${x}`);
      expectClose(densityOverTail(pair, true, logUpper(pair)), density / pair.upper, 1e-12, `upper, ${a}, ${b}, ${x}`);
      const swapped = swapTails(pair);
      expect(densityOverTail(swapped, true, logUpper(swapped))).toBe(densityOverTail(pair, false, logLower(pair)));
    }
    for (const [a, x] of [
      [3.3, 1],
      [3.3, 9],
      [2500, 2510],
    ] as const) {
      const pair = gammaTail(a, x, x - a);
      const density = x * gammaDistribution.pdf(x, a);
      expectClose(densityOverTail(pair, false, logLower(pair)), density / pair.lower, 1e-12, `lower, ${a}, ${x}`);
      expectClose(densityOverTail(pair, true, logUpper(pair)), density / pair.upper, 1e-12, `upper, ${a}, ${x}`);
    }
  });

  it('tells no density where a tail is computed without it', () => {
    const pairs = [
      betaTail(0.1, 2, 0.2, 0.8, 0.1 * 0.8 - 2 * 0.2),
      gammaTail(0.1, 1, 0.9),
      gammaTail(3, 5, 2),
      NOTHING_ABOVE,
    ];
    for (const pair of pairs) {
      expect(densityOverTail(pair, true, logUpper(pair))).toBeNaN();
      expect(densityOverTail(pair, false, logLower(pair))).toBeNaN();
    }
  });
});
