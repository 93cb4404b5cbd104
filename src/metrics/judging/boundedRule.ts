import { BettingSequence } from '../../stats/sequential/BettingSequence.ts';
import { add, type BetEvidence } from './BoundedBets.ts';
import { canaryCount, decide, type Finding, type JudgeRule, lacksControl, reasonOf } from './describeCheck.ts';
import type { Verdict } from './HealthCheck.ts';
import type { JudgeRules, MetricEvidence } from './Judge.ts';
import { watchGrowth } from './looks.ts';
import { ratioLimit } from './ratioRule.ts';

/** Bets are exact from the first value on: what they prove needs no minimum of samples. */
const EXACT = 1;

/** A mean of values within a known range, by betting: see `BoundedBets`. @internal */
export const boundedRule: JudgeRule = {
  check: (evidence, rules) => ('relative' in evidence.metric.limit! ? checkRatio : checkLevel)(evidence, rules),
  watch: (evidence, rules) => watchGrowth(evidence, () => look(evidence, rules)),
};

interface Standing {
  readonly fails: boolean;
  readonly passes: boolean;
  /** Bad over good: above 1 the canary is worse than the baseline; the canary's mean where the limit is absolute. */
  readonly estimate: number;
}

function stand(evidence: MetricEvidence, { alpha, passAlpha }: JudgeRules): Standing {
  const { metric, stages } = evidence;
  const relative = 'relative' in metric.limit!;
  const { worse, within } = relative ? stages.map(({ bets }) => bets!.evidence()).reduce(add) : levelEvidence(evidence);
  const [surely, inside] = [worse >= -Math.log(alpha), within >= -Math.log(passAlpha)];
  if (!relative) return { fails: surely, passes: inside, estimate: pooledValues(evidence).mean };
  const estimate = standardisedRatio(evidence);
  const beyond = estimate > ratioLimit(metric);
  return { fails: surely && beyond, passes: inside || (lacksControl(evidence) && !beyond), estimate };
}

/** The canary's values over all stages: no baseline, no mixture. */
function pooledValues({ metric, stages }: MetricEvidence): BettingSequence {
  const pooled = new BettingSequence({ range: metric.range! });
  for (const { bets } of stages) pooled.merge(bets!.alone!);
  return pooled;
}

function levelEvidence(evidence: MetricEvidence): BetEvidence {
  const bound = evidence.metric.limit as { readonly max?: number; readonly min?: number };
  const upward = bound.max !== undefined;
  const nullValue = bound.max ?? bound.min!;
  const values = pooledValues(evidence);
  if (values.n === 0) return { worse: 0, within: 0 };
  const [bad, good] = upward ? (['greater', 'less'] as const) : (['less', 'greater'] as const);
  return {
    worse: values.logEValue({ nullValue, alternative: bad }),
    within: values.logEValue({ nullValue, alternative: good }),
  };
}

function look(evidence: MetricEvidence, rules: JudgeRules): Verdict {
  const { fails, passes } = stand(evidence, rules);
  return decide(fails, passes, canaryCount(evidence), { minSamples: EXACT, passSamples: rules.passSamples });
}

function checkRatio(evidence: MetricEvidence, rules: JudgeRules): Finding {
  const { name } = evidence.metric;
  const limit = ratioLimit(evidence.metric);
  const { estimate } = stand(evidence, rules);
  const verdict = look(evidence, rules);
  if (!Number.isFinite(estimate)) return { verdict, limit, reason: 'waiting: too few samples to compare' };
  const allowed = ((limit - 1) * 100).toFixed(0);
  const fail = `${name} ${((estimate - 1) * 100).toFixed(1)} % worse (limit ${allowed} %)`;
  return { verdict, estimate, limit, reason: reasonOf(verdict, fail, `${name} surely less than ${allowed} % worse`) };
}

function checkLevel(evidence: MetricEvidence, rules: JudgeRules): Finding {
  const { limit: bound, name } = evidence.metric;
  const upward = 'max' in bound!;
  const limit = upward ? bound.max : (bound as { readonly min: number }).min;
  const pooled = pooledValues(evidence);
  const [bad, good] = upward ? (['greater', 'less'] as const) : (['less', 'greater'] as const);
  const beyond = pooled.estimate({ nullValue: limit, alternative: bad, alpha: rules.alpha });
  const within = pooled.estimate({ nullValue: limit, alternative: good, alpha: rules.passAlpha });
  if (beyond.status !== 'ok' || within.status !== 'ok')
    return { verdict: 'inconclusive', limit, reason: 'waiting: no data yet' };
  const verdict = look(evidence, rules);
  const { estimate } = beyond;
  const lower = (upward ? beyond : within).interval[0];
  const upper = (upward ? within : beyond).interval[1];
  const fail = `${name} ${estimate.toPrecision(4)} (limit ${limit})`;
  return { verdict, estimate, lower, upper, limit, reason: reasonOf(verdict, fail, `${name} surely within its limit`) };
}

/** Both means over the same mixture of stages, that of the canary's observations: no drift looks like a difference. */
function standardisedRatio({ metric, stages }: MetricEvidence): number {
  let [canary, baseline] = [0, 0];
  for (const stage of stages) {
    if (stage.canary.n === 0 || stage.baseline.n === 0) continue;
    canary += stage.canary.moments.sum;
    baseline += stage.canary.n * stage.baseline.moments.mean;
  }
  return metric.direction === 'lower' ? canary / baseline : baseline / canary;
}
