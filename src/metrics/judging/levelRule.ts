import { asymptoticMeanSequence } from '../../stats/sequential/asymptoticMeanSequence.ts';
import { Moments } from '../../stats/summaries/Moments.ts';
import type { SampleMoments } from '../../stats/types.ts';
import { poolCanaryUnits } from './ClusteredArms.ts';
import { canaryCount, decide, type Finding, type JudgeRule, reasonOf } from './describeCheck.ts';
import type { JudgeRules, MetricEvidence } from './Judge.ts';
import { watchGrowth } from './looks.ts';

/** A mean or root mean square against an absolute limit, by the asymptotic confidence sequence. @internal */
export const levelRule: JudgeRule = {
  check: checkLevel,
  watch: (evidence, rules) => watchGrowth(evidence, () => checkLevel(evidence, rules).verdict),
};

function checkLevel(evidence: MetricEvidence, rules: JudgeRules): Finding {
  const { metric } = evidence;
  const bound = metric.limit as { readonly max?: number; readonly min?: number };
  const upward = bound.max !== undefined;
  const square = metric.kind === 'rmse';
  const root = (x: number): number => (square ? Math.sqrt(Math.max(0, x)) : x);
  const limit = upward ? bound.max! : bound.min!;
  const moments = momentsOf(evidence);
  if (moments === undefined) return { verdict: 'inconclusive', limit, reason: 'waiting: too few units yet' };
  const shared = { nullValue: square ? limit * limit : limit, burnIn: Math.max(10, Math.min(30, rules.minSamples)) };
  const [bad, good] = upward ? (['greater', 'less'] as const) : (['less', 'greater'] as const);
  const beyond = asymptoticMeanSequence(moments, { ...shared, alternative: bad, alpha: rules.alpha });
  const within = asymptoticMeanSequence(moments, { ...shared, alternative: good, alpha: rules.passAlpha });
  if (beyond.status !== 'ok' || within.status !== 'ok') {
    const reason = beyond.status === 'ok' ? 'no data yet' : beyond.reason;
    return { verdict: 'inconclusive', limit, reason: `waiting: ${reason}` };
  }
  const estimate = root(beyond.estimate);
  const lower = root(upward ? beyond.interval[0] : within.interval[0]);
  const upper = root(upward ? within.interval[1] : beyond.interval[1]);
  const [fails, passes] = upward ? [lower > limit, upper < limit] : [upper < limit, lower > limit];
  const verdict = decide(fails, passes, canaryCount(evidence), rules);
  const fail = `${metric.name} ${estimate.toPrecision(4)} (limit ${limit})`;
  return {
    verdict,
    estimate,
    lower,
    upper,
    limit,
    reason: reasonOf(verdict, fail, `${metric.name} surely within its limit`),
  };
}

/** The canary's observations over all stages; where units are the clusters, with the variance that belongs to that. */
function momentsOf({ stages }: MetricEvidence): SampleMoments | undefined {
  const pooled = new Moments();
  for (const stage of stages) pooled.merge(stage.canary.moments);
  if (stages.every(({ clusters }) => clusters === undefined)) return pooled;
  const units = poolCanaryUnits(stages);
  if (units === undefined) return undefined;
  const { n, mean, variance, pivot, offset } = pooled;
  return { n, mean, pivot, offset, variance: Math.max(variance, units.variance) };
}
