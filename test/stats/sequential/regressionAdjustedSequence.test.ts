import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asymptoticDifferenceSequence, regressionAdjustedSequence } from '../../../src/stats/sequential/index.ts';
import { Covariance } from '../../../src/stats/summaries/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { conclusive, expectSound } from './support.ts';

interface Arm {
  x: number[];
  y: number[];
}
const golden =
  readGolden<GoldenFile<{ control: Arm; treatment: Arm }, Record<string, Record<string, number>>>>('cuped.json');
const arm = ({ x, y }: Arm) => new Covariance().pushAll(x.map((v, i) => [v, y[i]!] as const));

describe('regressionAdjustedSequence', () => {
  it('adjusts with the slope within the groups, as the reference does', () => {
    for (const { id, input } of golden.cases) {
      const result = regressionAdjustedSequence(arm(input.treatment), arm(input.control), { burnIn: 2 });
      if (result.status !== 'ok') {
        expect(id).toBe('perfect');
        continue;
      }
      const slope = withinSlope(input);
      const adjusted = (a: Arm) => a.y.map((y, i) => y - slope * (a.x[i]! - 10));
      const [t, c] = [adjusted(input.treatment), adjusted(input.control)];
      const plain = conclusive(asymptoticDifferenceSequence(moments(t), moments(c), { burnIn: 2 }));
      expectClose(result.estimate, plain.estimate, 1e-8, id, 1e-3);
      expectClose(result.standardError!, plain.standardError!, 1e-8, id);
      expectClose(result.logEValue!, plain.logEValue!, 1e-7, id, 1);
      expectSound(result, 0);
    }
  });

  it('is the plain difference where the covariate explains nothing or does not vary', () => {
    const rows = (shift: number) => Array.from({ length: 200 }, (_, i) => [5, Math.sin(i * 1.7) + shift] as const);
    const [a, b] = [new Covariance().pushAll(rows(0.2)), new Covariance().pushAll(rows(0))];
    const adjusted = conclusive(regressionAdjustedSequence(a, b));
    expect(adjusted).toEqual({ ...asymptoticDifferenceSequence(a.y, b.y), method: 'regression-adjusted-sequence' });
  });

  it('narrows by the share that the covariate explains', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.99, max: 0.99, noNaN: true }), (r) => {
        const one = { n: 1000, mean: 0, variance: 1 };
        const side = { x: one, y: one, covariance: r };
        const result = conclusive(regressionAdjustedSequence(side, side));
        expectClose(result.standardError! ** 2, (1 - r * r) / 500, 1e-9);
      }),
      { seed: 42, numRuns: 100 },
    );
  });

  it('waits, and refuses what is not of one sample', () => {
    const one = { n: 1000, mean: 0, variance: 1 };
    const good = { x: one, y: one, covariance: 0.5 };
    expect(regressionAdjustedSequence({ ...good, covariance: 1 }, { ...good, covariance: 1 })).toMatchObject({
      status: 'inconclusive',
      validity: 'anytime',
      reason: 'the adjusted observations do not vary',
    });
    const small = { ...one, n: 50 };
    expect(regressionAdjustedSequence({ x: small, y: small, covariance: 0 }, good)).toMatchObject({
      reason: 'burn-in: sample 1 has 50 of 100 observations',
    });
    expect(() => regressionAdjustedSequence({ ...good, x: small }, good)).toThrow(
      'first.x.n must be 1000, the count of the outcome',
    );
    for (const side of ['x', 'y'] as const) {
      expect(() => regressionAdjustedSequence({ ...good, [side]: { ...one, n: -1 } }, good)).toThrow(`first.${side}.n`);
    }
    expect(() => regressionAdjustedSequence(good, { ...good, covariance: 1.1 })).toThrow('second.covariance');
    const of = (n: number, covariance: number) => ({ x: { ...one, n }, y: { ...one, n }, covariance });
    expect(() => regressionAdjustedSequence(of(2, 1.1), good)).toThrow('first.covariance');
    // A single pair has no covariance yet.
    expect(regressionAdjustedSequence(of(1, Number.NaN), good).status).toBe('inconclusive');
  });
});

function moments(values: number[]) {
  const n = values.length;
  const mean = values.reduce((s, v) => s + v, 0) / n;
  return { n, mean, variance: values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1) };
}

function withinSlope({ control, treatment }: { control: Arm; treatment: Arm }): number {
  let [xy, xx] = [0, 0];
  for (const { x, y } of [control, treatment]) {
    const [mx, my] = [moments(x).mean, moments(y).mean];
    for (const [i, v] of x.entries()) {
      xy += (v - mx) * (y[i]! - my);
      xx += (v - mx) ** 2;
    }
  }
  return xx > 0 ? xy / xx : 0;
}
