import { checkOneOf, checkOptions } from '../../core/check.ts';
import type { Decision, DecisionReason, DecisionRule, DecisionView, Remaining } from './Decision.ts';
import { judgeGoal } from './judgeGoal.ts';
import { judgeGuardrail } from './judgeGuardrail.ts';
import { killedReasons } from './killReason.ts';

/** Options of {@link defaultRule}. */
export interface DefaultRuleOptions {
  /**
   * What must reach a goal's `minEffect`: the estimate, or the whole interval. @defaultValue 'estimate'
   */
  readonly practical?: 'estimate' | 'interval';
}

const DAY = 86_400_000;

/**
 * The rule of an A/B test: promote where every goal is significantly and practically better, every guardrail is proven no
 * worse than its margin allows, there are enough observations and enough time has passed. Reject where a goal or a
 * guardrail is proven worse, or where no improvement worth having is left within the interval (futility). Invalid where
 * the requests did not fall to the variants as planned.
 */
export function defaultRule(options: DefaultRuleOptions = {}): DecisionRule {
  checkOptions('defaultRule', options, ['practical']);
  const practical = checkOneOf('practical', options.practical ?? 'estimate', ['estimate', 'interval']);
  const name = 'default';
  return { name, decide: (view) => ({ rule: name, ...conclude(view, practical) }) };
}

type Conclusion = Omit<Decision, 'rule'>;

function conclude(view: DecisionView, practical: 'estimate' | 'interval'): Conclusion {
  const health = healthReasons(view);
  const general = generalReasons(view);
  const broken = health.filter(({ verdict }) => verdict === 'fail');
  if (broken.length > 0) return { decision: 'INVALID', variant: undefined, reasons: broken, remaining: undefined };
  const share = view.alpha / view.challengers.length;
  const lacking = view.ended ? missingReasons(view) : [];
  if (lacking.length > 0) return { decision: 'INVALID', variant: undefined, reasons: lacking, remaining: undefined };
  const judged = view.challengers.map((variant) => {
    const killed = killedReasons(view.killed, variant);
    if (killed !== undefined)
      return { variant, reasons: killed, lift: Number.NEGATIVE_INFINITY, requests: [], goals: 0 };
    const goals = view.metrics
      .filter(({ role }) => role === 'goal')
      .map((m) => judgeGoal(view, m, variant, { alpha: share, practical }));
    const guards = view.metrics.filter(({ role }) => role === 'guardrail').map((m) => judgeGuardrail(view, m, variant));
    const reasons = [...goals, ...guards].map(({ reason }) => (view.ended ? atTheEnd(reason) : reason));
    const lift = goals[0]?.lift ?? Number.NEGATIVE_INFINITY;
    const requests = [...goals, ...guards].map((part) => part.requests);
    return { variant, reasons, lift, requests, goals: goals.length };
  });
  const passes = (reason: DecisionReason): boolean => reason.verdict === 'pass';
  const winners = judged.filter(({ reasons, goals }) => goals > 0 && reasons.every(passes));
  const open = general.filter((reason) => !passes(reason));
  const best = winners.reduce<(typeof winners)[0] | undefined>(
    (a, b) => (a === undefined || b.lift > a.lift ? b : a),
    undefined,
  );
  if (best !== undefined && open.length === 0) {
    const reasons = [...best.reasons, ...general, ...health];
    return { decision: 'PROMOTE', variant: best.variant, reasons, remaining: undefined };
  }
  const reasons = [...judged.flatMap((j) => j.reasons), ...general, ...health];
  const failed = judged.every((j) => j.reasons.some(({ verdict }) => verdict === 'fail'));
  if (failed) return { decision: 'REJECT', variant: undefined, reasons, remaining: undefined };
  const alive = judged.filter((j) => !j.reasons.some(({ verdict }) => verdict === 'fail'));
  return {
    decision: 'CONTINUE',
    variant: undefined,
    reasons,
    remaining: remaining(
      view,
      alive.map((j) => j.requests),
    ),
  };
}

function healthReasons({ sampleRatio, labels, balance }: DecisionView): readonly DecisionReason[] {
  const { observed, expected } = sampleRatio;
  const small = sampleRatio.mismatch && sampleRatio.healthy;
  const list = (counts: readonly number[]): string => counts.map((count) => Math.round(count)).join(' / ');
  const verdict = (healthy: boolean): 'pass' | 'fail' => (healthy ? 'pass' : 'fail');
  return [
    {
      rule: 'sample-ratio',
      verdict: verdict(sampleRatio.healthy),
      message: `assigned ${list(observed)}, expected ${list(expected)}${small ? ', a mismatch too small to matter' : ''}`,
    },
    {
      rule: 'labels',
      verdict: verdict(labels.healthy),
      message: `truths ${list(labels.observed)}, expected ${list(labels.expected)}`,
    },
    ...balance.map(({ dimension, healthy, worst }): DecisionReason => {
      const message = healthy ? `as planned in every ${dimension}` : `not as planned in ${dimension} ${worst}`;
      return { rule: 'balance', verdict: verdict(healthy), message };
    }),
  ];
}

/**
 * The end has come without the data for a conclusion about any challenger: that says nothing of the challengers, but that
 * the experiment did not work.
 */
function missingReasons({ metrics, challengers, statisticalTest }: DecisionView): readonly DecisionReason[] {
  const goals = metrics.filter(({ role }) => role === 'goal');
  const each = challengers.map((variant) =>
    goals.flatMap((metric): readonly DecisionReason[] => {
      const test = statisticalTest(metric.name, { variant });
      if (test.status === 'ok') return [];
      const seen = `${test.reference.n} observations of the champion and ${test.candidate.n} of ${variant}`;
      const message = `${metric.name}: the planned end has come with ${seen}: ${test.reason}`;
      return [{ rule: 'missing-data', verdict: 'inconclusive', message, variant, metric: metric.name }];
    }),
  );
  return each.every((reasons) => reasons.length > 0) ? each.flat() : [];
}

/** What must be there before anything is promoted, whatever the metrics say. */
function generalReasons(view: DecisionView): readonly DecisionReason[] {
  const reasons: DecisionReason[] = [];
  const { minDurationMs, elapsedMs } = view;
  if (!view.metrics.some(({ role }) => role === 'goal')) {
    reasons.push({ rule: 'goal', verdict: 'inconclusive', message: 'no metric has the role goal' });
  }
  if (minDurationMs > 0) {
    const message = `${(elapsedMs / DAY).toFixed(2)} of ${(minDurationMs / DAY).toFixed(2)} days`;
    reasons.push({ rule: 'min-duration', verdict: elapsedMs >= minDurationMs ? 'pass' : 'inconclusive', message });
  }
  return reasons;
}

/** What is not proven when the planned end has come is not going to be. */
function atTheEnd(reason: DecisionReason): DecisionReason {
  return reason.verdict === 'inconclusive'
    ? { ...reason, verdict: 'fail', message: `${reason.message} (at the planned end)` }
    : reason;
}

function remaining(view: DecisionView, needs: readonly (readonly (number | undefined)[])[]): Remaining {
  // The nearest challenger, and of its checks the one that takes longest.
  const each = needs.map((parts) =>
    parts.some((p) => p === undefined) ? undefined : Math.max(0, ...(parts as number[])),
  );
  const known = each.filter((n) => n !== undefined);
  const requests = known.length === 0 ? undefined : Math.ceil(Math.min(...known));
  const pace = view.elapsedMs > 0 ? view.requests / view.elapsedMs : 0;
  const wait = Math.max(0, view.minDurationMs - view.elapsedMs) / DAY;
  const days =
    requests === undefined || (requests > 0 && pace === 0)
      ? undefined
      : pace === 0
        ? wait
        : Math.max(wait, requests / pace / DAY);
  return { requests, days };
}
