import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hellingerDistance,
  jensenShannonDistance,
  jensenShannonDivergence,
  klDivergence,
  populationStabilityIndex,
  totalVariation,
} from '../../../src/stats/drift/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

type Weights = { p: number[]; q: number[] };
const golden = readGolden<GoldenFile<Weights, Record<string, number>>>('drift.json');
const nats = { base: Math.E };

describe('golden/drift.json: distributions', () => {
  for (const { id, kind, input, expected, tolerance } of golden.cases) {
    if (kind !== 'distributions') continue;
    const { p, q } = input;
    const computed: Record<string, number> = {
      klPQ: klDivergence(p, q, nats),
      klQP: klDivergence(q, p, nats),
      jsNats: jensenShannonDivergence(p, q, nats),
      jsBits: jensenShannonDivergence(p, q),
      jsDistanceNats: jensenShannonDistance(p, q, nats),
      jsDistanceBits: jensenShannonDistance(p, q),
      hellinger: hellingerDistance(p, q),
      totalVariation: totalVariation(p, q),
      psi: populationStabilityIndex(p, q),
    };
    it.each(Object.keys(computed))(`${id}: %s`, (name) => {
      const got = computed[name]!;
      const want = expected[name]!;
      // The file allows an absolute 2e-16 where the difference is 1e-9; the series of this library keeps seven digits.
      if (tolerance) expect(Math.abs(got - want) / want).toBeLessThan(1e-6);
      else expect(Math.abs(got - want) <= 1e-14 || Math.abs(got / want - 1) <= 1e-10 || got === want).toBe(true);
    });
  }
});

describe('golden/shadow-oracle.json', () => {
  interface Bins {
    bins: Record<'p' | 'q', number[]> & Record<'psi' | 'kl' | 'js_distance_nat' | 'js_distance_base2', number>;
    bins_zero: Record<'p' | 'q', number[]> & Record<'js_distance_base2' | 'psi_eps1e4', number>;
  }
  const { bins, bins_zero } = readGolden<Bins>('shadow-oracle.json');
  it('bins', () => {
    expectClose(populationStabilityIndex(bins.p, bins.q), bins.psi, 1e-12);
    expectClose(klDivergence(bins.p, bins.q, nats), bins.kl, 1e-12);
    expectClose(jensenShannonDistance(bins.p, bins.q, nats), bins.js_distance_nat, 1e-12);
    expectClose(jensenShannonDistance(bins.p, bins.q), bins.js_distance_base2, 1e-12);
  });
  it('disjoint halves', () => {
    expectClose(jensenShannonDistance(bins_zero.p, bins_zero.q), bins_zero.js_distance_base2, 1e-15);
    expectClose(populationStabilityIndex(bins_zero.p, bins_zero.q), bins_zero.psi_eps1e4, 1e-12);
  });
});

const weight = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(0));
const twoDistributions = fc
  .integer({ min: 1, max: 8 })
  .chain((bins) =>
    fc.tuple(
      fc.array(weight, { minLength: bins, maxLength: bins }),
      fc.array(weight, { minLength: bins, maxLength: bins }),
    ),
  )
  .filter(([p, q]) => p.some((w) => w > 0) && q.some((w) => w > 0));
const property = (check: (p: number[], q: number[]) => void) =>
  fc.assert(
    fc.property(twoDistributions, ([p, q]) => check(p, q)),
    { seed: 42, numRuns: 500 },
  );

describe('distances of distributions', () => {
  it('are 0 for the same proportions, whatever the totals', () => {
    property((p) => {
      const twice = p.map((w) => 2 * w);
      for (const distance of [klDivergence, jensenShannonDistance, hellingerDistance, populationStabilityIndex]) {
        expect(distance(p, twice)).toBe(0);
      }
    });
  });
  it('are symmetric, all but the Kullback–Leibler divergence', () => {
    property((p, q) => {
      for (const distance of [jensenShannonDivergence, hellingerDistance, totalVariation, populationStabilityIndex]) {
        expect(distance(q, p)).toBeCloseTo(distance(p, q), 12);
      }
    });
  });
  it('stay within their bounds, and keep the inequalities between them', () => {
    property((p, q) => {
      const [tv, hellinger, js] = [totalVariation(p, q), hellingerDistance(p, q), jensenShannonDivergence(p, q)];
      for (const value of [tv, hellinger, js]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
      }
      expect(hellinger ** 2).toBeLessThanOrEqual(tv + 1e-12);
      expect(tv).toBeLessThanOrEqual(Math.SQRT2 * hellinger + 1e-12);
      expect(js).toBeLessThanOrEqual(tv + 1e-12); // Lin (1991), theorem 3, in bits
      expect(klDivergence(p, q, nats)).toBeGreaterThanOrEqual(2 * tv ** 2 - 1e-12); // Pinsker
    });
  });
  it('Jensen–Shannon is a metric: the triangle holds', () => {
    fc.assert(
      fc.property(twoDistributions, twoDistributions, ([p, q], [r]) => {
        if (r.length !== p.length) return;
        expect(jensenShannonDistance(p, q)).toBeLessThanOrEqual(
          jensenShannonDistance(p, r) + jensenShannonDistance(r, q) + 1e-12,
        );
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});

describe('nasty case 8: empty bins', () => {
  it('the divergence is infinite where the code has no word, and finite the other way round', () => {
    expect(klDivergence([1, 1], [1, 0])).toBe(Number.POSITIVE_INFINITY);
    expect(klDivergence([1, 0], [1, 1])).toBe(1);
  });
  it('the population stability index floors each proportion and does not rescale', () => {
    const psi = (floor: number) => (1 - floor) * Math.log(1 / floor);
    expect(populationStabilityIndex([1, 0], [1, 0])).toBe(0);
    expectClose(populationStabilityIndex([1, 0], [0, 1]), 2 * psi(1e-4), 1e-12);
    expectClose(populationStabilityIndex([1, 0], [0, 1], { floor: 1e-6 }), 2 * psi(1e-6), 1e-12);
  });
  it('equal distributions never give a negative divergence, so that its root is a number', () => {
    const thirds = [1 / 3, 1 / 3, 1 / 3];
    const noisy = [0.1 + 0.2, 0.3, 0.3].map((w) => w / 0.9);
    expect(jensenShannonDivergence(thirds, noisy)).toBeGreaterThanOrEqual(0);
    expect(jensenShannonDistance(thirds, noisy)).toBeLessThan(1e-15);
  });
});

describe('bad input', () => {
  it('names the weight that is none', () => {
    expect(() => klDivergence([1, -1], [1, 1])).toThrow('p[1] must be a finite weight at least 0, got -1');
    expect(() => totalVariation([1, 1], [1, Number.NaN])).toThrow('q[1] must be a finite weight at least 0, got NaN');
    expect(() => populationStabilityIndex([0, 0], [1, 1])).toThrow('the sum of reference must be positive and finite');
    expect(() => hellingerDistance([], [])).toThrow('the sum of p must be positive and finite, got 0');
    expect(() => jensenShannonDistance([1, 2], [1, 2, 3])).toThrow(
      'q.length must be 2, the number of bins of p, got 3',
    );
  });
  it('refuses a base and a floor outside their range', () => {
    expect(() => klDivergence([1], [1], { base: 1 })).toThrow('base must be a finite number greater than 1, got 1');
    expect(() => populationStabilityIndex([1], [1], { floor: 0 })).toThrow('floor must be');
    expect(() => jensenShannonDivergence([1], [1], { bass: 2 } as never)).toThrow('options.bass');
  });
});
