import { checkFinite, checkInteger, checkOptions } from '../../core/check.ts';
import { checkSample } from '../checkSample.ts';
import { inconclusive } from '../inconclusive.ts';
import { Moments } from '../summaries/Moments.ts';
import { type KolmogorovSmirnovEstimate, kolmogorovSmirnovTest } from '../tests/kolmogorovSmirnovTest.ts';
import type { Inconclusive } from '../types.ts';
import { type BinnedDrift, binnedDrift } from './BinnedDrift.ts';
import { countInBins } from './countInBins.ts';
import { quantileBins } from './quantileBins.ts';
import { wassersteinDistance } from './wassersteinDistance.ts';

/** Options of {@link driftReport}. */
export interface DriftOptions {
  /**
   * The number of bins, with edges at quantiles of the reference.
   * @defaultValue 10
   */
  readonly bins?: number;
  /** Interior edges, ascending, fixed beforehand in place of quantiles. */
  readonly edges?: readonly number[];
  /**
   * The least proportion that a bin is taken to hold in the population stability index.
   * @defaultValue 1e-4
   */
  readonly floor?: number;
}

/** How far a sample has drifted from a reference. */
export interface DriftReport extends BinnedDrift {
  readonly status: 'ok';
  /** Sizes of reference and current. */
  readonly n: readonly [reference: number, current: number];
  /** Interior edges e; the bins are (-∞, e₁], (e₁, e₂], …, (e_last, ∞). */
  readonly edges: readonly number[];
  /** Values of the reference in each bin. */
  readonly reference: readonly number[];
  /** Values of the current sample in each bin. */
  readonly current: readonly number[];
  /** The two-sample Kolmogorov–Smirnov test, which needs no bins. */
  readonly kolmogorovSmirnov: KolmogorovSmirnovEstimate;
  /** How far the values have moved on average, in their own unit. */
  readonly wassersteinDistance: number;
  /** (mean of current - mean of reference) / √(mean of the variances); `undefined` where nothing varies. */
  readonly standardizedMeanDifference: number | undefined;
}

function meanShift(reference: ArrayLike<number>, current: ArrayLike<number>): number | undefined {
  const [before, after] = [reference, current].map((sample) => new Moments().pushAll(Array.from(sample))) as [
    Moments,
    Moments,
  ];
  const variance = (before.variance + after.variance) / 2;
  return variance > 0 ? (after.mean - before.mean) / Math.sqrt(variance) : undefined;
}

/**
 * Whether the values of today (inputs, scores, predictions) are those of the reference: everything that the field asks
 * of two samples, with the bins that were used.
 *
 * The bins hold equal shares of the reference, unless `edges` say otherwise; equal edges are merged. A p-value says that
 * there is drift, not that it matters: with a million values everything drifts. For that look at the distances.
 *
 * @param reference for example the training data
 * @param current for example the requests of today
 * @returns inconclusive where a sample is empty
 * @throws InvalidDataError for a value that is not finite, InvalidOptionError
 * @example
 * driftReport([1, 2, 3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8, 9, 10], { bins: 4 }); // wassersteinDistance 2
 * @see Yurdakul & Naranjo (2020), J. Risk Model Validation 14(4), doi:10.21314/JRMV.2020.227 (the law of the index)
 */
export function driftReport(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  options: DriftOptions = {},
): DriftReport | Inconclusive {
  checkOptions('options', options, ['bins', 'edges', 'floor']);
  const bins = checkInteger('bins', options.bins ?? 10, { ge: 2 });
  const floor = checkFinite('floor', options.floor ?? 1e-4, { gt: 0, le: 0.5 });
  checkSample('reference', reference);
  checkSample('current', current);
  const n = [reference.length, current.length] as const;
  if (n[0] === 0 || n[1] === 0) return inconclusive('drift', n, 'each sample needs an observation');
  const kolmogorovSmirnov = kolmogorovSmirnovTest(reference, current);
  if (kolmogorovSmirnov.status === 'inconclusive') return kolmogorovSmirnov;
  const edges = options.edges ?? quantileBins(reference, bins);
  const [before, after] = [countInBins(reference, edges), countInBins(current, edges)];
  return {
    status: 'ok',
    n,
    edges,
    reference: before,
    current: after,
    ...binnedDrift(before, after, floor),
    kolmogorovSmirnov,
    wassersteinDistance: wassersteinDistance(reference, current),
    standardizedMeanDifference: meanShift(reference, current),
  };
}
