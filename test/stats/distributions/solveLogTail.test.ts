import { describe, expect, it } from 'vitest';
import { NoConvergenceError } from '../../../src/core/index.ts';
import { type LogTail, solveLogTail } from '../../../src/stats/distributions/solveLogTail.ts';
import { expectClose } from '../../support/golden.ts';

type Fill = (u: number, tail: LogTail) => void;

/** The answer and how often the tail was asked. */
function solve(target: number, start: number, increasing: boolean, fill: Fill): readonly [number, number] {
  let asked = 0;
  const counting: Fill = (u, tail) => {
    asked += 1;
    fill(u, tail);
  };
  return [solveLogTail(target, start, increasing, counting, undefined), asked];
}

/** ln(1 - e^-u) with its derivatives: the lower tail of an exponential. */
const exponential: Fill = (u, tail) => {
  const rest = Math.expm1(u);
  tail.value = Math.log(-Math.expm1(-u));
  tail.slope = 1 / rest;
  tail.curvature = -(rest + 1) / (rest * rest);
};

const line =
  (slope: number): Fill =>
  (u, tail) =>
    Object.assign(tail, { value: slope * u, slope, curvature: 0 });

/** A straight tail that lies about its slope: every step goes eight times too far, out of the bracket. */
const spoilt =
  (slope: number): Fill =>
  (u, tail) =>
    Object.assign(tail, { value: slope * u, slope: slope / 8, curvature: 0 });

describe('solveLogTail', () => {
  it('solves straight tails at once, rising and falling', () => {
    expect(solve(-3, 7, true, line(2))).toEqual([-1.5, 2]);
    expect(solve(-3, 7, false, line(-0.5))).toEqual([6, 2]);
    expect(solve(-3, -1.5, true, line(2))).toEqual([-1.5, 1]);
  });

  it('solves curved tails in a few steps', () => {
    for (const p of [1e-5, 0.3, 0.9]) {
      const want = -Math.log1p(-p);
      for (const start of [want * 1.5, want * 0.3]) {
        const [u, asked] = solve(Math.log(p), start, true, exponential);
        expectClose(u, want, 1e-14, `p = ${p}`);
        expect(asked).toBeLessThanOrEqual(6);
      }
    }
  });

  it('gets there by halving where the slope is wrong', () => {
    for (const [target, start] of [
      [-3, 0.4],
      [-3, -1000],
      [-1e-3, -5],
      [100, 0.1],
    ] as const) {
      const [rising, steps] = solve(target, start, true, spoilt(1));
      const [falling] = solve(target, start, false, spoilt(-1));
      expectClose(rising, target, 1e-4, '', 1);
      expectClose(falling, -target, 1e-4, '', 1);
      expect(steps).toBeLessThan(100);
    }
  });

  it('gives up on a tail that is no number, after 200 steps', () => {
    let asked = 0;
    const nothing: Fill = (_, tail) => {
      asked += 1;
      Object.assign(tail, { value: Number.NaN, slope: 1, curvature: 0 });
    };
    expect(() => solveLogTail(-1, 0, true, nothing, undefined)).toThrow(NoConvergenceError);
    expect(asked).toBe(200);
    expect(() => solveLogTail(-1, 0, true, nothing, undefined)).toThrow(/quantile.*log tail -1/);
  });
});
