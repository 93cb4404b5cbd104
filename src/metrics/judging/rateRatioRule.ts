import { type RateEpoch, rateRatioLogEValue, rateRatioSequence } from '../../stats/sequential/rateRatioSequence.ts';
import { canaryCount, decide, type JudgeRule, lacksControl, reasonOf } from './describeCheck.ts';
import type { Verdict } from './HealthCheck.ts';
import type { JudgeRules, MetricEvidence } from './Judge.ts';
import { watchGrowth } from './looks.ts';
import { ratioLimit } from './ratioRule.ts';
import type { StageEvidence } from './StageEvidence.ts';

/**
 * A rate of something bad against the baseline's: by the counts alone, which is exact from the first event on, and made
 * for rare ones.
 * @internal
 */
export const rateRatioRule: JudgeRule = {
  check: (evidence, rules) => {
    const limit = ratioLimit(evidence.metric);
    const epochs = epochsOf(evidence);
    const n = canaryCount(evidence);
    const waiting = { verdict: 'inconclusive', limit, reason: 'waiting: too few events to compare' } as const;
    if (epochs.length === 0) return waiting;
    const worse = rateRatioSequence(epochs, { alpha: rules.alpha, alternative: 'greater' });
    const within = rateRatioSequence(epochs, { alpha: rules.passAlpha, alternative: 'less', nullValue: limit });
    if (worse.status !== 'ok' || within.status !== 'ok') return waiting;
    const { estimate } = worse;
    const [lower, upper] = [worse.interval[0], within.interval[1]];
    const fails = worse.logEValue! >= -Math.log(rules.alpha) && estimate > limit;
    const passes = within.logEValue! >= -Math.log(rules.passAlpha) || (lacksControl(evidence) && estimate <= limit);
    const verdict = decide(fails, passes, n, rules);
    const allowed = ((limit - 1) * 100).toFixed(0);
    const percent = ((estimate - 1) * 100).toFixed(0);
    const fail = `${evidence.metric.name} ${percent} % above the baseline's (limit ${allowed} %)`;
    const reason = reasonOf(
      verdict,
      fail,
      `${evidence.metric.name} surely less than ${allowed} % above the baseline's`,
    );
    return { verdict, estimate, lower, upper, limit, reason };
  },
  watch: (evidence, rules) => watchGrowth(evidence, () => look(evidence, rules)),
};

function look(evidence: MetricEvidence, rules: JudgeRules): Verdict {
  const limit = ratioLimit(evidence.metric);
  const epochs = epochsOf(evidence);
  if (epochs.length === 0) return 'inconclusive';
  const worse = rateRatioLogEValue(epochs, { alternative: 'greater' }) >= -Math.log(rules.alpha);
  const within = rateRatioLogEValue(epochs, { alternative: 'less', nullValue: limit }) >= -Math.log(rules.passAlpha);
  const control = !lacksControl(evidence);
  if (!worse && !within && control) return 'inconclusive';
  const estimate = rateRatioSequence(epochs, { alternative: 'greater' });
  const beyond = estimate.status === 'ok' && estimate.estimate > limit;
  return decide(worse && beyond, within || (!control && !beyond), canaryCount(evidence), rules);
}

function epochsOf({ stages }: MetricEvidence): RateEpoch[] {
  return stages.flatMap(({ canary, baseline }: StageEvidence) => {
    if (canary.n === 0 || baseline.n === 0) return [];
    const first = { successes: Math.round(canary.moments.sum), trials: canary.n };
    return [{ first, second: { successes: Math.round(baseline.moments.sum), trials: baseline.n } }];
  });
}
