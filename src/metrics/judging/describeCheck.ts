import type { MetricCheck, Verdict } from './HealthCheck.ts';
import type { JudgeRules, MetricEvidence } from './Judge.ts';
import type { StageEvidence } from './StageEvidence.ts';

/** What a judge has found out about a metric; the rest of a check follows from the evidence. */
export interface Finding {
  readonly verdict: Verdict;
  readonly estimate?: number | undefined;
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  readonly limit?: number | undefined;
  readonly needed?: number | undefined;
  readonly reason: string;
}

/** How a judge treats one kind of metric and limit: in full, and as fast as can be. @internal */
export interface JudgeRule {
  check(evidence: MetricEvidence, rules: JudgeRules): Finding;
  watch(evidence: MetricEvidence, rules: JudgeRules): () => Verdict;
}

/** Canary observations over all stages. */
export function canaryCount({ stages }: MetricEvidence): number {
  let n = 0;
  for (let i = 0; i < stages.length; i += 1) n += stages[i]!.canary.n;
  return n;
}

/** The present stage, or the last one before it in which both models were seen: at full weight there is no control. @internal */
export function comparedStage({ stages, stage }: MetricEvidence): StageEvidence {
  const both = ({ canary, baseline }: StageEvidence): boolean => canary.n > 0 && baseline.n > 0;
  const present = stages[stage]!;
  if (present.canary.n === 0 || both(present)) return present;
  return stages.filter(both).at(-1) ?? present;
}

/**
 * Whether the present stage has canary answers and no control: what could be proven against the baseline was proven
 * before, so a pass no longer waits for it.
 * @internal
 */
export function lacksControl({ stages, stage }: MetricEvidence): boolean {
  const { canary, baseline } = stages[stage]!;
  return canary.n > 0 && baseline.n === 0;
}

/** Fail before pass, each with its minimum of samples. @internal */
export function decide(
  fails: boolean,
  passes: boolean,
  n: number,
  { minSamples, passSamples }: Pick<JudgeRules, 'minSamples' | 'passSamples'>,
): Verdict {
  if (fails && n >= minSamples) return 'fail';
  return passes && n >= passSamples ? 'pass' : 'inconclusive';
}

/** The reason of a verdict. @internal */
export function reasonOf(verdict: Verdict, fail: string, pass: string): string {
  if (verdict === 'fail') return fail;
  return verdict === 'pass' ? pass : 'waiting: not proven yet';
}

/** A finding with the metric's name, values and counts. The values are those of the last stage that has any. */
export function describeCheck(evidence: MetricEvidence, finding: Finding): MetricCheck {
  const { metric, stages, guard } = evidence;
  const seen = stages.filter((stage) => stage.canary.n > 0).at(-1) ?? stages[evidence.stage];
  const compared = stages.filter((stage) => stage.canary.n > 0 && stage.baseline.n > 0).at(-1) ?? seen;
  return {
    metric: metric.name,
    verdict: finding.verdict,
    canary: seen?.canary.value,
    baseline: compared?.baseline.value,
    estimate: finding.estimate,
    lower: finding.lower,
    upper: finding.upper,
    limit: finding.limit,
    nCanary: canaryCount(evidence),
    nBaseline: stages.reduce((sum, stage) => sum + stage.baseline.n, 0),
    needed: finding.needed,
    guard,
    dryRun: metric.dryRun,
    critical: metric.critical,
    weight: metric.weight,
    reason: finding.reason,
  };
}
