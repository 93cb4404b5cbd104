import type { Json } from '../../core/json.ts';
import type { Draft, NoiseRecord } from '../ShadowRecord.ts';
import { checkCount } from './drops.ts';

type Counts = Record<NoiseRecord['comparison'], number>;

/** How often the primary agreed with itself. */
export class NoiseEvidence {
  readonly #counts: Counts = { agreed: 0, disagreed: 0, ignored: 0, incomparable: 0 };

  observe({ comparison }: Draft<NoiseRecord>): void {
    this.#counts[comparison] += 1;
  }

  get compared(): number {
    const { agreed, disagreed, ignored } = this.#counts;
    return agreed + disagreed + ignored;
  }
  get disagreed(): number {
    return this.#counts.disagreed;
  }

  merge(other: NoiseEvidence): void {
    for (const key of Object.keys(this.#counts) as (keyof Counts)[]) this.#counts[key] += other.#counts[key];
  }

  toJSON(): Json {
    return { ...this.#counts };
  }

  /** @throws SnapshotError where counts are none */
  load(json: Json): void {
    const saved = json as unknown as Counts;
    for (const key of Object.keys(this.#counts) as (keyof Counts)[]) this.#counts[key] = checkCount(key, saved[key]);
  }
}
