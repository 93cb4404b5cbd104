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
  const nothing = { estimate: 0, information: 0, size: 0, warnings, units: undefined };
  const error = found.status === 'ok' ? (found.standardError ?? 0) : 0;
  if (found.status !== 'ok' || !(error > 0)) return nothing;
  const { estimate, df = Number.POSITIVE_INFINITY } = found;
  if (df <= 2) return nothing;
  // An error that is hardly known makes the estimate vary more beside it: t has the variance df / (df - 2).
  const spread = error * Math.sqrt(df === Number.POSITIVE_INFINITY ? 1 : df / (df - 2));
  const [a, b] = [found.reference.n, found.candidate.n];
  const information = 1 / (spread * spread);
  return { estimate, information, size: (a * b) / (a + b), warnings, units: unitEffect(strata, spread) };
}

interface Informed extends InformationEstimate {
  /** What both sides' numbers are worth. */
  readonly size: number;
  readonly warnings: readonly string[];
  /** See `unitEffect`. */
  readonly units: Float64Array | undefined;
}

interface Related<P> {
  readonly parts: readonly P[];
  readonly options: { readonly covariance?: readonly (readonly number[])[] };
  /** Places of units that the covariances are made of. */
  readonly places: number | undefined;
}

/**
 * A user may be in several groups, or come on several days: the parts with their covariances. Weights go by numbers then:
 * few units make errors that are themselves off, and weights by such errors would favour the parts whose error looks too
 * small.
 */
function related<P extends Informed>(parts: readonly P[]): Related<P> {
  if (!parts.some(({ units }) => units !== undefined)) return { parts, options: {}, places: undefined };
  const covariance = parts.map(({ information, units }, i) =>
    parts.map((other, j) => {
      if (i === j) return information > 0 ? 1 / information : 0;
      return units === undefined || other.units === undefined ? 0 : product(units, other.units);
    }),
  );
  const told = parts.filter(({ information }) => information > 0);
  const sizes = told.reduce((sum, { size }) => sum + size, 0);
  const perSize = told.reduce((sum, { size, information }) => sum + (size * size) / information, 0) / sizes;
  const weighted = parts.map((part) => (part.information > 0 ? { ...part, information: part.size / perSize } : part));
  const places = Math.max(...parts.map(({ units }) => units?.length ?? 0));
  return { parts: weighted, options: { covariance }, places };
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
  const { parts, options } = related(each.map(({ strata }) => informationOf(strata)));
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
    heterogeneity: withWarnings(heterogeneityTest(parts, options), parts),
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
  const { parts, options, places } = related(
    sorted.map(([period, strata]) => ({ at: Number(period) * periodDays, ...informationOf(strata) })),
  );
  return {
    ...names,
    periods: sorted.map(([period, strata]) => ({
      from: Number(period) * periodDays * DAY,
      comparison: compare(strata),
    })),
    trend: withWarnings(
      effectTrendTest(parts, { ...options, ...(places === undefined ? {} : { df: places - 1 }) }),
      parts,
    ),
  };
}
