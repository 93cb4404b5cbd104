import { multiplyEValues } from '../stats/sequential/eValues.ts';
import {
  type MultinomialEstimate,
  multinomialEProcess,
  multinomialLogEValue,
  type ShareCounts,
} from '../stats/sequential/multinomialEProcess.ts';
import type { Inconclusive } from '../stats/types.ts';
import type { Epoch } from './Epoch.ts';

/** Whether requests fell to the variants as planned. */
export interface SampleRatioCheck {
  readonly healthy: boolean;
  /** The error probability of a false alarm, over all looks together. */
  readonly alpha: number;
  /** Independent assignments of each variant, champion first: units when they first came, requests where they are drawn one by one. */
  readonly observed: readonly number[];
  /** As many as the shares of each epoch let expect. */
  readonly expected: readonly number[];
  readonly test: MultinomialEstimate | Inconclusive;
}

/**
 * The check for sample ratio mismatch: valid at every look, and under shares that change.
 *
 * @param epochs counts with the shares that were planned, in order of time
 */
export function checkSampleRatio(
  epochs: readonly Pick<Epoch, 'exposures' | 'shares'>[],
  alpha: number,
): SampleRatioCheck {
  return checkShareCounts(
    epochs.map(({ exposures, shares }) => ({ counts: exposures, shares })),
    alpha,
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
export function checkLabels(epochs: readonly Pick<Epoch, 'labels' | 'shares'>[], alpha: number): LabelCheck {
  const counted = epochs.map(({ labels, shares }) => ({ counts: labels, shares }));
  const { observed, expected } = checkShareCounts(counted, alpha);
  const pValue = Math.min(1, Math.exp(-multiplyEValues(counted.map((epoch) => multinomialLogEValue([epoch])))));
  return { healthy: pValue > alpha, alpha, observed, expected, pValue };
}

function checkShareCounts(epochs: readonly ShareCounts[], alpha: number): SampleRatioCheck {
  const observed = epochs[0]!.counts.map((_, i) => epochs.reduce((sum, { counts }) => sum + counts[i]!, 0));
  const expected = observed.map((_, i) => epochs.reduce((sum, epoch) => sum + epoch.shares[i]! * total(epoch), 0));
  const test = multinomialEProcess(epochs, { alpha });
  return { healthy: test.status !== 'ok' || test.pValue > alpha, alpha, observed, expected, test };
}

function total({ counts }: ShareCounts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
