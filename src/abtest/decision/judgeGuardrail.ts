import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { formatPValue } from '../../core/text/formatPValue.ts';
import type { Threshold } from '../../metrics/inference/index.ts';
import type { Metric } from '../../metrics/Metric.ts';
import type { DecisionReason, DecisionView } from './Decision.ts';
import { describe, type Judged, missingForBurnIn } from './judgeGoal.ts';

/**
 * Whether a challenger is proven no worse in a guardrail than its margin allows, or proven worse. A guardrail without a
 * margin passes until it is proven worse.
 */
export function judgeGuardrail(view: DecisionView, metric: Metric, variant: string): Judged {
  const { margin } = metric;
  const threshold: Threshold = 'absolute' in margin ? { absolute: -margin.absolute } : { relative: -margin.relative };
  const { alpha } = view;
  const test = view.statisticalTest(metric.name, { variant, alpha, alternative: 'greater', threshold });
  const told = (verdict: DecisionReason['verdict'], message: string): DecisionReason => ({
    rule: 'guardrail',
    verdict,
    message: `${metric.name}: ${message}`,
    variant,
    metric: metric.name,
  });
  if (test.status !== 'ok') {
    return { reason: told('inconclusive', test.reason), lift: 0, requests: missingForBurnIn(test, view) };
  }
  const allowed = 'absolute' in margin ? formatNumber(margin.absolute) : formatPercent(margin.relative);
  const both = view.statisticalTest(metric.name, { variant, alpha });
  const size = both.status === 'ok' ? describe(both) : formatNumber(test.estimate);
  // Said, because one side is tested: the two-sided interval beside it may reach beyond the margin.
  const proof = (of: { readonly pValue: number }) => `${size}, one-sided p ${formatPValue(of.pValue, { alpha })}`;
  if (test.pValue <= alpha) {
    return { reason: told('pass', `no worse than ${allowed}: ${proof(test)}`), lift: 0, requests: 0 };
  }
  const worse = view.statisticalTest(metric.name, { variant, alpha, alternative: 'less', threshold });
  if (worse.status === 'ok' && worse.pValue <= alpha) {
    return { reason: told('fail', `worse than ${allowed}: ${proof(worse)}`), lift: 0, requests: 0 };
  }
  if (('absolute' in margin ? margin.absolute : margin.relative) === 0) {
    // Equality cannot be proven: without a margin a guardrail is there to stop what is proven worse.
    return { reason: told('pass', `not proven worse: ${size}`), lift: 0, requests: 0 };
  }
  const half = test.estimate - test.interval[0];
  const reference = Math.abs(test.reference.value ?? 0);
  const room = test.estimate + ('absolute' in margin ? margin.absolute : margin.relative * reference);
  const requests =
    room > 0 && Number.isFinite(half) ? Math.max(1, Math.ceil(view.requests * ((half / room) ** 2 - 1))) : undefined;
  return { reason: told('inconclusive', `not yet proven no worse than ${allowed}: ${proof(test)}`), lift: 0, requests };
}
