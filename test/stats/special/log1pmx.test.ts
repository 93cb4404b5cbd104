import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expm1mx } from '../../../src/stats/special/expm1mx.ts';
import { deviance, log1pmx } from '../../../src/stats/special/log1pmx.ts';
import { expectClose } from '../../support/golden.ts';

describe('log1pmx', () => {
  it('is ln(1 + u) - u where that does not cancel', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.99, max: 20, noNaN: true }), (u) => {
        const want = Math.log1p(u) - u;
        expect(Math.abs(log1pmx(u) - want)).toBeLessThanOrEqual(4e-16 * (Math.abs(u) + Math.abs(want)));
      }),
      { seed: 42, numRuns: 2000 },
    );
  });

  it('is -u^2/2 + u^3/3 - … for small u, to the last digits', () => {
    for (const u of [1e-200, 1e-9, -1e-9, 1e-4, -3e-4, 0]) {
      const want = u * u * (-1 / 2 + u * (1 / 3 + u * (-1 / 4 + u * (1 / 5 - u / 6))));
      expectClose(log1pmx(u), want, 1e-15, `u = ${u}`);
    }
  });

  it('does not jump where the number of terms changes', () => {
    for (const edge of [-0.35, 0.5, 2 / 19, -2 / 21]) {
      expectClose(log1pmx(edge * (1 - 1e-14)), log1pmx(edge * (1 + 1e-14)), 1e-13, `u = ${edge}`);
    }
  });
});

describe('deviance', () => {
  it('is 0 for equal arguments, positive otherwise, and x ln(x / m) + m - x', () => {
    expect(deviance(7, 7, 0)).toBeCloseTo(0, 300);
    for (const [x, m] of [
      [10, 1],
      [10, 25],
      [1, 1e-8],
      [3, 4],
      [1e-3, 1e6],
      [1e-200, 1e200],
    ] as const) {
      expectClose(deviance(x, m, m - x), x * (Math.log(x) - Math.log(m)) + m - x, 1e-14, `${x}, ${m}`);
    }
  });
});

describe('expm1mx', () => {
  it('is e^s - 1 - s', () => {
    for (const s of [-3, -0.5, -0.2, 0.3, 0.51, 4]) expectClose(expm1mx(s), Math.expm1(s) - s, 2e-15, `s = ${s}`);
    for (const s of [1e-200, 1e-7, -1e-5, 0])
      expectClose(expm1mx(s), s * s * (0.5 + s * (1 / 6 + s / 24)), 1e-15, `s = ${s}`);
    for (const s of [0.05, -0.05, 0.5, -0.5])
      expectClose(expm1mx(s * (1 - 1e-15)), expm1mx(s * (1 + 1e-15)), 1e-14, `s = ${s}`);
  });
});
