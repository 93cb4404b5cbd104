import { SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { restoreRng } from '../../random/createRng.ts';
import type { Rng } from '../../random/Rng.ts';
import type { Draft, ShadowRecord } from '../ShadowRecord.ts';
import type { DropReason } from './drops.ts';
import { NoiseEvidence } from './NoiseEvidence.ts';
import { type EvidenceOptions, ShadowEvidence, sameNames } from './ShadowEvidence.ts';
import type { ShadowTally } from './ShadowTally.ts';

/** What there is to be known, and of whom. */
export interface StudyEvidenceOptions extends EvidenceOptions {
  readonly shadows: readonly string[];
}

interface Saved {
  readonly shadows: readonly (readonly [string, Json])[];
  readonly noise: Json;
}

/** The evidence of all shadows of a runner, with the primary's own noise: mergeable, serialisable, of constant size. */
export class StudyEvidence {
  readonly shadows: ReadonlyMap<string, ShadowEvidence>;
  readonly noise: NoiseEvidence = new NoiseEvidence();
  readonly #names: readonly string[];
  readonly #tallies: readonly ShadowTally[];
  #empty = true;

  constructor(options: StudyEvidenceOptions, stream: (label: string) => Rng) {
    this.#names = options.shadows;
    this.shadows = new Map(
      options.shadows.map((name) => [name, new ShadowEvidence(options, stream(`shadow:${name}`))] as const),
    );
    this.#tallies = [...this.shadows.values()].map(({ tally }) => tally);
  }

  /** Whether nothing was ever taken in. */
  get empty(): boolean {
    return this.#empty;
  }

  /** A request was picked, at this time. */
  offer(at: number): void {
    this.#empty = false;
    for (const tally of this.#tallies) tally.offer(at);
  }

  /** A request of these groups that was offered at this time was left out. @returns how often, for this reason */
  drop(shadow: string, reason: DropReason, at: number, subgroups: Readonly<Record<string, string>>): number {
    this.#empty = false;
    return this.shadows.get(shadow)!.drop(reason, at, subgroups);
  }

  /** Takes in a record. @returns whether it was of a kind and a shadow that is known here */
  observe(record: Draft<ShadowRecord>): boolean {
    if (record.kind === 'noise') this.noise.observe(record);
    else if (record.kind !== 'comparison' && record.kind !== 'truth') return false;
    else {
      const evidence = this.shadows.get(record.shadow);
      if (evidence === undefined) return false;
      if (record.kind === 'comparison') evidence.observe(record);
      else evidence.observeTruth(record);
    }
    this.#empty = false;
    return true;
  }

  /**
   * Adds what another process has seen.
   * @param whole whether that is all that will ever come of it: what waits there is left out then
   * @throws SnapshotError where its shadows or metrics differ; nothing has changed then
   */
  merge(other: StudyEvidence, whole: boolean): void {
    sameNames('shadows', this.#names, other.#names);
    for (const [name, evidence] of this.shadows) evidence.check(other.shadows.get(name)!);
    for (const [name, evidence] of this.shadows) evidence.merge(other.shadows.get(name)!, whole);
    this.noise.merge(other.noise);
    this.#empty &&= other.#empty;
  }

  toJSON(): Json {
    const shadows = [...this.shadows].map(([name, evidence]) => [name, evidence.toJSON()] as const);
    return { shadows, noise: this.noise.toJSON() } as unknown as Json;
  }

  /** Goes on from `toJSON()`. @throws SnapshotError where its shadows or metrics differ, or counts are none */
  load(json: Json): void {
    const { shadows, noise } = json as unknown as Saved;
    if (!Array.isArray(shadows)) throw new SnapshotError('the evidence of a snapshot must be a list of shadows');
    const saved = shadows.map(([name]) => name as string);
    sameNames('shadows', this.#names, saved);
    for (const [name, evidence] of shadows as Saved['shadows']) this.shadows.get(name)!.load(evidence, restoreRng);
    this.noise.load(noise);
    this.#empty = false;
  }
}
