import { describe, expect, it } from 'vitest';
import { NoConvergenceError } from '../../../src/core/errors.ts';
import { normalDistribution } from '../../../src/stats/distributions/index.ts';
import { solvePower } from '../../../src/stats/power/solvePower.ts';
import { expectClose } from '../../support/golden.ts';

describe('solvePower', () => {
  /** A power and the calls made of it. */
  function counted(power: (x: number) => number): {
    readonly power: (x: number) => number;
    readonly calls: () => number;
  } {
    let calls = 0;
    return {
      power: (x) => {
        calls += 1;
        return power(x);
      },
      calls: () => calls,
    };
  }

  it('finds where a power reaches its target, to the last digits and in few steps', () => {
    for (const [power, root] of [
      [(x: number) => normalDistribution.cdf(x - 3), (z: number) => 3 + z],
      [(x: number) => normalDistribution.cdf(Math.sqrt(x) - 3), (z: number) => (3 + z) ** 2],
      [(x: number) => normalDistribution.cdf(x * x - 3), (z: number) => Math.sqrt(3 + z)],
    ] as const) {
      for (const target of [0.1, 0.5, 0.8, 0.999]) {
        for (const start of [0.5, 2, 9, 40]) {
          const { power: asked, calls } = counted(power);
          const want = root(normalDistribution.quantile(target));
          expectClose(solvePower(asked, target, 0, start), want, 1e-12, `target ${target} from ${start}`);
          expect(calls(), `target ${target} from ${start}`).toBeLessThanOrEqual(24);
        }
      }
    }
  });

  it('does so in any unit: a millionth and a million', () => {
    for (const scale of [1e-6, 1e6]) {
      for (const target of [0.1, 0.8, 0.999]) {
        const { power: asked, calls } = counted((x) => normalDistribution.cdf((x / scale) ** 2 - 3));
        const want = scale * Math.sqrt(3 + normalDistribution.quantile(target));
        expectClose(solvePower(asked, target, 0, 2 * scale), want, 1e-12, `target ${target}, scale ${scale}`);
        expect(calls()).toBeLessThanOrEqual(14);
      }
    }
  });

  it('needs two looks where the guess is right, and four where the normal quantile of the power is a straight line', () => {
    const right = counted((x) => (x === 2 ? 0.8 : x / 5));
    expect([solvePower(right.power, 0.8, 0, 2), right.calls()]).toEqual([2, 2]);
    const straight = counted((x) => normalDistribution.cdf(x - 1));
    expectClose(solvePower(straight.power, 0.8, 0, 5), 1 + normalDistribution.quantile(0.8), 1e-14);
    expect(straight.calls()).toBeLessThanOrEqual(5);
  });

  it('takes certainty and impossibility for far away, and jumps for what they are', () => {
    expectClose(
      solvePower((x) => (x < 7 ? 0 : x > 8 ? 1 : x - 7), 0.25, 0, 1),
      7.25,
      1e-12,
    );
    // At a jump there is no x with the power asked for: the place of the jump is the answer.
    expectClose(
      solvePower((x) => (x < 7 ? 0.1 : 0.9), 0.5, 0, 1),
      7,
      1e-11,
    );
  });

  it('gives up on a power that never gets there, by name', () => {
    expect(() => solvePower((x) => 0.7 - 1 / (2 + x), 0.8, 0, 1)).toThrow(NoConvergenceError);
    expect(() => solvePower(() => 0.7, 0.8, 0, 1)).toThrow(
      /^power did not converge: no x below 1\.6.*e\+60 has a power of 0\.8$/,
    );
  });
});
