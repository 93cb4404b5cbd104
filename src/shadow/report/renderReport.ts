import { formatInterval } from '../../core/text/formatInterval.ts';
import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { formatPValue } from '../../core/text/formatPValue.ts';
import { markdownTable } from '../../core/text/markdownTable.ts';
import type { TableColumn } from '../../core/text/TableColumn.ts';
import type { EstimateResult, IntervalResult, TestResult } from '../../stats/types.ts';
import type { ShadowComparison } from '../comparison/ShadowComparison.ts';
import type { ShadowReport } from './ShadowReport.ts';

interface Line {
  readonly what: string;
  readonly primary?: string;
  readonly shadow?: string;
  readonly value?: string;
}

const day = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString());
const percent = (value: number): string => formatPercent(value, { decimals: 2 });
const count = (value: number): string => formatNumber(value);
const fraction = (value: number): string => formatNumber(value, { significant: 4 });

/** A report as Markdown: a page that can be filed. */
export function renderReport(report: ShadowReport): string {
  const parts = [
    `# Shadow report: ${report.runner}`,
    whatRan(report),
    ...report.promotions.map((promotion, i) => shadowPart(report, report.comparisons[i]!, promotion)),
    logPart(report),
    warningsPart(report.warnings),
  ];
  return `${parts.join('\n\n')}\n`;
}

function whatRan(report: ShadowReport): string {
  const { versions, sampleRate, traffic, truths } = report;
  const models = markdownTable(Object.entries(versions), [
    { header: 'model', value: ([name]) => name },
    { header: 'version', value: ([, version]) => version ?? 'unknown' },
  ]);
  const facts: readonly (readonly [string, string])[] = [
    ['made at', day(report.at)],
    ['seed', report.seed],
    ['replica', report.replica === '' ? 'one process' : report.replica],
    ['sample rate', percent(sampleRate)],
    ['requests', `${count(traffic.requests)}, of which ${count(traffic.sampledOut)} were not sampled`],
    [
      'truths',
      `${count(truths.recorded)} joined, ${count(truths.waiting)} waiting, ${count(truths.expired)} expired, ${count(truths.dropped)} dropped, ${count(truths.unknown)} for strangers`,
    ],
    ['expires', day(report.expiresAt)],
    ['state', report.stopped ?? 'running'],
    ...(report.longRun === null ? [] : [['runs for longer than two weeks because', report.longRun] as const]),
    ['error probability', `${percent(report.criteria.alpha ?? 0.05)} over all looks`],
  ];
  return `## What ran\n\n${models}\n\n${pairs(facts)}`;
}

function shadowPart(
  report: ShadowReport,
  comparison: ShadowComparison,
  promotion: ShadowReport['promotions'][0],
): string {
  const { shadow } = comparison;
  const looks = report.looks.find((entry) => entry.shadow === shadow)?.looks ?? [];
  const gates = markdownTable(promotion.gates, [
    { header: 'gate', value: ({ name }) => name },
    { header: 'verdict', value: ({ verdict }) => verdict },
    { header: 'result', value: ({ message }) => message },
    { header: 'n', value: ({ n, validity }) => (validity === 'exact' ? undefined : n) },
    { header: 'valid', value: ({ validity }) => validity },
  ]);
  return [
    `## ${shadow}: ${promotion.decision}`,
    `### Gates\n\n${gates}`,
    `### Sample\n\n${sample(comparison)}`,
    ...metricsPart(comparison),
    ...classificationPart(comparison),
    ...regressionPart(comparison),
    ...subgroupPart(comparison),
    ...worstPart(comparison),
    `### Looks\n\n${looksTable(promotion.look, looks)}`,
  ].join('\n\n');
}

function sample(comparison: ShadowComparison): string {
  const { dropped, dropRateByHour, latencyMs, times, drift, noise } = comparison;
  const drops = Object.entries(dropped).flatMap(([reason, n]) => (n === 0 ? [] : [`${reason} ${count(n)}`]));
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
    ['dropped', drops.length === 0 ? '0' : drops.join(', ')],
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

function classificationPart({ classification }: ShadowComparison): readonly string[] {
  if (classification === undefined) return [];
  const { primary, shadow, improvement, mcnemar, rocAucDifference, n } = classification;
  const rates = ['accuracy', 'precision', 'recall', 'specificity', 'falsePositiveRate', 'falseNegativeRate'] as const;
  const both = (what: string, read: (of: typeof primary) => IntervalResult, write = percent): Line => ({
    what,
    primary: interval(read(primary), write),
    shadow: interval(read(shadow), write),
  });
  const lines: readonly Line[] = [
    ...rates.map((rate) => both(rate, (of) => of[rate])),
    both('F1', (of) => of.f1),
    both('ROC AUC', (of) => of.rocAuc, fraction),
    ...(['expectedError', 'maximumError'] as const).map((kind) => ({
      what: kind === 'expectedError' ? 'expected calibration error' : 'largest calibration error',
      primary: maybe(primary.calibration[kind]),
      shadow: maybe(shadow.calibration[kind]),
    })),
    { what: 'TP / FP / TN / FN', primary: counts(primary.counts), shadow: counts(shadow.counts) },
  ];
  const tests: readonly Line[] = [
    { what: 'accuracy, exact at every look', value: tested(improvement.accuracy) },
    { what: 'recall, exact at every look', value: tested(improvement.recall) },
    { what: 'specificity, exact at every look', value: tested(improvement.specificity) },
    { what: 'McNemar, one look (primary minus shadow)', value: tested(mcnemar) },
    { what: 'DeLong, one look', value: tested(rocAucDifference) },
  ];
  const title = `### Classification of ${count(n)} labelled requests (95% intervals, one look)`;
  return [`${title}\n\n${sides(lines)}`, `#### Shadow minus primary, request by request\n\n${values(tests)}`];
}

function regressionPart({ regression }: ShadowComparison): readonly string[] {
  if (regression === undefined) return [];
  const { primary, shadow, improvement, pairedT, wilcoxon, closer, n } = regression;
  const names = {
    meanError: 'mean error',
    meanAbsoluteError: 'mean absolute error',
    rootMeanSquaredError: 'root mean squared error',
    rSquared: 'R squared',
  } as const;
  const lines = Object.entries(names).map(([key, what]) => ({
    what,
    primary: interval(primary[key as keyof typeof names]),
    shadow: interval(shadow[key as keyof typeof names]),
  }));
  const tests: readonly Line[] = [
    { what: 'mean absolute error, at every look', value: tested(improvement.meanAbsoluteError) },
    { what: 'root mean squared error, at every look', value: tested(improvement.rmse) },
    { what: 'share of requests won, exact at every look', value: tested(improvement.closer) },
    { what: 'paired t, one look', value: tested(pairedT) },
    { what: 'Wilcoxon, one look', value: tested(wilcoxon) },
    { what: 'closer to the truth', value: `primary ${count(closer.primary)}, shadow ${count(closer.shadow)}` },
  ];
  const title = `### Predicted numbers of ${count(n)} labelled requests (95% intervals, one look)`;
  return [`${title}\n\n${sides(lines)}`, `#### Improvement, request by request\n\n${values(tests)}`];
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
  return [`### Subgroups\n\n${note}\n\n${markdownTable(rows, columns)}`];
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

function looksTable(total: number, looks: ShadowReport['looks'][0]['looks']): string {
  const shown = looks.slice(-20);
  const table = markdownTable(shown, [
    { header: 'look', value: ({ look }) => look },
    { header: 'at', value: ({ at }) => day(at) },
    { header: 'decision', value: ({ decision }) => decision },
    { header: 'compared', value: ({ compared }) => compared },
    { header: 'labelled', value: ({ labelled }) => labelled },
  ]);
  const all = total === 1 ? 'One look so far' : `${count(total)} looks so far; the last ${shown.length}`;
  return `${all}:\n\n${table}`;
}

function logPart({ log }: ShadowReport): string {
  const facts = pairs([
    ['records', count(log.records)],
    ['lost to a sink', count(log.dropped.sink)],
    ['lost to redaction', count(log.dropped.redact)],
  ]);
  if (log.sinks.length === 0) return `## Log\n\nNo sink: nothing was logged.`;
  const table = markdownTable(log.sinks, [
    { header: 'sink', value: ({ sink }) => sink },
    { header: 'written', value: ({ written }) => written },
    { header: 'lost', value: ({ lost }) => lost },
    { header: 'waiting', value: ({ waiting }) => waiting },
    { header: 'failed batches', value: ({ failures: n }) => n },
    { header: 'head hash', value: ({ head }) => head ?? '' },
  ]);
  return `## Log\n\n${facts}\n\n${table}`;
}

function warningsPart(warnings: readonly string[]): string {
  const lines = warnings.length === 0 ? ['None.'] : warnings.map((warning) => `- ${warning}`);
  return `## Warnings\n\n${lines.join('\n')}`;
}

function pairs(facts: readonly (readonly [string, string])[]): string {
  return markdownTable(facts, [
    { header: 'what', value: ([what]) => what },
    { header: 'value', value: ([, value]) => value },
  ]);
}

function sides(lines: readonly Line[]): string {
  return markdownTable(lines, [
    { header: 'metric', value: ({ what }) => what },
    { header: 'primary', value: ({ primary }) => primary },
    { header: 'shadow', value: ({ shadow }) => shadow },
  ]);
}

function values(lines: readonly Line[]): string {
  return markdownTable(lines, [
    { header: 'comparison', value: ({ what }) => what },
    { header: 'result', value: ({ value }) => value },
  ]);
}

function counts({
  truePositives,
  falsePositives,
  trueNegatives,
  falseNegatives,
}: NonNullable<ShadowComparison['classification']>['primary']['counts']): string {
  return [truePositives, falsePositives, trueNegatives, falseNegatives].map(count).join(' / ');
}

function maybe(value: number | undefined): string {
  return value === undefined ? 'n/a' : formatNumber(value, { significant: 3 });
}

function interval(result: IntervalResult | EstimateResult | TestResult, format?: (value: number) => string): string {
  if (result.status !== 'ok') return `inconclusive: ${result.reason}`;
  const write = format ?? ((value: number) => formatNumber(value));
  return `${write(result.estimate)} ${formatInterval(result.interval, format === undefined ? {} : { format })}`;
}

function tested(result: EstimateResult | TestResult): string {
  return result.status === 'ok' ? `${interval(result)}, p ${formatPValue(result.pValue)}` : interval(result);
}
