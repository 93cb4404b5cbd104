import { checkFinite, checkInteger, checkOptions, checkProbability } from '../../core/check.ts';
import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { formatPValue } from '../../core/text/formatPValue.ts';
import type { MetricComparison } from '../../metrics/inference/index.ts';
import type { Decision, DecisionReason, DecisionRule, DecisionView } from './Decision.ts';
import { killedReasons } from './killReason.ts';

/** Options of {@link notebookRule}. */
export interface NotebookRuleOptions {
  /** @defaultValue 0.05 */
  readonly alpha?: number;
  /** The improvement that is worth having, as a fraction of the champion's value. @defaultValue 0.05 */
  readonly improvement?: number;
  /** Observations per variant below which it does not conclude; the test's own `minSamples` where that is more. @defaultValue 30 */
  readonly minSamples?: number;
  /** @defaultValue the first goal, or the first metric where there is none */
  readonly metric?: string;
}

/**
 * The rule of the notebook: promote if Welch's two-sided p-value is below 0.05 and the challenger is more than 5 %
 * better, otherwise reject. Once there are 30 observations of each it continues only to wait for the test's `minDurationMs`
 * with what it would promote, so it is for one look that was planned beforehand: asked again and again it promotes equal
 * models far more often than it says.
 */
export function notebookRule(options: NotebookRuleOptions = {}): DecisionRule {
  checkOptions('notebookRule', options, ['alpha', 'improvement', 'minSamples', 'metric']);
  const alpha = checkProbability('alpha', options.alpha ?? 0.05);
  const improvement = checkFinite('improvement', options.improvement ?? 0.05);
  const minSamples = checkInteger('minSamples', options.minSamples ?? 30, { ge: 2 });
  const name = 'notebook';
  const decide = (view: DecisionView): Decision => {
    const metric = options.metric ?? (view.metrics.find(({ role }) => role === 'goal') ?? view.metrics[0])?.name;
    const base = { rule: name, variant: undefined, remaining: undefined };
    if (metric === undefined) return { ...base, decision: 'REJECT', reasons: [] };
    const results = view.challengers.map((variant) => {
      const killed = killedReasons(view.killed, variant);
      if (killed !== undefined) return { variant, reasons: killed };
      const test = view.statisticalTest(metric, { method: 'welch', variant, alpha });
      const least = Math.max(minSamples, view.minSamples);
      return { variant, reasons: judge(test, variant, { alpha, improvement, minSamples: least }) };
    });
    const winner = results.find((result) => result.reasons.every(({ verdict }) => verdict === 'pass'));
    const wait = winner === undefined ? [] : waitReasons(view);
    if (winner !== undefined && wait.length === 0) {
      return { ...base, decision: 'PROMOTE', variant: winner.variant, reasons: winner.reasons };
    }
    const reasons = [...results.flatMap((result) => result.reasons), ...wait];
    const open = reasons.some(({ verdict }) => verdict === 'inconclusive');
    return open
      ? { ...base, decision: 'CONTINUE', reasons, remaining: { requests: undefined, days: undefined } }
      : { ...base, decision: 'REJECT', reasons };
  };
  return { name, decide };
}

/** What is won before the least duration is over is not promoted yet. */
function waitReasons({ minDurationMs, elapsedMs }: DecisionView): readonly DecisionReason[] {
  if (elapsedMs >= minDurationMs) return [];
  const message = `${(elapsedMs / DAY).toFixed(2)} of ${(minDurationMs / DAY).toFixed(2)} days`;
  return [{ rule: 'min-duration', verdict: 'inconclusive', message }];
}

const DAY = 86_400_000;

interface Limits {
  readonly alpha: number;
  readonly improvement: number;
  readonly minSamples: number;
}

function judge(test: MetricComparison, variant: string, limits: Limits): readonly DecisionReason[] {
  const { alpha, improvement, minSamples } = limits;
  const at = { variant, metric: test.metric };
  const fewest = Math.min(test.reference.n, test.candidate.n);
  if (test.status !== 'ok' || fewest < minSamples) {
    const few = `${fewest} of ${minSamples} observations in the smaller variant`;
    const message = test.status === 'ok' || fewest < minSamples ? few : test.reason;
    return [{ rule: 'min-samples', verdict: 'inconclusive', message, ...at }];
  }
  const lift = test.relative?.estimate ?? Number.NaN;
  return [
    {
      rule: 'significance',
      verdict: test.pValue < alpha ? 'pass' : 'fail',
      message: `p ${formatPValue(test.pValue)} ${test.pValue < alpha ? 'is below' : 'is not below'} ${formatNumber(alpha)}`,
      ...at,
    },
    {
      rule: 'improvement',
      verdict: lift > improvement ? 'pass' : 'fail',
      message: `improvement ${formatPercent(lift)}, more than ${formatPercent(improvement)} asked`,
      ...at,
    },
  ];
}
