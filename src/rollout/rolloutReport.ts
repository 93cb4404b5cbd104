import type { ContainedErrorEvent } from '../core/events.ts';
import { formatNumber } from '../core/text/formatNumber.ts';
import { formatPercent } from '../core/text/formatPercent.ts';
import { markdownTable } from '../core/text/markdownTable.ts';
import { progressBar } from '../core/text/progressBar.ts';
import type { TableColumn } from '../core/text/TableColumn.ts';
import { textTable } from '../core/text/textTable.ts';
import { wrapText } from '../core/text/wrapText.ts';
import type { ShadowComparison } from '../shadow/index.ts';
import type { RolloutEvent } from './RolloutEvent.ts';
import type { RolloutPhase } from './RolloutPhase.ts';
import type { RolloutStory, StepReport, StoryStep } from './RolloutStory.ts';
import { reasonText } from './StepVerdict.ts';

type Entry = RolloutStory['history'][number];

/** A story for a terminal or a chat message: text of 80 columns. */
export function rolloutText(story: RolloutStory): string {
  const { status } = story;
  const bar = `[${progressBar(status.progress, { width: 20 })}] ${formatPercent(status.progress, { decimals: 0 })}`;
  return [
    `${story.name}: ${headline(story)}`,
    bar,
    ...wrapText(`waits for: ${status.waitingFor}`, 80),
    ...remainingLine(story),
    '',
    textTable(story.steps, stepColumns),
    ...findings(story.steps).flatMap((report) => ['', `-- ${report.step} `.padEnd(80, '-'), report.text]),
    '',
    textTable(story.history.map(shorten), historyColumns),
  ].join('\n');
}

/** A story for a pull request or a wiki. */
export function rolloutMarkdown(story: RolloutStory): string {
  const { status } = story;
  return [
    `# ${story.name}: ${headline(story)}`,
    '',
    `${formatPercent(status.progress, { decimals: 0 })} of the way. Waits for: ${status.waitingFor}`,
    ...remainingLine(story).flatMap((line) => ['', line]),
    '',
    '## Steps',
    '',
    markdownTable(story.steps, stepColumns),
    ...findings(story.steps).flatMap((report) => ['', `## ${report.step}`, '', nest(report.markdown)]),
    '',
    '## History',
    '',
    markdownTable(story.history, historyColumns),
  ].join('\n');
}

/** A line of the history for a narrow page. */
function shorten(entry: Entry): Entry {
  return entry.why.length <= 110 ? entry : { ...entry, why: `${entry.why.slice(0, 109)}…` };
}

function headline({ status }: RolloutStory): string {
  const { phase, step, stepNumber, steps, weight } = status;
  const at =
    stepNumber === undefined || step === undefined ? '' : `, step ${Math.min(stepNumber, steps)} of ${steps} (${step})`;
  return `${phase}${at}, candidate at ${formatNumber(weight)} %`;
}

function remainingLine({ status: { remaining } }: RolloutStory): readonly string[] {
  const { requests, days } = remaining ?? {};
  if (requests === undefined && days === undefined) return [];
  const parts = [
    ...(requests === undefined ? [] : [`about ${formatNumber(requests)} requests`]),
    ...(days === undefined ? [] : [`${formatNumber(Number(days.toPrecision(3)))} days at the present pace`]),
  ];
  return [`remaining: ${parts.join(', ')}`];
}

function findings(steps: readonly StoryStep[]): readonly StepReport[] {
  return steps.flatMap(({ report }) => (report === undefined || report.text === '' ? [] : [report]));
}

/** Headings of a part go below those of the whole. */
function nest(markdown: string): string {
  return markdown.replaceAll(/^#+ /gm, (heading) => `#${heading}`);
}

const stepColumns: readonly TableColumn<StoryStep>[] = [
  { header: 'step', value: ({ step }) => step },
  { header: 'status', value: ({ status }) => status },
  { header: 'requests', value: ({ report }) => report?.requests },
  { header: 'truths', value: ({ report }) => report?.truths.recorded },
  { header: 'verdict', value: ({ report }) => report?.verdict.verdict ?? '' },
  { header: 'why', value: ({ report }) => (report === undefined ? '' : reasonText(report.verdict)) },
];

const historyColumns: readonly TableColumn<Entry>[] = [
  { header: 'time', value: ({ at }) => new Date(at).toISOString().slice(0, 19) },
  { header: 'what', value: ({ what }) => what },
  { header: 'why', value: ({ why }) => why },
  { header: 'by', value: ({ actor }) => actor },
];

/** Events in words. */
export function tellHistory(log: readonly (RolloutEvent | ContainedErrorEvent)[]): RolloutStory['history'] {
  return log.map((event) => ({ at: event.at, what: whatOf(event), why: whyOf(event), actor: event.actor }));
}

function whatOf(event: RolloutEvent | ContainedErrorEvent): string {
  switch (event.type) {
    case 'transition':
      return `${phaseText(event.from)} -> ${phaseText(event.to)}`;
    case 'verdict':
      return `${event.step}: ${event.verdict}`;
    case 'step':
      return `${event.step}: ${event.event.type}`;
    case 'released':
      return `${event.step}: released`;
    default:
      return `error in ${event.where}`;
  }
}

function phaseText(phase: RolloutPhase): string {
  if ('step' in phase) return `${phase.phase} ${phase.step + 1}`;
  return phase.phase === 'paused' ? `paused in ${phaseText(phase.previous)}` : phase.phase;
}

function whyOf(event: RolloutEvent | ContainedErrorEvent): string {
  switch (event.type) {
    case 'transition':
      return event.reason;
    case 'verdict':
      return reasonText({ verdict: event.verdict, reasons: event.reasons });
    case 'step':
      return stepWhy(
        event.event as { readonly reason?: unknown; readonly weight?: unknown; readonly decision?: unknown },
      );
    case 'released':
      return event.waiting === 0 ? event.reason : `${event.reason}; ${event.waiting} truths had not come`;
    default: {
      const error = event.error as { readonly name?: unknown; readonly message?: unknown } | undefined;
      return `${String(error?.name ?? 'error')}: ${String(error?.message ?? '')}`;
    }
  }
}

function stepWhy({ reason, weight, decision }: { reason?: unknown; weight?: unknown; decision?: unknown }): string {
  if (typeof decision === 'string') return decision;
  const at = typeof weight === 'number' ? `${formatNumber(weight)} %: ` : '';
  return `${at}${typeof reason === 'string' ? reason : ''}`;
}

interface Telling {
  toText(): string;
  toMarkdown(): string;
}

/** A step's own report: by its strategy, or a table of the comparison where that has none. */
export function renderStep(strategy: unknown, candidate: string): { readonly text: string; readonly markdown: string } {
  if (strategy === undefined) return { text: '', markdown: '' };
  const telling = strategy as Partial<Telling> & { compare?(shadow: string): ShadowComparison };
  if (typeof telling.toText === 'function' && typeof telling.toMarkdown === 'function') {
    return { text: telling.toText(), markdown: telling.toMarkdown() };
  }
  const rows = comparisonRows(telling.compare!(candidate));
  // A shadow's own report counts as a look at it: reading a story must change nothing.
  return { text: textTable(rows, comparisonColumns), markdown: markdownTable(rows, comparisonColumns) };
}

type ComparisonRow = readonly [what: string, current: number | undefined, candidate: number | undefined];

function comparisonRows({
  metrics,
  latencyMs,
  compared,
  agreed,
  shadowErrors,
}: ShadowComparison): readonly ComparisonRow[] {
  return [
    ['compared', undefined, compared],
    ['agreed', undefined, agreed],
    ['errors', undefined, shadowErrors],
    ['latency p95 (ms)', latencyMs.primary.p95, latencyMs.shadow.p95],
    ...metrics.map(({ metric, primary, shadow }): ComparisonRow => [metric, primary, shadow]),
  ];
}

const comparisonColumns: readonly TableColumn<ComparisonRow>[] = [
  { header: 'shadow', value: ([what]) => what },
  { header: 'current', value: ([, current]) => current },
  { header: 'candidate', value: ([, , candidate]) => candidate },
];
