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
