import { checkBoolean, checkFinite, checkInteger, checkOptions, checkProbability } from '../../core/check.ts';
import { mannWhitneyTest } from '../../stats/tests/mannWhitneyTest.ts';
import { comparedStage, describeCheck, type Finding } from './describeCheck.ts';
import type { Judge, JudgeRules, MetricEvidence } from './Judge.ts';
import { classifyMetric } from './kayenta/classifyMetric.ts';
import { watchDoublings } from './looks.ts';
import { ratioLimit } from './ratioRule.ts';
import { thresholdJudge } from './thresholdJudge.ts';
import { tooFewForRanks } from './tooFewForRanks.ts';

/** Options of `mannWhitneyJudge`. */
export interface MannWhitneyJudgeOptions {
  /** The confidence level of the interval of the shift. @defaultValue 0.98 */
  readonly level?: number;
  /** How far the interval must be from 0, as a part of the estimated shift itself. @defaultValue 0.25 */
  readonly tolerance?: number;
  /** Values kept of each metric, model and stage; a random sample beyond. @defaultValue 500 */
  readonly sampleSize?: number;
  /**
   * Whether to say what Kayenta's own judge says, its root finder's tolerance and its verdicts at two values included.
   * Left out: exact order statistics, which do not depend on the unit of the data. @defaultValue false
   */
  readonly compat?: boolean;
}

/**
 * Netflix and Google's Kayenta judge, with exact order statistics: a metric fails when the Mann-Whitney confidence
 * interval of the canary's shift lies beyond 25 % of the estimated shift on the bad side, and the ratio of the means is
 * beyond the limit. It passes otherwise, proven or not: that is Kayenta's rule. It compares within the present stage,
 * when that has its minimum of samples and whenever they have doubled. Take the sequential judge unless you must
 * reproduce Kayenta: `compat` does so to the letter.
 *
 * Without `compat` it says nothing while even the most extreme order of the samples could not be significant.
 *
 * @throws InvalidOptionError
 * @see Hollander & Wolfe (1999), Nonparametric Statistical Methods, 2nd ed., section 4.3
 */
export function mannWhitneyJudge(options: MannWhitneyJudgeOptions = {}): Judge {
  checkOptions('options', options, ['level', 'tolerance', 'sampleSize', 'compat']);
  const compat = checkBoolean('compat', options.compat ?? false);
  const level = checkProbability('level', options.level ?? 0.98);
  const tolerance = checkFinite('tolerance', options.tolerance ?? 0.25, { ge: 0 });
  const sampleSize = checkInteger('sampleSize', options.sampleSize ?? 500, { ge: 2 });
  const check: Judge['check'] = (evidence, rules) => {
    const { metric } = evidence;
    if (metric.kind === 'rate' || metric.limit === undefined || !('relative' in metric.limit)) {
      return thresholdJudge.check(evidence, rules);
    }
    return describeCheck(evidence, (compat ? asKayenta : byOrder)(evidence, rules, level, tolerance));
  };
  return {
    name: 'mann-whitney',
    sampleSize,
    check,
    watch: (evidence, rules) => watchDoublings(check, evidence, rules),
  };
}

/** A way to hold one metric's samples of the present stage against each other. */
type Comparison = (evidence: MetricEvidence, rules: JudgeRules, level: number, tolerance: number) => Finding;

/** By the exact order statistics of the differences. */
const byOrder: Comparison = (evidence, rules, level, tolerance) => {
  const { metric } = evidence;
  const { canary, baseline } = comparedStage(evidence);
  const limit = ratioLimit(metric);
  const few = Math.min(canary.n, baseline.n) < 2 || tooFewForRanks(canary.n, baseline.n, level);
  if (canary.n < rules.minSamples || few) return tooFew(limit, canary.n, rules);
  const test = mannWhitneyTest(canary.sample, baseline.sample, { level });
  const lower = metric.direction === 'lower';
  const [x, y] = [canary.value ?? Number.NaN, baseline.value ?? Number.NaN];
  const estimate = lower ? x / y : y / x;
  if (test.status !== 'ok') return { verdict: 'pass', estimate, limit, reason: `${metric.name}: ${test.reason}` };
  const end = lower ? test.interval[0] : -test.interval[1];
  const fails = end > tolerance * Math.abs(test.estimate) && estimate > limit;
  return { verdict: fails ? 'fail' : 'pass', estimate, limit, reason: reasonOf(metric.name, estimate, limit) };
};

/** By Kayenta's own way. */
const asKayenta: Comparison = (evidence, rules, level, tolerance) => {
  const { metric } = evidence;
  const { canary, baseline } = comparedStage(evidence);
  const limit = ratioLimit(metric);
  if (canary.n < rules.minSamples || baseline.n === 0) return tooFew(limit, canary.n, rules);
  const lower = metric.direction === 'lower';
  const { classification, deviation } = classifyMetric(Array.from(baseline.sample), Array.from(canary.sample), {
    direction: lower ? 'increase' : 'decrease',
    confLevel: level,
    tolerance,
    effectSizeThresholds: [1 / limit, limit],
  });
  const estimate = lower ? deviation : 1 / deviation;
  const said = `${metric.name} ${classification}`;
  const reason = Number.isNaN(estimate) ? said : `${said}: ${reasonOf(metric.name, estimate, limit)}`;
  const shown = Number.isNaN(estimate) ? {} : { estimate };
  return { verdict: classification === 'Pass' ? 'pass' : 'fail', ...shown, limit, reason };
};

function tooFew(limit: number, n: number, { minSamples }: JudgeRules): Finding {
  const reason = n < minSamples ? `waiting: ${n} of ${minSamples} samples` : 'waiting: too few samples to rank';
  return { verdict: 'inconclusive', limit, reason };
}

function reasonOf(name: string, estimate: number, limit: number): string {
  return `${name} ${((estimate - 1) * 100).toFixed(1)} % worse (limit ${((limit - 1) * 100).toFixed(0)} %)`;
}
