import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AdjustedPValues,
  benjaminiHochberg,
  benjaminiYekutieli,
  bonferroni,
  hochberg,
  holm,
  holmSidak,
  hommel,
  sidak,
} from '../../../src/stats/multiplicity/index.ts';
import { type GoldenFile, readGolden } from '../../support/golden.ts';

const procedures = {
  bonferroni,
  holm,
  hochberg,
  bh: benjaminiHochberg,
  by: benjaminiYekutieli,
  hommel,
  sidak,
  holmSidak,
} as const;
type Name = keyof typeof procedures;
const names = Object.keys(procedures) as Name[];

type Expected = Record<Name, { adjusted: number[]; reject05: boolean[] }>;
const golden = readGolden<GoldenFile<{ pValues: number[]; alpha: number }, Expected>>('multiple.json');

describe('golden/multiple.json', () => {
  for (const { id, input, expected } of golden.cases) {
    it.each(names)(`${id}: %s`, (name) => {
      const { adjusted, rejected, alpha } = procedures[name](input.pValues, { alpha: input.alpha });
      expect(alpha).toBe(input.alpha);
      expect(adjusted).toHaveLength(input.pValues.length);
      adjusted.forEach((p, i) => {
        const want = expected[name].adjusted[i]!;
        expect(Math.abs(p - want), `${name}[${i}]: ${p} for ${want}`).toBeLessThanOrEqual(1e-15 + 1e-11 * want);
        if (Math.abs(want - input.alpha) > 1e-12) expect(rejected[i]).toBe(expected[name].reject05[i]);
      });
    });
  }
});

const someP = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1e-300, 0.05)), {
  maxLength: 12,
});
const property = (check: (pValues: number[]) => void) =>
  fc.assert(fc.property(someP, check), { seed: 42, numRuns: 200 });
const atMost = (lower: AdjustedPValues, upper: AdjustedPValues) =>
  lower.adjusted.forEach((p, i) => {
    expect(p).toBeLessThanOrEqual(upper.adjusted[i]! * (1 + 1e-12));
  });

describe('adjusted p-values', () => {
  it('lie between the p-value and 1, and keep its order', () => {
    property((pValues) => {
      for (const name of names) {
        const { adjusted } = procedures[name](pValues);
        adjusted.forEach((p, i) => {
          expect(p).toBeGreaterThanOrEqual(pValues[i]! * (1 - 1e-12));
          expect(p).toBeLessThanOrEqual(1);
          adjusted.forEach((q, j) => {
            if (pValues[i]! < pValues[j]!) expect(p).toBeLessThanOrEqual(q);
          });
        });
      }
    });
  });

  it('are the same whatever the order of the hypotheses', () => {
    property((pValues) => {
      const reversed = [...pValues].reverse();
      for (const name of names) {
        expect([...procedures[name](reversed).adjusted].reverse()).toEqual(procedures[name](pValues).adjusted);
      }
    });
  });

  it('rank the procedures: Hommel <= Hochberg <= Holm <= Bonferroni, BH <= Hommel, BH <= BY, Šidák <= Bonferroni', () => {
    property((pValues) => {
      atMost(hommel(pValues), hochberg(pValues));
      atMost(hochberg(pValues), holm(pValues));
      atMost(holm(pValues), bonferroni(pValues));
      atMost(benjaminiHochberg(pValues), hommel(pValues));
      atMost(benjaminiHochberg(pValues), benjaminiYekutieli(pValues));
      atMost(sidak(pValues), bonferroni(pValues));
      atMost(holmSidak(pValues), holm(pValues));
    });
  });

  it('reject exactly where the adjusted p-value is at most alpha', () => {
    property((pValues) => {
      const { adjusted, rejected } = holm(pValues, { alpha: 0.2 });
      expect(rejected).toEqual(adjusted.map((p) => p <= 0.2));
    });
  });

  it('leave the input as it was', () => {
    const pValues = Object.freeze([0.3, 0.1, 0.2]);
    for (const name of names) procedures[name](pValues);
    expect(pValues).toEqual([0.3, 0.1, 0.2]);
  });
});

describe('nasty case 9: running max and min, input order, and tails', () => {
  it('Holm and Benjamini–Hochberg enforce monotonicity', () => {
    // Without the running maximum 0.011 would become 0.022 and so less than 0.03; without the minimum BH gives 0.0315.
    expect(holm([0.01, 0.011, 0.02]).adjusted).toEqual([0.03, 0.03, 0.03]);
    expect(benjaminiHochberg([0.02, 0.021, 0.0212]).adjusted.map((p) => Number(p.toFixed(10)))).toEqual([
      0.0212, 0.0212, 0.0212,
    ]);
  });
  it('answers in input order', () => {
    expect(holm([0.5, 0.001, 0.04]).adjusted).toEqual([0.5, 0.003, 0.08]);
  });
  it('Šidák keeps tails that 1 - (1 - p)^m loses', () => {
    expect(sidak([1e-300, 1]).adjusted[0]).toBe(2e-300);
    expect(sidak([1e-18, 1e-18]).adjusted).toEqual([2e-18, 2e-18]);
    expect(Object.is(sidak([0, 0]).adjusted[0], 0)).toBe(true);
  });
});

describe('bad input', () => {
  it.each(names)('%s refuses what is no probability, no alpha, no option', (name) => {
    const procedure = procedures[name];
    expect(() => procedure([0.1, Number.NaN])).toThrow('pValues[1] must be within [0, 1], got NaN');
    expect(() => procedure([1.5])).toThrow('pValues[0] must be within [0, 1], got 1.5');
    expect(() => procedure([-1e-9])).toThrow('within [0, 1]');
    expect(() => procedure([0.1], { alpha: 0 })).toThrow('alpha must be strictly between 0 and 1, got 0');
    expect(() => procedure([0.1], { alhpa: 0.1 } as never)).toThrow('options.alhpa must be left out');
  });
});
