import { describe, expect, it } from 'vitest';
import { crossing, fromLogOdds, logCrossing, logOdds } from '../../../src/stats/sequential/crossing.ts';
import { expectClose } from '../../support/golden.ts';

describe('crossing', () => {
  const functions: readonly (readonly [
    name: string,
    f: (x: number) => number,
    root: number,
    most: readonly number[],
  ])[] = [
    ['a line', (x) => x - 3, 3, [37, 32, 36]],
    ['a cube', (x) => (x - 3) ** 3, 3, [169, 151, 36]],
    ['a steep bend', (x) => Math.exp(x) - Math.exp(3), 3, [18, 13, 36]],
    ['a flat bend', (x) => Math.log(x + 0.1) - Math.log(3.1), 3, [13, 10, 36]],
    ['a jump', (x) => (x < 3 ? -1 : 1e6), 3, [160, 175, 33]],
    ['infinite outside', (x) => (x > 5 ? Number.POSITIVE_INFINITY : x - 3), 3, [38, 32, 36]],
  ];

  it.each(functions)('of %s: outside of the root, within the tolerance, in few steps', (_name, f, root, most) => {
    for (const [i, [inside, outside]] of (
      [
        [0, 10],
        [2.9, 3.5],
        [0, 3],
      ] as const
    ).entries()) {
      let calls = 0;
      const counted = (x: number) => {
        calls += 1;
        return f(x);
      };
      const found = crossing(counted, inside, outside, () => 1e-9);
      expect(found).toBeGreaterThanOrEqual(root);
      expect(found - root).toBeLessThanOrEqual(1e-9);
      expect(f(found)).toBeGreaterThanOrEqual(0);
      expect(calls, `${_name} from ${inside} to ${outside}`).toBeLessThanOrEqual(most[i]!);
    }
  });

  it('goes downwards as well, and stops at neighbouring doubles where no tolerance does', () => {
    const found = crossing(
      (x) => 3 - x,
      10,
      0,
      () => 1e-9,
    );
    expect(found).toBeLessThanOrEqual(3);
    expect(3 - found).toBeLessThanOrEqual(1e-9);
    const exact = crossing(
      (x) => x * x - 2,
      1,
      2,
      () => 0,
    );
    expect(exact).toBe(Math.SQRT2);
  });

  it('stops where the function is first not negative, though it is 0 from there on', () => {
    const plateau = (x: number) => (x < 3 ? -1 : x < 4 ? 0 : 1);
    expectClose(
      crossing(plateau, 0, 5, () => 1e-9),
      3,
      1e-9,
    );
    expectClose(
      logCrossing((x) => (x < 3 ? -1 : 0), 0, 1),
      3,
      1e-12,
    );
  });

  it('bisects where the function is infinitely negative inside', () => {
    const found = crossing(
      (x) => (x < 3 ? Number.NEGATIVE_INFINITY : 1),
      0,
      10,
      () => 1e-9,
    );
    expectClose(found, 3, 1e-9);
  });

  it('never says that it found what it did not', () => {
    expect(
      crossing(
        (x) => x - 3,
        0,
        3,
        () => 10,
      ),
    ).toBe(3);
  });
});

describe('logCrossing', () => {
  it('walks outwards to the crossing, however far, and knows where there is none', () => {
    for (const root of [0.1, 1, 40, 600]) {
      expectClose(
        logCrossing((x) => x - root, 0, 1),
        root,
        1e-12,
      );
      expectClose(
        logCrossing((x) => -x - root, 0, -1),
        -root,
        1e-12,
      );
    }
    for (const root of [0.3, 500.123]) {
      expectClose(
        logCrossing((x) => (x < root ? -1e-9 : 1e6), 0, 1),
        root,
        1e-12,
      );
      expectClose(
        logCrossing((x) => (x < root ? -1e6 : 1e-9), 0, 1),
        root,
        1e-12,
      );
    }
    expect(logCrossing(() => -1, 0, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(logCrossing(() => -1, 5, -1)).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('log odds', () => {
  it('and probabilities are inverses, to the last digits of the smaller tail', () => {
    for (const p of [1e-300, 1e-20, 0.1, 0.5, 0.9]) expectClose(fromLogOdds(logOdds(p)), p, 1e-13);
    expect([fromLogOdds(-800), fromLogOdds(800), fromLogOdds(0)]).toEqual([0, 1, 0.5]);
  });
});
