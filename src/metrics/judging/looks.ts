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
 * observations have grown by 2 % or so. When that is depends on their number alone, so that a restored deployment looks when
 * the other one would have.
 * @internal
 */
export function watchGrowth(evidence: MetricEvidence, look: () => Verdict): () => Verdict {
  return () => (isLook(canaryCount(evidence)) ? look() : 'inconclusive');
}

/** Every number below 128; then every 2nd, from 256 on every 4th, and so on. */
function isLook(n: number): boolean {
  return n < 128 || n % 2 ** (Math.floor(Math.log2(n)) - 6) === 0;
}
