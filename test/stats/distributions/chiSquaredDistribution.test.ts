import { describe, expect, it } from 'vitest';
import {
  chiSquaredDistribution,
  gammaDistribution,
  normalDistribution,
} from '../../../src/stats/distributions/index.ts';
import { continuousContract, logUniform } from '../../contracts/continuousDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('chiSquaredDistribution', () => {
  continuousContract(chiSquaredDistribution, {
    parameters: logUniform.map((df) => [df]),
    support: [0, Number.POSITIVE_INFINITY],
    refused: [[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY]],
    example: [3],
  });

  it('is the square of a normal for one degree of freedom and exponential for two', () => {
    for (const z of [1e-5, 0.4, 1.959963984540054, 6, 30]) {
      expectClose(chiSquaredDistribution.sf(z * z, 1), 2 * normalDistribution.sf(z), 3e-13, `z = ${z}`);
      expectClose(chiSquaredDistribution.sf(z, 2), Math.exp(-z / 2), 1e-14, `z = ${z}`);
    }
  });

  it('is the gamma distribution of half the degrees of freedom and scale 2', () => {
    expect(chiSquaredDistribution.pdf(4.4, 5)).toBe(gammaDistribution.pdf(4.4, 2.5, 2));
    expectClose(chiSquaredDistribution.isf(1e-9, 5), gammaDistribution.isf(1e-9, 2.5, 2), 1e-15);
  });
});
