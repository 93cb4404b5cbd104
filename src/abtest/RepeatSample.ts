import { hashSeed } from '../assignment/hashSeed.ts';
import { hashUnit } from '../assignment/hashUnit.ts';
import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Unit } from '../core/Unit.ts';

const SEED = hashSeed('repeats');
const CIRCLE = 2 ** 32;
/** Units that are remembered. */
const MOST = 4096;

/**
 * How many requests come from units that were here before, whatever the number of units: those whose hash lies below a
 * limit are remembered, and the limit is halved when they are too many. A repeat among them stands for as many as the part
 * of the circle that they are is small (Horvitz and Thompson's estimate). A filter alone would take units for known that
 * are not, the more the more there are, and a test of many units that come once for one of units that come again.
 *
 * Source: Horvitz & Thompson (1952), JASA 47(260), doi:10.1080/01621459.1952.10483446; the sample by hash is that of
 * Gibbons (2001), VLDB, Distinct sampling for highly-accurate answers to distinct values queries.
 */
export class RepeatSample {
  #limit = CIRCLE;
  #known: Set<number> = new Set();

  /** A request of a unit. @returns for how many repeats it stands: 0 for a unit's first, and for units outside the sample */
  add(unit: Unit): number {
    const hash = hashUnit(unit, SEED);
    if (hash >= this.#limit) return 0;
    if (this.#known.has(hash)) return CIRCLE / this.#limit;
    this.#known.add(hash);
    while (this.#known.size > MOST) this.#halve();
    return 0;
  }

  toJSON(): Json {
    return { limit: this.#limit, known: [...this.#known] };
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError */
  load(json: Json): void {
    const { limit, known } = (json ?? {}) as { readonly limit: number; readonly known: readonly number[] };
    const halvings = Math.log2(CIRCLE / limit);
    const sound =
      Number.isSafeInteger(halvings) &&
      halvings >= 0 &&
      Array.isArray(known) &&
      known.length <= MOST &&
      known.every((hash) => Number.isSafeInteger(hash) && hash >= 0 && hash < limit);
    if (!sound) throw new SnapshotError('a sample of units must have a limit, and hashes below it');
    this.#limit = limit;
    this.#known = new Set(known);
  }

  #halve(): void {
    this.#limit /= 2;
    for (const hash of this.#known) if (hash >= this.#limit) this.#known.delete(hash);
  }
}
