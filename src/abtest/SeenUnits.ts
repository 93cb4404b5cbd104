import { murmur3Int32 } from '../assignment/murmur3.ts';
import type { Json } from '../core/json.ts';
import { type Unit, unitText } from '../core/Unit.ts';

const BITS = 2 ** 18;
const SEED = 0x5eed1;
/** Bits of a unit. */
const MARKS = 3;

/**
 * Which units have been here: a Bloom filter, so of constant size (32 kB). It never takes a known unit for a new one; it
 * takes a new one for a known one with a chance that grows with their number (1 % at 20,000 units, 10 % at 55,000) and
 * says nothing about the variant: what is counted by it stays fair, and stops growing in the end.
 *
 * Source: Bloom (1970), CACM 13(7), doi:10.1145/362686.362692.
 */
export class SeenUnits {
  #bits: Uint32Array | undefined;

  /** Whether a unit is new; from then on it is not. */
  add(unit: Unit): boolean {
    this.#bits ??= new Uint32Array(BITS / 32);
    let fresh = false;
    // One pass over the text: two units of one hash are 10,000 times rarer than those that the filter confuses anyway.
    let hash = murmur3Int32(unitText(unit), SEED);
    for (let mark = 0; mark < MARKS; mark += 1) {
      const bit = hash >>> 14;
      hash = scramble(hash);
      const mask = 1 << (bit & 31);
      const word = bit >>> 5;
      if ((this.#bits[word]! & mask) === 0) {
        fresh = true;
        this.#bits[word]! |= mask;
      }
    }
    return fresh;
  }

  /** The words that are not 0, by place. */
  toJSON(): Json {
    const words: number[] = [];
    this.#bits?.forEach((word, i) => {
      if (word !== 0) words.push(i, word);
    });
    return words;
  }

  load(json: Json): void {
    const words = json as readonly number[];
    this.#bits = words.length === 0 ? undefined : new Uint32Array(BITS / 32);
    for (let i = 0; i < words.length; i += 2) this.#bits![words[i]!] = words[i + 1]!;
  }
}

/** Another number of 32 bits for each: Appleby's finaliser, with a step that moves 0. */
function scramble(hash: number): number {
  let h = (hash + 0x9e3779b9) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
