import { radixSort } from './radixSort.ts';

/** Below this length the engine's sort is as fast. */
const RADIX_FROM = 800;

/** A sorted copy, by number: plain `sort()` would compare texts. */
export function ascending(values: ArrayLike<number>): Float64Array {
  const copy = new Float64Array(values);
  return values.length < RADIX_FROM || !littleEndian() ? copy.sort() : radixSort(copy);
}

/** Radix sorting reads the words of a double, whose order the hardware decides. */
function littleEndian(): boolean {
  return new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
}
