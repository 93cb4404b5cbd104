import type { Decision, DecisionReason, DecisionRule, DecisionView } from './Decision.ts';
import { defaultRule } from './defaultRule.ts';
import { judgeGuardrail } from './judgeGuardrail.ts';
import { killedReasons } from './killReason.ts';

/**
 * The rule for a challenger that need not be better: promote where every guardrail is proven no worse than its margin
 * allows (at least one must have a margin, for equality cannot be proven), reject where one is proven worse than that. A
 * goal counts as a guardrail. All of them must pass, so none needs a correction for their number. Everything else is as in
 * {@link defaultRule}: minimum numbers, minimum duration, and the health of the experiment.
 */
export function nonInferiorityRule(): DecisionRule {
  const name = 'non-inferiority';
  const health = defaultRule();
  const decide = (view: DecisionView): Decision => {
    const general = health.decide(view);
    if (general.decision === 'INVALID') return { ...general, rule: name };
    const judged = view.challengers.map((variant) => judge(view, variant));
    const duration = general.reasons.filter(({ rule }) => rule === 'min-duration');
    const soundness = general.reasons.filter(({ rule }) => ['sample-ratio', 'labels', 'balance'].includes(rule));
    const rest = [...duration, ...soundness];
    const passes = ({ verdict }: DecisionReason): boolean => verdict === 'pass';
    const winner = judged.find(({ reasons }) => reasons.every(passes) && rest.every(passes));
    if (winner !== undefined) {
      const reasons = [...winner.reasons, ...rest];
      return { decision: 'PROMOTE', variant: winner.variant, reasons, remaining: undefined, rule: name };
    }
    const reasons = [...judged.flatMap((each) => each.reasons), ...rest];
    const fails = judged.every((each) => each.reasons.some(({ verdict }) => verdict === 'fail'));
    if (fails) return { decision: 'REJECT', variant: undefined, reasons, remaining: undefined, rule: name };
    const needs = judged.flatMap(({ requests }) => (requests === undefined ? [] : [requests]));
    const requests = needs.length === 0 ? undefined : Math.min(...needs);
    const pace = view.elapsedMs > 0 ? view.requests / view.elapsedMs : 0;
    const wait = Math.max(0, view.minDurationMs - view.elapsedMs) / DAY_MS;
    const days = requests === undefined || pace === 0 ? undefined : Math.max(wait, requests / pace / DAY_MS);
    return { decision: 'CONTINUE', variant: undefined, reasons, remaining: { requests, days }, rule: name };
  };
  return { name, decide };
}

const DAY_MS = 86_400_000;

interface Judged {
  readonly variant: string;
  readonly reasons: readonly DecisionReason[];
  /** More requests, if that can be told. */
  readonly requests: number | undefined;
}

function judge(view: DecisionView, variant: string): Judged {
  const killed = killedReasons(view.killed, variant);
  if (killed !== undefined) return { variant, reasons: killed, requests: undefined };
  const metrics = view.metrics.filter(({ role }) => role === 'guardrail' || role === 'goal');
  const parts = metrics.map((metric) => {
    const { reference, candidate } = view.statisticalTest(metric.name, { variant });
    return { metric, n: Math.min(reference.n, candidate.n), ...judgeGuardrail(view, metric, variant) };
  });
  const proof = metrics.some(({ margin }) => ('absolute' in margin ? margin.absolute : margin.relative) > 0);
  const reasons = parts.map(({ reason, metric, n }) =>
    enough(reason, n, Math.max(view.minSamples, metric.minSamples ?? 0)),
  );
  const missing: DecisionReason = {
    rule: 'guardrail',
    verdict: 'inconclusive',
    message: 'no metric has a margin, and equality cannot be proven',
    variant,
  };
  const open = parts.filter(({ reason }) => reason.verdict === 'inconclusive').map(({ requests }) => requests);
  const requests = open.includes(undefined) ? undefined : Math.max(0, ...(open as number[]));
  return { variant, reasons: proof ? reasons : [...reasons, missing], requests: proof ? requests : undefined };
}

function enough(reason: DecisionReason, n: number, minSamples: number): DecisionReason {
  if (reason.verdict !== 'pass' || n >= minSamples) return reason;
  return { ...reason, verdict: 'inconclusive', message: `${n} of ${minSamples} observations, ${reason.message}` };
}
