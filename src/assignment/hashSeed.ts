import { murmur3 } from './murmur3.ts';

/** The version of the whole scheme: salt encoding, hash and text of units. It seeds every seed. */
const HASH_VERSION = 1;

/**
 * The seed of one decision, from what names it: the kind of decision, the experiment, its salt. Each part is prefixed
 * by its length in UTF-8 bytes, so that `('ab', 'c')` and `('a', 'bc')` are different seeds. Compute it once, not at
 * every request.
 *
 * Each decision about a unit needs its own seed (namespace, holdout, exposure, arm): with one seed for two of them, a
 * 10 % rollout reaches the first tenth of the arms' circle only.
 *
 * @returns an integer in [0, 2^32)
 * @example
 * hashSeed('arm', 'yield-v2', ''); // 2176869302
 */
export function hashSeed(...parts: readonly string[]): number {
  return murmur3(parts.map((part) => `${utf8Length(part)}:${part}`).join(''), HASH_VERSION);
}

/** Bytes of a text in UTF-8; a lone surrogate counts as U+FFFD, three bytes. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
