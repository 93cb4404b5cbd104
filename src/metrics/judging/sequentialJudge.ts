import { boundedRule } from './boundedRule.ts';
import { canaryCount, describeCheck, type JudgeRule } from './describeCheck.ts';
import type { Judge, MetricEvidence } from './Judge.ts';
import { levelRule } from './levelRule.ts';
import { rateRatioRule } from './rateRatioRule.ts';
import { exceedanceRule, rateRule } from './rateRule.ts';
import { ratioRule } from './ratioRule.ts';

/**
 * The default judge: anytime-valid, so that it may look at every outcome. Relative limits of means and root mean
 * squares by the log-ratio confidence sequence, stages combined by inverse variance, cluster-robust within and over stages
 * where units are sticky; rates, and quantiles by how often they are exceeded, by the beta-mixture e-process; rates
 * against the baseline's by the counts; means of values within a known range by betting; absolute limits of other means
 * by the asymptotic confidence sequence.
 *
 * A metric fails when the canary is surely worse than the baseline, and its estimate is beyond the limit. It passes
 * when the canary is surely within the limit.
 */
export const sequentialJudge: Judge = {
  name: 'sequential',
  check: (evidence, rules) => {
    if (canaryCount(evidence) === 0) {
      return describeCheck(evidence, { verdict: 'no-data', reason: 'waiting: no data yet' });
    }
    const rule = ruleOf(evidence);
    if (rule === undefined) return describeCheck(evidence, { verdict: 'pass', reason: 'no limit' });
    return describeCheck(evidence, rule.check(evidence, rules));
  },
  watch: (evidence, rules) => {
    const look = ruleOf(evidence)?.watch(evidence, rules);
    return () => {
      if (canaryCount(evidence) === 0) return 'no-data';
      return look === undefined ? 'pass' : look();
    };
  },
};

function ruleOf({ metric, stages }: MetricEvidence): JudgeRule | undefined {
  const { limit, kind, direction } = metric;
  const { bets, clusters } = stages[0]!;
  if (limit === undefined) return undefined;
  if (kind === 'quantile') return exceedanceRule;
  if (bets !== undefined) return boundedRule;
  if (!('relative' in limit)) return kind === 'rate' ? rateRule : levelRule;
  // The exact test of counts takes requests for independent.
  return kind === 'rate' && direction === 'lower' && clusters === undefined ? rateRatioRule : ratioRule;
}
