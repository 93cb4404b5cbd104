import type { CanaryVerdict } from '../CanaryState.ts';
import type { MetricCheck } from '../HealthCheck.ts';
import type { MetricEvidence } from './CanaryJudge.ts';

/** What a judge has found out about a metric; the rest of a check follows from the evidence. */
export interface Finding {
  readonly verdict: CanaryVerdict;
  readonly estimate?: number | undefined;
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  readonly limit?: number | undefined;
  readonly needed?: number | undefined;
  readonly reason: string;
}

/** Observations of both models over all stages. */
export function countOf({ stages }: MetricEvidence): { readonly canary: number; readonly baseline: number } {
  let canary = 0;
  let baseline = 0;
  for (const stage of stages) {
    canary += stage.canary.n;
    baseline += stage.baseline.n;
  }
  return { canary, baseline };
}

/** A finding with the metric's name, values and counts. The values are those of the last stage that has any. */
export function describeCheck(evidence: MetricEvidence, finding: Finding): MetricCheck {
  const { metric, stages, guard } = evidence;
  const count = countOf(evidence);
  const seen = stages.filter((stage) => stage.canary.n > 0).at(-1) ?? stages[evidence.stage];
  return {
    metric: metric.name,
    verdict: finding.verdict,
    canary: seen?.canary.value,
    baseline: seen?.baseline.value,
    estimate: finding.estimate,
    lower: finding.lower,
    upper: finding.upper,
    limit: finding.limit,
    nCanary: count.canary,
    nBaseline: count.baseline,
    needed: finding.needed,
    guard,
    dryRun: metric.dryRun,
    critical: metric.critical,
    reason: finding.reason,
  };
}
