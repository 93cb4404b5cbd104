import { describe, expect, it } from 'vitest';
import {
  hwangShihDeCaniSpending,
  obrienFlemingSpending,
  pocockSpending,
  powerSpending,
} from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('alpha spending', () => {
  it('rises from 0 to alpha', () => {
    const functions = [
      obrienFlemingSpending({ alpha: 0.03 }),
      obrienFlemingSpending({ alpha: 0.03, sides: 1 }),
      pocockSpending({ alpha: 0.03 }),
      powerSpending({ alpha: 0.03, power: 2.5 }),
      hwangShihDeCaniSpending({ alpha: 0.03 }),
      hwangShihDeCaniSpending({ alpha: 0.03, gamma: 1 }),
      hwangShihDeCaniSpending({ alpha: 0.03, gamma: 0 }),
    ];
    for (const spend of functions) {
      expect(spend(0)).toBe(0);
      expectClose(spend(1), 0.03, 1e-12);
      for (let t = 0.05; t < 1; t += 0.05) expect(spend(t + 0.05)).toBeGreaterThan(spend(t));
    }
  });

  it('has the values of the published formulas', () => {
    // scipy: 4 * norm.sf(norm.isf(0.0125) / sqrt(0.5)), 2 * norm.sf(norm.isf(0.025) / sqrt(0.5))
    expectClose(obrienFlemingSpending()(0.5), 0.0030506455159778224, 1e-12);
    expectClose(obrienFlemingSpending({ sides: 1 })(0.5), 0.005574596680784402, 1e-12);
    expectClose(pocockSpending()(0.5), 0.05 * Math.log(1 + (Math.E - 1) / 2), 1e-14);
    expectClose(powerSpending({ power: 3 })(0.5), 0.05 / 8, 1e-14);
    expectClose(hwangShihDeCaniSpending()(0.5), (0.05 * (1 - Math.exp(2))) / (1 - Math.exp(4)), 1e-13);
  });

  it('refuses what cannot be', () => {
    expect(() => pocockSpending({ alpha: 0 })).toThrow('alpha');
    expect(() => powerSpending({ power: 0 })).toThrow('power');
    expect(() => hwangShihDeCaniSpending({ gamma: Number.NaN })).toThrow('gamma');
    expect(() => obrienFlemingSpending({ sides: 0 as never })).toThrow('sides');
  });
});
