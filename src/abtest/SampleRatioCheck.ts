import {
  type MultinomialEstimate,
  multinomialEProcess,
  type ShareCounts,
} from '../stats/sequential/multinomialEProcess.ts';
import type { Inconclusive } from '../stats/types.ts';

/** Whether requests fell to the variants as planned. */
export interface SampleRatioCheck {
  readonly healthy: boolean;
  /** The error probability of a false alarm, over all looks together. */
  readonly alpha: number;
  /** Requests of each variant, champion first. */
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
export function checkSampleRatio(epochs: readonly ShareCounts[], alpha: number): SampleRatioCheck {
  const observed = epochs[0]!.counts.map((_, i) => epochs.reduce((sum, { counts }) => sum + counts[i]!, 0));
  const expected = observed.map((_, i) => epochs.reduce((sum, epoch) => sum + epoch.shares[i]! * total(epoch), 0));
  const test = multinomialEProcess(epochs, { alpha });
  return { healthy: test.status !== 'ok' || test.pValue > alpha, alpha, observed, expected, test };
}

function total({ counts }: ShareCounts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
