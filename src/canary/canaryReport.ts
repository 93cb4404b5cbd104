import type { ContainedErrorEvent } from '../core/events.ts';
import { formatInterval } from '../core/text/formatInterval.ts';
import { formatNumber } from '../core/text/formatNumber.ts';
import { markdownTable } from '../core/text/markdownTable.ts';
import { progressBar } from '../core/text/progressBar.ts';
import type { TableColumn } from '../core/text/TableColumn.ts';
import { textTable } from '../core/text/textTable.ts';
import type { HealthCheck, MetricCheck } from '../metrics/judging/HealthCheck.ts';
import type { CanaryEvent } from './CanaryEvent.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import type { CanaryStatus } from './CanaryStatus.ts';

type Entry = CanaryEvent | ContainedErrorEvent;

/** The report for a terminal or a chat message. */
export function canaryText(name: string, status: CanaryStatus, health: HealthCheck, log: readonly Entry[]): string {
  const bar = `[${progressBar(status.weight / 100, { width: 20 })}]`;
  return [
    `${name}: ${status.phase} at ${formatNumber(status.weight)} % ${bar}`,
    status.waitingFor,
    ...status.warnings.map((warning) => `warning: ${warning}`),
    '',
    textTable(health.checks, metricColumns),
    '',
    textTable(log, eventColumns),
  ].join('\n');
}

/** The report for a pull request or a wiki. */
export function canaryMarkdown(name: string, status: CanaryStatus, health: HealthCheck, log: readonly Entry[]): string {
  return [
    `## ${name}: ${status.phase} at ${formatNumber(status.weight)} %`,
    '',
    status.waitingFor,
    ...status.warnings.map((warning) => `\n> ${warning}`),
    '',
    markdownTable(health.checks, metricColumns),
    '',
    markdownTable(log, eventColumns),
  ].join('\n');
}

const number = (value: number | undefined): string => (value === undefined ? '' : formatNumber(value));

const metricColumns: readonly TableColumn<MetricCheck>[] = [
  { header: 'metric', value: ({ metric }) => metric },
  { header: 'canary', value: ({ canary }) => number(canary), align: 'right' },
  { header: 'baseline', value: ({ baseline }) => number(baseline), align: 'right' },
  { header: 'estimate', value: ({ estimate }) => number(estimate), align: 'right' },
  {
    header: 'interval',
    value: ({ lower, upper }) => (lower === undefined || upper === undefined ? '' : formatInterval([lower, upper])),
    align: 'right',
  },
  { header: 'limit', value: ({ limit }) => number(limit), align: 'right' },
  { header: 'n', value: ({ nCanary }) => nCanary, align: 'right' },
  { header: 'verdict', value: verdictOf },
];

function verdictOf({ verdict, dryRun, limit, estimate }: MetricCheck): string {
  const word = verdict === 'inconclusive' || verdict === 'no-data' ? 'open' : verdict;
  if (limit === undefined && estimate === undefined && verdict === 'pass') return 'no limit';
  return dryRun ? `(${word})` : word;
}

const eventColumns: readonly TableColumn<Entry>[] = [
  { header: 'time', value: ({ at }) => new Date(at).toISOString().slice(0, 19) },
  { header: 'what', value: describeEvent },
  { header: 'why', value: reasonOf },
  { header: 'by', value: ({ actor }) => actor },
];

function describeEvent(event: Entry): string {
  if (event.type !== 'transition') return event.type;
  return `${phaseText(event.from)} -> ${phaseText(event.to)}, ${formatNumber(event.weight)} %`;
}

function phaseText(phase: CanaryPhase): string {
  return 'stage' in phase ? `${phase.phase} ${phase.stage + 1}` : phase.phase;
}

function reasonOf(event: Entry): string {
  if (event.type === 'transition' || event.type === 'late-failure') return event.reason;
  if (event.type === 'drill') {
    const { toCanary, decisions, answered, inputs } = event.report;
    return `${toCanary} of ${decisions} decisions to the canary, ${answered} of ${inputs} inputs answered`;
  }
  if (event.type === 'common-cause') return `errors: canary ${event.canaryErrors}, baseline ${event.baselineErrors}`;
  return `${event.where}: ${String(event.error)}`;
}
