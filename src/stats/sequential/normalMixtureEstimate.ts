import type { Estimate, Interval } from '../types.ts';
import { mixtureLogEValue, mixtureMultiplier, mixturePValue } from './normalMixture.ts';
import type { ResolvedSequence } from './SequenceOptions.ts';

/** A statistic that is approximately normal around its true value, on the scale on which it is so. @internal */
export interface NormalStatistic {
  readonly method: string;
  readonly n: readonly number[];
  /** The estimate minus the null value. */
  readonly excess: number;
  readonly standardError: number;
  /** The information in units of the prior's. */
  readonly ratio: number;
  readonly warnings?: readonly string[];
}

/** Maps a distance from the null value to the scale of the report. @internal */
export type Report = (excess: number) => number;

/** The confidence sequence, e-value and p-value of a statistic under the normal mixture. @internal */
export function normalMixtureEstimate(
  statistic: NormalStatistic,
  { alpha, alternative }: ResolvedSequence,
  report: Report,
): Estimate {
  const { method, n, excess, standardError, ratio, warnings = [] } = statistic;
  const z = excess / standardError;
  const half = standardError * mixtureMultiplier(ratio, alpha, alternative);
  const interval: Interval = [
    alternative === 'less' ? report(Number.NEGATIVE_INFINITY) : report(excess - half),
    alternative === 'greater' ? report(Number.POSITIVE_INFINITY) : report(excess + half),
  ];
  const logEValue = mixtureLogEValue(z, ratio, alternative);
  return {
    status: 'ok',
    method,
    validity: 'anytime',
    n,
    warnings,
    estimate: report(excess),
    interval,
    level: 1 - alpha,
    pValue: mixturePValue(z, ratio, alternative),
    eValue: Math.exp(logEValue),
    logEValue,
    standardError,
  };
}
