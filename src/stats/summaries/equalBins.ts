import { checkFinite, checkInteger } from '../../core/check.ts';

/**
 * The edges of `bins` bins of equal width between two numbers, both of them included exactly.
 *
 * @param lower the first edge
 * @param upper the last edge, greater than `lower`
 * @param bins how many bins, at least 1
 * @throws InvalidOptionError
 * @example
 * equalBins(0, 1, 4); // [0, 0.25, 0.5, 0.75, 1]
 */
export function equalBins(lower: number, upper: number, bins: number): readonly number[] {
  checkFinite('lower', lower);
  checkFinite('upper', upper, { gt: lower });
  checkInteger('bins', bins, { ge: 1 });
  return Array.from({ length: bins + 1 }, (_, i) => {
    const share = i / bins;
    // Each end from its own side: neither is missed by a rounding.
    return share < 0.5 ? lower + share * (upper - lower) : upper - (1 - share) * (upper - lower);
  });
}
