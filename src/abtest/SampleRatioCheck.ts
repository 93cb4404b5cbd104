import { multiplyEValues } from '../stats/sequential/eValues.ts';
import {
  type MultinomialEstimate,
  multinomialEProcess,
  multinomialLogEValue,
} from '../stats/sequential/multinomialEProcess.ts';
import type { ShareCounts } from '../stats/sequential/ShareCounts.ts';
import type { Inconclusive } from '../stats/types.ts';
import type { Epoch } from './Epoch.ts';

/** What a check of shares goes by. */
export interface ShareLimits {
  /** The error probability of a false alarm, over all looks together. */
  readonly alpha: number;
  /** The fraction of its units that a variant may lack before the test counts as broken. */
  readonly tolerance: number;
}

/** Whether requests fell to the variants as planned. */
export interface SampleRatioCheck {
  /** Not while a variant is proven to lack more of its units than the tolerance allows. */
  readonly healthy: boolean;
  /** Whether the shares are proven not to be those planned, by however little: a warning where the test is healthy. */
  readonly mismatch: boolean;
  /** See `sampleRatioTolerance`. */
  readonly tolerance: number;
  /** The error probability of a false alarm, over all looks together. */
  readonly alpha: number;
  /** Independent assignments of each variant, champion first: units when they first came, requests where they are drawn one by one. */
  readonly observed: readonly number[];
  /** As many as the shares of each epoch let expect. */
  readonly expected: readonly number[];
  /** Against the very shares that were planned. Of two variants `estimate` is the challenger's odds in units of the planned ones. */
  readonly test: MultinomialEstimate | Inconclusive;
}

/**
 * The check for sample ratio mismatch: valid at every look, and under shares that change.
 *
 * @param epochs counts with the shares that were planned, in order of time
 */
export function checkSampleRatio(
  epochs: readonly Pick<Epoch, 'exposures' | 'shares'>[],
  limits: ShareLimits,
): SampleRatioCheck {
  return checkShareCounts(
    epochs.map(({ exposures, shares }) => ({ counts: exposures, shares })),
    limits,
  );
}

/** Whether truths come for all variants alike. */
export interface LabelCheck {
  readonly healthy: boolean;
  readonly alpha: number;
  /** Truths of each variant, champion first. */
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly pValue: number;
}

/**
 * The check for missing labels: the truths that have come must be spread over the variants as the requests were, or what
 * is analysed is not what was served. Truths of several epochs come mixed, so each epoch has an e-process of its own, and
 * they multiply.
 */
export function checkLabels(
  epochs: readonly Pick<Epoch, 'labels' | 'shares'>[],
  { alpha, tolerance }: ShareLimits,
): LabelCheck {
  const counted = epochs.map(({ labels, shares }) => ({ counts: labels, shares }));
  const { observed, expected } = compareCounts(counted);
  const each = counted.map((epoch) => multinomialLogEValue([epoch], { tolerance }));
  const pValue = Math.min(1, Math.exp(-multiplyEValues(each)));
  return { healthy: pValue > alpha, alpha, observed, expected, pValue };
}

function checkShareCounts(epochs: readonly ShareCounts[], { alpha, tolerance }: ShareLimits): SampleRatioCheck {
  const test = multinomialEProcess(epochs, { alpha });
  const mismatch = test.status === 'ok' && test.pValue <= alpha;
  const healthy = !mismatch || Math.exp(-multinomialLogEValue(epochs, { tolerance })) > alpha;
  return { healthy, mismatch, alpha, tolerance, ...compareCounts(epochs), test };
}

function compareCounts(epochs: readonly ShareCounts[]): Pick<SampleRatioCheck, 'observed' | 'expected'> {
  const observed = epochs[0]!.counts.map((_, i) => epochs.reduce((sum, { counts }) => sum + counts[i]!, 0));
  const expected = observed.map((_, i) => epochs.reduce((sum, epoch) => sum + epoch.shares[i]! * total(epoch), 0));
  return { observed, expected };
}

function total({ counts }: ShareCounts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
