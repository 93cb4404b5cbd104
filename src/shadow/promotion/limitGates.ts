import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { rootOfInterval } from '../../stats/intervals/combinedIntervals.ts';
import { asymptoticMeanSequence } from '../../stats/sequential/asymptoticMeanSequence.ts';
import { betaMixtureEProcess } from '../../stats/sequential/betaMixtureEProcess.ts';
import type { Interval, IntervalResult, Proportion, SampleMoments } from '../../stats/types.ts';
import type { PromotionGate } from './Promotion.ts';
import type { LimitAbove, LimitBelow } from './PromotionCriteria.ts';

/** What every gate is judged with. */
export interface GateLevels {
  /** For a pass: every gate has all of it, since all must pass. */
  readonly alpha: number;
  /** For a failure: gates share it, since one failure is enough. */
  readonly failAlpha: number;
}

/** How a gate writes its numbers. */
export type Format = (value: number) => string;

const share: Format = (value) => formatPercent(value, { decimals: 2 });
/** Writes numbers in their own unit. */
export const plain: Format = (value) => formatNumber(value);

/** The limit of a criterion, and the side on which it is kept. */
export function sideOf(limit: LimitAbove | LimitBelow): { readonly limit: number; readonly side: 'greater' | 'less' } {
  return 'above' in limit ? { limit: limit.above, side: 'greater' } : { limit: limit.below, side: 'less' };
}

/** The two bounds that a gate looks at: that of the side it wants, and that of the other one. */
export interface GateBounds {
  readonly wanted: IntervalResult;
  readonly other: IntervalResult;
}

/** A gate that holds the confidence bound of the wanted side against the limit, and fails on that of the other side. */
export function boundGate(
  name: string,
  criterion: LimitAbove | LimitBelow,
  { wanted, other }: GateBounds,
  validity: PromotionGate['validity'],
  format: Format,
): PromotionGate {
  const { limit, side } = sideOf(criterion);
  const required = `${side === 'greater' ? 'above' : 'below'} ${format(limit)}`;
  const base = { name, required, validity, n: Math.min(...wanted.n, Number.POSITIVE_INFINITY) };
  if (wanted.status !== 'ok') {
    const message = `${name}: ${wanted.reason}`;
    return { ...base, verdict: 'inconclusive', observed: undefined, bound: undefined, message };
  }
  const inner = ([lower, upper]: Interval): number => (side === 'greater' ? lower : upper);
  const outer = ([lower, upper]: Interval): number => (side === 'greater' ? upper : lower);
  const bound = inner(wanted.interval);
  const beyond = (value: number): boolean => (side === 'greater' ? value > limit : value < limit);
  const against = other.status === 'ok' && outer(other.interval) !== limit && !beyond(outer(other.interval));
  const verdict = beyond(bound) ? 'pass' : against ? 'fail' : 'inconclusive';
  const message = `${name} ${format(wanted.estimate)}, bound ${format(bound)}, required ${required}`;
  return { ...base, verdict, observed: wanted.estimate, bound, message };
}

/** The bound of the wanted side at the level of a pass, and that of the other side at the level of a failure. */
export function bothSides(
  side: 'greater' | 'less',
  levels: GateLevels,
  ask: (alternative: 'greater' | 'less', alpha: number) => IntervalResult,
): GateBounds {
  return { wanted: ask(side, levels.alpha), other: ask(side === 'greater' ? 'less' : 'greater', levels.failAlpha) };
}

/** A gate on a rate, exact at every look. */
export function rateGate(
  name: string,
  criterion: LimitAbove | LimitBelow,
  proportion: Proportion,
  levels: GateLevels,
): PromotionGate {
  const { limit, side } = sideOf(criterion);
  const ask = (alternative: 'greater' | 'less', alpha: number): IntervalResult =>
    betaMixtureEProcess(proportion, { nullValue: limit, alternative, alpha });
  return boundGate(name, criterion, bothSides(side, levels, ask), 'anytime', share);
}

/** A gate on a mean; `root` where the metric is the root of the mean. */
export function meanGate(
  name: string,
  criterion: LimitAbove | LimitBelow,
  moments: SampleMoments,
  levels: GateLevels,
  root = false,
): PromotionGate {
  const { side } = sideOf(criterion);
  const ask = (alternative: 'greater' | 'less', alpha: number): IntervalResult => {
    const mean = asymptoticMeanSequence(moments, { alternative, alpha });
    return root ? rootOfInterval(mean) : mean;
  };
  return boundGate(name, criterion, bothSides(side, levels, ask), 'anytime', plain);
}

/** A gate on a count, or on a share of everything: it has no error. */
export function exactGate(
  name: string,
  observed: number | undefined,
  required: string,
  passed: boolean,
  format: Format = plain,
): PromotionGate {
  const shown = observed === undefined ? 'nothing yet' : format(observed);
  return {
    name,
    verdict: passed ? 'pass' : 'inconclusive',
    observed,
    bound: undefined,
    required,
    n: 0,
    validity: 'exact',
    message: `${name} ${shown}, required ${required}`,
  };
}
