import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/core/index.ts';

/** A discrete distribution with its parameters as one list, so that one suite fits all. */
export interface DiscreteFunctions {
  pmf(k: number, ...parameters: number[]): number;
  cdf(k: number, ...parameters: number[]): number;
  sf(k: number, ...parameters: number[]): number;
  quantile(p: number, ...parameters: number[]): number;
  isf(p: number, ...parameters: number[]): number;
}

/** What the suite needs to know of a distribution besides its functions. */
export interface DiscreteCase {
  readonly parameters: fc.Arbitrary<number[]>;
  /** First and last count of the support. */
  support(parameters: readonly number[]): readonly [number, number];
  readonly refused: readonly (readonly number[])[];
  readonly example: readonly number[];
}

const OPTIONS = { seed: 42, numRuns: 300 };

/** Runs the laws that every distribution on counts keeps. */
export function discreteContract(d: DiscreteFunctions, scenario: DiscreteCase): void {
  const probability = fc.oneof(
    fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
    fc.double({ min: Math.log(1e-200), max: -1e-9, noNaN: true }).map(Math.exp),
  );
  const point = fc.tuple(scenario.parameters, probability, fc.boolean()).map(([parameters, p, upper]) => {
    const k = upper ? d.isf(p, ...parameters) : d.quantile(p, ...parameters);
    return { parameters, p, k, upper };
  });

  describe('as every distribution on counts', () => {
    it('has tails within [0, 1] that add up to 1 and differ by the mass', () => {
      fc.assert(
        fc.property(point, ({ parameters, k }) => {
          const lower = d.cdf(k, ...parameters);
          const upper = d.sf(k, ...parameters);
          const mass = d.pmf(k, ...parameters);
          expect(Math.min(lower, upper, mass)).toBeGreaterThanOrEqual(0);
          expect(Math.max(lower, upper)).toBeLessThanOrEqual(1);
          expect(Math.abs(lower + upper - 1)).toBeLessThanOrEqual(1e-15);
          expect(Math.abs(lower - d.cdf(k - 1, ...parameters) - mass)).toBeLessThanOrEqual(1e-12 * lower + 1e-300);
          expect(Math.abs(d.sf(k - 1, ...parameters) - upper - mass)).toBeLessThanOrEqual(1e-12 * (upper + mass));
        }),
        OPTIONS,
      );
    });

    it('has quantiles that give a count back for its own probability', () => {
      const [first, last] = scenario.support(scenario.example);
      for (let k = first; k <= Math.min(last, first + 12); k += 1) {
        if (!(d.pmf(k, ...scenario.example) > 1e-9)) continue;
        const [below, above] = [d.cdf(k, ...scenario.example), d.sf(k, ...scenario.example)];
        if (below < 0.9) expect(d.quantile(below, ...scenario.example), `quantile, ${k}`).toBe(k);
        if (above < 0.9) expect(d.isf(above, ...scenario.example), `isf, ${k}`).toBe(k);
      }
    });

    it('has quantiles that are the first count to reach the probability', () => {
      fc.assert(
        fc.property(point, ({ parameters, p, k, upper }) => {
          const [first, last] = scenario.support(parameters);
          expect(k).toBeGreaterThanOrEqual(first);
          expect(k).toBeLessThanOrEqual(last);
          expect(Number.isInteger(k)).toBe(true);
          if (upper) {
            expect(d.sf(k, ...parameters)).toBeLessThanOrEqual(p);
            if (k > first) expect(d.sf(k - 1, ...parameters)).toBeGreaterThan(p);
          } else {
            expect(d.cdf(k, ...parameters)).toBeGreaterThanOrEqual(p);
            if (k > first) expect(d.cdf(k - 1, ...parameters)).toBeLessThan(p);
          }
        }),
        OPTIONS,
      );
    });

    it('answers 0 and 1 outside its support and the integer part between counts', () => {
      const { example } = scenario;
      const [first, last] = scenario.support(example);
      expect([d.pmf(first - 1, ...example), d.cdf(first - 1, ...example), d.sf(first - 1, ...example)]).toEqual([
        0, 0, 1,
      ]);
      if (last < Number.POSITIVE_INFINITY) {
        expect([d.pmf(last + 1, ...example), d.cdf(last, ...example), d.sf(last, ...example)]).toEqual([0, 1, 0]);
      }
      expect(d.cdf(Number.POSITIVE_INFINITY, ...example)).toBe(1);
      expect(d.sf(Number.POSITIVE_INFINITY, ...example)).toBe(0);
      expect(d.pmf(Number.POSITIVE_INFINITY, ...example)).toBe(0);
      expect(d.cdf(Number.NEGATIVE_INFINITY, ...example)).toBe(0);
      expect(d.pmf(first + 0.5, ...example)).toBe(0);
      expect(d.cdf(first + 0.5, ...example)).toBe(d.cdf(first, ...example));
      expect(d.sf(first + 0.5, ...example)).toBe(d.sf(first, ...example));
      expect([d.quantile(0, ...example), d.quantile(1, ...example)]).toEqual([first, last]);
      expect([d.isf(1, ...example), d.isf(0, ...example)]).toEqual([first, last]);
    });

    it('refuses what is no number, no probability, no parameter', () => {
      const { example, refused } = scenario;
      const ofCount = [d.pmf, d.cdf, d.sf].map((f) => f.bind(d));
      const ofProbability = [d.quantile, d.isf].map((f) => f.bind(d));
      for (const f of [...ofCount, ...ofProbability]) {
        expect(() => f(Number.NaN, ...example)).toThrow(InvalidOptionError);
        for (const parameters of refused)
          expect(() => f(0.5, ...parameters), `${parameters}`).toThrow(InvalidOptionError);
      }
      for (const f of ofProbability) {
        for (const p of [-1e-9, 1.0000001]) expect(() => f(p, ...example)).toThrow(InvalidOptionError);
      }
    });
  });
}
