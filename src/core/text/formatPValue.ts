/** How a p-value is written. */
export interface PValueFormat {
  /** The level that it is compared with. @defaultValue 0.05 */
  readonly alpha?: number;
}

/**
 * A p-value to two significant digits, in the far tail as well, with an exponent below 1e-4. Digits are added until it
 * reads on that side of alpha on which it is: 0.04996 is `0.04996` and not `0.050`.
 *
 * @example
 * formatPValue(0.0342); // '0.034'
 * formatPValue(3.21e-12); // '3.2e-12'
 * formatPValue(0.9999); // '>0.99'
 */
export function formatPValue(p: number, { alpha = 0.05 }: PValueFormat = {}): string {
  if (!(p >= 0 && p <= 1)) return 'n/a';
  if (p === 0) return '<5e-324';
  if (p === 1) return '1';
  if (p >= 0.995) return '>0.99';
  let digits = 2;
  const sideOf = (x: number): number => Math.sign(x - alpha);
  while (digits < 17 && sideOf(Number(p.toPrecision(digits))) !== sideOf(p)) digits += 1;
  return p < 1e-4 ? p.toExponential(digits - 1).replace(/\.?0+e/, 'e') : p.toPrecision(digits);
}
