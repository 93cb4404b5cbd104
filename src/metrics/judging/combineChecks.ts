import type { HealthCheck, MetricCheck, Verdict } from './HealthCheck.ts';

/** One verdict out of those of the metrics: the worst, where guards can fail but are not waited for. */
export function combineChecks(
  checks: readonly MetricCheck[],
  stage: number,
  at: number,
  passSamples: number,
): HealthCheck {
  const acting = checks.filter(({ dryRun, weight }) => !dryRun && weight > 0);
  const { verdict, reason } = conclude(acting, passSamples);
  const pick = (of: 'canary' | 'baseline'): Record<string, number> =>
    Object.fromEntries(checks.flatMap((check) => (check[of] === undefined ? [] : [[check.metric, check[of]]])));
  return {
    stage,
    metrics: pick('canary'),
    baselineMetrics: pick('baseline'),
    passed: verdict === 'pass',
    reason,
    verdict,
    score: scoreOf(acting),
    checks,
    at,
  };
}

function conclude(checks: readonly MetricCheck[], passSamples: number): { verdict: Verdict; reason: string } {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) return { verdict: 'fail', reason: failed.map(({ reason }) => reason).join('; ') };
  const broken = checks.find(({ verdict }) => verdict === 'error');
  if (broken !== undefined) return { verdict: 'error', reason: broken.reason };
  const deciding = checks.filter(({ guard }) => !guard);
  const open = deciding.filter(({ verdict }) => verdict !== 'pass');
  if (open.length > 0) return { verdict: worst(open), reason: waitingFor(open) };
  if (deciding.length > 0) return { verdict: 'pass', reason: deciding.map(({ reason }) => reason).join('; ') };
  const seen = Math.max(0, ...checks.map(({ nCanary }) => nCanary));
  if (seen < passSamples)
    return { verdict: 'inconclusive', reason: `waiting: ${seen} of ${passSamples} canary samples` };
  return { verdict: 'pass', reason: 'no guard failed' };
}

function worst(open: readonly MetricCheck[]): Verdict {
  return open.some(({ verdict }) => verdict === 'no-data') ? 'no-data' : 'inconclusive';
}

function waitingFor(open: readonly MetricCheck[]): string {
  const parts = open.map(({ metric, needed, nCanary }) =>
    needed === undefined
      ? `${metric} is not decided after ${nCanary} canary samples`
      : `${metric} needs about ${needed} more canary samples`,
  );
  return `waiting: ${parts.join('; ')}`;
}

function scoreOf(checks: readonly MetricCheck[]): number | undefined {
  const weightOf = (wanted: Verdict): number =>
    checks.reduce((sum, { verdict, weight }) => sum + (verdict === wanted ? weight : 0), 0);
  const [passed, failed] = [weightOf('pass'), weightOf('fail')];
  return passed + failed > 0 ? (100 * passed) / (passed + failed) : undefined;
}
