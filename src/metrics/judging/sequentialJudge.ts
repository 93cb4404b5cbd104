import type { Metric } from '../Metric.ts';
import { canaryCount, describeCheck, type JudgeRule } from './describeCheck.ts';
import type { Judge } from './Judge.ts';
import { levelRule } from './levelRule.ts';
import { rateRatioRule } from './rateRatioRule.ts';
import { exceedanceRule, rateRule } from './rateRule.ts';
import { ratioRule } from './ratioRule.ts';

/**
 * The default judge: anytime-valid, so that it may look at every outcome. Relative limits of means and root mean
 * squares by the log-ratio confidence sequence, stages combined by inverse variance, cluster-robust where units are
 * sticky; rates, and quantiles by how often they are exceeded, by the beta-mixture e-process; rates against the
 * baseline's by the counts; absolute limits of means by the asymptotic confidence sequence.
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
    const rule = ruleOf(evidence.metric);
    if (rule === undefined) return describeCheck(evidence, { verdict: 'pass', reason: 'no limit' });
    return describeCheck(evidence, rule.check(evidence, rules));
  },
  watch: (evidence, rules) => {
    const look = ruleOf(evidence.metric)?.watch(evidence, rules);
    return () => {
      if (canaryCount(evidence) === 0) return 'no-data';
      return look === undefined ? 'pass' : look();
    };
  },
};

function ruleOf({ limit, kind, direction }: Metric): JudgeRule | undefined {
  if (limit === undefined) return undefined;
  if (kind === 'quantile') return exceedanceRule;
  if ('relative' in limit) return kind === 'rate' && direction === 'lower' ? rateRatioRule : ratioRule;
  return kind === 'rate' ? rateRule : levelRule;
}
