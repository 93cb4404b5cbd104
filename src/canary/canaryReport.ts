import type { ContainedErrorEvent } from '../core/events.ts';
import { formatNumber } from '../core/text/formatNumber.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import { containedRow, type DeploymentReport, type HistoryRow } from '../metrics/judging/renderDeployment.ts';
import type { CanaryEvent } from './CanaryEvent.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import type { CanaryStatus } from './CanaryStatus.ts';

type Entry = CanaryEvent | ContainedErrorEvent;

/** What a canary deployment says of itself. */
export function canaryReport(
  name: string,
  { phase, weight, waitingFor, warnings }: CanaryStatus,
  health: HealthCheck,
  log: readonly Entry[],
): DeploymentReport {
  const title = `${name}: ${phase} at ${formatNumber(weight)} %`;
  const models = ['canary', 'baseline'] as const;
  return { title, share: weight / 100, waitingFor, models, warnings, health, history: log.map(rowOf) };
}

function rowOf(event: Entry): HistoryRow {
  const { at, actor } = event;
  switch (event.type) {
    case 'transition': {
      const { from, to, weight, reason, evidence } = event;
      const what = `${phaseText(from)} -> ${phaseText(to)}, ${formatNumber(weight)} %`;
      return { at, what, why: reason, actor, evidence };
    }
    case 'late-failure':
      return { at, what: 'late failure', why: event.reason, actor, evidence: event.evidence };
    case 'drill': {
      const { toCanary, decisions, answered, inputs } = event.report;
      const why = `${toCanary} of ${decisions} decisions to the canary, ${answered} of ${inputs} inputs answered`;
      return { at, what: 'drill', why, actor };
    }
    case 'common-cause': {
      const why = `errors: canary ${event.canaryErrors}, baseline ${event.baselineErrors}`;
      return { at, what: 'common cause', why, actor };
    }
    default:
      return containedRow(event);
  }
}

function phaseText(phase: CanaryPhase): string {
  if (phase.phase === 'paused') return `paused (${phase.reason})`;
  return 'stage' in phase ? `${phase.phase} ${phase.stage + 1}` : phase.phase;
}
