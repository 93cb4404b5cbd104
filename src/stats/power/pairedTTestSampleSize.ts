import { normalDistribution } from '../distributions/normalDistribution.ts';
import { noncentralPower } from './noncentralPower.ts';
import { checkEffectSize, resolvePower, roundUp, type TargetPowerOptions } from './PowerOptions.ts';
import { solvePower } from './solvePower.ts';

/** Options of {@link pairedTTestSampleSize}. */
export interface PairedTTestSampleSizeOptions extends TargetPowerOptions {
  /** The mean difference to detect in units of the standard deviation of the differences. */
  readonly effectSize: number;
}

/** How many pairs are needed. */
export interface PairedSampleSize {
  /** A whole number, rounded up. */
  readonly n: number;
  /** The solution before rounding. */
  readonly exact: number;
}

/**
 * How many pairs a paired t-test (or observations a t-test of one mean) needs to detect an effect, by the non-central t
 * distribution. At least 2.
 *
 * @throws InvalidOptionError
 * @example
 * pairedTTestSampleSize({ effectSize: 0.48 }).n; // 37
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 2.4
 */
export function pairedTTestSampleSize(options: PairedTTestSampleSizeOptions): PairedSampleSize {
  const resolved = resolvePower(options, ['effectSize', 'power']);
  const effect = checkEffectSize(options.effectSize, resolved.alternative);
  const powerAt = (n: number): number => noncentralPower(n - 1, effect * Math.sqrt(n), resolved);
  const z = normalDistribution.isf(resolved.tail) + normalDistribution.quantile(resolved.power);
  const start = Math.max(4, (z * z) / (effect * effect));
  const exact = powerAt(2) >= resolved.power ? 2 : solvePower(powerAt, resolved.power, 2, start);
  return { n: roundUp(exact), exact };
}
