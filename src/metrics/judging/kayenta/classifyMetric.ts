import { ascending } from '../../../stats/ascending.ts';
import { normalDistribution } from '../../../stats/distributions/normalDistribution.ts';
import { compareRanks } from '../../../stats/ranks/compareRanks.ts';
import { type OutlierRule, outliers, withoutNaN } from './cleanValues.ts';
import { type RootedShift, shiftByRoots } from './shiftByRoots.ts';

/** What Kayenta says of one metric. */
export type KayentaClass = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric';

/** How Kayenta looks at one metric. */
export interface KayentaMetricOptions {
  /** The side on which a change is bad. @defaultValue 'either' */
  readonly direction?: 'increase' | 'decrease' | 'either';
  /** NaN left out, or counted as 0. @defaultValue 'remove' */
  readonly nanStrategy?: 'remove' | 'replace';
  /** @defaultValue keep them */
  readonly outliers?: OutlierRule;
  /** How far the interval must be from 0, as a part of the estimated shift itself. @defaultValue 0.25 */
  readonly tolerance?: number;
  /** @defaultValue 0.98 */
  readonly confLevel?: number;
  /** What the effect is measured by: the ratio of the means, or the chance that a canary value exceeds a baseline value. @defaultValue 'meanRatio' */
  readonly effectSizeMeasure?: 'meanRatio' | 'cles';
  /** The effect is big enough at most at the first, at least at the second. @defaultValue [1, 1], [0.5, 0.5] for `cles` */
  readonly effectSizeThresholds?: readonly [decrease: number, increase: number];
  /** A failure is critical beyond these. @defaultValue those of the effect size */
  readonly criticalThresholds?: readonly [decrease: number, increase: number];
  /** @defaultValue false */
  readonly critical?: boolean;
  /** Whether no data is a failure. @defaultValue false */
  readonly mustHaveData?: boolean;
}

/** Kayenta's word on one metric, with the numbers behind it. */
export interface KayentaResult {
  readonly classification: KayentaClass;
  /** Whether it alone fails the canary. */
  readonly critical: boolean;
  /** The effect; NaN where a mean is 0. */
  readonly deviation: number;
  readonly shift: RootedShift | undefined;
  readonly reason: string;
}

/**
 * One metric by the rules of Kayenta's judge: Mann-Whitney interval of the shift against a part of the estimated shift, and
 * the effect size against its thresholds. Right at the numbers that Kayenta is used at; at very few it convicts models
 * that are the same, and small units drown in the root finder's tolerance.
 */
export function classifyMetric(
  baseline: readonly number[],
  canary: readonly number[],
  options: KayentaMetricOptions = {},
): KayentaResult {
  const { critical = false, mustHaveData = false, nanStrategy = 'remove' } = options;
  const [x, y] = [canary, baseline].map((values) => clean(values, options)) as [readonly number[], readonly number[]];
  const result = (classification: KayentaClass, reason: string, more: Partial<KayentaResult> = {}): KayentaResult => ({
    classification,
    critical: false,
    deviation: 1,
    shift: undefined,
    reason,
    ...more,
  });
  if (x.length === 0 || y.length === 0) {
    const reason = `no data of ${x.length === 0 ? 'the canary' : 'the baseline'}`;
    if (nanStrategy === 'replace') return result('Pass', reason);
    if (mustHaveData && !critical) return result('NodataFailMetric', reason);
    return result('Nodata', reason, { critical });
  }
  if (sameValues(x, y)) return result('Pass', 'both say the same');
  const shift = shiftByRoots(spread(x, x, y), spread(y, x, y), options.confLevel ?? 0.98);
  const deviation = effectOf(x, y, options);
  const side = sideOf(shift, deviation, options);
  const reason = `shift ${shift.estimate.toPrecision(4)}, interval ${shift.interval.map((end) => end.toPrecision(4)).join(' to ')}, effect ${deviation.toPrecision(4)}`;
  if (side === 'Pass') return result(side, reason, { deviation, shift });
  return result(side, reason, { deviation, shift, critical: critical && isCritical(side, deviation, options) });
}

function clean(values: readonly number[], { nanStrategy = 'remove', outliers: rule }: KayentaMetricOptions) {
  const numbers = withoutNaN(values, nanStrategy);
  if (rule === undefined) return numbers;
  const flags = outliers(numbers, rule);
  return numbers.filter((_, i) => !flags[i]);
}

/** The same values in any order, or one value alone: nothing to compare. */
function sameValues(x: readonly number[], y: readonly number[]): boolean {
  if (new Set([...x, ...y]).size === 1) return true;
  const [a, b] = [ascending(x), ascending(y)];
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * Where both models always say the same number, ranks are given a little room: normal deviations of 1e-5 of the value,
 * in an order that is always the same where Kayenta draws them.
 */
function spread(values: readonly number[], x: readonly number[], y: readonly number[]): readonly number[] {
  const constant = new Set(x).size === 1 && new Set(y).size === 1;
  if (!constant) return values;
  return values.map((value, i) => value * (1 + 1e-5 * normalDistribution.quantile((i + 0.5) / values.length)));
}

function effectOf(x: readonly number[], y: readonly number[], { effectSizeMeasure }: KayentaMetricOptions): number {
  return effectSizeMeasure === 'cles' ? commonLanguage(x, y) : meanRatio(x, y);
}

/** The canary's mean over the baseline's; NaN where either is 0. */
export function meanRatio(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return mean(x) === 0 || mean(y) === 0 ? Number.NaN : mean(x) / mean(y);
}

/** The chance that a canary value exceeds a baseline value, ties one half. */
export function commonLanguage(x: readonly number[], y: readonly number[]): number {
  const { rankSum } = compareRanks(ascending(x), ascending(y));
  return (rankSum - (x.length * (x.length + 1)) / 2) / (x.length * y.length);
}

function thresholdsOf({ effectSizeThresholds, effectSizeMeasure }: KayentaMetricOptions): readonly [number, number] {
  return effectSizeThresholds ?? (effectSizeMeasure === 'cles' ? [0.5, 0.5] : [1, 1]);
}

function sideOf({ interval, estimate }: RootedShift, effect: number, options: KayentaMetricOptions) {
  const { direction = 'either', tolerance = 0.25 } = options;
  const [decrease, increase] = thresholdsOf(options);
  const least = tolerance * Math.abs(estimate);
  const [low, high] = interval;
  // An effect that cannot be told, beside a mean of 0, stands in nobody's way.
  if (direction !== 'decrease' && low > least && !(effect < increase)) return 'High';
  if (direction !== 'increase' && high < -least && !(effect > decrease)) return 'Low';
  return 'Pass';
}

function isCritical(side: 'High' | 'Low', effect: number, options: KayentaMetricOptions): boolean {
  const [decrease, increase] = options.criticalThresholds ?? thresholdsOf(options);
  return side === 'High' ? !(effect < increase) : !(effect > decrease);
}
