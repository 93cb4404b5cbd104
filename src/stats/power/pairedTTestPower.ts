import { checkFinite } from '../../core/check.ts';
import { noncentralPower } from './noncentralPower.ts';
import { type PowerOptions, resolvePower } from './PowerOptions.ts';

/** Options of {@link pairedTTestPower}. */
export interface PairedTTestPowerOptions extends PowerOptions {
  /** The true mean difference in units of the standard deviation of the differences. */
  readonly effectSize: number;
  /** The number of pairs, at least 2. */
  readonly n: number;
}

/**
 * The power of a paired t-test (or of a t-test of one mean), by the non-central t distribution.
 *
 * @throws InvalidOptionError
 * @example
 * pairedTTestPower({ effectSize: 0.48, n: 37 }); // 0.8108...
 * @see Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., section 2.3
 */
export function pairedTTestPower(options: PairedTTestPowerOptions): number {
  const resolved = resolvePower(options, ['effectSize', 'n']);
  checkFinite('effectSize', options.effectSize);
  checkFinite('n', options.n, { ge: 2 });
  return noncentralPower(options.n - 1, options.effectSize * Math.sqrt(options.n), resolved);
}
