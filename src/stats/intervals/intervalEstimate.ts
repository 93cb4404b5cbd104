import type { Interval, IntervalEstimate } from '../types.ts';

/** An interval that holds at one planned look: `validity` is `fixed-n`, and nothing is to be warned of unless said. */
export function intervalEstimate(
  method: string,
  n: readonly number[],
  level: number,
  estimate: number,
  interval: Interval,
  more: Partial<Pick<IntervalEstimate, 'standardError' | 'warnings'>> = {},
): IntervalEstimate {
  return { status: 'ok', estimate, interval, level, method, validity: 'fixed-n', n, warnings: [], ...more };
}
