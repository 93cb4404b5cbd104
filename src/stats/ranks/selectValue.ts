/**
 * The value of a rank (from 1) among finite numbers, in a number of steps that grows with their count alone. Reorders
 * `values`.
 *
 * Source: Hoare (1961), doi:10.1145/366622.366647 (FIND), with the median of three as pivot.
 */
export function selectValue(values: Float64Array, rank: number): number {
  const at = rank - 1;
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = middleOf(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i += 1;
      while (values[j]! > pivot) j -= 1;
      if (i > j) break;
      const swapped = values[i]!;
      values[i] = values[j]!;
      values[j] = swapped;
      i += 1;
      j -= 1;
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else return values[at]!;
  }
  return values[at]!;
}

function middleOf(a: number, b: number, c: number): number {
  return a < b ? (b < c ? b : a < c ? c : a) : a < c ? a : b < c ? c : b;
}
