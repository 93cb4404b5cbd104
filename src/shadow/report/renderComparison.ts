import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPValue } from '../../core/text/formatPValue.ts';
import { markdownTable } from '../../core/text/markdownTable.ts';
import type { TableColumn } from '../../core/text/TableColumn.ts';
import type { ShadowComparison } from '../comparison/ShadowComparison.ts';
import { classesPart } from './renderClasses.ts';
import { classificationPart } from './renderClassification.ts';
import { regressionPart } from './renderRegression.ts';
import { count, day, interval, pairs, percent } from './reportText.ts';

/** What is known of one shadow beside the primary, part by part. */
export function comparisonParts(comparison: ShadowComparison): readonly string[] {
  return [
    `### Sample\n\n${sample(comparison)}`,
    ...metricsPart(comparison),
    ...classificationPart(comparison),
    ...classesPart(comparison),
    ...regressionPart(comparison),
    ...subgroupPart(comparison),
    ...worstPart(comparison),
  ];
}

function sample(comparison: ShadowComparison): string {
  const { dropped, dropRateByHour, latencyMs, times, drift, noise } = comparison;
  const hours = dropRateByHour.flatMap(({ hour, dropRate }) =>
    dropRate === 0 ? [] : [`${String(hour).padStart(2, '0')}:00 ${percent(dropRate)}`],
  );
  const ms = (value: number | undefined): string => (value === undefined ? 'n/a' : formatNumber(value));
  const quantiles = (side: 'primary' | 'shadow'): string =>
    `${ms(latencyMs[side].p50)} / ${ms(latencyMs[side].p95)} / ${ms(latencyMs[side].p99)}`;
  return pairs([
    ['first and last request', `${day(times.first)} to ${day(times.last)}`],
    ['offered', count(comparison.offered)],
    ['compared', count(comparison.compared)],
    ['incomparable', `${count(comparison.incomparable)} (${failures(comparison)})`],
    ['dropped', dropsText(dropped)],
    ...(hours.length === 0 ? [] : [['dropped by the hour, UTC', hours.join(', ')] as const]),
    ['waiting', count(comparison.waiting)],
    ['labelled', count(comparison.labelled)],
    ['agreement, at every look', interval(comparison.agreementRate, percent)],
    ...(noise === undefined
      ? []
      : ([
          ['the primary with itself disagrees', interval(noise.disagreement, percent)],
          ['disagreement beyond that', interval(noise.beyondNoise, percent)],
        ] as const)),
    ['primary p50 / p95 / p99, ms', quantiles('primary')],
    ['shadow p50 / p95 / p99, ms', quantiles('shadow')],
    ...(drift.status === 'ok'
      ? ([
          ['stability index of the scores', formatNumber(drift.populationStabilityIndex, { significant: 3 })],
          ['Jensen-Shannon distance', formatNumber(drift.jensenShannonDistance, { significant: 3 })],
          ['Kolmogorov distance', formatNumber(drift.kolmogorovSmirnov.statistic, { significant: 3 })],
        ] as const)
      : []),
  ]);
}

function dropsText(dropped: ShadowComparison['dropped']): string {
  const drops = Object.entries(dropped).flatMap(([reason, n]) => (n === 0 ? [] : [`${reason} ${count(n)}`]));
  return drops.length === 0 ? '0' : drops.join(', ');
}

function failures({ shadowErrors, shadowTimeouts, shadowInvalid, primaryFailures }: ShadowComparison): string {
  return `shadow: ${count(shadowErrors)} errors, ${count(shadowTimeouts)} timeouts, ${count(shadowInvalid)} invalid; primary: ${count(primaryFailures)}`;
}

function metricsPart({ metrics }: ShadowComparison): readonly string[] {
  if (metrics.length === 0) return [];
  const number = (value: number | undefined): string => (value === undefined ? 'n/a' : formatNumber(value));
  const table = markdownTable(metrics, [
    { header: 'metric', value: ({ metric }) => metric },
    { header: 'primary', value: ({ primary }) => number(primary), align: 'right' },
    { header: 'shadow', value: ({ shadow }) => number(shadow), align: 'right' },
    { header: 'pairs', value: ({ n }) => n },
    {
      header: 'improvement, at every look',
      value: ({ improvement }) => (improvement === undefined ? '' : interval(improvement)),
    },
  ]);
  return [`### Metrics\n\n${table}`];
}

function subgroupPart({ subgroups }: ShadowComparison): readonly string[] {
  if (subgroups.length === 0) return [];
  const rows = subgroups.flatMap((group) =>
    (group.gaps.length === 0 ? [undefined] : group.gaps).map((gap) => ({ group, gap })),
  );
  const rate = (metric: string, value: number | undefined): string =>
    value === undefined ? 'n/a' : metric === 'meanAbsoluteError' ? formatNumber(value) : percent(value);
  const columns: readonly TableColumn<(typeof rows)[0]>[] = [
    { header: 'attribute', value: ({ group }) => group.attribute },
    { header: 'group', value: ({ group }) => group.group },
    { header: 'labelled', value: ({ group }) => group.labelled },
    { header: 'metric', value: ({ gap }) => gap?.metric },
    { header: 'primary', value: ({ gap }) => gap && rate(gap.metric, gap.primary), align: 'right' },
    { header: 'shadow', value: ({ gap }) => gap && rate(gap.metric, gap.shadow), align: 'right' },
    { header: 'gap to the rest', value: ({ gap }) => gap && interval(gap.gap), align: 'right' },
    {
      header: 'p',
      value: ({ gap }) => (gap?.adjustedPValue === undefined ? '' : formatPValue(gap.adjustedPValue)),
      align: 'right',
    },
  ];
  const note = 'Intervals hold for all gaps together (Bonferroni), p-values are corrected (Holm); one look.';
  return [`### Subgroups\n\n${groupCounts(subgroups)}\n\n${note}\n\n${markdownTable(rows, columns)}`];
}

/** What became of the requests of every group. */
function groupCounts(subgroups: ShadowComparison['subgroups']): string {
  return markdownTable(subgroups, [
    { header: 'attribute', value: ({ attribute }) => attribute },
    { header: 'group', value: ({ group }) => group },
    { header: 'sampled', value: ({ offered }) => offered },
    { header: 'compared', value: ({ compared }) => compared },
    { header: 'incomparable', value: ({ incomparable }) => incomparable },
    { header: 'dropped', value: ({ dropped }) => dropsText(dropped) },
    {
      header: 'drop rate',
      value: ({ dropRate }) => (dropRate === undefined ? 'n/a' : percent(dropRate)),
      align: 'right',
    },
  ]);
}

function worstPart({ worst }: ShadowComparison): readonly string[] {
  if (worst.length === 0) return [];
  const said = ({ score, value, positive, status }: ShadowComparison['worst'][0]['primary']): string =>
    [status === 'ok' ? (score ?? value ?? '') : status, positive === undefined ? '' : positive ? 'yes' : 'no']
      .map((part) => (typeof part === 'number' ? formatNumber(part) : part))
      .filter((part) => part !== '')
      .join(', ');
  const table = markdownTable(worst, [
    { header: 'request', value: ({ requestId }) => requestId ?? '' },
    { header: 'served', value: ({ servedAt }) => day(servedAt) },
    { header: 'distance', value: ({ distance }) => distance },
    { header: 'primary', value: ({ primary }) => said(primary) },
    { header: 'shadow', value: ({ candidate }) => said(candidate) },
    { header: 'groups', value: ({ subgroups }) => Object.values(subgroups).join(', ') },
  ]);
  return [`### Worst disagreements\n\n${table}`];
}
