/**
 * MurmurHash3 x86_32 of a text's UTF-8 bytes, as an unsigned 32-bit integer. Lone surrogates are hashed as U+FFFD, as
 * `TextEncoder` writes them, so that a service in any language can compute the same number. Nothing is allocated.
 *
 * Source: Austin Appleby, MurmurHash3.cpp, function `MurmurHash3_x86_32` (public domain, SMHasher, 2011).
 *
 * @param seed an integer; its low 32 bits count
 * @example
 * murmur3('hello', 0); // 613153351
 */
export function murmur3(text: string, seed: number): number {
  return murmur3Int32(text, seed) >>> 0;
}

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** The same as a signed integer, which engines pass around unboxed where an unsigned one would be allocated. */
export function murmur3Int32(text: string, seed: number): number {
  const { length } = text;
  const whole = length & ~3;
  let hash = seed | 0;
  let i = 0;
  for (; i < whole; i += 4) {
    const a = text.charCodeAt(i);
    const b = text.charCodeAt(i + 1);
    const c = text.charCodeAt(i + 2);
    const d = text.charCodeAt(i + 3);
    if ((a | b | c | d) > 0x7f) return murmur3Utf8(text, seed);
    hash = mixBlock(hash, a | (b << 8) | (c << 16) | (d << 24));
  }
  let tail = 0;
  for (let shift = 0; i < length; i += 1, shift += 8) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return murmur3Utf8(text, seed);
    tail |= code << shift;
  }
  if ((length & 3) !== 0) hash ^= scramble(tail);
  return finish(hash ^ length);
}

/** The general form: encodes code points to UTF-8 on the way. */
function murmur3Utf8(text: string, seed: number): number {
  let hash = seed | 0;
  let block = 0;
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.codePointAt(i)!;
    if (code > 0xffff) i += 1;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let k = size - 1; k >= 0; k -= 1) {
      block |= utf8Byte(point, size, k) << ((bytes & 3) << 3);
      bytes += 1;
      if ((bytes & 3) === 0) {
        hash = mixBlock(hash, block);
        block = 0;
      }
    }
  }
  if ((bytes & 3) !== 0) hash ^= scramble(block);
  return finish(hash ^ bytes);
}

/** The byte of a code point that has `k` bytes after it, of `size` in all (RFC 3629, section 3). */
function utf8Byte(point: number, size: number, k: number): number {
  const bits = point >>> (6 * k);
  if (k < size - 1) return 0x80 | (bits & 0x3f);
  return size === 1 ? point : ((0xf00 >>> size) & 0xff) | bits;
}

function scramble(block: number): number {
  const k = Math.imul(block, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}

function mixBlock(hash: number, block: number): number {
  const h = hash ^ scramble(block);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Appleby's 32-bit finaliser: every input bit reaches every output bit. */
function finish(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
