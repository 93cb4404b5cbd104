import { markdownTable } from '../../core/text/markdownTable.ts';
import type { ShadowComparison } from '../comparison/ShadowComparison.ts';
import { comparisonParts } from './renderComparison.ts';
import { count, day, pairs, percent } from './reportText.ts';
import type { ShadowReport } from './ShadowReport.ts';

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
    ...comparisonParts(comparison),
    `### Looks\n\n${looksTable(promotion.look, looks)}`,
  ].join('\n\n');
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
