import { checkSample } from '../checkSample.ts';
import type { SampleMoments } from '../types.ts';

/** So many values are added up before they join the total: rounding grows with this and with n / this, not with n. */
const BLOCK = 1024;

/**
 * Mean and variance of a sample that is there as a whole, in two passes: several times as fast as pushing it into a
 * `Moments`, and as exact under a mean of 1e9 with a deviation of 1e-3.
 *
 * @param values the sample; may be empty
 * @throws InvalidDataError for numbers that are not finite
 * @example
 * sampleMoments([12, 15, 11, 14]).variance; // 3.3333333333333335
 * @see Chan, Golub & LeVeque (1983), doi:10.1080/00031305.1983.10483115 (corrected two-pass algorithm)
 */
export function sampleMoments(values: ArrayLike<number>): SampleMoments {
  const n = values.length;
  if (n === 0) return { n, mean: Number.NaN, variance: Number.NaN };
  const first = values[0]!;
  const pivot = first + sumsAbout(values, first).sum / n;
  const { sum, squares } = sumsAbout(values, pivot);
  // A typed array holds numbers only, and those that are not finite show in the sums.
  if (!ArrayBuffer.isView(values) || !Number.isFinite(squares)) checkSample('values', values);
  const offset = sum / n;
  return {
    n,
    mean: pivot + offset,
    variance: n < 2 ? Number.NaN : Math.max(0, squares - sum * offset) / (n - 1),
    pivot,
    offset,
  };
}

/** The sums of the deviations from a pivot and of their squares, two lanes at a time. */
function sumsAbout(values: ArrayLike<number>, pivot: number): { readonly sum: number; readonly squares: number } {
  let [sum, squares] = [0, 0];
  for (let start = 0; start < values.length; start += BLOCK) {
    const end = Math.min(start + BLOCK, values.length);
    let [s0, s1, q0, q1] = [0, 0, 0, 0];
    let i = start;
    for (; i + 1 < end; i += 2) {
      const d0 = values[i]! - pivot;
      const d1 = values[i + 1]! - pivot;
      s0 += d0;
      s1 += d1;
      q0 += d0 * d0;
      q1 += d1 * d1;
    }
    if (i < end) {
      const d0 = values[i]! - pivot;
      s0 += d0;
      q0 += d0 * d0;
    }
    sum += s0 + s1;
    squares += q0 + q1;
  }
  return { sum, squares };
}
