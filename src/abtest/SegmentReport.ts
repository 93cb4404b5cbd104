import { compareFixed, type MetricComparison, type MetricStratum } from '../metrics/inference/index.ts';
import { unitEffect } from '../metrics/inference/jointUnits.ts';
import { holm } from '../stats/multiplicity/holm.ts';
import { eBenjaminiHochberg } from '../stats/sequential/eBenjaminiHochberg.ts';
import type { InformationEstimate } from '../stats/sequential/InformationEstimate.ts';
import { effectTrendTest } from '../stats/tests/effectTrendTest.ts';
import { type HeterogeneityEstimate, heterogeneityTest } from '../stats/tests/heterogeneityTest.ts';
import type { Inconclusive, TestResult } from '../stats/types.ts';

/** A challenger beside the champion within one group of requests. */
export interface SegmentComparison {
  readonly group: string;
  readonly comparison: MetricComparison;
  /** The p-value after the correction for the number of groups. */
  readonly adjustedPValue: number | undefined;
}

/** A metric by the groups of one dimension. */
export interface SegmentReport {
  readonly dimension: string;
  readonly metric: string;
  readonly variant: string;
  readonly groups: readonly SegmentComparison[];
  /** Whether the improvement differs between the groups, and (`qualitativePValue`) whether the winner does. */
  readonly heterogeneity: HeterogeneityEstimate | Inconclusive;
}

/** An improvement within one period. */
export interface PeriodComparison {
  /** When the period began, milliseconds since the epoch. */
  readonly from: number;
  readonly comparison: MetricComparison;
}

/** A metric by time. */
export interface TrendReport {
  readonly metric: string;
  readonly variant: string;
  /** Days of one period: 1 at first, doubled when there are too many. */
  readonly periodDays: number;
  readonly periods: readonly PeriodComparison[];
  /** The change of the improvement per day, in the metric's unit: novelty wears off, learning adds up. */
  readonly trend: TestResult;
}

const DAY = 86_400_000;

/** The estimate of a group with what it is worth. */
function informationOf(strata: readonly MetricStratum[]): Informed {
  const found = compareFixed(strata);
  const { warnings } = found;
  const error = found.status === 'ok' ? (found.standardError ?? 0) : 0;
  if (found.status !== 'ok' || !(error > 0)) return { estimate: 0, information: 0, warnings, units: undefined };
  const { estimate, df = Number.POSITIVE_INFINITY } = found;
  // An error that is hardly known makes the estimate vary more beside it: t has the variance df / (df - 2).
  const spread = df > 2 ? error * Math.sqrt(df === Number.POSITIVE_INFINITY ? 1 : df / (df - 2)) : 0;
  if (spread === 0) return { estimate: 0, information: 0, warnings, units: undefined };
  return { estimate, information: 1 / (spread * spread), warnings, units: unitEffect(strata, spread) };
}

interface Informed extends InformationEstimate {
  readonly warnings: readonly string[];
  /** See `unitEffect`. */
  readonly units: Float64Array | undefined;
}

/** A user may be in several groups, or come on several days. Undefined where units hardly ever come twice. */
function covarianceOf(parts: readonly Informed[]): { readonly covariance?: readonly (readonly number[])[] } {
  if (!parts.some(({ units }) => units !== undefined)) return {};
  const covariance = parts.map(({ information, units }, i) =>
    parts.map((other, j) => {
      if (i === j) return information > 0 ? 1 / information : 0;
      return units === undefined || other.units === undefined ? 0 : product(units, other.units);
    }),
  );
  return { covariance };
}

function product(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, place) => sum + x * b[place]!, 0);
}

/** What must be known of the parts must be known of what is made of them. */
function withWarnings<R extends { readonly warnings: readonly string[] }>(result: R, parts: readonly Informed[]): R {
  return { ...result, warnings: [...new Set([...result.warnings, ...parts.flatMap(({ warnings }) => warnings)])] };
}

/** Compares within every group, corrects for their number, and asks whether they differ. */
export function segmentReport(
  names: Pick<SegmentReport, 'dimension' | 'metric' | 'variant'>,
  groups: ReadonlyMap<string, readonly MetricStratum[]>,
  compare: (strata: readonly MetricStratum[]) => MetricComparison,
): SegmentReport {
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  const each = sorted.map(([group, strata]) => ({ group, strata, comparison: compare(strata) }));
  const parts = each.map(({ strata }) => informationOf(strata));
  const sure = each.flatMap(({ comparison }) => (comparison.status === 'ok' ? [comparison] : []));
  const logs = sure.map(({ logEValue }) => logEValue);
  const adjusted = logs.every((log) => log !== undefined)
    ? eBenjaminiHochberg(logs).adjusted
    : holm(sure.map(({ pValue }) => pValue)).adjusted;
  return {
    ...names,
    groups: each.map(({ group, comparison }) => {
      const place = comparison.status === 'ok' ? sure.indexOf(comparison) : -1;
      return { group, comparison, adjustedPValue: place < 0 ? undefined : adjusted[place] };
    }),
    heterogeneity: withWarnings(heterogeneityTest(parts, covarianceOf(parts)), parts),
  };
}

/** Compares within every period, and asks whether the improvement grows or fades. */
export function trendReport(
  names: Pick<TrendReport, 'metric' | 'variant' | 'periodDays'>,
  periods: ReadonlyMap<string, readonly MetricStratum[]>,
  compare: (strata: readonly MetricStratum[]) => MetricComparison,
): TrendReport {
  const sorted = [...periods].sort(([a], [b]) => Number(a) - Number(b));
  const { periodDays } = names;
  const parts = sorted.map(([period, strata]) => ({ at: Number(period) * periodDays, ...informationOf(strata) }));
  return {
    ...names,
    periods: sorted.map(([period, strata]) => ({
      from: Number(period) * periodDays * DAY,
      comparison: compare(strata),
    })),
    trend: withWarnings(effectTrendTest(parts, covarianceOf(parts)), parts),
  };
}
