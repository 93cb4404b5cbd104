import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mcnemarEProcess, mcnemarLogEValue } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

describe('mcnemarEProcess', () => {
  const counts = fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 5000 }))
    .map(([onlyFirst, onlySecond, both]) => ({ onlyFirst, onlySecond, pairs: onlyFirst + onlySecond + both }));

  it('bets on the discordant pairs alone where the null is equality', () => {
    const few = conclusive(mcnemarEProcess({ onlyFirst: 121, onlySecond: 59, pairs: 180 }));
    const many = conclusive(mcnemarEProcess({ onlyFirst: 121, onlySecond: 59, pairs: 1e6 }));
    expectClose(few.logEValue!, many.logEValue!, 1e-9);
    // The exact fixed-n test has p = 5e-6 here; never looking twice is cheaper, but not by orders of magnitude.
    expect(few.pValue).toBeGreaterThan(4e-6);
    expect(few.pValue).toBeLessThan(1e-3);
  });

  it('is sound, and turns its sign with the models', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom(0, 0.01, -0.2), (c, nullValue) => {
        fc.pre(c.pairs > 0);
        const result = conclusive(mcnemarEProcess(c, { nullValue }));
        expectSound(result, nullValue);
        expect(mcnemarLogEValue(c, { nullValue })).toBe(result.logEValue);
        const turned = { ...c, onlyFirst: c.onlySecond, onlySecond: c.onlyFirst };
        expectClose(
          conclusive(mcnemarEProcess(turned, { nullValue: -nullValue })).logEValue!,
          result.logEValue!,
          1e-9,
          '',
          1,
        );
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('waits for pairs and refuses what cannot be', () => {
    expect(mcnemarEProcess({ onlyFirst: 0, onlySecond: 0, pairs: 0 }).status).toBe('inconclusive');
    expect(() => mcnemarEProcess({ onlyFirst: -1, onlySecond: 0, pairs: 3 })).toThrow('onlyFirst');
    expect(() => mcnemarEProcess({ onlyFirst: 2, onlySecond: 2, pairs: 3 })).toThrow('pairs');
    expect(() => mcnemarEProcess({ onlyFirst: 2, onlySecond: 2, pairs: 4 }, { nullValue: 1 })).toThrow('nullValue');
  });
});
