import { canaryCount } from './describeCheck.ts';
import type { Verdict } from './HealthCheck.ts';
import type { Judge, JudgeRules, MetricEvidence } from './Judge.ts';

/**
 * The watch of a judge that is not valid at every look: it looks when the present stage has its minimum of samples, and
 * whenever they have doubled.
 * @internal
 */
export function watchDoublings(check: Judge['check'], evidence: MetricEvidence, rules: JudgeRules): () => Verdict {
  let stage = -1;
  let next = rules.minSamples;
  let last: Verdict = 'inconclusive';
  return () => {
    if (evidence.stage !== stage) {
      stage = evidence.stage;
      next = rules.minSamples;
      last = 'inconclusive';
    }
    const n = evidence.stages[stage]!.canary.n;
    if (n < next) return last;
    while (next <= n) next *= 2;
    last = check(evidence, rules).verdict;
    return last;
  };
}

/**
 * The watch of a rule that is valid at every look but costs more than an outcome may: it looks whenever the canary's
 * observations have grown by 2 %.
 * @internal
 */
export function watchGrowth(evidence: MetricEvidence, look: () => Verdict): () => Verdict {
  let next = 0;
  return () => {
    const n = canaryCount(evidence);
    if (n < next) return 'inconclusive';
    const verdict = look();
    // What was found must be found again at the same evidence.
    next = verdict === 'pass' || verdict === 'fail' ? 0 : n + Math.max(1, Math.floor(n / 50));
    return verdict;
  };
}
