import { describe, expect, it } from 'vitest';
import { exactKolmogorov, exactKolmogorovOneSided } from '../../../src/stats/tests/exactKolmogorov.ts';
import { expectClose } from '../../support/golden.ts';

describe('the exact law of the one-sample distance', () => {
  it('is that of the determinant of Steck, and of SciPy to one side', () => {
    // Two-sided by mpmath, where SciPy approximates from n = 141 on; the first three by hand.
    for (const [n, d, two, one] of [
      [1, 0.6, 0.8, 0.4],
      [2, 0.3, 0.98, 0.61],
      [5, 0.25, 0.8446, 0.462],
      [10, 0.3, 0.27053557479999946, 0.1354635556],
      [10, 0.274, 0.3715203845434956, 0.18660506969148374],
      [100, 0.05, 0.9532159710635725, 0.5871453380805337],
      [100, 0.4, 5.947617451361663e-15, 2.9738087256808315e-15],
      [141, 0.08, 0.31084324813859515, 0.15599731050192012],
    ] as const) {
      expectClose(exactKolmogorov(n, d), two, 1e-12, `two-sided, ${n}, ${d}`);
      expectClose(exactKolmogorovOneSided(n, d), one, 1e-12, `one-sided, ${n}, ${d}`);
    }
  });

  it('stays within the doubles for a thousand values', () => {
    for (const [n, d, two] of [
      [400, 0.03, 0.8534112291333409],
      [1000, 0.04, 0.07933955497540122],
      [1000, 0.025, 0.5510292467519937],
    ] as const) {
      expectClose(exactKolmogorov(n, d), two, 1e-11, `${n}, ${d}`);
    }
  });

  it('is certain of a distance of 0, and has no distance of 1', () => {
    expect([exactKolmogorovOneSided(1, 0), exactKolmogorovOneSided(7, 0)]).toEqual([1, 1]);
    expect([exactKolmogorovOneSided(1, 1), exactKolmogorovOneSided(7, 1), exactKolmogorov(7, 1)]).toEqual([0, 0, 0]);
    // The distance of n values is at least 1 / (2 n).
    for (const n of [1, 2, 6]) expect(exactKolmogorov(n, 0.5 / n)).toBe(1);
    // One value: D is evenly distributed over [1/2, 1].
    for (const d of [0.5, 0.625, 0.75]) expect(exactKolmogorov(1, d)).toBe(2 * (1 - d));
  });
});
