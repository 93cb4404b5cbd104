import { checkFinite, checkProbability } from '../../core/check.ts';
import { logBetaMixture } from './logBetaMixture.ts';
import { tightestRatio } from './normalMixtureRho.ts';
import { type ResolvedSequence, resolveSequence, SEQUENCE_OPTIONS, type SequenceOptions } from './SequenceOptions.ts';

const KNOWN = [...SEQUENCE_OPTIONS, 'quantile', 'horizon'];

/** Options of the sequences of quantiles. */
export interface QuantileSequenceOptions extends SequenceOptions {
  /** Which quantile: 0.95 is the 95th percentile. @defaultValue 0.5, the median */
  readonly quantile?: number;
  /**
   * The number of observations a sample at which the sequence is tightest. It is valid at any other number too.
   * @defaultValue 5000
   */
  readonly horizon?: number;
}

/** @internal */
export interface ResolvedQuantile extends ResolvedSequence {
  readonly quantile: number;
  /** Pseudo-observations behind the beta prior. */
  readonly concentration: number;
}

/** Pseudo-observations with which a beta prior centred on the null is tightest at a horizon. @internal */
export function tightestConcentration(
  horizon: number,
  { alpha, alternative }: Pick<ResolvedSequence, 'alpha' | 'alternative'>,
): number {
  return Math.max(1, horizon / tightestRatio(alpha, alternative, 'approximate') - 1);
}

/** @throws InvalidOptionError @internal */
export function resolveQuantile(options: QuantileSequenceOptions): ResolvedQuantile {
  const resolved = resolveSequence(options, 0, KNOWN);
  const horizon = checkFinite('horizon', options.horizon ?? 5000, { gt: 0 });
  return {
    ...resolved,
    quantile: checkProbability('quantile', options.quantile ?? 0.5),
    concentration: tightestConcentration(horizon, resolved),
  };
}

/** The log e-values of the place of a value among n observations. @internal */
export interface RankEvidence {
  /** Against "at least the share p lies at or below the value", from how many do: falls as the count rises. */
  tooFewBelow(atOrBelow: number): number;
  /** Against "at most the share p lies below the value", from how many do: rises with the count. */
  tooManyBelow(below: number): number;
}

/** Evidence about the p-quantile from ranks, by the one-sided beta-binomial mixture. @internal */
export function rankEvidence(n: number, { quantile, concentration }: ResolvedQuantile): RankEvidence {
  const prior = { a: concentration * quantile, b: concentration * (1 - quantile) };
  return {
    tooFewBelow: (count) => logBetaMixture(count, n - count, quantile, 1 - quantile, prior, 'less'),
    tooManyBelow: (count) => logBetaMixture(count, n - count, quantile, 1 - quantile, prior, 'greater'),
  };
}
