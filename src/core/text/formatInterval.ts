import { formatNumber } from './formatNumber.ts';

/** How an interval is written. */
export interface IntervalFormat {
  /** Writes an end, instead of as many digits as the interval's width deserves. */
  readonly format?: (end: number) => string;
  /** The confidence level, written in front: `95% [1.2, 3.4]`. */
  readonly level?: number;
}

/**
 * A closed interval, `[0.0123, 0.0463]`, with three significant digits of its width, since more would claim a precision
 * that it denies. No end reads as 0 that is not: whether an interval excludes 0 is what it is looked at for. An
 * infinite end is open: `(-∞, 1.2]`.
 *
 * @example
 * formatInterval([0.01234, 0.04631]); // '[0.0123, 0.0463]'
 * formatInterval([-1, Number.POSITIVE_INFINITY], { level: 0.95 }); // '95% [-1, ∞)'
 */
export function formatInterval(
  [lower, upper]: readonly [lower: number, upper: number],
  { format = formatOf(lower, upper), level }: IntervalFormat = {},
): string {
  if (Number.isNaN(lower) || Number.isNaN(upper)) return 'n/a';
  const open = lower === Number.NEGATIVE_INFINITY ? '(' : '[';
  const close = upper === Number.POSITIVE_INFINITY ? ')' : ']';
  const prefix = level === undefined ? '' : `${formatNumber(level * 100)}% `;
  return `${prefix}${open}${format(lower)}, ${format(upper)}${close}`;
}

function formatOf(lower: number, upper: number): (end: number) => string {
  const width = upper - lower;
  if (!(width > 0 && Number.isFinite(width))) return formatNumber;
  const decimals = Math.min(12, Math.max(0, 2 - Math.floor(Math.log10(width))));
  return (end) => {
    const reads0 = end !== 0 && Number(end.toFixed(decimals)) === 0;
    return reads0 ? formatNumber(end, { significant: 2 }) : formatNumber(end, { decimals });
  };
}
