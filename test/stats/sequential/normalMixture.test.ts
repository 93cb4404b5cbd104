import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  informationSequence,
  normalMixtureBoundary,
  normalMixtureLogEValue,
} from '../../../src/stats/sequential/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { conclusive } from './support.ts';

interface MsprtInput {
  n: number;
  pairVariance: number;
  n1: number;
  n2: number;
  variance1: number;
  variance2: number;
  tau2: number;
  difference: number;
  theta0: number;
  alpha: number;
}
interface MsprtExpected {
  logLambda: number;
  pAtN: number;
  p: number;
  halfWidth: number;
  seSquared: number;
}
const golden = readGolden<GoldenFile<MsprtInput, MsprtExpected>>('sequential.json');
const judge = readGolden<{ rho: number; boundary: { V: number; alpha: number; u: number }[] }>('canary-judge.json');

describe('normalMixture', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'msprtNormal' && kind !== 'msprtStandardError') continue;
    it(`is the mixture SPRT with rho = 1 / tau^2: ${id}`, () => {
      const variance =
        kind === 'msprtNormal' ? input.pairVariance / input.n : input.variance1 / input.n1 + input.variance2 / input.n2;
      const result = conclusive(
        informationSequence(
          { estimate: input.difference, information: 1 / variance },
          { rho: 1 / input.tau2, alpha: input.alpha, nullValue: input.theta0 },
        ),
      );
      expectClose(result.logEValue!, expected.logLambda, 1e-10, 'logLambda');
      expectClose(result.pValue, kind === 'msprtNormal' ? expected.pAtN : expected.p, 1e-10, 'p');
      expectClose((result.interval[1] - result.interval[0]) / 2, expected.halfWidth, 1e-10, 'halfWidth');
    });
  }

  it('gives the boundary of the canary judge', () => {
    for (const { V, alpha, u } of judge.boundary) {
      expectClose(normalMixtureBoundary(V, { rho: judge.rho, alpha, alternative: 'greater' }), u, 1e-12);
      expectClose(normalMixtureBoundary(V, { rho: judge.rho, alpha, alternative: 'less' }), u, 1e-12);
    }
  });

  it('reaches 1 / alpha exactly at the two-sided boundary, and a hair beyond it at the one-sided one', () => {
    const arbitrary = [
      fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    ] as const;
    fc.assert(
      fc.property(...arbitrary, fc.double({ min: 1e-6, max: 0.3, noNaN: true }), (v, rho, alpha) => {
        const two = normalMixtureLogEValue(normalMixtureBoundary(v, { rho, alpha }), v, { rho });
        expectClose(two, -Math.log(alpha), 1e-9);
        const one = normalMixtureBoundary(v, { rho, alpha, alternative: 'greater' });
        const slack = normalMixtureLogEValue(one, v, { rho, alternative: 'greater' }) + Math.log(alpha);
        expect(slack).toBeGreaterThan(-1e-9);
        expect(slack).toBeLessThan(Math.log(2));
        expect(normalMixtureLogEValue(-one, v, { rho, alternative: 'less' })).toBeCloseTo(slack - Math.log(alpha), 9);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('neither overflows nor underflows for scores of hundreds of standard errors', () => {
    expectClose(normalMixtureLogEValue(1e5, 100, { rho: 1 }), 1e10 / 202 - Math.log(101) / 2, 1e-12);
    // Half-normal prior, hopeless side: about -ln(sqrt(2 pi) x / 2) as x grows, whatever the square would do.
    const x = 1e5 / Math.sqrt(101);
    const hopeless = normalMixtureLogEValue(-1e5, 100, { rho: 1, alternative: 'greater' });
    expectClose(hopeless, -Math.log(101) / 2 - Math.log((Math.sqrt(2 * Math.PI) * x) / 2), 1e-6);
    expect(normalMixtureLogEValue(0, 0, { rho: 1 })).toBe(0);
  });

  it('refuses what cannot be', () => {
    expect(() => normalMixtureBoundary(-1, { rho: 1, alpha: 0.05 })).toThrow('information must be a finite number');
    expect(() => normalMixtureBoundary(1, { rho: 0, alpha: 0.05 })).toThrow('rho');
    expect(() => normalMixtureBoundary(1, { rho: 1, alpha: 1 })).toThrow('alpha');
    expect(() => normalMixtureLogEValue(Number.NaN, 1, { rho: 1 })).toThrow('score');
    expect(() => normalMixtureBoundary(1, { rho: 1, alpha: 0.05, alternative: 'up' as never })).toThrow('alternative');
  });
});
