import { betaTail } from '../special/betaTail.ts';
import { betaDifference } from '../special/incompleteBeta.ts';
import { logBeta } from '../special/logBeta.ts';
import { logLower, logUpper } from '../special/TailPair.ts';
import type { Alternative } from '../types.ts';

/** A beta distribution over a share. */
export interface BetaPrior {
  readonly a: number;
  readonly b: number;
}

/**
 * The logarithm of the e-value of `successes` against `failures` under the null that a success has probability `share`:
 * the likelihood ratio, mixed over a beta prior that is cut off at the null for one-sided alternatives.
 * @param rest 1 - share, known better than by subtraction
 * @internal
 */
export function logBetaMixture(
  successes: number,
  failures: number,
  share: number,
  rest: number,
  { a, b }: BetaPrior,
  alternative: Alternative,
): number {
  const posterior = [a + successes, b + failures] as const;
  const marginal = logBeta(...posterior) - logBeta(a, b);
  const logEValue = marginal - times(successes, Math.log(share)) - times(failures, Math.log(rest));
  if (alternative === 'two-sided') return logEValue;
  return logEValue + logTail(...posterior, share, rest, alternative) - logTail(a, b, share, rest, alternative);
}

/** `count * logarithm`, 0 where nothing is counted even if the logarithm is infinite. @internal */
export function times(count: number, logarithm: number): number {
  return count === 0 ? 0 : count * logarithm;
}

function logTail(a: number, b: number, x: number, y: number, side: 'less' | 'greater'): number {
  const tails = betaTail(a, b, x, y, betaDifference(a, b, x, y));
  return side === 'greater' ? logUpper(tails) : logLower(tails);
}
