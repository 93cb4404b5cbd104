import { checkOneOf, checkOptions } from '../../core/check.ts';
import { type IntervalOptions, wilsonInterval } from '../intervals/index.ts';
import { betaMixtureEProcess } from '../sequential/betaMixtureEProcess.ts';
import type { IntervalResult, Proportion, Validity } from '../types.ts';
import type { CalibrationBins } from './CalibrationBins.ts';

/** One bin of a calibration curve that holds predictions. */
export interface CalibrationBin {
  /** The bin holds the probabilities within [lower, upper). */
  readonly lower: number;
  readonly upper: number;
  readonly n: number;
  /** The mean predicted probability. */
  readonly predicted: number;
  /** How often the answer was yes, with its interval: calibrated bins hold `predicted` in it. */
  readonly observed: IntervalResult;
}

/** A calibration curve. */
export interface Calibration {
  /** The bins that hold predictions, in ascending order. */
  readonly bins: readonly CalibrationBin[];
  /**
   * The expected calibration error: the mean over predictions of |predicted - observed| of their bins. Never negative,
   * so noise alone makes it positive: see `noise`. `undefined` without predictions.
   */
  readonly expectedError: number | undefined;
  /**
   * What the expected error of a perfectly calibrated model would be with as many predictions in the same bins: a mean of
   * √(2 p (1 - p) / (π n)). An error of this size says nothing. `undefined` without predictions.
   */
  readonly noise: number | undefined;
  /** The largest |predicted - observed| of a bin. `undefined` without predictions. */
  readonly maximumError: number | undefined;
}

/** Options of {@link calibration}. */
export interface CalibrationIntervalOptions extends IntervalOptions {
  /**
   * When the intervals of the bins hold. `fixed-n`: Wilson's, at one look. `anytime`: Robbins' sequence of a rate, at every
   * look; each bin by itself, so that of twenty bins one may be off.
   * @defaultValue 'fixed-n'
   */
  readonly validity?: Validity;
}

/**
 * Whether predicted probabilities happen as often as they say, bin by bin.
 *
 * @param options level and alternative of the intervals, and when they hold
 * @throws InvalidOptionError
 * @example
 * const bins = new CalibrationBins({ bins: 2 }).push(0.2, false).push(0.4, true).push(0.9, true);
 * calibration(bins, { validity: 'anytime' }).bins[0]?.observed.method; // 'beta-mixture-e-process'
 * @see Naeini, Cooper & Hauskrecht (2015), AAAI-15, doi:10.1609/aaai.v29i1.9602 (expected and maximum error)
 */
export function calibration(summary: CalibrationBins, options: CalibrationIntervalOptions = {}): Calibration {
  checkOptions('options', options, ['level', 'alternative', 'validity']);
  const { validity = 'fixed-n', ...interval } = options;
  checkOneOf('validity', validity, ['fixed-n', 'anytime']);
  const { counts, sums, positives, n } = summary;
  const bins: CalibrationBin[] = [];
  let [expected, maximum, noise] = [0, 0, 0];
  counts.forEach((count, i) => {
    // Of empty bins too, so that wrong options are told whatever the data.
    const observed = rateIn({ successes: positives[i]!, trials: count }, validity, interval);
    if (count === 0) return;
    const error = Math.abs(sums[i]! - positives[i]!);
    expected += error / n;
    maximum = Math.max(maximum, error / count);
    const [lower, upper] = [i / counts.length, (i + 1) / counts.length];
    const predicted = sums[i]! / count;
    noise += (count / n) * Math.sqrt((2 * Math.max(0, predicted * (1 - predicted))) / (Math.PI * count));
    bins.push({ lower, upper, n: count, predicted, observed });
  });
  if (n === 0) return { bins, expectedError: undefined, noise: undefined, maximumError: undefined };
  return { bins, expectedError: expected, noise, maximumError: maximum };
}

function rateIn(rate: Proportion, validity: Validity, options: IntervalOptions): IntervalResult {
  const wilson = wilsonInterval(rate, options);
  if (validity === 'fixed-n') return wilson;
  const { level = 0.95, alternative = 'two-sided' } = options;
  return betaMixtureEProcess(rate, { alpha: 1 - level, alternative });
}
