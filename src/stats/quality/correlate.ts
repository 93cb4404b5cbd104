/** A correlation with its distances from 1 and -1, which keep their digits where the correlation itself is rounded. */
export interface Correlation {
  readonly r: number;
  readonly oneMinus: number;
  readonly onePlus: number;
}

/** Deviations from the mean in units of their own root sum of squares; `undefined` where the values do not vary. */
function standardise(values: ArrayLike<number>): Float64Array | undefined {
  const n = values.length;
  const first = values[0]!;
  // Constant values are asked for as such: the mean of equal numbers may miss them by a bit.
  let varies = false;
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    varies ||= values[i] !== first;
    sum += values[i]! - first;
  }
  if (!varies) return undefined;
  const deviations = Float64Array.from(values, (value) => value - first - sum / n);
  const largest = deviations.reduce((max, d) => Math.max(max, Math.abs(d)), 0);
  const scaled = deviations.map((d) => d / largest);
  const length = Math.sqrt(scaled.reduce((total, d) => total + d * d, 0));
  return scaled.map((d) => d / length);
}

/** Pearson's correlation of two lists of the same length; `undefined` where one of them does not vary, as a single value does not. */
export function correlate(x: ArrayLike<number>, y: ArrayLike<number>): Correlation | undefined {
  const [u, v] = [standardise(x), standardise(y)];
  if (u === undefined || v === undefined) return undefined;
  let [product, apart, together] = [0, 0, 0];
  for (let i = 0; i < u.length; i += 1) {
    product += u[i]! * v[i]!;
    apart += (u[i]! - v[i]!) ** 2;
    together += (u[i]! + v[i]!) ** 2;
  }
  const r = product > 0.5 ? 1 - apart / 2 : product < -0.5 ? together / 2 - 1 : product;
  return { r, oneMinus: apart / 2, onePlus: together / 2 };
}
