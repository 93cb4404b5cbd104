import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/core/index.ts';

/** A continuous distribution with its parameters as one list, so that one suite fits all. */
export interface ContinuousFunctions {
  pdf(x: number, ...parameters: number[]): number;
  cdf(x: number, ...parameters: number[]): number;
  sf(x: number, ...parameters: number[]): number;
  logCdf(x: number, ...parameters: number[]): number;
  logSf(x: number, ...parameters: number[]): number;
  quantile(p: number, ...parameters: number[]): number;
  isf(p: number, ...parameters: number[]): number;
}

/** What the suite needs to know of a distribution besides its functions. */
export interface ContinuousCase {
  /** Lists of parameters; each is used with probabilities from 1e-290 to 1. */
  readonly parameters: fc.Arbitrary<number[]>;
  readonly support: readonly [number, number];
  /** Lists that break the domain. */
  readonly refused: readonly (readonly number[])[];
  /** One list that does not, for the ends of the support. */
  readonly example: readonly number[];
}

const OPTIONS = { seed: 42, numRuns: 300 };

/** Parameters from 1e-3 to 1e6, evenly on the logarithmic scale. */
export const logUniform: fc.Arbitrary<number> = fc
  .double({ min: Math.log(1e-3), max: Math.log(1e6), noNaN: true })
  .map(Math.exp);

/** Probabilities from 1e-290 to 0.5, evenly on the logarithmic scale, mixed with ordinary ones. */
export const tailProbability: fc.Arbitrary<number> = fc.oneof(
  fc.double({ min: Math.log(1e-290), max: Math.log(0.5), noNaN: true }).map(Math.exp),
  fc.double({ min: 0.001, max: 0.5, noNaN: true }),
);

/** Runs the laws that every continuous distribution keeps. */
export function continuousContract(distribution: ContinuousFunctions, scenario: ContinuousCase): void {
  const d = distribution;
  /** A point of the distribution: parameters, and a value of known tail inside the support and the doubles. */
  const point = fc
    .tuple(scenario.parameters, tailProbability, fc.boolean())
    .map(([parameters, p, upper]) => {
      const x = upper ? d.isf(p, ...parameters) : d.quantile(p, ...parameters);
      return { parameters, p, upper, x };
    })
    .filter(
      ({ x }) => Math.abs(x) > 1e-290 && Math.abs(x) < 1e290 && x > scenario.support[0] && x < scenario.support[1],
    );

  describe('as every continuous distribution', () => {
    it('has tails within [0, 1] that add up to 1', () => {
      fc.assert(
        fc.property(point, ({ parameters, x }) => {
          const lower = d.cdf(x, ...parameters);
          const upper = d.sf(x, ...parameters);
          expect(Math.min(lower, upper)).toBeGreaterThanOrEqual(0);
          expect(Math.max(lower, upper)).toBeLessThanOrEqual(1);
          expect(Math.abs(lower + upper - 1)).toBeLessThanOrEqual(1e-15);
        }),
        OPTIONS,
      );
    });

    it('is monotone', () => {
      fc.assert(
        fc.property(point, fc.double({ min: 1e-9, max: 1, noNaN: true }), ({ parameters, x }, step) => {
          const further = x + Math.abs(x) * step;
          expect(d.cdf(further, ...parameters)).toBeGreaterThanOrEqual(d.cdf(x, ...parameters) * (1 - 1e-12));
          expect(d.sf(further, ...parameters)).toBeLessThanOrEqual(d.sf(x, ...parameters) * (1 + 1e-12));
        }),
        OPTIONS,
      );
    });

    it('finds back from quantiles to probabilities', () => {
      fc.assert(
        fc.property(point, ({ parameters, p, upper, x }) => {
          const got = upper ? d.sf(x, ...parameters) : d.cdf(x, ...parameters);
          // The rounding of x itself moves the tail by this much.
          const size = Math.abs(x);
          const rounding = (size * d.pdf(x, ...parameters) * (2 + Math.abs(Math.log(size))) * 2 ** -52) / p;
          expect(Math.abs(got / p - 1)).toBeLessThanOrEqual(1e-12 + rounding);
        }),
        OPTIONS,
      );
    });

    it('has logarithms that agree with the tails', () => {
      fc.assert(
        fc.property(point, ({ parameters, x }) => {
          for (const [log, tail] of [
            [d.logCdf(x, ...parameters), d.cdf(x, ...parameters)],
            [d.logSf(x, ...parameters), d.sf(x, ...parameters)],
          ] as const) {
            if (tail > 1e-300) expect(Math.abs(Math.exp(log) / tail - 1)).toBeLessThanOrEqual(1e-12);
          }
        }),
        OPTIONS,
      );
    });

    it('has the derivative of the cdf as its density', () => {
      fc.assert(
        fc.property(point, ({ parameters, x, upper, p }) => {
          const density = d.pdf(x, ...parameters);
          // A step over which the tail changes by about a thousandth.
          const h = Math.min((1e-3 * p) / density, 1e-3 * Math.abs(x));
          const tail = (v: number): number => (upper ? -d.sf(v, ...parameters) : d.cdf(v, ...parameters));
          const inside = x + h < scenario.support[1] && x - h > scenario.support[0];
          // Where the step is so small that rounding hides the change, there is nothing to compare.
          const visible = h * density > 1e-6 * p && h > 1e-11 * Math.abs(x) && p > 1e-280 && density > 1e-280;
          if (!inside || !visible) return;
          expect(Math.abs((tail(x + h) - tail(x - h)) / (2 * h) / density - 1)).toBeLessThan(2e-4);
        }),
        OPTIONS,
      );
    });

    it('reaches the ends of its support', () => {
      const [first, last] = scenario.support;
      const { example } = scenario;
      expect([d.quantile(0, ...example), d.quantile(1, ...example)]).toEqual([first, last]);
      expect([d.isf(1, ...example), d.isf(0, ...example)]).toEqual([first, last]);
      expect([d.cdf(Number.NEGATIVE_INFINITY, ...example), d.cdf(Number.POSITIVE_INFINITY, ...example)]).toEqual([
        0, 1,
      ]);
      expect([d.sf(Number.NEGATIVE_INFINITY, ...example), d.sf(Number.POSITIVE_INFINITY, ...example)]).toEqual([1, 0]);
      expect([d.pdf(Number.NEGATIVE_INFINITY, ...example), d.pdf(Number.POSITIVE_INFINITY, ...example)]).toEqual([
        0, 0,
      ]);
      expect(d.logCdf(Number.NEGATIVE_INFINITY, ...example)).toBe(Number.NEGATIVE_INFINITY);
      expect(d.logSf(Number.POSITIVE_INFINITY, ...example)).toBe(Number.NEGATIVE_INFINITY);
      expect(d.logCdf(Number.POSITIVE_INFINITY, ...example)).toBeCloseTo(0, 15);
    });

    it('refuses what is no number, no probability, no parameter', () => {
      const { example, refused } = scenario;
      const ofValue = [d.pdf, d.cdf, d.sf, d.logCdf, d.logSf].map((f) => f.bind(d));
      const ofProbability = [d.quantile, d.isf].map((f) => f.bind(d));
      for (const f of [...ofValue, ...ofProbability]) {
        expect(() => f(Number.NaN, ...example)).toThrow(InvalidOptionError);
        for (const parameters of refused)
          expect(() => f(0.5, ...parameters), `${parameters}`).toThrow(InvalidOptionError);
      }
      for (const f of ofProbability) {
        for (const p of [-1e-9, 1.0000001, Number.POSITIVE_INFINITY]) {
          expect(() => f(p, ...example)).toThrow(InvalidOptionError);
        }
      }
    });
  });
}
