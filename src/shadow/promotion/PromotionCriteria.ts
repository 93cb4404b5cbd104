import {
  checkFinite,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkProbability,
  checkShare,
} from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { Metric } from '../../metrics/Metric.ts';
import { canPair } from '../../metrics/PairedValues.ts';
import { GROUP_RATES, type GroupRate } from '../comparison/compareSubgroups.ts';

/** A limit that the confidence bound, not the estimate, must exceed. */
export interface LimitAbove {
  readonly above: number;
}

/** A limit that the confidence bound, not the estimate, must stay below. */
export interface LimitBelow {
  readonly below: number;
}

/** How far groups may lie apart. */
export interface SubgroupCriterion {
  /** @defaultValue 'recall' */
  readonly metric?: GroupRate | 'agreement';
  /**
   * Requests that every group needs: fewer are too few to say that it is treated alike. A group whose requests were all
   * dropped has none. @defaultValue 200
   */
  readonly minEach?: number;
  /** The largest difference of any two groups of one attribute. */
  readonly maxGap: number;
}

/**
 * What a shadow must show. Every criterion is held against a confidence bound that stays valid however often somebody
 * looks; all of them together promote wrongly with probability `alpha` at most, because all must pass.
 */
export interface PromotionCriteria {
  /** Compared requests. @defaultValue 10_000 */
  readonly minSamples?: number;
  /** How long shadowing must have gone on since the first compared request, in milliseconds. @defaultValue 604_800_000 (a week) */
  readonly minDurationMs?: number;
  /** Requests whose truth is known. @defaultValue 0 */
  readonly minLabelled?: number;
  /** Share of the requests due that may have been dropped; see `ShadowComparison.dropRate`. @defaultValue 0.05 */
  readonly maxDropRate?: number;
  /** Records that sinks may have lost. @defaultValue 0 */
  readonly maxLostRecords?: number;
  /** Share of the compared requests on which both agree. */
  readonly agreement?: LimitAbove;
  /** Disagreement beyond what the primary disagrees with itself; needs `noise`. */
  readonly beyondNoise?: LimitBelow;
  /** Share of the shadow's calls that threw, timed out or answered nothing. @defaultValue `{ below: 0.01 }` */
  readonly errorRate?: LimitBelow;
  /** The same quantile of the shadow's latency as a multiple of the primary's. */
  readonly latencyRatio?: LimitBelow & { /** @defaultValue 0.99 */ readonly quantile?: number };
  /** Kolmogorov's distance of the shadow's scores from the primary's. */
  readonly scoreDistance?: LimitBelow;
  /** The population stability index of the same. Compared as it is: it has no bound, and errs upwards. */
  readonly stabilityIndex?: LimitBelow;
  readonly accuracy?: LimitAbove;
  readonly precision?: LimitAbove;
  readonly recall?: LimitAbove;
  readonly specificity?: LimitAbove;
  readonly falsePositiveRate?: LimitBelow;
  readonly falseNegativeRate?: LimitBelow;
  readonly f1?: LimitAbove;
  readonly rocAuc?: LimitAbove;
  readonly meanAbsoluteError?: LimitBelow;
  readonly rmse?: LimitBelow;
  /** Limits of the runner's own `metrics`, by name: means, rates and root mean squares. */
  readonly metrics?: Readonly<Record<string, LimitAbove | LimitBelow>>;
  /**
   * No worse than the primary on the same requests, by more than the margin: `accuracy`, `recall`, `specificity`,
   * `rocAuc`, `meanAbsoluteError`, `rmse`, or a metric of the runner's own.
   */
  readonly nonInferiority?: Readonly<Record<string, number>>;
  /** Better than the primary on the same requests, by more than this. */
  readonly superiority?: Readonly<Record<string, number>>;
  readonly subgroups?: readonly SubgroupCriterion[];
  /** The error probability over all looks together. @defaultValue 0.05 */
  readonly alpha?: number;
  /**
   * Areas under ROC curves, F1 and score distances have no sequence: they are looked at no more often than this, look k
   * with `alpha / (k (k + 1))`, and stand in between. Milliseconds. @defaultValue 86_400_000 (a day)
   */
  readonly lookEveryMs?: number;
}

/** Criteria with their defaults filled in. */
export interface ResolvedCriteria extends PromotionCriteria {
  readonly minSamples: number;
  readonly minDurationMs: number;
  readonly minLabelled: number;
  readonly maxDropRate: number;
  readonly maxLostRecords: number;
  readonly alpha: number;
  readonly lookEveryMs: number;
  readonly errorRate: LimitBelow;
}

const ABOVE = ['agreement', 'accuracy', 'precision', 'recall', 'specificity', 'f1', 'rocAuc'] as const;
const BELOW = ['beyondNoise', 'errorRate', 'scoreDistance', 'falsePositiveRate', 'falseNegativeRate'] as const;
const UNBOUNDED = ['latencyRatio', 'stabilityIndex', 'meanAbsoluteError', 'rmse'] as const;
/** Comparisons that stand beside the runner's own metrics. */
export const PAIRED_NAMES = ['accuracy', 'recall', 'specificity', 'rocAuc', 'meanAbsoluteError', 'rmse'] as const;
const CLASSES: readonly string[] = [
  'accuracy',
  'precision',
  'recall',
  'specificity',
  'falsePositiveRate',
  'falseNegativeRate',
  'f1',
  'rocAuc',
];
const NUMBERS: readonly string[] = ['meanAbsoluteError', 'rmse'];

/** What a criterion may lean on. */
export interface CriteriaContext {
  readonly metrics: readonly Pick<Metric, 'name' | 'kind'>[];
  readonly classification: boolean;
  readonly regression: boolean;
  readonly noise: boolean;
  readonly subgroup: boolean;
}

/** Criteria, checked. @throws InvalidOptionError also for a criterion that the runner's options give nothing to hold against */
export function resolveCriteria(criteria: PromotionCriteria, context: CriteriaContext): ResolvedCriteria {
  const own = ['minSamples', 'minDurationMs', 'minLabelled', 'maxDropRate', 'maxLostRecords', 'alpha', 'lookEveryMs'];
  const groups = ['metrics', 'nonInferiority', 'superiority', 'subgroups'];
  checkOptions('promotion', criteria, [...own, ...ABOVE, ...BELOW, ...UNBOUNDED, ...groups]);
  for (const name of ABOVE) checkLimit(name, criteria[name], 'above', 1);
  for (const name of BELOW) checkLimit(name, criteria[name], 'below', 1);
  for (const name of UNBOUNDED) checkLimit(name, criteria[name], 'below', Number.POSITIVE_INFINITY);
  if (criteria.latencyRatio?.quantile !== undefined)
    checkProbability('promotion.latencyRatio.quantile', criteria.latencyRatio.quantile);
  checkNeeds(criteria, context);
  for (const [name, limit] of Object.entries(criteria.metrics ?? {})) checkMetric(name, limit, context);
  for (const kind of ['nonInferiority', 'superiority'] as const) {
    for (const [name, size] of Object.entries(criteria[kind] ?? {})) {
      checkPaired(`promotion.${kind}`, name, context);
      checkFinite(`promotion.${kind}.${name}`, size, { ge: 0 });
    }
  }
  for (const criterion of criteria.subgroups ?? []) checkSubgroups(criterion);
  const { minSamples = 10_000, minDurationMs = 7 * 86_400_000, minLabelled = 0 } = criteria;
  const { maxDropRate = 0.05, maxLostRecords = 0, alpha = 0.05, lookEveryMs = 86_400_000 } = criteria;
  return {
    ...criteria,
    minSamples: checkInteger('promotion.minSamples', minSamples, { ge: 0 }),
    minDurationMs: checkFinite('promotion.minDurationMs', minDurationMs, { ge: 0 }),
    minLabelled: checkInteger('promotion.minLabelled', minLabelled, { ge: 0 }),
    maxDropRate: checkShare('promotion.maxDropRate', maxDropRate),
    maxLostRecords: checkNumber('promotion.maxLostRecords', maxLostRecords, { ge: 0 }),
    alpha: checkProbability('promotion.alpha', alpha),
    lookEveryMs: checkFinite('promotion.lookEveryMs', lookEveryMs, { ge: 0 }),
    // A model that does not answer is compared on fewer requests, and on those alone it may be perfect.
    errorRate: criteria.errorRate ?? { below: 0.01 },
  };
}

function checkLimit(name: string, value: unknown, key: 'above' | 'below', most: number): void {
  if (value === undefined) return;
  const option = `promotion.${name}`;
  checkOptions(option, value, name === 'latencyRatio' ? ['below', 'quantile'] : [key]);
  const bounds = most === 1 ? { gt: 0, lt: 1 } : { gt: 0 };
  checkFinite(`${option}.${key}`, (value as Record<string, unknown>)[key], bounds);
}

function checkNeeds(criteria: PromotionCriteria, context: CriteriaContext): void {
  const need = (name: string, what: string, there: boolean): void => {
    const value = (criteria as Record<string, unknown>)[name];
    if (value !== undefined && !there) throw new InvalidOptionError(`promotion.${name}`, value, `given with ${what}`);
  };
  for (const name of CLASSES) need(name, 'the option classification', context.classification);
  for (const name of NUMBERS) need(name, 'the option regression', context.regression);
  need('beyondNoise', 'the option noise', context.noise);
  need('subgroups', 'the option subgroup', context.subgroup);
  for (const { metric = 'recall' } of criteria.subgroups ?? []) {
    if (metric !== 'agreement') need('subgroups', 'the option classification', context.classification);
  }
}

function checkMetric(name: string, limit: unknown, { metrics }: CriteriaContext): void {
  const option = `promotion.metrics.${name}`;
  const found = metrics.find((metric) => metric.name === name);
  if (found === undefined || !['mean', 'rate', 'rmse'].includes(found.kind)) {
    throw new InvalidOptionError(option, name, 'the name of a mean, a rate or an rmse among the metrics');
  }
  checkOptions(option, limit, ['above', 'below']);
  const keys = Object.keys(limit as object);
  if (keys.length !== 1) throw new InvalidOptionError(option, limit, 'an object with above or below');
  checkFinite(`${option}.${keys[0]}`, (limit as Record<string, unknown>)[keys[0]!]);
}

function checkPaired(option: string, name: string, { metrics, classification, regression }: CriteriaContext): void {
  const own = metrics.some((metric) => metric.name === name && canPair(metric));
  const built = (PAIRED_NAMES as readonly string[]).includes(name);
  const there = built && (NUMBERS.includes(name) ? regression : classification);
  if (own || there) return;
  throw new InvalidOptionError(
    option,
    name,
    'the name of a metric that can be paired, or of a built-in comparison whose option (classification or regression) is given',
  );
}

function checkSubgroups(criterion: SubgroupCriterion): void {
  checkOptions('promotion.subgroups', criterion, ['metric', 'minEach', 'maxGap']);
  const { metric = 'recall', minEach = 200, maxGap } = criterion;
  checkOneOf('promotion.subgroups.metric', metric, [...GROUP_RATES, 'agreement']);
  checkInteger('promotion.subgroups.minEach', minEach, { ge: 1 });
  checkFinite('promotion.subgroups.maxGap', maxGap, { gt: 0, lt: 1 });
}
