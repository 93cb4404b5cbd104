import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { measureValues } from '../../scripts/accuracy/measureValues.ts';

const measured = measureValues();
const page = readFileSync(new URL('../../docs/accuracy.md', import.meta.url), 'utf8');

describe('the wide golden file', () => {
  it('covers every function of special and distributions', () => {
    const heads = new Set(measured.map(({ name }) => name.split('.')[0]));
    expect([...heads].sort()).toEqual([
      'betaDistribution',
      'binomialDistribution',
      'chiSquaredDistribution',
      'erf',
      'erfc',
      'erfcx',
      'fDistribution',
      'gammaDistribution',
      'hypergeometricDistribution',
      'incompleteBeta',
      'incompleteGamma',
      'kolmogorovDistribution',
      'logBeta',
      'logGamma',
      'noncentralTDistribution',
      'normalDistribution',
      'poissonDistribution',
      'studentTDistribution',
    ]);
  });

  for (const { name, worst, at, cases } of measured) {
    it(`${name}: ${cases} cases within 1e-12`, () => {
      expect(worst, `at ${at}`).toBeLessThanOrEqual(1e-12);
    });
  }
});

describe('docs/accuracy.md', () => {
  it('promises no more than is measured', () => {
    for (const { name, worst } of measured) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
      expect(row, `${name} is missing: run scripts/accuracy.ts`).toBeDefined();
      const promised = Number(row?.split('|')[4]);
      expect(worst, `${name}: run scripts/accuracy.ts`).toBeLessThanOrEqual(promised);
    }
  });
});
