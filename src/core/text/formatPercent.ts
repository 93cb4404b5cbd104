import { formatNumber, type NumberFormat } from './formatNumber.ts';

/**
 * A fraction as a percentage. Digits are added until nothing reads as 0 % or 100 % that is not: an error rate of
 * 0.00004 is `0.004%`, a success rate of 0.99996 is `99.996%`.
 *
 * @param decimals digits after the point at least; `@defaultValue` 1
 * @example
 * formatPercent(0.1234); // '12.3%'
 * formatPercent(-0.05, { sign: true, decimals: 0 }); // '-5%'
 */
export function formatPercent(
  fraction: number,
  { decimals = 1, sign = false }: Pick<NumberFormat, 'decimals' | 'sign'> = {},
): string {
  if (!Number.isFinite(fraction)) return Number.isNaN(fraction) ? 'n/a' : `${formatNumber(fraction, { sign })}%`;
  const rounded = (digits: number): number => Number(Math.abs(fraction * 100).toFixed(digits));
  const misleads = (digits: number): boolean =>
    (rounded(digits) === 0 && fraction !== 0) || (rounded(digits) === 100 && Math.abs(fraction) !== 1);
  let digits = decimals;
  while (misleads(digits) && digits < 12) digits += 1;
  const tiny = rounded(digits) === 0 && fraction !== 0;
  return `${formatNumber(fraction * 100, tiny ? { sign } : { decimals: digits, sign })}%`;
}
