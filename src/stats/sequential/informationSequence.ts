import { checkFinite } from '../../core/check.ts';
import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult } from '../types.ts';
import { checkInformation, type InformationEstimate } from './InformationEstimate.ts';
import { normalMixtureEstimate } from './normalMixtureEstimate.ts';
import { resolveSequence, SEQUENCE_OPTIONS, type SequenceOptions } from './SequenceOptions.ts';

const KNOWN = [...SEQUENCE_OPTIONS, 'rho'];

/** Options of `informationSequence`. */
export interface InformationSequenceOptions extends SequenceOptions {
  /** The information that the prior is worth, in the unit of the information; see `normalMixtureRho`. */
  readonly rho: number;
}

/**
 * The confidence sequence of any estimate that behaves like a Brownian motion in its information: differences of means
 * under changing shares, log-ratios, model coefficients, estimates combined over stages. The mixture sequential
 * probability ratio test with prior N(0, tau^2) is the case `rho = 1 / tau^2`.
 *
 * @returns `inconclusive` without information. `n` is empty: the caller knows the observations behind the information
 * @throws InvalidDataError, InvalidOptionError
 * @example
 * const judge = { rho: 100 / 11.5, alpha: 0.01, alternative: 'greater' } as const;
 * const result = informationSequence({ estimate: 0.41, information: 288.6 }, judge);
 * result.status === 'ok' && result.interval; // [0.20860891721271652, Infinity]
 * @see Howard et al. (2021), doi:10.1214/20-AOS1991; Jennison & Turnbull (2000), Group Sequential Methods, section 3.1
 * (the canonical joint distribution in information time)
 */
export function informationSequence(part: InformationEstimate, options: InformationSequenceOptions): EstimateResult {
  const method = 'information-sequence';
  const resolved = resolveSequence(options, 0, KNOWN);
  const rho = checkFinite('rho', options.rho, { gt: 0 });
  const { estimate, information } = checkInformation('part', part);
  if (information === 0) return inconclusive(method, [], 'there is no information yet', 'anytime');
  const statistic = {
    method,
    n: [],
    excess: estimate - resolved.nullValue,
    standardError: 1 / Math.sqrt(information),
    ratio: information / rho,
  };
  return normalMixtureEstimate(statistic, resolved, (excess) => resolved.nullValue + excess);
}
