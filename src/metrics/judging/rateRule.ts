import { formatPercent } from '../../core/text/formatPercent.ts';
import { betaMixtureEProcess, betaMixtureLogEValue } from '../../stats/sequential/betaMixtureEProcess.ts';
import type { Proportion } from '../../stats/types.ts';
import type { Metric } from '../Metric.ts';
import { poolCanaryUnits } from './ClusteredArms.ts';
import { decide, type Finding, type JudgeRule, reasonOf } from './describeCheck.ts';
import type { Verdict } from './HealthCheck.ts';
import type { JudgeRules, MetricEvidence } from './Judge.ts';
import { watchGrowth } from './looks.ts';

/** A rate with its limit: at most it, or (`upward` false) at least it. */
interface BoundedRate {
  readonly limit: number;
  readonly upward: boolean;
  /** The counts as they now are. */
  readonly counts: () => Proportion;
}

/** The e-process is exact from the first request on: what it proves needs no minimum of samples. */
const EXACT = 1;

/** A rate against an absolute limit, by the beta-mixture e-process. @internal */
export const rateRule: JudgeRule = {
  check: (evidence, rules) => checkRate(evidence, rateOf(evidence), rules),
  watch: (evidence, rules) => watch(evidence, rateOf(evidence), rules),
};

/**
 * A quantile against a limit, by the share of values beyond it: the 95th percentile is within its limit as long as no
 * more than 5 % of the values are beyond. Against the baseline, the limit is what the baseline's quantile surely does
 * not exceed, times what is allowed; see `StageEvidence`.
 * @internal
 */
export const exceedanceRule: JudgeRule = {
  check: (evidence, rules) => {
    const { metric } = evidence;
    const rate = exceedanceOf(evidence);
    const { successes, trials } = rate.counts();
    if (trials === 0)
      return { verdict: 'inconclusive', limit: rate.limit, reason: 'waiting: the limit is not known yet' };
    const finding = checkRate(evidence, rate, halved(evidence, rules));
    const share = formatPercent(successes / trials);
    const reason = `${metric.name}: ${share} of requests beyond the limit (allowed ${formatPercent(rate.limit)})`;
    return finding.verdict === 'fail' ? { ...finding, reason } : finding;
  },
  watch: (evidence, rules) => watch(evidence, exceedanceOf(evidence), halved(evidence, rules)),
};

/** The other half of the budget bounds the baseline's quantile. */
function halved({ metric }: MetricEvidence, rules: JudgeRules): JudgeRules {
  return 'relative' in metric.limit! ? { ...rules, alpha: rules.alpha / 2 } : rules;
}

function rateOf({ metric, stages }: MetricEvidence): BoundedRate {
  const bound = metric.limit as { readonly max?: number; readonly min?: number };
  const counts = (): Proportion => {
    let successes = 0;
    let trials = 0;
    for (let i = 0; i < stages.length; i += 1) {
      const { moments } = stages[i]!.canary;
      successes += moments.sum;
      trials += moments.n;
    }
    return { successes: Math.round(successes), trials };
  };
  return { limit: bound.max ?? bound.min!, upward: bound.max !== undefined, counts };
}

function exceedanceOf({ metric, stages }: MetricEvidence): BoundedRate {
  const { direction, quantile } = metric as Metric & { readonly quantile: number };
  const counts = (): Proportion => {
    let successes = 0;
    let trials = 0;
    for (let i = 0; i < stages.length; i += 1) {
      successes += stages[i]!.exceedance!.beyond;
      trials += stages[i]!.exceedance!.trials;
    }
    return { successes, trials };
  };
  return { limit: direction === 'lower' ? 1 - quantile : quantile, upward: true, counts };
}

function checkRate(evidence: MetricEvidence, { limit, upward, counts }: BoundedRate, rules: JudgeRules): Finding {
  const rate = effectiveCounts(evidence, counts());
  if (rate === undefined) return { verdict: 'inconclusive', limit, reason: 'waiting: too few units yet' };
  const { name } = evidence.metric;
  const { alpha, passAlpha } = rules;
  const [bad, good] = upward ? (['greater', 'less'] as const) : (['less', 'greater'] as const);
  const beyond = evaluate(rate, limit, bad, alpha);
  const within = evaluate(rate, limit, good, passAlpha);
  if (beyond?.status !== 'ok') return { verdict: 'no-data', limit, reason: 'waiting: no data yet' };
  const estimate = rate.successes / rate.trials;
  const fails = beyond.logEValue! >= -Math.log(alpha);
  const passes = within?.status === 'ok' && within.logEValue! >= -Math.log(passAlpha);
  const verdict = decide(fails, passes, rate.trials, { minSamples: EXACT, passSamples: rules.passSamples });
  const fail = `${name} ${formatPercent(estimate, { decimals: 2 })} (limit ${upward ? 'at most' : 'at least'} ${formatPercent(limit, { decimals: 2 })})`;
  const inside = within?.status === 'ok' ? within.interval : ([0, 1] as const);
  const lower = upward ? beyond.interval[0] : inside[0];
  const upper = upward ? inside[1] : beyond.interval[1];
  return { verdict, estimate, lower, upper, limit, reason: reasonOf(verdict, fail, `${name} surely within its limit`) };
}

/**
 * The counts, as many as they are worth: where units are sticky, divided by how much more the rate varies between units
 * than between requests. Undefined while the units are too few to know that.
 *
 * @see Rao & Scott (1992), Biometrics 48(2), doi:10.2307/2532311
 */
function effectiveCounts({ stages }: MetricEvidence, rate: Proportion): Proportion | undefined {
  if (stages[0]!.clusters === undefined || rate.trials === 0) return rate;
  const units = poolCanaryUnits(stages);
  if (units === undefined) return undefined;
  const share = rate.successes / rate.trials;
  const independent = share * (1 - share);
  const effect = independent > 0 ? Math.max(1, units.variance / independent) : 1;
  return { successes: Math.round(rate.successes / effect), trials: Math.round(rate.trials / effect) };
}

/** Undefined where no rate could be on that side of the limit. */
function evaluate(rate: Proportion, limit: number, alternative: 'greater' | 'less', alpha: number) {
  if (limit === (alternative === 'greater' ? 1 : 0)) return undefined;
  return betaMixtureEProcess(rate, { nullValue: limit, alternative, alpha });
}

function watch(evidence: MetricEvidence, rate: BoundedRate, rules: JudgeRules): () => Verdict {
  if (evidence.stages[0]!.clusters === undefined) return watchRate(rate, rules, evidence.guard);
  return watchGrowth(evidence, () => {
    const { verdict } = checkRate(evidence, rate, rules);
    return verdict === 'no-data' && evidence.guard ? 'inconclusive' : verdict;
  });
}

/**
 * Looks only when the e-value could have crossed since the last look: one more bad outcome multiplies it by at most one
 * over the limit, a good one makes it smaller. So it says what a look at every outcome would say.
 */
function watchRate({ limit, upward, counts }: BoundedRate, rules: JudgeRules, guard: boolean): () => Verdict {
  const { passSamples, alpha, passAlpha } = rules;
  const [bad, good] = upward ? (['greater', 'less'] as const) : (['less', 'greater'] as const);
  const share = upward ? limit : 1 - limit;
  const fail = { threshold: -Math.log(alpha), step: -Math.log(share), next: 0 };
  const pass = { threshold: -Math.log(passAlpha), step: -Math.log(1 - share), next: 0 };
  const crossed = (
    watched: { readonly threshold: number; readonly step: number; next: number },
    count: number,
    rate: Proportion,
    alternative: 'greater' | 'less',
  ): boolean => {
    if (count < watched.next || !(watched.step > 0)) return false;
    const logEValue = betaMixtureLogEValue(rate, { nullValue: limit, alternative });
    if (logEValue >= watched.threshold) return true;
    watched.next = count + Math.max(1, Math.ceil((watched.threshold - logEValue) / watched.step));
    return false;
  };
  return () => {
    const rate = counts();
    const { trials } = rate;
    if (trials === 0) return guard ? 'inconclusive' : 'no-data';
    const failures = upward ? rate.successes : trials - rate.successes;
    if (failures > share * trials) return crossed(fail, failures, rate, bad) ? 'fail' : 'inconclusive';
    if (guard || trials < passSamples) return 'inconclusive';
    return crossed(pass, trials - failures, rate, good) ? 'pass' : 'inconclusive';
  };
}
