import { normalDistribution } from '../../stats/distributions/normalDistribution.ts';
import { combineStages } from './combineStages.ts';
import { canaryCount, decide, describeCheck, type Finding, reasonOf } from './describeCheck.ts';
import type { Judge, JudgeRules, MetricEvidence } from './Judge.ts';
import { watchDoublings } from './looks.ts';
import { ratioLimit } from './ratioRule.ts';
import { thresholdJudge } from './thresholdJudge.ts';

/**
 * Fixed-sample confidence intervals of the ratio of means with unequal variances (Welch's, on the log scale, stages
 * combined by inverse variance). Not valid at every look: it looks when a stage has its minimum of samples, and whenever
 * they have doubled, each time with the whole error probability. Absolute limits and quantiles are left to the
 * threshold judge. Take the sequential judge unless you must reproduce something.
 *
 * @see Welch (1947), Biometrika 34, doi:10.1093/biomet/34.1-2.28
 */
export const welchJudge: Judge = {
  name: 'welch',
  check: checkWelch,
  watch: (evidence, rules) => watchDoublings(checkWelch, evidence, rules),
};

function checkWelch(evidence: MetricEvidence, rules: JudgeRules) {
  const { metric } = evidence;
  const ratio = metric.limit !== undefined && 'relative' in metric.limit && metric.kind !== 'quantile';
  if (!ratio || canaryCount(evidence) < rules.minSamples) return thresholdJudge.check(evidence, rules);
  return describeCheck(evidence, interval(evidence, rules));
}

function interval(evidence: MetricEvidence, rules: JudgeRules): Finding {
  const limit = ratioLimit(evidence.metric);
  const { estimate, information } = combineStages(evidence.stages);
  if (information === 0) return { verdict: 'inconclusive', limit, reason: 'waiting: too few samples to compare' };
  const error = 1 / Math.sqrt(information);
  const lower = Math.exp(estimate + normalDistribution.quantile(rules.alpha) * error);
  const upper = Math.exp(estimate - normalDistribution.quantile(rules.passAlpha) * error);
  const value = Math.exp(estimate);
  const n = canaryCount(evidence);
  const verdict = decide(lower > 1 && value > limit, upper < limit, n, rules);
  const allowed = ((limit - 1) * 100).toFixed(0);
  const fail = `${evidence.metric.name} ${((value - 1) * 100).toFixed(1)} % worse (limit ${allowed} %)`;
  const reason = reasonOf(verdict, fail, `${evidence.metric.name} less than ${allowed} % worse`);
  return { verdict, estimate: value, lower, upper, limit, reason };
}
