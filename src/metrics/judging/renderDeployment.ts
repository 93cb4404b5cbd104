import { describeError } from '../../core/events.ts';
import { displayWidth } from '../../core/text/displayWidth.ts';
import { formatInterval } from '../../core/text/formatInterval.ts';
import { formatNumber } from '../../core/text/formatNumber.ts';
import { markdownTable } from '../../core/text/markdownTable.ts';
import { progressBar } from '../../core/text/progressBar.ts';
import type { TableColumn } from '../../core/text/TableColumn.ts';
import { textTable } from '../../core/text/textTable.ts';
import type { HealthCheck, MetricCheck } from './HealthCheck.ts';

/** One line of a deployment's history. */
export interface HistoryRow {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly what: string;
  readonly why: string;
  readonly actor: string;
  /** What the judge had seen. */
  readonly evidence?: HealthCheck | undefined;
}

/** What a deployment says of itself. */
export interface DeploymentReport {
  /** For example `canary: progressing at 25 %`. */
  readonly title: string;
  /** The new model's share of the traffic, within [0, 1]. */
  readonly share: number;
  readonly waitingFor: string;
  /** What the new model and the other one are called. */
  readonly models: readonly [canary: string, baseline: string];
  readonly warnings: readonly string[];
  readonly health: HealthCheck;
  readonly history: readonly HistoryRow[];
}

/** The report for a terminal or a chat message, 80 columns wide. */
export function deploymentText(report: DeploymentReport): string {
  const { title, share, waitingFor, warnings, health, history, models } = report;
  return [
    `${title} [${progressBar(share, { width: 20 })}]`,
    waitingFor,
    ...warnings.map((warning) => `warning: ${warning}`),
    '',
    metricTable(health.checks, models),
    '',
    textTable(history, historyColumns),
  ].join('\n');
}

/** The report for a pull request or a wiki. */
export function deploymentMarkdown(report: DeploymentReport): string {
  const { title, waitingFor, warnings, health, history, models } = report;
  return [
    `## ${title}`,
    '',
    waitingFor,
    ...warnings.map((warning) => `\n> ${warning}`),
    '',
    markdownTable(health.checks, metricColumns(models)),
    '',
    markdownTable(history, historyColumns),
  ].join('\n');
}

/** An event of user code that broke, as a line of the history. */
export function containedRow(event: {
  readonly at: number;
  readonly where: string;
  readonly error: unknown;
  readonly actor: string;
}): HistoryRow {
  const { at, where, error, actor } = event;
  return { at, what: 'contained error', why: `${where}: ${describeError(error).message}`, actor };
}

const WIDTH = 80;

const number = (value: number | undefined): string => (value === undefined ? '' : formatNumber(value));

/** Where a line would not fit, the ends of an interval stand below one another: names are not to be broken. */
function metricTable(checks: readonly MetricCheck[], models: DeploymentReport['models']): string {
  const columns = metricColumns(models);
  const wide = textTable(checks, columns, { width: Number.POSITIVE_INFINITY });
  if (wide.split('\n').every((line) => displayWidth(line) <= WIDTH)) return wide;
  const stacked = columns.map((column) =>
    column.value === intervalOf
      ? { ...column, value: (check: MetricCheck) => intervalOf(check).replace(', ', ',\n') }
      : column,
  );
  return textTable(checks, stacked, { width: WIDTH });
}

function intervalOf({ lower, upper }: MetricCheck): string {
  if (lower === undefined || upper === undefined) return '';
  return formatInterval([lower, upper], { format: (end) => formatNumber(end, { significant: 4 }) });
}

const metricColumns = ([canaryName, baselineName]: DeploymentReport['models']): readonly TableColumn<MetricCheck>[] => [
  { header: 'metric', value: ({ metric }) => metric },
  { header: canaryName, value: ({ canary }) => number(canary), align: 'right' },
  { header: baselineName, value: ({ baseline }) => number(baseline), align: 'right' },
  { header: 'estimate', value: ({ estimate }) => number(estimate), align: 'right' },
  { header: 'interval', value: intervalOf, align: 'right' },
  { header: 'limit', value: ({ limit }) => number(limit), align: 'right' },
  { header: 'n', value: ({ nCanary }) => nCanary, align: 'right' },
  { header: 'verdict', value: verdictOf },
];

function verdictOf({ verdict, dryRun, limit, estimate }: MetricCheck): string {
  const word = verdict === 'inconclusive' || verdict === 'no-data' ? 'open' : verdict;
  if (limit === undefined && estimate === undefined && verdict === 'pass') return 'no limit';
  return dryRun ? `(${word})` : word;
}

const historyColumns: readonly TableColumn<HistoryRow>[] = [
  { header: 'time', value: ({ at }) => timeOf(at) },
  { header: 'what', value: ({ what }) => what },
  { header: 'why', value: ({ why, evidence }) => [why, ...numbersOf(evidence)].join('; ') },
  { header: 'by', value: ({ actor }) => actor },
];

/** A clock may say anything: what is no date is written as it is. */
function timeOf(at: number): string {
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString().slice(0, 19) : String(at);
}

/** The estimates and intervals that a move rested on: those of the metrics that decided. */
function numbersOf(evidence: HealthCheck | undefined): readonly string[] {
  if (evidence === undefined) return [];
  const failed = evidence.checks.some(({ verdict, dryRun }) => verdict === 'fail' && !dryRun);
  return evidence.checks.flatMap((check) => {
    const { metric, estimate, limit, nCanary, guard, dryRun, verdict } = check;
    const decided = failed ? verdict === 'fail' : !guard;
    if (!decided || dryRun || estimate === undefined) return [];
    const bounds = intervalOf(check);
    const against = limit === undefined ? '' : `, limit ${formatNumber(limit)}`;
    return [`${metric} ${formatNumber(estimate)}${bounds === '' ? '' : ` ${bounds}`}${against}, n = ${nCanary}`];
  });
}
