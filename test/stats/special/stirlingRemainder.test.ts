import { describe, it } from 'vitest';
import { stirlingRemainder } from '../../../src/stats/special/stirlingRemainder.ts';
import { expectClose } from '../../support/golden.ts';

describe('stirlingRemainder', () => {
  it('is right to the last digits on either side of its seams', () => {
    // By mpmath: beyond 10 the long series, beyond 1000 the short one; below 10 absolutely accurate.
    for (const [x, want] of [
      [10.25, 0.008127508823306],
      [12.3, 0.006773577822781827],
      [40.7, 0.0020474608529873297],
      [900.5, 0.00009254117702141752],
      [1000.5, 0.00008329168471597405],
      [5e4, 0.0000016666666666444443],
    ] as const) {
      expectClose(stirlingRemainder(x), want, 8e-15, `x = ${x}`);
    }
    for (const [x, want] of [
      [0.3, 0.2360649007482156],
      [0.7, 0.11326370211474027],
      [3.3, 0.0251771329672451],
      [9.9, 0.008414653894090263],
    ] as const) {
      expectClose(stirlingRemainder(x), want, 1e-15, `x = ${x}`, 1);
    }
    expectClose(stirlingRemainder(1000.5), 0.00008329168471597405, 1e-15);
  });

  it('joins its table to the approximations between its points', () => {
    for (let doubled = 1; doubled <= 20; doubled += 1) {
      const x = doubled / 2;
      expectClose(stirlingRemainder(x), stirlingRemainder(x + 2 ** -40), 1e-11, `x = ${x}`);
    }
  });
});
