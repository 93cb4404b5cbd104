import { checkFinite, checkOptions } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { inconclusive } from '../inconclusive.ts';
import type { Inconclusive } from '../types.ts';
import { type BinnedDrift, binnedDrift } from './BinnedDrift.ts';
import type { DriftOptions } from './driftReport.ts';

/** Counts in fixed bins, with what lay outside of them. A `Histogram` summary is one. */
export interface HistogramCounts {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly below: number;
  readonly above: number;
}

/** How far one histogram has drifted from another. */
export interface HistogramDriftReport extends BinnedDrift {
  readonly status: 'ok';
  /** Values in reference and current. */
  readonly n: readonly [reference: number, current: number];
  /** Values of the reference below the first edge, in each bin, and above the last edge. */
  readonly reference: readonly number[];
  /** The same of the current one. */
  readonly current: readonly number[];
}

function withOutside(name: string, { edges, counts, below, above }: HistogramCounts): readonly number[] {
  const all = [below, ...counts, above];
  for (const count of all) {
    if (!(Number.isFinite(count) && count >= 0))
      throw new InvalidDataError(`${name}.counts`, count, 'finite and at least 0');
  }
  if (counts.length !== edges.length - 1) {
    throw new InvalidDataError(`${name}.counts.length`, counts.length, `${edges.length - 1}, the number of bins`);
  }
  return all;
}

/**
 * Whether a stream is still that of the reference, from two histograms over the same bins, which need no samples to be
 * kept and merge over processes. What lies below and above the bins counts as two bins more.
 *
 * @returns inconclusive where a histogram is empty
 * @throws InvalidDataError for edges that differ or counts that are none, InvalidOptionError
 * @example
 * const edges = [0, 0.5, 1];
 * const reference = new Histogram({ edges }).pushAll([0.1, 0.2, 0.7, 0.8]);
 * const current = new Histogram({ edges }).pushAll([0.6, 0.7, 0.7, 0.3]);
 * histogramDriftReport(reference, current); // totalVariation 0.25
 * @see Yurdakul & Naranjo (2020), J. Risk Model Validation 14(4), doi:10.21314/JRMV.2020.227 (the law of the index)
 */
export function histogramDriftReport(
  reference: HistogramCounts,
  current: HistogramCounts,
  options: Pick<DriftOptions, 'floor'> = {},
): HistogramDriftReport | Inconclusive {
  checkOptions('options', options, ['floor']);
  const floor = checkFinite('floor', options.floor ?? 1e-4, { gt: 0, le: 0.5 });
  const [before, after] = [withOutside('reference', reference), withOutside('current', current)];
  const { edges } = reference;
  if (edges.length !== current.edges.length || edges.some((edge, i) => edge !== current.edges[i])) {
    throw new InvalidDataError('current.edges', current.edges, 'those of reference');
  }
  const n = [before, after].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number];
  if (n[0] === 0 || n[1] === 0) return inconclusive('drift', n, 'each histogram needs an observation');
  return { status: 'ok', n, reference: before, current: after, ...binnedDrift(before, after, floor) };
}
