import { checkFinite } from '../../core/check.ts';
import { type AnytimeDesign, asStream, DESIGN_KEYS } from './AnytimeDesign.ts';
import { firstPassage, passageProbability } from './firstPassage.ts';
import { checkEffectSize, resolvePower } from './PowerOptions.ts';

/** Options of {@link anytimePower}. */
export interface AnytimePowerOptions extends AnytimeDesign {
  /** Observations of both groups together, or pairs. */
  readonly total: number;
  /**
   * Observations at which the sequence is tuned to be tightest.
   * @defaultValue 5000
   */
  readonly horizon?: number;
}

/**
 * The probability that an asymptotic confidence sequence, watched at every observation, has excluded 0 by a number of
 * observations. The approximation is that of `anytimeSampleSize`.
 *
 * @throws InvalidOptionError
 * @example
 * anytimePower({ effectSize: 0.1, total: 5000 }); // 0.790...
 * @see Buonocore, Nobile & Ricciardi (1987), Adv. Appl. Probab. 19(4), doi:10.2307/1427102
 */
export function anytimePower(options: AnytimePowerOptions): number {
  const { alpha, alternative } = resolvePower(options, [...DESIGN_KEYS, 'total', 'horizon']);
  checkEffectSize(options.effectSize, alternative);
  const total = checkFinite('total', options.total, { ge: 0 });
  const horizon = checkFinite('horizon', options.horizon ?? 5000, { gt: 0 });
  const { drift, burnIn } = asStream(options);
  return passageProbability(firstPassage({ drift, alpha, alternative, horizon, burnIn }), total);
}
