import { canaryCount, comparedStage, describeCheck, type Finding } from './describeCheck.ts';
import type { Judge, MetricEvidence } from './Judge.ts';
import { ratioLimit } from './ratioRule.ts';

/**
 * The notebook's judge: point estimates against limits, no uncertainty. Looked at often, it rolls most healthy canaries
 * back; it is here to reproduce what others do. Too few samples are inconclusive, unlike there.
 */
export const thresholdJudge: Judge = {
  name: 'threshold',
  check: (evidence, { minSamples }) => {
    const n = canaryCount(evidence);
    if (n === 0) return describeCheck(evidence, { verdict: 'no-data', reason: 'waiting: no data yet' });
    if (n >= minSamples) return describeCheck(evidence, point(evidence));
    const reason = `waiting: ${n} of ${minSamples} samples`;
    return describeCheck(evidence, { verdict: 'inconclusive', needed: minSamples - n, reason });
  },
};

function point(evidence: MetricEvidence): Finding {
  const { metric } = evidence;
  const { limit, direction } = metric;
  const { canary, baseline } = comparedStage(evidence);
  if (limit === undefined || canary.value === undefined) return { verdict: 'pass', reason: 'no limit' };
  if (!('relative' in limit)) {
    const bound = 'max' in limit ? limit.max : limit.min;
    const beyond = 'max' in limit ? canary.value > bound : canary.value < bound;
    const reason = `${metric.name} ${canary.value.toPrecision(4)} (limit ${bound})`;
    return { verdict: beyond ? 'fail' : 'pass', estimate: canary.value, limit: bound, reason };
  }
  if (baseline.value === undefined) return { verdict: 'no-data', reason: 'waiting: no baseline yet' };
  const estimate = direction === 'lower' ? canary.value / baseline.value : baseline.value / canary.value;
  const bound = ratioLimit(metric);
  const reason = `${metric.name} ${((estimate - 1) * 100).toFixed(1)} % worse (limit ${((bound - 1) * 100).toFixed(0)} %)`;
  return { verdict: estimate > bound ? 'fail' : 'pass', estimate, limit: bound, reason };
}
