import type { ABTestSummary } from '../../abtest/index.ts';
import type { AnyStrategy } from '../../core/index.ts';
import type { RolloutStory } from '../../rollout/index.ts';
import { checkFinite, checkInteger, checkName, checkOptions } from '../support/check.ts';
import { readStrategy } from '../support/readStrategy.ts';
import { listTree, type Watched } from '../support/watchTree.ts';
import { MlflowKeys, type MlflowMetric, type MlflowRun, mlflowEntries, toBatches } from './MlflowRun.ts';

/** Options of {@link toMlflowRun}. */
export interface MlflowOptions {
  /** The experiment that the run belongs to. @defaultValue '0', MLflow's default experiment */
  readonly experimentId?: string;
  /** @defaultValue the strategy's name */
  readonly runName?: string;
  /** The moment of the numbers, milliseconds since the epoch. */
  readonly at: number;
  /** When the run began, milliseconds since the epoch. @defaultValue `at` */
  readonly startedAt?: number;
  /** The step of the metrics: log the same run again later with a higher one. @defaultValue 0 */
  readonly step?: number;
  /** What was configured: becomes params. @defaultValue nothing */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  /** Further tags. @defaultValue nothing */
  readonly tags?: Readonly<Record<string, string>>;
}

type Numbers = Record<string, number | undefined>;

/**
 * What a strategy, and every one nested in it, has found, as a run of MLflow: plain JSON, in requests within its limits.
 * What was decided becomes tags, what was measured metrics. Nothing is sent: `logMlflowRun` does.
 *
 * @throws InvalidOptionError if it is no strategy, or an option breaks its rule
 */
export function toMlflowRun(strategy: AnyStrategy, options: MlflowOptions): MlflowRun {
  const known = ['experimentId', 'runName', 'at', 'startedAt', 'step', 'params', 'tags'];
  checkOptions('options', options, known);
  const { experimentId = '0', at, startedAt = at, step = 0, params = {}, tags = {} } = options;
  const tree = listTree('strategy', strategy);
  const root = tree[0]!;
  const numbers = Object.assign(
    {},
    ...tree.map((watched, i) => numbersOf(watched, i === 0 ? '' : `${watched.name}/`)),
  ) as Numbers;
  const conclusion = conclusionOf(root);
  const timestamp = Math.round(checkFinite('at', at));
  checkInteger('step', step, { ge: 0 });
  const keys = new MlflowKeys();
  const metrics = Object.entries(numbers).flatMap(([name, value]): MlflowMetric[] =>
    value === undefined || !Number.isFinite(value) ? [] : [{ key: keys.keyOf(name), value, timestamp, step }],
  );
  const told = { 'coronate.kind': root.kind, 'coronate.strategy': root.name, ...conclusion.tags, ...tags };
  return {
    create: {
      experiment_id: checkName('experimentId', experimentId),
      run_name: checkName('runName', options.runName ?? root.name),
      start_time: Math.round(checkFinite('startedAt', startedAt)),
      tags: mlflowEntries({ 'coronate.kind': root.kind }, 5000),
    },
    batches: toBatches({ params: mlflowEntries(params, 6000), tags: mlflowEntries(told, 5000), metrics }),
    update: conclusion.over ? { status: 'FINISHED', end_time: timestamp } : { status: 'RUNNING' },
  };
}

/** What is measured now, by name. */
function numbersOf(watched: Watched, prefix: string): Numbers {
  const numbers: Numbers = {};
  for (const [what, n] of Object.entries(watched.protocol.truths())) numbers[`${prefix}truths/${what}`] = n;
  for (const { metric, labels, value } of readStrategy(watched)) {
    numbers[`${prefix}${[metric, ...Object.values(labels)].join('/')}`] = value;
  }
  const strategy = watched.strategy();
  if (watched.kind === 'abtest' && strategy !== undefined) {
    Object.assign(numbers, summaryNumbers((strategy as unknown as { summary(): ABTestSummary }).summary(), prefix));
  }
  return numbers;
}

function summaryNumbers({ requests, variants, comparisons }: ABTestSummary, prefix: string): Numbers {
  const numbers: Numbers = { [`${prefix}requests`]: requests };
  for (const { variant, metrics } of variants) {
    for (const { metric, value, n } of metrics) {
      numbers[`${prefix}${variant}/${metric}`] = value;
      numbers[`${prefix}${variant}/${metric}/n`] = n;
    }
  }
  for (const comparison of comparisons) {
    if (comparison.status !== 'ok') continue;
    const at = `${prefix}${comparison.variant}/${comparison.metric}`;
    numbers[`${at}/estimate`] = comparison.estimate;
    numbers[`${at}/lower`] = comparison.interval[0];
    numbers[`${at}/upper`] = comparison.interval[1];
    numbers[`${at}/p_value`] = comparison.pValue;
  }
  return numbers;
}

/** What was concluded, and whether that is the end. */
function conclusionOf(root: Watched): { readonly tags: Readonly<Record<string, string>>; readonly over: boolean } {
  const strategy = root.strategy() as unknown as {
    story?(): RolloutStory;
    decide?(): { readonly decision: string; readonly reasons: readonly { readonly message: string }[] };
    readonly status?: { readonly phase: string; readonly waitingFor?: string };
  };
  if (root.kind === 'abtest' && strategy.decide !== undefined) {
    const { decision, reasons } = strategy.decide();
    const why = reasons.map(({ message }) => message).join('; ');
    return {
      tags: { 'coronate.decision': decision, 'coronate.reasons': why },
      over: decision === 'PROMOTE' || decision === 'REJECT',
    };
  }
  const { phase, waitingFor = '' } = strategy.status ?? { phase: '' };
  if (phase === '') return { tags: {}, over: false };
  const over = ['promoted', 'rejected', 'rolled-back'].includes(phase);
  return { tags: { 'coronate.phase': phase, 'coronate.waiting_for': waitingFor }, over };
}
