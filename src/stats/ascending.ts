/** A sorted copy, by number: plain `sort()` would compare texts. */
export function ascending(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}
