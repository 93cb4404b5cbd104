import type { InformationEstimate } from '../../stats/sequential/InformationEstimate.ts';
import { informationSequence } from '../../stats/sequential/informationSequence.ts';
import { normalMixtureTest } from '../../stats/sequential/normalMixtureTest.ts';
import type { Metric } from '../Metric.ts';
import { combineStages } from './combineStages.ts';
import { canaryCount, decide, type Finding, type JudgeRule, lacksControl, reasonOf } from './describeCheck.ts';
import type { Verdict } from './HealthCheck.ts';
import type { JudgeRules } from './Judge.ts';
import { watchGrowth } from './looks.ts';

/** The prior of the log-ratio sequence: it is tightest where the ratio is known to about 10 %. */
const RHO = 100 / 11.5;

/** The ratio at which it is too bad, above 1 in the bad direction. */
export function ratioLimit({ limit, direction }: Metric): number {
  const { relative } = limit as { readonly relative: number };
  return direction === 'lower' ? 1 + relative : 1 / (1 - Math.min(relative, 0.999));
}

/**
 * Means and root mean squares against the baseline's: log ratios by the delta method, stages combined by inverse
 * variance, held against the boundary of the normal mixture. Never pooled over stages: neither drift nor a change of
 * weights looks like a difference.
 * @internal
 */
export const ratioRule: JudgeRule = {
  check: (evidence, rules) => {
    const limit = ratioLimit(evidence.metric);
    const combined = combineStages(evidence.stages);
    const worse = informationSequence(combined, { rho: RHO, alpha: rules.alpha, alternative: 'greater' });
    const within = informationSequence(combined, { rho: RHO, alpha: rules.passAlpha, alternative: 'less' });
    if (worse.status !== 'ok' || within.status !== 'ok') {
      return { verdict: 'inconclusive', limit, reason: 'waiting: too few samples to compare' };
    }
    const estimate = Math.exp(worse.estimate);
    const lower = Math.exp(worse.interval[0]);
    const upper = Math.exp(within.interval[1]);
    const n = canaryCount(evidence);
    const passes = upper < limit || (lacksControl(evidence) && estimate <= limit);
    const verdict = decide(lower > 1 && estimate > limit, passes, n, rules);
    const allowed = ((limit - 1) * 100).toFixed(0);
    const reason = reasonOf(
      verdict,
      `${evidence.metric.name} ${((estimate - 1) * 100).toFixed(1)} % worse (limit ${allowed} %)`,
      upper < limit
        ? `${evidence.metric.name} surely less than ${allowed} % worse`
        : `${evidence.metric.name} without control at this weight: it stands as it was proven before`,
    );
    return { verdict, estimate, lower, upper, limit, reason, needed: samplesNeeded(combined, limit, n, rules) };
  },
  watch: (evidence, rules) => {
    const limit = Math.log(ratioLimit(evidence.metric));
    const worse = normalMixtureTest({ rho: RHO, alpha: rules.alpha, alternative: 'greater' });
    const within = normalMixtureTest({ rho: RHO, alpha: rules.passAlpha, alternative: 'less' });
    const { stages } = evidence;
    const verdictOf = (score: number, information: number): Verdict => {
      if (information === 0) return 'inconclusive';
      const fails = score > limit * information && worse(score, information);
      const passes =
        within(score - limit * information, information) || (lacksControl(evidence) && score <= limit * information);
      return decide(fails, passes, canaryCount(evidence), rules);
    };
    if (stages[0]!.clusters !== undefined) {
      return watchGrowth(evidence, () => {
        const { estimate, information } = combineStages(stages);
        return verdictOf(estimate * information, information);
      });
    }
    return () => {
      let information = 0;
      let score = 0;
      for (let i = 0; i < stages.length; i += 1) {
        const { part } = stages[i]!;
        information += part.information;
        score += part.information * part.estimate;
      }
      return verdictOf(score, information);
    };
  },
};

/** How many more canary observations until the upper bound is below the limit, if the estimate stays what it is. */
function samplesNeeded(
  { estimate, information }: InformationEstimate,
  limit: number,
  n: number,
  { passAlpha, passSamples }: JudgeRules,
): Finding['needed'] {
  const gap = estimate - Math.log(limit);
  if (!(gap < 0)) return undefined;
  const within = normalMixtureTest({ rho: RHO, alpha: passAlpha, alternative: 'less' });
  let enough = Math.max(n, passSamples);
  while (enough < 1e12) {
    const grown = (information / n) * enough;
    if (within(gap * grown, grown)) return Math.max(0, Math.ceil(enough - n));
    enough *= 1.05;
  }
  return undefined;
}
