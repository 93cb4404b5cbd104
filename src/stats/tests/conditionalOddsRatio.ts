import { crossing } from '../sequential/crossing.ts';
import type { Alternative, Interval } from '../types.ts';
import type { FourfoldTable } from './FourfoldTable.ts';
import { type CellDistribution, noncentralHypergeometric } from './noncentralHypergeometric.ts';

/** Bounds are found to this relative error of the odds ratio. */
const TOLERANCE = 1e-12;
/** Beyond this logarithm odds ratios leave the doubles. */
const FARTHEST = 700;

/**
 * The odds ratio under which the expected cell is the observed one (the conditional maximum-likelihood estimate), and
 * the ratios under which it is just not too far out in either tail.
 */
export function conditionalOddsRatio(
  counts: FourfoldTable,
  alternative: Alternative,
  level: number,
): { readonly estimate: number; readonly interval: Interval } {
  const { a, b, c, d } = counts;
  const tail = alternative === 'two-sided' ? (1 - level) / 2 : 1 - level;
  const lowest = a === 0 || d === 0;
  const highest = b === 0 || c === 0;
  const at = (logOdds: number): CellDistribution => noncentralHypergeometric(counts, logOdds);
  const guess = Math.log((a + 0.5) / (b + 0.5)) + Math.log((d + 0.5) / (c + 0.5));
  const estimate = lowest ? 0 : highest ? Number.POSITIVE_INFINITY : Math.exp(rising((x) => at(x).mean - a, guess));
  // Each bound is a root of a rising function: the tail above grows with the odds ratio, the one below shrinks.
  const lower = lowest || alternative === 'less' ? 0 : Math.exp(rising((x) => Math.log(at(x).upper / tail), guess));
  const upper =
    highest || alternative === 'greater'
      ? Number.POSITIVE_INFINITY
      : Math.exp(rising((x) => Math.log(tail / at(x).lower), guess));
  return { estimate, interval: [Math.min(lower, estimate), Math.max(upper, estimate)] };
}

/** The root of a rising function, looked for in growing steps around a guess. */
function rising(f: (x: number) => number, guess: number): number {
  const [up, start] = [f(guess) < 0, guess];
  let [near, far] = [start, start];
  for (let step = 0.5; Math.abs(far) < FARTHEST; step *= 2) {
    [near, far] = [far, up ? start + step : start - step];
    if (f(far) < 0 !== up) break;
  }
  const g = up ? f : (x: number): number => -f(x);
  return g(near) >= 0 ? near : crossing(g, near, far, () => TOLERANCE);
}
