import { hashUnit } from '../assignment/hashUnit.ts';
import type { Json } from '../core/json.ts';
import type { Unit } from '../core/Unit.ts';

const BITS = 2 ** 18;
const SEEDS = [0x5eed1, 0x5eed2, 0x5eed3] as const;

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
    for (const seed of SEEDS) {
      const bit = hashUnit(unit, seed) % BITS;
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
