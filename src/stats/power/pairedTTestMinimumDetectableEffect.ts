import { checkFinite } from '../../core/check.ts';
import { noncentralPower } from './noncentralPower.ts';
import { resolvePower, type TargetPowerOptions } from './PowerOptions.ts';
import { solvePower } from './solvePower.ts';

/** Options of {@link pairedTTestMinimumDetectableEffect}. */
export interface PairedTTestMinimumDetectableEffectOptions extends TargetPowerOptions {
  /** The number of pairs, at least 2. */
  readonly n: number;
}

/**
 * The smallest mean difference that a paired t-test (or one mean that a t-test of one sample) detects with the wanted
 * power, in units of the standard deviation of the differences. Positive, and negative for the alternative `less`.
 *
 * @throws InvalidOptionError
 * @example
 * pairedTTestMinimumDetectableEffect({ n: 37 }); // 0.4733...
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 2.3
 */
export function pairedTTestMinimumDetectableEffect(options: PairedTTestMinimumDetectableEffectOptions): number {
  const resolved = resolvePower(options, ['n', 'power']);
  const n = checkFinite('n', options.n, { ge: 2 });
  const sign = resolved.alternative === 'less' ? -1 : 1;
  const powerAt = (size: number): number => noncentralPower(n - 1, sign * size * Math.sqrt(n), resolved);
  return sign * solvePower(powerAt, resolved.power, 0, 3 / Math.sqrt(n));
}
