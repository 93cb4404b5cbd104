/** Pairs of observations, counted. */
export interface KendallCounts {
  /** Pairs in the same order minus pairs in the opposite order. */
  readonly score: number;
  /** Pairs that x can tell apart, and those that y can. */
  readonly tellX: number;
  readonly tellY: number;
  /** The variance of the score if x and y are independent, given the ties; 0 below three observations. */
  readonly variance: number;
}

/** Sums over the groups of tied observations, of their sizes t. */
interface Ties {
  /** t (t - 1) / 2: pairs that cannot be told apart. */
  readonly pairs: number;
  /** t (t - 1) (t - 2). */
  readonly triples: number;
  /** t (t - 1) (2 t + 5). */
  readonly spread: number;
}

/** Counts pairs by sorting along x and counting the exchanges that sorting along y takes then. */
export function kendallCounts(x: ArrayLike<number>, y: ArrayLike<number>): KendallCounts {
  const n = x.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => x[i]! - x[j]! || y[i]! - y[j]!);
  const alongX = Float64Array.from(order, (i) => x[i]!);
  const alongY = Float64Array.from(order, (i) => y[i]!);
  const both = tieSums(n, (i) => alongX[i] === alongX[i - 1] && alongY[i] === alongY[i - 1]);
  const tiedX = tieSums(n, (i) => alongX[i] === alongX[i - 1]);
  const exchanges = sortCounting(alongY);
  const tiedY = tieSums(n, (i) => alongY[i] === alongY[i - 1]);
  const all = (n * (n - 1)) / 2;
  return {
    score: all - tiedX.pairs - tiedY.pairs + both.pairs - 2 * exchanges,
    tellX: all - tiedX.pairs,
    tellY: all - tiedY.pairs,
    variance: n < 3 ? 0 : varianceOf(n, tiedX, tiedY),
  };
}

/** @see Kendall (1970), Rank Correlation Methods, 4th ed., eq. 4.4 */
function varianceOf(n: number, a: Ties, b: Ties): number {
  const m = n * (n - 1);
  return (
    (m * (2 * n + 5) - a.spread - b.spread) / 18 +
    (2 * a.pairs * b.pairs) / m +
    (a.triples * b.triples) / (9 * m * (n - 2))
  );
}

function tieSums(n: number, sameAsBefore: (i: number) => boolean): Ties {
  let [pairs, triples, spread] = [0, 0, 0];
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && sameAsBefore(end)) end += 1;
    const t = end - start;
    pairs += (t * (t - 1)) / 2;
    triples += t * (t - 1) * (t - 2);
    spread += t * (t - 1) * (2 * t + 5);
    start = end;
  }
  return { pairs, triples, spread };
}

/** Sorts in place by merging and returns how many neighbours would have had to be exchanged. */
function sortCounting(values: Float64Array): number {
  let exchanges = 0;
  const merged = new Float64Array(values.length);
  for (let width = 1; width < values.length; width *= 2) {
    for (let from = 0; from < values.length; from += 2 * width) {
      const middle = Math.min(from + width, values.length);
      const end = Math.min(from + 2 * width, values.length);
      let [left, right] = [from, middle];
      for (let to = from; to < end; to += 1) {
        if (left < middle && (right >= end || values[left]! <= values[right]!)) {
          merged[to] = values[left]!;
          left += 1;
        } else {
          merged[to] = values[right]!;
          right += 1;
          exchanges += middle - left;
        }
      }
    }
    values.set(merged);
  }
  return exchanges;
}
