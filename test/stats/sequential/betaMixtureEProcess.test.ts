import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMixtureEProcess, betaMixtureLogEValue } from '../../../src/stats/sequential/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

const judge = readGolden<{ errorE: { k: number; n: number; p0: number; logE: number }[] }>('canary-judge.json');
const alternatives = fc.constantFrom('two-sided', 'less', 'greater') as fc.Arbitrary<'two-sided' | 'less' | 'greater'>;
const counts = fc
  .tuple(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]) => ({ trials, successes: Math.round(trials * share) }));

describe('betaMixtureEProcess', () => {
  it('is the error judge of the canary', () => {
    for (const { k, n, p0, logE } of judge.errorE) {
      const options = { nullValue: p0, alternative: 'greater' } as const;
      expectClose(betaMixtureLogEValue({ successes: k, trials: n }, options), logE, 1e-10, `${k} of ${n}`);
      const mirror = { nullValue: 1 - p0, alternative: 'less' } as const;
      expectClose(betaMixtureLogEValue({ successes: n - k, trials: n }, mirror), logE, 1e-9, `mirror ${k} of ${n}`);
    }
  });

  it('is sound on every side: estimate inside, p-value and interval agree', () => {
    fc.assert(
      fc.property(
        counts,
        alternatives,
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (c, alternative, nullValue) => {
          const result = conclusive(betaMixtureEProcess(c, { nullValue, alternative }));
          expectSound(result, nullValue);
          expect(result.interval[0]).toBeGreaterThanOrEqual(0);
          expect(result.interval[1]).toBeLessThanOrEqual(1);
          expect(result.logEValue).toBe(betaMixtureLogEValue(c, { nullValue, alternative }));
        },
      ),
      { seed: 42, numRuns: 200 },
    );
  });

  it('widens as alpha falls and turns over with successes and failures', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 1e-5, max: 0.2, noNaN: true }), ({ successes, trials }, alpha) => {
        const [low, high] = conclusive(betaMixtureEProcess({ successes, trials }, { alpha })).interval;
        const wider = conclusive(betaMixtureEProcess({ successes, trials }, { alpha: alpha / 2 })).interval;
        expect(wider[0]).toBeLessThanOrEqual(low);
        expect(wider[1]).toBeGreaterThanOrEqual(high);
        const turned = conclusive(betaMixtureEProcess({ successes: trials - successes, trials }, { alpha })).interval;
        expectClose(turned[0], 1 - high, 1e-9, '', 1e-3);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('is fair: under the limit the expected e-value after n trials is one, or less for a rate within the limit', () => {
    const expectation = (n: number, rate: number, options: Parameters<typeof betaMixtureLogEValue>[1]): number => {
      let probability = (1 - rate) ** n;
      let sum = 0;
      for (let k = 0; k <= n; k += 1) {
        sum += probability * Math.exp(betaMixtureLogEValue({ successes: k, trials: n }, options));
        probability *= ((n - k) / (k + 1)) * (rate / (1 - rate));
      }
      return sum;
    };
    for (const alternative of ['two-sided', 'greater', 'less'] as const) {
      const options = { nullValue: 0.2, alternative, prior: { a: 2, b: 3 } };
      expectClose(expectation(60, 0.2, options), 1, 1e-10, alternative);
      if (alternative === 'greater') expect(expectation(60, 0.1, options)).toBeLessThan(1);
      if (alternative === 'less') expect(expectation(60, 0.3, options)).toBeLessThan(1);
    }
  });

  it('knows the edges: no success, only successes, a limit of 0', () => {
    const none = conclusive(
      betaMixtureEProcess({ successes: 0, trials: 500 }, { nullValue: 0.01, alternative: 'less' }),
    );
    expect(none.interval[0]).toBe(0);
    expect(none.pValue).toBeLessThan(0.05);
    const all = conclusive(betaMixtureEProcess({ successes: 500, trials: 500 }));
    expect(all.interval[1]).toBe(1);
    expect(all.interval[0]).toBeGreaterThan(0.97);
    const zero = { nullValue: 0, alternative: 'greater' } as const;
    expect(conclusive(betaMixtureEProcess({ successes: 0, trials: 50 }, zero)).pValue).toBe(1);
    expect(conclusive(betaMixtureEProcess({ successes: 1, trials: 50 }, zero)).pValue).toBe(0);
    // Billions of trials: nothing overflows and nothing is NaN.
    const many = conclusive(betaMixtureEProcess({ successes: 1e7, trials: 1e9 }, { nullValue: 0.01 }));
    expect(many.interval[0]).toBeGreaterThan(0.00995);
    expect(many.interval[1]).toBeLessThan(0.01005);
  });

  it('waits for trials and refuses what cannot be', () => {
    expect(betaMixtureEProcess({ successes: 0, trials: 0 }).status).toBe('inconclusive');
    expect(betaMixtureLogEValue({ successes: 0, trials: 0 })).toBeCloseTo(0, 12);
    expect(() => betaMixtureEProcess({ successes: 3, trials: 2 })).toThrow('proportion.successes');
    expect(() => betaMixtureEProcess({ successes: 1, trials: 2 }, { nullValue: 1.2 })).toThrow('nullValue');
    expect(() => betaMixtureEProcess({ successes: 1, trials: 2 }, { nullValue: 1, alternative: 'greater' })).toThrow(
      'nullValue',
    );
    expect(() => betaMixtureEProcess({ successes: 1, trials: 2 }, { nullValue: 0, alternative: 'less' })).toThrow(
      'nullValue',
    );
    expect(() => betaMixtureEProcess({ successes: 1, trials: 2 }, { prior: { a: 0, b: 1 } })).toThrow('prior.a');
    expect(() => betaMixtureEProcess({ successes: 1, trials: 2 }, { prior: { a: 1, b: 0 } })).toThrow('prior.b');
    const unknown = { a: 1, b: 1, c: 1 } as never;
    expect(() => betaMixtureEProcess({ successes: 1, trials: 2 }, { prior: unknown })).toThrow('prior.c');
  });
});
