import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { formatPValue } from '../../core/text/formatPValue.ts';
import type { MetricComparison } from '../../metrics/inference/index.ts';
import type { Amount, Metric } from '../../metrics/Metric.ts';
import type { DecisionReason, DecisionView } from './Decision.ts';

/** How one metric of one challenger came out. */
export interface Judged {
  readonly reason: DecisionReason;
  /** The relative improvement, or the absolute one where there is no relative: to choose among winners. */
  readonly lift: number;
  /** Further requests before it can be expected to conclude: 0 where it has, undefined where there is no way to tell. */
  readonly requests: number | undefined;
}

/** What a goal must show. */
export interface GoalLimits {
  readonly alpha: number;
  readonly practical: 'estimate' | 'interval';
}

/** Whether a challenger is better in a goal, and worth it. */
export function judgeGoal(
  view: DecisionView,
  metric: Metric,
  variant: string,
  { alpha, practical }: GoalLimits,
): Judged {
  const test = view.statisticalTest(metric.name, { variant, alpha });
  const told = (verdict: DecisionReason['verdict'], message: string): DecisionReason => ({
    rule: 'goal',
    verdict,
    message: `${metric.name}: ${message}`,
    variant,
    metric: metric.name,
  });
  if (test.status !== 'ok') {
    const requests = missingForBurnIn(test, view);
    return { reason: told('inconclusive', test.reason), lift: Number.NEGATIVE_INFINITY, requests };
  }
  const lift = test.relative?.estimate ?? test.estimate;
  const size = `${describe(test)}, p ${formatPValue(test.pValue)}`;
  const wanted = needed(metric.minEffect, test);
  const fewest = Math.min(test.reference.n, test.candidate.n);
  const minSamples = Math.max(view.minSamples, metric.minSamples ?? 0);
  if (test.pValue <= alpha && test.estimate < 0) return { reason: told('fail', `worse: ${size}`), lift, requests: 0 };
  if (futile(test, metric.minEffect)) {
    return { reason: told('fail', `no improvement worth having is left: ${size}`), lift, requests: 0 };
  }
  const proven =
    practical === 'interval' ? test.interval[0] >= wanted : test.pValue <= alpha && test.estimate >= wanted;
  if (fewest < minSamples) {
    const requests = Math.ceil(((minSamples - fewest) * view.requests) / Math.max(1, fewest));
    return { reason: told('inconclusive', `${fewest} of ${minSamples} observations, ${size}`), lift, requests };
  }
  if (proven && test.estimate > 0) return { reason: told('pass', `better: ${size}`), lift, requests: 0 };
  const why = test.pValue <= alpha ? 'better, but not yet by enough' : 'not proven';
  return { reason: told('inconclusive', `${why}: ${size}`), lift, requests: missingForEvidence(test, wanted, view) };
}

/** The improvement as a reader wants it. */
export function describe(test: Extract<MetricComparison, { status: 'ok' }>): string {
  const { relative, estimate, interval } = test;
  if (relative === undefined)
    return `${formatNumber(estimate, { sign: true })} [${interval.map((x) => formatNumber(x)).join(', ')}]`;
  const ends = relative.interval.map((x) => formatPercent(x, { sign: true }));
  return `${formatPercent(relative.estimate, { sign: true })} [${ends.join(', ')}]`;
}

/** The improvement that is asked for, in the metric's unit. */
export function needed(amount: Amount | undefined, { reference }: MetricComparison): number {
  if (amount === undefined) return 0;
  return 'absolute' in amount ? amount.absolute : amount.relative * Math.abs(reference.value ?? 0);
}

/** Whether the interval leaves no room for an improvement worth having. */
function futile(test: Extract<MetricComparison, { status: 'ok' }>, minEffect: Amount | undefined): boolean {
  if (minEffect === undefined) return test.interval[1] <= 0;
  if ('relative' in minEffect && test.relative !== undefined) return test.relative.interval[1] < minEffect.relative;
  return test.interval[1] < needed(minEffect, test);
}

/** Requests until every variant is past the burn-in, at the present mixture. */
export function missingForBurnIn(test: MetricComparison, view: DecisionView): number | undefined {
  if (test.status === 'ok') return 0;
  const found = /has (\d+) of (\d+)/.exec(test.reason);
  if (found === null) return undefined;
  const [have, want] = [Number(found[1]), Number(found[2])];
  return have === 0 ? undefined : Math.ceil(((want - have) * view.requests) / have);
}

/**
 * Requests until the interval, which shrinks like one over the root of their number, no longer covers what is to be
 * excluded, if the estimate stays what it is, or is at least what is worth having.
 */
export function missingForEvidence(
  test: Extract<MetricComparison, { status: 'ok' }>,
  wanted: number,
  view: DecisionView,
): number | undefined {
  const half = Math.min(test.estimate - test.interval[0], test.interval[1] - test.estimate);
  const distance = Math.max(Math.abs(test.estimate), wanted);
  if (!(half > 0 && distance > 0 && Number.isFinite(half))) return undefined;
  return Math.max(1, Math.ceil(view.requests * ((half / distance) ** 2 - 1)));
}
