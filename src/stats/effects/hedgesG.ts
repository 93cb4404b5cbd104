import { checkFinite } from '../../core/check.ts';
import type { SampleMoments } from '../types.ts';
import { cohenD } from './cohenD.ts';

/** From this argument on eight terms of the series are right to the last bit. */
const SERIES_FROM = 40;

/** Γ(z + 1/2) / Γ(z) / √z by its asymptotic series, reached by recurrence: differences of log-gammas would lose digits. */
function gammaStep(z: number): number {
  if (z < SERIES_FROM) return ((gammaStep(z + 1) * z) / (z + 0.5)) * Math.sqrt((z + 1) / z);
  const u = 1 / (8 * z);
  return 1 + u * (-1 + u * (0.5 + u * (2.5 + u * (-2.625 + u * (-49.875 + u * (54.3125 + u * 2457.8125))))));
}

/**
 * The factor that makes Cohen's d unbiased for normal data, from its degrees of freedom: above 1 and finite.
 *
 * @throws InvalidOptionError
 */
export function hedgesCorrection(df: number): number {
  const z = (checkFinite('df', df, { gt: 1 }) - 1) / 2;
  return gammaStep(z) * Math.sqrt(z / (z + 0.5));
}

/**
 * Hedges' g: Cohen's d (`a` minus `b`) corrected for its upward bias in small samples, by the exact gamma factor.
 *
 * @returns `undefined` where {@link cohenD} is, and with one degree of freedom, where the expectation of d is infinite
 * @throws InvalidDataError for moments that no sample can have
 * @example
 * hedgesG({ n: 5, mean: 12, variance: 4 }, { n: 5, mean: 11, variance: 4 }); // 0.45135166683820566
 * @see Hedges (1981), J. Educ. Stat. 6(2), doi:10.3102/10769986006002107
 */
export function hedgesG(a: SampleMoments, b: SampleMoments): number | undefined {
  const d = cohenD(a, b);
  const df = a.n + b.n - 2;
  return d === undefined || df < 2 ? undefined : d * hedgesCorrection(df);
}
