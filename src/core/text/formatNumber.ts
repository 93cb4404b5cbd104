/** How a number is written. */
export interface NumberFormat {
  /** Fixed digits after the point. Left out, {@link NumberFormat.significant} rules. */
  readonly decimals?: number;
  /**
   * Significant digits, without trailing zeros; digits before the point are never rounded away.
   * @defaultValue 4
   */
  readonly significant?: number;
  /** Whether positive numbers carry a plus sign: for changes. @defaultValue false */
  readonly sign?: boolean;
}

/**
 * A number as people read it: `12,346`, `0.09877`, `1.2e-9`. It is the same text on every platform and in every locale.
 * Sizes below 1e-6 and from 1e15 on are written with an exponent; what is not a number is `n/a`, and nothing is ever
 * `-0`.
 *
 * @example
 * formatNumber(12345.678); // '12,346'
 * formatNumber(0.098765); // '0.09877'
 * formatNumber(2, { decimals: 2, sign: true }); // '+2.00'
 */
export function formatNumber(value: number, { decimals, significant = 4, sign = false }: NumberFormat = {}): string {
  if (Number.isNaN(value)) return 'n/a';
  const size = Math.abs(value);
  const text = size === Number.POSITIVE_INFINITY ? '∞' : sizeText(size, decimals, significant);
  if (!/[1-9∞]/.test(text)) return text;
  return `${value < 0 ? '-' : sign ? '+' : ''}${text}`;
}

function sizeText(size: number, decimals: number | undefined, significant: number): string {
  if (size >= 1e15 || (decimals === undefined && size > 0 && size < 1e-6)) {
    return trimZeros(size.toExponential(significant - 1)).replace('e+', 'e');
  }
  if (decimals !== undefined) return group(size.toFixed(decimals));
  return size >= 10 ** (significant - 1) ? group(size.toFixed(0)) : trimZeros(group(size.toPrecision(significant)));
}

function trimZeros(text: string): string {
  return text.replace(/(\.\d*?)0+(?=$|e)/, '$1').replace(/\.(?=$|e)/, '');
}

/** Commas between thousands. */
function group(text: string): string {
  const [whole, fraction] = text.split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
