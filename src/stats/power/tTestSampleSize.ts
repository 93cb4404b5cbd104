import { checkFinite } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { noncentralPower, twoSampleNcp } from './noncentralPower.ts';
import { checkEffectSize, resolvePower, roundUp, type SampleSize, type TargetPowerOptions } from './PowerOptions.ts';
import { solvePower } from './solvePower.ts';

/** Options of {@link tTestSampleSize}. */
export interface TTestSampleSizeOptions extends TargetPowerOptions {
  /** The difference of means to detect, first minus second, in units of the common standard deviation (Cohen's d). */
  readonly effectSize: number;
  /**
   * The size of the second group over that of the first: 9 for a split of 10 % to 90 %.
   * @defaultValue 1
   */
  readonly ratio?: number;
}

/**
 * How many observations a two-sample t-test needs to detect an effect, by the non-central t distribution. Each group
 * gets at least 2.
 *
 * @throws InvalidOptionError
 * @example
 * tTestSampleSize({ effectSize: 0.286 }).n; // [193, 193]
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 2
 */
export function tTestSampleSize(options: TTestSampleSizeOptions): SampleSize {
  const resolved = resolvePower(options, ['effectSize', 'ratio', 'power']);
  const effect = checkEffectSize(options.effectSize, resolved.alternative);
  const ratio = checkFinite('ratio', options.ratio ?? 1, { gt: 0 });
  const powerAt = (n1: number): number =>
    noncentralPower(n1 * (1 + ratio) - 2, twoSampleNcp(effect, n1, n1 * ratio), resolved);
  const least = Math.max(2, 2 / ratio);
  const z = normalDistribution.isf(resolved.tail) + normalDistribution.quantile(resolved.power);
  const start = Math.max(2 * least, ((z * z) / (effect * effect)) * (1 + 1 / ratio));
  const n1 = powerAt(least) >= resolved.power ? least : solvePower(powerAt, resolved.power, least, start);
  return { n: [roundUp(n1), roundUp(n1 * ratio)], exact: [n1, n1 * ratio] };
}
