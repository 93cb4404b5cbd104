import { checkFinite, checkOptions } from '../../core/check.ts';
import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import { meanDifference } from '../meanDifference.ts';
import type { EstimateResult, SampleMoments } from '../types.ts';
import { burnInReason } from './burnInReason.ts';
import { differenceError } from './differenceError.ts';
import { normalMixtureEstimate } from './normalMixtureEstimate.ts';
import { tightestRatio } from './normalMixtureRho.ts';
import { resolveTwoSample, TWO_SAMPLE_OPTIONS, type TwoSampleSequenceOptions } from './SequenceOptions.ts';

/** Options of `stagedDifferenceSequence`. */
export interface StagedDifferenceSequenceOptions extends TwoSampleSequenceOptions {
  /**
   * Observations that both samples of a stage need before the stage counts.
   * @defaultValue 10
   */
  readonly stageBurnIn?: number;
}

/** One stage: the moments of both samples while one plan of shares stood. */
export type DifferenceStage = readonly [first: SampleMoments, second: SampleMoments];

/** A difference over stages as one estimate. */
interface CombinedDifference {
  readonly estimate: number;
  readonly variance: number;
  /** One over the squared standard error, in units of one observation under the first stage's shares. */
  readonly observations: number;
}

/**
 * The asymptotic confidence sequence of a difference of means over the stages of an experiment whose shares changed:
 * each stage compares what was served at the same time and share, so that what changes over time for both samples alike
 * never looks like a difference between them (Simpson's paradox). With one stage it is `asymptoticDifferenceSequence`.
 *
 * Stages are weighted by the information that their numbers of observations would have if the variances were the same in
 * all of them; the variance of the sum takes each stage's own. So a small stage that happens not to vary gets no weight
 * beyond its size.
 *
 * @returns `inconclusive` until both samples, over the stages that count, are past the burn-in, and where nothing varies
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @see Waudby-Smith et al. (2024), Ann. Statist. 52(6), theorem 2.2, arXiv:2103.06476; Cochran (1977), Sampling
 * Techniques, 3rd ed., section 5A.2 (estimates within strata)
 */
export function stagedDifferenceSequence(
  stages: readonly DifferenceStage[],
  options: StagedDifferenceSequenceOptions = {},
): EstimateResult {
  checkOptions('options', options, KNOWN);
  const { stageBurnIn = 10, ...rest } = options;
  checkFinite('stageBurnIn', stageBurnIn, { ge: 2 });
  const resolved = resolveTwoSample(rest);
  const counted = stages.length === 1 ? stages : stages.filter(([a, b]) => a.n >= stageBurnIn && b.n >= stageBurnIn);
  for (const [i, [first, second]] of stages.entries()) {
    checkMoments(`stages[${i}][0]`, first);
    checkMoments(`stages[${i}][1]`, second);
  }
  const method = stages.length === 1 ? 'asymptotic-difference-sequence' : 'staged-difference-sequence';
  const n = [0, 1].map((arm) => counted.reduce((sum, stage) => sum + stage[arm as 0 | 1].n, 0));
  const short = burnInReason(n, resolved.burnIn);
  if (short !== undefined) return inconclusive(method, n, short, 'anytime');
  const combined = combine(counted, resolved.conservative);
  if (!(combined.variance > 0)) {
    return inconclusive(method, n, 'the observations do not vary in either sample', 'anytime');
  }
  const { nullValue, horizon, alpha, alternative } = resolved;
  return normalMixtureEstimate(
    {
      method,
      n,
      excess: combined.estimate - nullValue,
      standardError: Math.sqrt(combined.variance),
      ratio: (combined.observations / horizon) * tightestRatio(alpha, alternative, 'approximate'),
    },
    resolved,
    (excess) => nullValue + excess,
  );
}

const KNOWN = [...TWO_SAMPLE_OPTIONS, 'stageBurnIn'];

function pooledVariance(stages: readonly DifferenceStage[], arm: 0 | 1): number {
  let squares = 0;
  let df = 0;
  for (const stage of stages) {
    squares += (stage[arm].n - 1) * stage[arm].variance;
    df += stage[arm].n - 1;
  }
  return squares / df;
}

/** Of stages past the burn-in, so that there is one at least and each sample has two observations or more. */
function combine(stages: readonly DifferenceStage[], conservative: boolean): CombinedDifference {
  const spreads = [pooledVariance(stages, 0), pooledVariance(stages, 1)] as const;
  const varianceOf = ([a, b]: DifferenceStage): number =>
    differenceError({ n: a.n, variance: spreads[0] }, { n: b.n, variance: spreads[1] }, conservative) ** 2;
  const head = stages[0]!;
  if (varianceOf(head) === 0) return { estimate: 0, variance: 0, observations: 0 };
  let weights = 0;
  let score = 0;
  let variance = 0;
  for (const stage of stages) {
    const [a, b] = stage;
    const weight = 1 / varianceOf(stage);
    weights += weight;
    score += weight * meanDifference(a, b);
    variance += weight * weight * differenceError(a, b, conservative) ** 2;
  }
  const perObservation = varianceOf(head) * (head[0].n + head[1].n);
  variance /= weights * weights;
  return { estimate: score / weights, variance, observations: perObservation / variance };
}
