import { checkFunction, checkInteger, checkOneOf, checkProbability } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { rmse } from '../errorMetrics.ts';
import type { Metric } from '../Metric.ts';
import { checkFixedCap } from '../measure.ts';
import { errorRate, latency, serviceTime } from '../serviceMetrics.ts';
import type { Judge, JudgeRules } from './Judge.ts';
import { mannWhitneyJudge } from './mannWhitneyJudge.ts';
import { sequentialJudge } from './sequentialJudge.ts';
import { thresholdJudge } from './thresholdJudge.ts';
import { welchJudge } from './welchJudge.ts';

/** What is judged, and how: the same for canaries and blue-green switches. */
export interface JudgingOptions {
  /** What is judged, each with its limit. @defaultValue rmse +20 % (the goal), p95 latency 2x, errors 1 %, capacity 90 % */
  readonly metrics?: readonly Metric<never, never, never>[];
  /** How evidence becomes a verdict. @defaultValue 'sequential' */
  readonly judge?: 'sequential' | 'welch' | 'mann-whitney' | 'threshold' | Judge;
  /**
   * The chance of throwing out a healthy model over the whole rollout, shared by the metrics in proportion to their
   * weights. @defaultValue 0.01
   */
  readonly alpha?: number;
  /** The chance of passing a model that is at its limit. @defaultValue 0.05 */
  readonly passAlpha?: number;
  /** Observations of the new model below which a metric cannot fail. @defaultValue 30 */
  readonly minSamples?: number;
  /** Observations of the new model below which a metric cannot pass. @defaultValue 100 */
  readonly passSamples?: number;
}

/** The names of `JudgingOptions`, for `checkOptions`. */
export const judgingOptionNames: readonly (keyof JudgingOptions)[] = [
  'metrics',
  'judge',
  'alpha',
  'passAlpha',
  'minSamples',
  'passSamples',
];

/** The metrics of the options, or the defaults. @throws InvalidOptionError @internal */
export function createMetrics(given: JudgingOptions['metrics']): readonly Metric[] {
  const metrics = (given as readonly unknown[] | undefined as readonly Metric[] | undefined) ?? defaultMetrics();
  if (!Array.isArray(metrics) || metrics.length === 0)
    throw new InvalidOptionError('metrics', given, 'a list of at least one metric');
  const names = metrics.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new InvalidOptionError('metrics', names, 'metrics with distinct names');
  for (const metric of metrics) checkFixedCap(metric);
  for (const { name, kind, limit } of metrics) {
    const judged = kind === 'mean' || kind === 'rate' || kind === 'rmse' || kind === 'quantile';
    if (limit !== undefined && !judged) {
      throw new InvalidOptionError(`metrics.${name}`, kind, 'a mean, rate, rmse or quantile where it has a limit');
    }
  }
  return metrics;
}

function defaultMetrics(): readonly Metric[] {
  return [rmse({ role: 'goal' }), latency({ quantile: 0.95 }), errorRate(), serviceTime()] as unknown as Metric[];
}

/** A pass is asked of the goals; without a goal, of the metrics of the truth that are held against the baseline. @internal */
export function guardsOf(metrics: readonly Metric[]): readonly boolean[] {
  const goals = metrics.some(({ role }) => role === 'goal');
  return metrics.map(({ role, due, kind, limit }) =>
    goals ? role !== 'goal' : !(due === 'truth' && kind !== 'rate' && limit !== undefined && 'relative' in limit),
  );
}

/** Whether a metric's verdict counts. @internal */
export function acts({ dryRun, weight }: Metric): boolean {
  return !dryRun && weight > 0;
}

/** @throws InvalidOptionError @internal */
export function createJudge(judge: JudgingOptions['judge'] = 'sequential'): Judge {
  if (typeof judge === 'object' && judge !== null) {
    checkFunction('judge.check', judge.check);
    return judge;
  }
  const known = {
    sequential: sequentialJudge,
    welch: welchJudge,
    'mann-whitney': mannWhitneyJudge(),
    threshold: thresholdJudge,
  } as const;
  return known[checkOneOf('judge', judge, Object.keys(known) as (keyof typeof known)[])];
}

/** The rules of every metric, with its part of the budget. @throws InvalidOptionError @internal */
export function createRules(options: JudgingOptions, metrics: readonly Metric[]): readonly JudgeRules[] {
  const { alpha = 0.01, passAlpha = 0.05, minSamples = 30, passSamples = 100 } = options;
  checkProbability('alpha', alpha);
  checkProbability('passAlpha', passAlpha);
  checkInteger('minSamples', minSamples, { ge: 2 });
  checkInteger('passSamples', passSamples, { ge: 2 });
  const acting = metrics.filter((metric) => acts(metric) && metric.limit !== undefined);
  const total = acting.reduce((sum, { weight }) => sum + weight, 0);
  return metrics.map((metric) => ({
    alpha: acting.includes(metric) ? (alpha * metric.weight) / total : alpha,
    passAlpha,
    minSamples: metric.minSamples ?? minSamples,
    passSamples: Math.max(metric.minSamples ?? 0, passSamples),
  }));
}
