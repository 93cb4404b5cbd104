import type { ContainedErrorEvent } from '../core/events.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import { containedRow, type DeploymentReport, type HistoryRow } from '../metrics/judging/renderDeployment.ts';
import type { BlueGreenEvent } from './BlueGreenEvent.ts';
import type { BlueGreenStatus } from './BlueGreenStatus.ts';

/** What a blue-green deployment says of itself. */
export function blueGreenReport(
  name: string,
  { phase, active, waitingFor }: BlueGreenStatus,
  health: HealthCheck,
  log: readonly (BlueGreenEvent | ContainedErrorEvent)[],
): DeploymentReport {
  const title = `${name}: ${phase}, ${active} answers`;
  const share = active === 'green' ? 1 : 0;
  return { title, share, waitingFor, models: ['green', 'blue'], warnings: [], health, history: log.map(rowOf) };
}

function rowOf(event: BlueGreenEvent | ContainedErrorEvent): HistoryRow {
  const { at, actor } = event;
  switch (event.type) {
    case 'transition': {
      const { from, to, reason, evidence } = event;
      return { at, what: `${from} -> ${to}`, why: reason, actor, evidence };
    }
    case 'smoke': {
      const { warmed, passed, failed } = event.report;
      const why = `${warmed} inputs warmed, ${passed.length} of ${passed.length + failed.length} smoke tests passed`;
      return { at, what: 'smoke tests', why, actor };
    }
    case 'gate':
      return { at, what: `gate: ${event.gate}`, why: 'waits for an approval', actor, evidence: event.evidence };
    case 'common-cause': {
      const why = `errors: green ${event.canaryErrors}, blue ${event.baselineErrors}`;
      return { at, what: 'common cause', why, actor };
    }
    default:
      return containedRow(event);
  }
}
