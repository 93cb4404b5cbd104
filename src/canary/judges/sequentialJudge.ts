import type { Metric } from '../../metrics/Metric.ts';
import { asymptoticMeanSequence, betaMixtureEProcess, stagedLogRatioSequence } from '../../stats/sequential/index.ts';
import { Moments } from '../../stats/summaries/Moments.ts';
import type { EstimateResult, SampleMoments } from '../../stats/types.ts';
import type { CanaryJudge, JudgeRules, MetricEvidence } from './CanaryJudge.ts';
import { countOf, describeCheck, type Finding } from './describeCheck.ts';

/** The prior of the log-ratio sequence: it is tightest where the ratio is known to about 10 %. */
const RHO = 100 / 11.5;

/**
 * The default judge: anytime-valid, so that it may look at every outcome. Relative limits of means and root mean
 * squares by the log-ratio confidence sequence, stages combined by inverse variance; rates, and quantiles by how often
 * they are exceeded, by the beta-mixture e-process; absolute limits of means by the asymptotic confidence sequence.
 *
 * A metric fails when the canary is surely worse than the baseline, and its estimate is beyond the limit. It passes
 * when the canary is surely within the limit.
 */
export const sequentialJudge: CanaryJudge = {
  name: 'sequential',
  check: (evidence, rules) => {
    const { metric } = evidence;
    const { limit } = metric;
    const count = countOf(evidence);
    if (count.canary === 0) return describeCheck(evidence, { verdict: 'no-data', reason: 'waiting: no data yet' });
    if (limit === undefined) return describeCheck(evidence, { verdict: 'pass', reason: 'no limit' });
    if (metric.kind === 'quantile') return describeCheck(evidence, exceedance(evidence, rules));
    if ('relative' in limit) return describeCheck(evidence, ratio(evidence, rules, limit.relative));
    if (metric.kind === 'rate') return describeCheck(evidence, rate(evidence, rules));
    return describeCheck(evidence, level(evidence, rules));
  },
};

function decide(
  fails: boolean,
  passes: boolean,
  n: number,
  rules: JudgeRules,
  texts: { readonly fail: string; readonly pass: string },
): Pick<Finding, 'verdict' | 'reason'> {
  if (fails && n >= rules.minSamples) return { verdict: 'fail', reason: texts.fail };
  if (passes && n >= rules.passSamples) return { verdict: 'pass', reason: texts.pass };
  return { verdict: 'inconclusive', reason: 'waiting: not proven yet' };
}

/** Both orders of a pair, so that above 1 is always worse. */
function oriented(
  metric: Metric,
  canary: SampleMoments,
  baseline: SampleMoments,
): readonly [SampleMoments, SampleMoments] {
  return metric.direction === 'lower' ? [canary, baseline] : [baseline, canary];
}

function ratio(evidence: MetricEvidence, rules: JudgeRules, relative: number): Finding {
  const { metric } = evidence;
  const exponent = metric.kind === 'rmse' ? 0.5 : 1;
  const limit = metric.direction === 'lower' ? 1 + relative : 1 / (1 - Math.min(relative, 0.999));
  const pairs = evidence.stages.map(({ canary, baseline }) => oriented(metric, canary.moments, baseline.moments));
  const n = countOf(evidence).canary;
  const shared = { rho: RHO, exponent, burnIn: Math.min(10, rules.minSamples), stageBurnIn: 10 };
  const worse = stagedLogRatioSequence(pairs, { ...shared, alternative: 'greater', alpha: rules.alpha });
  if (worse.status === 'inconclusive') return { verdict: 'inconclusive', limit, reason: `waiting: ${worse.reason}` };
  const within = stagedLogRatioSequence(pairs, {
    ...shared,
    alternative: 'less',
    alpha: rules.passAlpha,
  }) as typeof worse;
  const [estimate, lower, upper] = [worse.estimate, worse.interval[0], within.interval[1]];
  const percent = `${((estimate - 1) * 100).toFixed(1)} % worse`;
  const outcome = decide(lower > 1 && estimate > limit, upper < limit, n, rules, {
    fail: `${metric.name} ${percent} (limit ${((limit - 1) * 100).toFixed(0)} %)`,
    pass: `${metric.name} surely less than ${((limit - 1) * 100).toFixed(0)} % worse`,
  });
  return { ...outcome, estimate, lower, upper, limit, needed: samplesNeeded(worse, limit, n, rules) };
}

/** How many more canary observations until the upper bound is below the limit, if the estimate stays what it is. */
function samplesNeeded(
  { estimate, standardError = Number.NaN }: Extract<EstimateResult, { status: 'ok' }>,
  limit: number,
  n: number,
  { passAlpha, passSamples }: JudgeRules,
): number | undefined {
  const room = Math.log(limit / estimate);
  if (!(room > 0) || !(standardError > 0)) return undefined;
  const perSample = 1 / (standardError * standardError) / n;
  const proven = (samples: number): boolean => {
    const v = perSample * samples;
    const bound = Math.sqrt(2 * (v + RHO) * Math.log(Math.sqrt((v + RHO) / RHO) / (2 * passAlpha) + 1)) / v;
    return bound < room;
  };
  let enough = Math.max(n, passSamples);
  while (!proven(enough) && enough < 1e12) enough *= 1.1;
  return enough < 1e12 ? Math.max(0, Math.ceil(enough - n)) : undefined;
}

function rate(evidence: MetricEvidence, rules: JudgeRules): Finding {
  const { metric } = evidence;
  const canary = new Moments();
  for (const stage of evidence.stages) canary.merge(stage.canary.moments);
  return boundedRate(metric, Math.round(canary.sum), canary.n, rules);
}

function boundedRate(metric: Metric, successes: number, trials: number, rules: JudgeRules): Finding {
  const bound = metric.limit as { max?: number; min?: number };
  const upward = bound.max !== undefined;
  const limit = upward ? bound.max! : bound.min!;
  const bad = upward ? 'greater' : 'less';
  const beyond = betaMixtureEProcess({ successes, trials }, { nullValue: limit, alternative: bad, alpha: rules.alpha });
  const within = betaMixtureEProcess(
    { successes, trials },
    { nullValue: limit, alternative: upward ? 'less' : 'greater', alpha: rules.passAlpha },
  );
  if (beyond.status !== 'ok' || within.status !== 'ok')
    return { verdict: 'no-data', limit, reason: 'waiting: no data yet' };
  const estimate = successes / trials;
  const fails = beyond.logEValue! >= -Math.log(rules.alpha);
  const passes = within.logEValue! >= -Math.log(rules.passAlpha);
  const percent = `${(estimate * 100).toFixed(2)} % (limit ${upward ? 'at most' : 'at least'} ${(limit * 100).toFixed(2)} %)`;
  // The e-process is exact from the first request on: what it proves needs no minimum of samples.
  const early = { ...rules, minSamples: 1 };
  const texts = { fail: `${metric.name} ${percent}`, pass: `${metric.name} surely within its limit` };
  const outcome = decide(fails, passes, trials, early, texts);
  const lower = upward ? beyond.interval[0] : within.interval[0];
  const upper = upward ? within.interval[1] : beyond.interval[1];
  return { ...outcome, estimate, lower, upper, limit };
}

function exceedance(evidence: MetricEvidence, rules: JudgeRules): Finding {
  const { metric } = evidence;
  const allowed = 1 - (metric.quantile as number);
  const beyond = evidence.stages.reduce((sum, stage) => sum + stage.beyond, 0);
  const trials = countOf(evidence).canary;
  const shares = { ...metric, limit: { max: allowed } } as Metric;
  const finding = boundedRate(shares, beyond, trials, rules);
  const reason =
    finding.verdict === 'fail'
      ? `${metric.name}: ${((100 * beyond) / trials).toFixed(1)} % of requests beyond the limit (allowed ${(100 * allowed).toFixed(1)} %)`
      : finding.reason;
  return { ...finding, reason };
}

function level(evidence: MetricEvidence, rules: JudgeRules): Finding {
  const { metric } = evidence;
  const bound = metric.limit as { max?: number; min?: number };
  const upward = bound.max !== undefined;
  const square = metric.kind === 'rmse';
  const root = (x: number): number => (square ? Math.sqrt(Math.max(0, x)) : x);
  const limit = upward ? bound.max! : bound.min!;
  const nullValue = square ? limit * limit : limit;
  const canary = new Moments();
  for (const stage of evidence.stages) canary.merge(stage.canary.moments);
  const shared = { nullValue, burnIn: Math.min(10, rules.minSamples) };
  const bad = upward ? 'greater' : 'less';
  const beyond = asymptoticMeanSequence(canary, { ...shared, alternative: bad, alpha: rules.alpha });
  const within = asymptoticMeanSequence(canary, {
    ...shared,
    alternative: upward ? 'less' : 'greater',
    alpha: rules.passAlpha,
  });
  if (beyond.status !== 'ok' || within.status !== 'ok') {
    const reason = beyond.status === 'ok' ? 'no data yet' : beyond.reason;
    return { verdict: 'inconclusive', limit, reason: `waiting: ${reason}` };
  }
  const [estimate] = [root(beyond.estimate)];
  const lower = root(upward ? beyond.interval[0] : within.interval[0]);
  const upper = root(upward ? within.interval[1] : beyond.interval[1]);
  const fails = upward ? lower > limit : upper < limit;
  const passes = upward ? upper < limit : lower > limit;
  const texts = {
    fail: `${metric.name} ${estimate.toPrecision(4)} (limit ${limit})`,
    pass: `${metric.name} surely within its limit`,
  };
  return { ...decide(fails, passes, canary.n, rules, texts), estimate, lower, upper, limit };
}
