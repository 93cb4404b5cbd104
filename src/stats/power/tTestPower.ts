import { checkFinite } from '../../core/check.ts';
import { noncentralPower, twoSampleNcp } from './noncentralPower.ts';
import { checkSizes, type GroupSizes, type PowerOptions, resolvePower } from './PowerOptions.ts';

/** Options of {@link tTestPower}. */
export interface TTestPowerOptions extends PowerOptions {
  /** The true difference of means, first minus second, in units of the common standard deviation (Cohen's d). */
  readonly effectSize: number;
  /** The sizes of the two groups, at least 2 each. */
  readonly n: GroupSizes;
}

/**
 * The power of a two-sample t-test: the probability that it detects an effect of this size, by the non-central t
 * distribution. Two-sided, both tails count, so that the power of no effect is `alpha`.
 *
 * @throws InvalidOptionError
 * @example
 * tTestPower({ effectSize: 0.5, n: [71, 71] }); // 0.84101433242599...
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 2
 */
export function tTestPower(options: TTestPowerOptions): number {
  const resolved = resolvePower(options, ['effectSize', 'n']);
  checkFinite('effectSize', options.effectSize);
  const [n1, n2] = checkSizes('n', options.n);
  return noncentralPower(n1 + n2 - 2, twoSampleNcp(options.effectSize, n1, n2), resolved);
}
