import { type IntervalOptions, wilsonInterval } from '../intervals/index.ts';
import type { IntervalResult } from '../types.ts';
import type { CalibrationBins } from './CalibrationBins.ts';

/** One bin of a calibration curve that holds predictions. */
export interface CalibrationBin {
  /** The bin holds the probabilities within [lower, upper). */
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
  /** The mean predicted probability. */
  readonly predicted: number;
  /** How often the answer was yes, with its Wilson interval: calibrated bins hold `predicted` in it. */
  readonly observed: IntervalResult;
}

/** A calibration curve. */
export interface Calibration {
  /** The bins that hold predictions, in ascending order. */
  readonly bins: readonly CalibrationBin[];
  /**
   * The expected calibration error: the mean over predictions of |predicted - observed| of their bins. Never negative,
   * so noise alone makes it positive: about √(p (1 - p) / n) of a bin. `undefined` without predictions.
   */
  readonly expectedError: number | undefined;
  /** The largest |predicted - observed| of a bin. `undefined` without predictions. */
  readonly maximumError: number | undefined;
}

/**
 * Whether predicted probabilities happen as often as they say, bin by bin.
 *
 * @param options level and alternative of the Wilson intervals
 * @throws InvalidOptionError
 * @see Naeini, Cooper & Hauskrecht (2015), AAAI-15, doi:10.1609/aaai.v29i1.9602 (expected and maximum error)
 */
export function calibration(summary: CalibrationBins, options: IntervalOptions = {}): Calibration {
  const { counts, sums, positives, n } = summary;
  const bins: CalibrationBin[] = [];
  let [expected, maximum] = [0, 0];
  counts.forEach((count, i) => {
    const observed = wilsonInterval({ successes: positives[i]!, trials: count }, options);
    if (count === 0) return;
    const error = Math.abs(sums[i]! - positives[i]!);
    expected += error / n;
    maximum = Math.max(maximum, error / count);
    const [lower, upper] = [i / counts.length, (i + 1) / counts.length];
    bins.push({ lower, upper, n: count, predicted: sums[i]! / count, observed });
  });
  const empty = n === 0;
  return { bins, expectedError: empty ? undefined : expected, maximumError: empty ? undefined : maximum };
}
