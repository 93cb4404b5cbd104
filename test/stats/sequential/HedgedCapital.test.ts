import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BettingSequence, HedgedCapital } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const fill = (capital: HedgedCapital, xs: readonly number[]) => {
  for (const x of xs) capital.push(x);
  return capital;
};

describe('HedgedCapital', () => {
  it('bets as the formula says', () => {
    // First bet: variance 1/4, so sqrt(2 ln(40) / (ln(2) / 4)) = 6.5, cut to 0.5 / m on each side.
    const capital = new HedgedCapital({ nullValue: 0.4 }).push(0.9);
    expectClose(capital.logEValue, Math.log((1 + 1.25 * 0.5 + (1 - (0.5 / 0.6) * 0.5)) / 2), 1e-12);
    // Second: mean (0.5 + 0.9) / 2 = 0.7, variance (1/4 + 0.2^2) / 2 = 0.145.
    const bet = Math.sqrt((2 * Math.log(40)) / (0.145 * 2 * Math.log(3)));
    const up = (1 + 1.25 * 0.5) * (1 + Math.min(bet, 1.25) * -0.1);
    const down = (1 - (0.5 / 0.6) * 0.5) * (1 + Math.min(bet, 0.5 / 0.6) * 0.1);
    expectClose(capital.push(0.3).logEValue, Math.log((up + down) / 2), 1e-12);
  });

  it('bets by all that went before, with the level of its side, where no bet is cut', () => {
    const xs = Array.from({ length: 12 }, (_, i) => [0.1, 1, 0.3, 0.8, 0][i % 5]!);
    const sum = (list: readonly number[]) => list.reduce((total, x) => total + x, 0);
    const deviations = xs.map((x, i) => (x - (0.5 + sum(xs.slice(0, i + 1))) / (i + 2)) ** 2);
    const wealth = (sign: number, level: number) =>
      sum(
        xs.map((x, i) => {
          const scatter = 0.25 + sum(deviations.slice(0, i));
          const bet = Math.sqrt((2 * Math.log(1 / level)) / (scatter * Math.log(i + 2)));
          return Math.log(1 + sign * Math.min(bet, 1 / 0.5) * (x - 0.5));
        }),
      );
    const of = (alternative: 'two-sided' | 'greater' | 'less') =>
      fill(
        new HedgedCapital({ nullValue: 1, range: [-1, 3], alternative, truncation: 1, alpha: 0.6 }),
        xs.map((x) => 4 * x - 1),
      ).logEValue;
    expectClose(of('greater'), wealth(1, 0.6), 1e-12);
    expectClose(of('less'), wealth(-1, 0.6), 1e-12);
    expectClose(of('two-sided'), Math.log((Math.exp(wealth(1, 0.3)) + Math.exp(wealth(-1, 0.3))) / 2), 1e-12);
  });

  it('has nothing left where both sides have lost all', () => {
    const broke = new HedgedCapital({ nullValue: 0.5, truncation: 1 }).push(0).push(1);
    expect([broke.logEValue, broke.pValue]).toEqual([Number.NEGATIVE_INFINITY, 1]);
  });

  it('is a martingale: its expectation under the null is one', () => {
    const [values, weights] = [
      [0, 0.5, 1],
      [0.5, 0.4, 0.1],
    ] as const;
    for (const alternative of ['two-sided', 'greater', 'less'] as const) {
      let expectation = 0;
      for (let code = 0; code < 3 ** 6; code += 1) {
        const picks = Array.from({ length: 6 }, (_, i) => Math.floor(code / 3 ** i) % 3);
        const probability = picks.reduce((p, pick) => p * weights[pick]!, 1);
        const capital = fill(
          new HedgedCapital({ nullValue: 0.3, alternative }),
          picks.map((pick) => values[pick]!),
        );
        expectation += probability * Math.exp(capital.logEValue);
      }
      expectClose(expectation, 1, 1e-12, alternative);
    }
  });

  it('does not care for the unit, and mirrors', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 60 }), fc.double({ min: -9, max: 9, noNaN: true }), (xs, power) => {
        const scale = 10 ** power;
        const one = fill(new HedgedCapital({ nullValue: 0.4 }), xs);
        const scaled = new HedgedCapital({ nullValue: 0.4 * scale, range: [0, scale] });
        expectClose(
          fill(
            scaled,
            xs.map((x) => Math.min(scale, x * scale)),
          ).logEValue,
          one.logEValue,
          1e-9,
          '',
          1,
        );
        const mirrored = fill(
          new HedgedCapital({ nullValue: -0.4, range: [-1, 0] }),
          xs.map((x) => -x),
        );
        expectClose(mirrored.logEValue, one.logEValue, 1e-9, '', 1);
        expect(one.pValue).toBe(Math.min(1, Math.exp(-one.logEValue)));
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('continues from JSON bit for bit, a lost side included', () => {
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), fc.array(unit, { maxLength: 30 }), (a, b) => {
        const capital = fill(new HedgedCapital({ nullValue: 0.3, alternative: 'greater', alpha: 0.01 }), a);
        const twin = HedgedCapital.fromJSON(JSON.parse(JSON.stringify(capital)));
        expect(fill(twin, b).toJSON()).toEqual(fill(capital, b).toJSON());
      }),
      { seed: 42, numRuns: 50 },
    );
    const broke = new HedgedCapital({ nullValue: 0.5, truncation: 1 }).push(0);
    const twin = HedgedCapital.fromJSON(JSON.parse(JSON.stringify(broke)));
    expectClose(twin.logEValue, Math.log(1), 1e-12);
    expect(twin.push(1).logEValue).toBe(broke.push(1).logEValue);
    expect(() => HedgedCapital.fromJSON({ kind: 'x' } as never)).toThrow('hedged-capital');
  });

  it('finds what the betting sequence finds', () => {
    const xs = Array.from({ length: 400 }, (_, i) => 0.55 + 0.3 * Math.sin(i * 1.7));
    const plugIn = fill(new HedgedCapital({ nullValue: 0.5 }), xs).logEValue;
    const mixture = new BettingSequence().pushAll(xs).logEValue();
    expect(plugIn).toBeGreaterThan(3);
    expect(mixture).toBeGreaterThan(3);
  });

  it('refuses what lies outside, and options that cannot be', () => {
    const capital = fill(new HedgedCapital({ nullValue: 0.5 }), [0.2, 1.2, Number.NaN]);
    expect([capital.n, capital.invalid]).toEqual([1, 2]);
    fill(capital, [-0.1, '0.5' as never]);
    expect([capital.n, capital.invalid]).toEqual([1, 4]);
    for (const key of ['n', 'invalid', 'sum', 'squares']) {
      expect(() => HedgedCapital.fromJSON({ ...capital.toJSON(), [key]: 'x' })).toThrow(key);
    }
    for (const key of ['logUp', 'logDown']) {
      const state = { ...capital.toJSON(), [key]: 'x' };
      expect(() => HedgedCapital.fromJSON(state)).toThrow(`${key} in the state of a hedged-capital summary must be`);
    }
    expect(() => new HedgedCapital({ nullValue: 0 })).toThrow('nullValue');
    expect(() => new HedgedCapital({ nullValue: 0.5, truncation: 0 })).toThrow('truncation');
    expect(() => new HedgedCapital({ nullValue: 0.5, alternative: 'up' as never })).toThrow('alternative');
  });
});
