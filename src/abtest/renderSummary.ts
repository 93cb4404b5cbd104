import { formatInterval } from '../core/text/formatInterval.ts';
import { formatNumber } from '../core/text/formatNumber.ts';
import { formatPercent } from '../core/text/formatPercent.ts';
import { formatPValue } from '../core/text/formatPValue.ts';
import { markdownTable } from '../core/text/markdownTable.ts';
import type { TableColumn } from '../core/text/TableColumn.ts';
import { textTable } from '../core/text/textTable.ts';
import type { ABTestSummary, SummaryComparison, VariantSummary } from './ABTestSummary.ts';
import type { CalibrationReport } from './calibrationReports.ts';
import type { DecisionReason } from './decision/Decision.ts';

/** A section of a report: a heading, and a table or lines. */
interface Section {
  readonly title: string;
  readonly lines?: readonly string[];
  readonly table?: (write: Write) => string;
}

type Write = <Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]) => string;

const marks = { pass: '+', fail: 'x', inconclusive: '?' } as const;

/** A summary as plain text, 80 columns wide. */
export function summaryToText(summary: ABTestSummary): string {
  const write: Write = (rows, columns) => textTable(rows, columns);
  const body = sections(summary).map(({ title, lines, table }) =>
    [title, '-'.repeat(title.length), ...(lines ?? []), ...(table === undefined ? [] : [table(write)])].join('\n'),
  );
  return [headline(summary), ...body].join('\n\n');
}

/** A summary as Markdown. */
export function summaryToMarkdown(summary: ABTestSummary): string {
  const write: Write = (rows, columns) => markdownTable(rows, columns);
  const body = sections(summary).map(({ title, lines, table }) =>
    [
      `## ${title}`,
      '',
      ...(lines ?? []).map((line) => `- ${line}`),
      ...(table === undefined ? [] : [table(write)]),
    ].join('\n'),
  );
  return [`# ${headline(summary)}`, ...body].join('\n\n');
}

function headline({ name, decision }: ABTestSummary): string {
  const chosen = decision.variant === undefined ? '' : ` ${decision.variant}`;
  return `A/B test ${name}: ${decision.decision}${chosen}`;
}

function sections(summary: ABTestSummary): readonly Section[] {
  const { decision, comparisons, disagreements, calibrations } = summary;
  const rest = decision.remaining;
  const missing =
    rest === undefined
      ? []
      : [
          `still missing: about ${count(rest.requests)} requests, ${rest.days === undefined ? 'unknown' : formatNumber(rest.days, { significant: 3 })} days`,
        ];
  return [
    { title: 'Variants', table: (write) => write(summary.variants, variantColumns) },
    { title: 'Metrics', table: (write) => write(metricRows(summary.variants), metricColumns(summary.variants)) },
    {
      title: 'Improvement of the challenger over the champion',
      table: (write) => write(comparisons, comparisonColumns(comparisons)),
    },
    ...[...new Set(calibrations.map(({ metric }) => metric))].map((metric): Section => {
      const reports = calibrations.filter((report) => report.metric === metric);
      return {
        title: `Calibration: ${metric}`,
        table: (write) => write(reports.flatMap(binRows), binColumns),
      };
    }),
    { title: 'Reasons', lines: [...decision.reasons.map(reasonLine), ...missing] },
    { title: 'Experiment', lines: experimentLines(summary) },
    ...(disagreements.length === 0
      ? []
      : [{ title: 'Disagreement', table: (write: Write) => write(disagreements, disagreementColumns) }]),
  ];
}

const ms = (value: number | undefined): string => (value === undefined ? '' : formatNumber(value, { significant: 3 }));
const count = (value: number | undefined): string => (value === undefined ? 'unknown' : formatNumber(value));

const variantColumns: readonly TableColumn<VariantSummary>[] = [
  { header: 'variant', value: ({ variant }) => variant },
  { header: 'version', value: ({ version }) => version },
  { header: 'share', value: ({ share }) => share, format: (share) => formatPercent(share) },
  { header: 'requests', value: ({ assigned }) => assigned },
  { header: 'failed', value: ({ errors, timeouts, invalid }) => errors + timeouts + invalid },
  { header: 'p50 ms', value: ({ latencyMs }) => ms(latencyMs.p50), align: 'right' },
  { header: 'p95 ms', value: ({ latencyMs }) => ms(latencyMs.p95), align: 'right' },
  { header: 'p99 ms', value: ({ latencyMs }) => ms(latencyMs.p99), align: 'right' },
];

interface MetricRow {
  readonly metric: string;
  readonly role: string;
  readonly values: readonly VariantSummary['metrics'][number][];
}

function metricRows(variants: readonly VariantSummary[]): readonly MetricRow[] {
  return variants[0]!.metrics.map(({ metric, role }, m) => ({
    metric,
    role,
    values: variants.map(({ metrics }) => metrics[m]!),
  }));
}

function metricColumns(variants: readonly VariantSummary[]): readonly TableColumn<MetricRow>[] {
  return [
    { header: 'metric', value: ({ metric }) => metric },
    { header: 'role', value: ({ role }) => role },
    ...variants.map(
      ({ variant }, v): TableColumn<MetricRow> => ({
        header: variant,
        align: 'right',
        value: ({ values }) => {
          const { value, n } = values[v]!;
          return value === undefined ? `n/a (${formatNumber(n)})` : `${formatNumber(value)} (${formatNumber(n)})`;
        },
      }),
    ),
  ];
}

function comparisonColumns(rows: readonly SummaryComparison[]): readonly TableColumn<SummaryComparison>[] {
  const several = new Set(rows.map(({ variant }) => variant)).size > 1;
  return [
    ...(several ? [{ header: 'variant', value: ({ variant }: SummaryComparison) => variant }] : []),
    { header: 'metric', value: ({ metric }) => metric },
    { header: 'improvement', value: improvement, align: 'right' },
    { header: 'interval', value: interval, align: 'right' },
    { header: 'p', value: (row) => (row.status === 'ok' ? formatPValue(row.pValue) : ''), align: 'right' },
    { header: 'valid', value: ({ validity }) => validity },
  ];
}

function improvement(row: SummaryComparison): string {
  if (row.status !== 'ok') return 'inconclusive';
  return row.relative === undefined
    ? formatNumber(row.estimate, { sign: true })
    : formatPercent(row.relative.estimate, { sign: true });
}

function interval(row: SummaryComparison): string {
  if (row.status !== 'ok') return '';
  if (row.relative === undefined) return formatInterval(row.interval);
  return formatInterval(row.relative.interval, { format: (end) => formatPercent(end, { sign: true }) });
}

function reasonLine({ verdict, rule, variant, message }: DecisionReason): string {
  return `${marks[verdict]} ${rule}${variant === undefined ? '' : ` (${variant})`}: ${message}`;
}

function experimentLines({
  startedAt,
  elapsedMs,
  epoch,
  requests,
  truths,
  excluded,
  warnings,
  caps,
  decision,
}: ABTestSummary): readonly string[] {
  const out = Object.entries(excluded).map(([why, n]) => `${why} ${formatNumber(n)}`);
  return [
    `started ${new Date(startedAt).toISOString()}, ${formatNumber(elapsedMs / 86_400_000, { significant: 3 })} days ago, epoch ${epoch}`,
    `${formatNumber(requests)} requests; truths: ${formatNumber(truths.recorded)} recorded, ${formatNumber(truths.waiting)} waiting, ${formatNumber(truths.expired + truths.dropped)} lost`,
    ...(out.length === 0 ? [] : [`not in the experiment: ${out.join(', ')}`]),
    `decided by the rule ${decision.rule}`,
    ...caps.flatMap(({ metric, cap, quantile, pilot }) =>
      cap === undefined
        ? []
        : [
            `${metric} is cut at ${formatNumber(cap)}: quantile ${quantile} of the first ${formatNumber(pilot)} values, not analysed`,
          ],
    ),
    ...warnings,
  ];
}

interface BinRow {
  readonly variant: string;
  readonly bin: CalibrationReport['bins'][number];
}

function binRows({ variant, bins }: CalibrationReport): readonly BinRow[] {
  return bins.map((bin) => ({ variant, bin }));
}

const binColumns: readonly TableColumn<BinRow>[] = [
  { header: 'variant', value: ({ variant }) => variant },
  { header: 'bin', value: ({ bin: { lower, upper } }) => `${formatNumber(lower)}-${formatNumber(upper)}` },
  { header: 'requests', value: ({ bin }) => bin.n },
  { header: 'predicted', value: ({ bin }) => formatPercent(bin.predicted), align: 'right' },
  {
    header: 'came true',
    align: 'right',
    value: ({ bin: { observed } }) => (observed.status === 'ok' ? formatPercent(observed.estimate) : ''),
  },
  {
    header: 'interval',
    align: 'right',
    value: ({ bin: { observed } }) =>
      observed.status === 'ok' ? formatInterval(observed.interval, { format: (end) => formatPercent(end) }) : '',
  },
  { header: 'valid', value: ({ bin }) => bin.observed.validity },
];

const disagreementColumns: readonly TableColumn<ABTestSummary['disagreements'][number]>[] = [
  { header: 'challenger', value: ({ challenger }) => challenger },
  { header: 'compared', value: ({ compared }) => compared },
  { header: 'disagreed', value: ({ disagreed }) => disagreed },
  { header: 'rate', value: ({ rate }) => (rate === undefined ? '' : formatPercent(rate)), align: 'right' },
];
