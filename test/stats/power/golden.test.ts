import { describe, expect, it } from 'vitest';
import {
  type ProportionFormula,
  pairedTTestMinimumDetectableEffect,
  pairedTTestPower,
  pairedTTestSampleSize,
  proportionMinimumDetectableEffect,
  proportionPower,
  proportionSampleSize,
  tTestMinimumDetectableEffect,
  tTestPower,
  tTestSampleSize,
} from '../../../src/stats/power/index.ts';
import type { Alternative } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

interface Input extends Record<'effectSize' | 'alpha' | 'power' | 'ratio' | 'n1' | 'n2' | 'p1' | 'p2', number> {
  alternative: 'two-sided' | 'larger';
}
interface Sizes {
  n1: number;
  n2: number;
  n1Ceil: number;
  n2Ceil: number;
}
const golden = readGolden<GoldenFile<Input, unknown>>('power.json');
const formulas = {
  pooledNull: 'pooled-null',
  unpooled: 'unpooled',
  arcsine: 'arcsine',
  fleissContinuity: 'fleiss-continuity',
} as const satisfies Record<string, ProportionFormula>;
const cases = (kind: string) => golden.cases.filter((c) => c.kind === kind);
const larger = (alternative: Input['alternative']): Alternative => (alternative === 'larger' ? 'greater' : alternative);

describe('golden/power.json: t-tests', () => {
  it.each(cases('sampleSizeT'))('$id', ({ input, expected }) => {
    const { effectSize, alpha, power, ratio, alternative } = input;
    const want = expected as Sizes;
    const got = tTestSampleSize({ effectSize, alpha, power, ratio, alternative: larger(alternative) });
    expectClose(got.exact[0], want.n1, 1e-9);
    expectClose(got.exact[1], want.n2, 1e-9);
    expect(got.n).toEqual([want.n1Ceil, want.n2Ceil]);
  });
  it.each(cases('achievedPowerT'))('$id', ({ input, expected }) => {
    const { effectSize, alpha, n1, n2, alternative } = input;
    const want = (expected as { power: number }).power;
    const got = tTestPower({ effectSize, n: [n1, n2], alpha, alternative: larger(alternative) });
    expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-14 + 1e-11 * want);
  });
  it.each(cases('mdeT'))('$id', ({ input, expected }) => {
    const { n1, n2, alpha, power, alternative } = input;
    const got = tTestMinimumDetectableEffect({ n: [n1, n2], alpha, power, alternative: larger(alternative) });
    expectClose(got, (expected as { effectSize: number }).effectSize, 1e-9);
    const mirrored = { n: [n1, n2], alpha, power, alternative: 'less' } as const;
    if (alternative === 'larger') expect(tTestMinimumDetectableEffect(mirrored)).toBeCloseTo(-got, 12);
  });
  it.each(cases('sampleSizePairedT'))('$id', ({ input, expected }) => {
    const { effectSize, alpha, power, alternative } = input;
    const want = expected as { n: number; nCeil: number };
    const options = { alpha, power, alternative: larger(alternative) };
    const got = pairedTTestSampleSize({ effectSize, ...options });
    expectClose(got.exact, want.n, 1e-9);
    expect(got.n).toBe(want.nCeil);
    expectClose(pairedTTestPower({ effectSize, n: want.n, alpha, alternative: options.alternative }), power, 1e-9);
    expectClose(pairedTTestMinimumDetectableEffect({ n: want.n, ...options }), effectSize, 1e-9);
  });
});

describe('golden/power.json: proportions', () => {
  const cell = ['pooledNull', 'unpooled', 'arcsine', 'fleissContinuity'] as const;
  it.each(cases('sampleSizeProportions'))('$id', ({ input, expected }) => {
    const { p1, p2, alpha, power, ratio } = input;
    // The file's closed forms have no side: here the alternative names it.
    const alternative = input.alternative === 'two-sided' ? 'two-sided' : p1 > p2 ? 'greater' : 'less';
    for (const name of cell) {
      const want = (expected as Record<string, Sizes>)[name]!;
      const got = proportionSampleSize({ p1, p2, alpha, power, ratio, alternative, formula: formulas[name] });
      expectClose(got.exact[0], want.n1, 1e-10, name);
      expectClose(got.exact[1], want.n2, 1e-10, name);
      expect(got.n).toEqual([want.n1Ceil, want.n2Ceil]);
      // What the size was made for is what the power says of it.
      const back = proportionPower({
        p1,
        p2,
        n: got.exact,
        alpha,
        alternative,
        formula: formulas[name],
        bothTails: false,
      });
      expectClose(back, power, 1e-10, `power of ${name}`);
    }
  });
  it.each(cases('achievedPowerProportions'))('$id', ({ input, expected }) => {
    const { p1, p2, n1, n2, alpha } = input;
    const want = expected as Record<string, number>;
    for (const name of ['pooledNull', 'unpooled', 'arcsine'] as const) {
      const options = { p1, p2, n: [n1, n2] as const, alpha, formula: formulas[name] };
      expectClose(proportionPower({ ...options, bothTails: false }), want[name]!, 1e-10, name);
      const both = want[`${name}BothTails`];
      if (both !== undefined) expectClose(proportionPower(options), both, 1e-10, `${name}, both tails`);
    }
  });
  it.each(cases('mdeProportions'))('$id', ({ input, expected }) => {
    const { p1, n1, n2, alpha, power } = input;
    const want = expected as Record<string, number>;
    const { up, down } = proportionMinimumDetectableEffect({ p1, n: [n1, n2], alpha, power });
    expectClose(up!.p2, want.p2Up!, 1e-10);
    expectClose(up!.absolute, want.absoluteUp!, 1e-9);
    expectClose(up!.relative, want.relativeUp!, 1e-9);
    expectClose(down!.p2, want.p2Down!, 1e-10);
    expectClose(down!.absolute, want.p2Down! - p1, 1e-9);
  });
});
