import { noncentralPower, twoSampleNcp } from './noncentralPower.ts';
import { checkSizes, type GroupSizes, resolvePower, type TargetPowerOptions } from './PowerOptions.ts';
import { solvePower } from './solvePower.ts';

/** Options of {@link tTestMinimumDetectableEffect}. */
export interface TTestMinimumDetectableEffectOptions extends TargetPowerOptions {
  /** The sizes of the two groups, at least 2 each. */
  readonly n: GroupSizes;
}

/**
 * The smallest effect that a two-sample t-test of these sizes detects with the wanted power, in units of the common
 * standard deviation (Cohen's d). Positive, and negative for the alternative `less`.
 *
 * @throws InvalidOptionError
 * @example
 * tTestMinimumDetectableEffect({ n: [50, 50] }); // 0.56588224375557...
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 2
 */
export function tTestMinimumDetectableEffect(options: TTestMinimumDetectableEffectOptions): number {
  const resolved = resolvePower(options, ['n', 'power']);
  const [n1, n2] = checkSizes('n', options.n);
  const sign = resolved.alternative === 'less' ? -1 : 1;
  const powerAt = (size: number): number => noncentralPower(n1 + n2 - 2, twoSampleNcp(sign * size, n1, n2), resolved);
  return sign * solvePower(powerAt, resolved.power, 0, 3 / twoSampleNcp(1, n1, n2));
}
