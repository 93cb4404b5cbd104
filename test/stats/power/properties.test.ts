import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
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
import { expectClose } from '../../support/golden.ts';

const effect = fc.double({ min: 0.05, max: 3, noNaN: true });
const alpha = fc.constantFrom(0.001, 0.01, 0.05, 0.2);
const power = fc.constantFrom(0.5, 0.8, 0.95, 0.999);
const alternative = fc.constantFrom('two-sided', 'greater', 'less');
const ratio = fc.constantFrom(0.1, 0.5, 1, 3, 9);
const runs = { seed: 42, numRuns: 40 };

describe('power, size and effect of the t-test', () => {
  it('are inverses of each other', () => {
    fc.assert(
      fc.property(effect, alpha, power, alternative, ratio, (size, a, p, side, r) => {
        const effectSize = side === 'less' ? -size : size;
        const options = { alpha: a, power: p, alternative: side } as const;
        const { exact, n } = tTestSampleSize({ effectSize, ratio: r, ...options });
        const reached = tTestPower({ effectSize, n: exact, alpha: a, alternative: side });
        const least = Math.min(...exact) <= 2;
        if (least) expect(reached).toBeGreaterThanOrEqual(p);
        else {
          expectClose(reached, p, 1e-8);
          expectClose(tTestMinimumDetectableEffect({ n: exact, ...options }), effectSize, 1e-7);
        }
        expect(n[0]).toBeGreaterThanOrEqual(exact[0] * (1 - 1e-9));
        expect(Number.isInteger(n[0]) && Number.isInteger(n[1])).toBe(true);
      }),
      runs,
    );
  });
  it('grow and fall as they should', () => {
    fc.assert(
      fc.property(effect, fc.integer({ min: 2, max: 500 }), alpha, (effectSize, n, a) => {
        const base = tTestPower({ effectSize, n: [n, n], alpha: a });
        expect(tTestPower({ effectSize: effectSize * 1.1, n: [n, n], alpha: a })).toBeGreaterThanOrEqual(base);
        expect(tTestPower({ effectSize, n: [n + 1, n + 1], alpha: a })).toBeGreaterThanOrEqual(base);
        expect(tTestPower({ effectSize, n: [n, n], alpha: a * 1.1 })).toBeGreaterThanOrEqual(base);
        expect(tTestPower({ effectSize: -effectSize, n: [n, n], alpha: a })).toBeCloseTo(base, 12);
        expect(base).toBeLessThanOrEqual(1);
      }),
      runs,
    );
  });
  it('pairs: inverses of each other too', () => {
    fc.assert(
      fc.property(effect, alpha, power, alternative, (size, a, p, side) => {
        const effectSize = side === 'less' ? -size : size;
        const { exact } = pairedTTestSampleSize({ effectSize, alpha: a, power: p, alternative: side });
        const reached = pairedTTestPower({ effectSize, n: exact, alpha: a, alternative: side });
        if (exact === 2) expect(reached).toBeGreaterThanOrEqual(p);
        else {
          expectClose(reached, p, 1e-8);
          const options = { n: exact, alpha: a, power: p, alternative: side } as const;
          expectClose(pairedTTestMinimumDetectableEffect(options), effectSize, 1e-7);
        }
      }),
      runs,
    );
  });
  it('no effect is detected with probability alpha, and never with fewer than two each', () => {
    for (const side of ['two-sided', 'greater', 'less'] as const) {
      expectClose(tTestPower({ effectSize: 0, n: [9, 30], alpha: 0.03, alternative: side }), 0.03, 1e-11);
      expectClose(pairedTTestPower({ effectSize: 0, n: 9, alpha: 0.03, alternative: side }), 0.03, 1e-11);
    }
    expect(tTestSampleSize({ effectSize: 50 }).n).toEqual([2, 2]);
    expect(tTestSampleSize({ effectSize: 50, ratio: 4 }).n).toEqual([2, 8]);
    expect(tTestSampleSize({ effectSize: 50, ratio: 0.25 }).n).toEqual([8, 2]);
    expect(pairedTTestSampleSize({ effectSize: 500 }).n).toBe(2);
  });
  it('spans eight orders of magnitude', () => {
    // The normal approximation is right to 1e-8 here: n = 2 (z + z)² / d²
    expectClose(tTestSampleSize({ effectSize: 1e-5, alternative: 'greater' }).exact[0], 123_651_144_640, 1e-9);
  });
});

const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });

describe('power, size and effect of two proportions', () => {
  it('are inverses of each other, by every formula', () => {
    fc.assert(
      fc.property(share, share, power, ratio, (p1, p2, p, r) => {
        if (Math.abs(p1 - p2) < 1e-3) return;
        for (const formula of ['pooled-null', 'unpooled', 'arcsine', 'fleiss-continuity'] as const) {
          const { exact } = proportionSampleSize({ p1, p2, power: p, ratio: r, formula });
          if (Math.min(...exact) < 2) continue;
          expectClose(proportionPower({ p1, p2, n: exact, formula, bothTails: false }), p, 1e-9, formula);
        }
      }),
      { seed: 42, numRuns: 150 },
    );
  });
  it('the detectable effect is detected with the wanted power', () => {
    fc.assert(
      fc.property(
        share,
        fc.integer({ min: 10, max: 100_000 }),
        power,
        ratio,
        fc.boolean(),
        (p1, n1, p, r, oneSided) => {
          const n = [n1, Math.max(2, n1 * r)] as const;
          const { up, down } = proportionMinimumDetectableEffect({ p1, n, power: p, oneSided });
          for (const [found, sign, side] of [
            [up, 1, 'less'],
            [down, -1, 'greater'],
          ] as const) {
            if (found === undefined) continue;
            expect(Math.sign(found.absolute)).toBe(sign);
            const options = { p1, n, alternative: oneSided ? side : 'two-sided', bothTails: false } as const;
            expectClose(proportionPower({ ...options, p2: found.p2 }), p, 1e-6);
          }
        },
      ),
      { seed: 42, numRuns: 150 },
    );
  });
  it('even 0 and 1 may be too near', () => {
    expect(proportionMinimumDetectableEffect({ p1: 0.5, n: [2, 2] })).toEqual({ up: undefined, down: undefined });
    const rare = proportionMinimumDetectableEffect({ p1: 0.001, n: [1000, 1000] });
    expect(rare.down).toBeUndefined();
    expect(rare.up?.p2).toBeGreaterThan(0.001);
  });
  it('certainties: nothing to tell apart, or nothing easier', () => {
    expect(proportionPower({ p1: 0, p2: 0, n: [10, 10] })).toBe(0);
    expect(proportionPower({ p1: 1, p2: 0, n: [10, 10] })).toBe(1);
    expect(proportionPower({ p1: 1, p2: 0, n: [10, 10], alternative: 'less' })).toBe(0);
  });
  it('a one-sided test looks to its side only', () => {
    const n = [500, 500] as const;
    const [toward, away] = (['less', 'greater'] as const).map((side) =>
      proportionPower({ p1: 0.1, p2: 0.2, n, alternative: side }),
    );
    expect(toward).toBeGreaterThan(0.99);
    expect(away).toBeLessThan(1e-4);
  });
  it('the continuity correction costs power, all of it where samples are tiny', () => {
    const base = { p1: 0.1, p2: 0.2, n: [100, 100] } as const;
    expect(proportionPower({ ...base, formula: 'fleiss-continuity' })).toBeLessThan(proportionPower(base));
    expect(proportionPower({ ...base, n: [3, 3], formula: 'fleiss-continuity' })).toBeLessThan(0.06);
  });
});

describe('rounding', () => {
  it('is up, also where a size has more digits than a relative slack leaves', () => {
    const { n, exact } = tTestSampleSize({ effectSize: 1e-8 });
    expect(n[0]).toBeGreaterThanOrEqual(exact[0]);
    expect(n[0] - exact[0]).toBeLessThan(64);
  });
});

describe('bad input', () => {
  it('names the option', () => {
    expect(() => tTestSampleSize({ effectSize: 0 })).toThrow(
      'effectSize must be other than 0: no size detects no effect, got 0',
    );
    expect(() => tTestSampleSize({ effectSize: -1, alternative: 'greater' })).toThrow(
      'effectSize must be a finite number greater than 0',
    );
    expect(() => tTestSampleSize({ effectSize: 1, power: 0.01 })).toThrow(
      'power must be greater than alpha (0.05), got 0.01',
    );
    expect(() => tTestSampleSize({ effectSize: 1, power: 0.05 })).toThrow('power must be greater than alpha (0.05)');
    expect(() => tTestSampleSize({ effectSize: 1, power: 1 })).toThrow('power must be strictly between 0 and 1');
    expect(() => tTestSampleSize({ effectSize: 1, alternative: 'both' as never })).toThrow(
      'alternative must be one of',
    );
    expect(() => tTestSampleSize({ effectSize: 1, alternative: 'less' })).toThrow(
      'effectSize must be a finite number less',
    );
    expect(tTestSampleSize({ effectSize: 1e9 }).n).toEqual([2, 2]);
    expect(tTestSampleSize({ effectSize: 1e-9 }).n[0]).toBeGreaterThan(1e18);
    expect(() => tTestSampleSize({ effectSize: 1, ratio: 0 })).toThrow('ratio must be');
    expect(() => tTestSampleSize({ effectSize: 1e-10 })).toThrow(
      'effectSize must be between 1e-9 and 1e9 in size, got 1e-10',
    );
    expect(() => pairedTTestSampleSize({ effectSize: 1e10 })).toThrow('between 1e-9 and 1e9 in size');
    expect(() => tTestPower({ effectSize: 1, n: [1, 5] })).toThrow('n[0] must be a finite number at least 2, got 1');
    expect(() => tTestPower({ effectSize: 1, n: 5 as never })).toThrow('n must be the sizes of two groups, got 5');
    expect(() => tTestPower({ effectSize: Number.NaN, n: [5, 5] })).toThrow('effectSize');
    expect(() => pairedTTestPower({ effectSize: 1, n: 1 })).toThrow('n must be a finite number at least 2, got 1');
    expect(() => pairedTTestSampleSize({ effectSize: 1, alpha: 1 })).toThrow('alpha must be');
    expect(() => proportionSampleSize({ p1: 0.1, p2: 0.1 })).toThrow('p1 - p2 must be other than 0');
    expect(() => proportionSampleSize({ p1: 0.1, p2: 0.2, alternative: 'greater' })).toThrow('p1 - p2 must be');
    expect(() => proportionSampleSize({ p1: 0.1, p2: 0.2, formula: 'exact' as never })).toThrow(
      'formula must be one of',
    );
    expect(() => proportionPower({ p1: 1.1, p2: 0.2, n: [5, 5] })).toThrow('p1 must be within [0, 1], got 1.1');
    expect(() => proportionPower({ p1: 0.1, p2: 0.2, n: [5, 5], bothTails: 1 as never })).toThrow(
      'bothTails must be true or false',
    );
    expect(() => proportionMinimumDetectableEffect({ p1: 0, n: [5, 5] })).toThrow(
      'p1 must be strictly between 0 and 1',
    );
    expect(() => tTestPower({ effectSize: 1, n: [5, 5], power: 0.8 } as never)).toThrow(
      'options.power must be left out',
    );
  });
});
