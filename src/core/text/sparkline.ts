/** How a sparkline is drawn. */
export interface SparklineOptions {
  /** The value at the foot. @defaultValue the smallest value */
  readonly min?: number;
  /** The value at the top. @defaultValue the largest value */
  readonly max?: number;
  /** At most so many characters; longer series are averaged in equal stretches. @defaultValue 40 */
  readonly width?: number;
}

const blocks = '▁▂▃▄▅▆▇█';

/**
 * A series as a line of block characters. What is not finite leaves a gap; a series that does not vary runs in the
 * middle.
 *
 * @example
 * sparkline([1, 2, 3, 5, 8]); // '▁▂▃▅█'
 */
export function sparkline(values: readonly number[], { min, max, width = 40 }: SparklineOptions = {}): string {
  const points = values.length > width ? averages(values, width) : values;
  const finite = points.filter(Number.isFinite);
  const low = min ?? finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = max ?? finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const top = blocks.length - 1;
  const level = (value: number): number => {
    if (!(high > low)) return top >> 1;
    return Math.round(top * Math.min(1, Math.max(0, (value - low) / (high - low))));
  };
  return points.map((value) => (Number.isFinite(value) ? blocks[level(value)] : ' ')).join('');
}

/** Means of `width` stretches of nearly equal length; what is not finite does not count. */
function averages(values: readonly number[], width: number): readonly number[] {
  return Array.from({ length: width }, (_, i) => {
    const from = Math.floor((i * values.length) / width);
    const to = Math.floor(((i + 1) * values.length) / width);
    const stretch = values.slice(from, to).filter(Number.isFinite);
    return stretch.length === 0 ? Number.NaN : stretch.reduce((sum, value) => sum + value / stretch.length, 0);
  });
}
