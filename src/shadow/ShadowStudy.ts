import { InvalidOptionError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng } from '../random/Rng.ts';
import { buildComparison } from './comparison/buildComparison.ts';
import type { ShadowComparison } from './comparison/ShadowComparison.ts';
import { NoiseEvidence } from './evidence/NoiseEvidence.ts';
import { type EvidenceOptions, ShadowEvidence, sameNames } from './evidence/ShadowEvidence.ts';
import type { ShadowTally } from './evidence/ShadowTally.ts';
import { type JudgingState, LookLedger } from './promotion/judgePromotion.ts';
import type { Promotion, PromotionLook } from './promotion/Promotion.ts';
import type { ResolvedCriteria } from './promotion/PromotionCriteria.ts';
import type { Draft, ShadowRecord } from './ShadowRecord.ts';

/** What a study is made of. */
export interface StudyOptions extends EvidenceOptions {
  readonly shadows: readonly string[];
  readonly criteria: ResolvedCriteria;
  /** A random stream by label, for samples: the same labels give the same samples. */
  stream(label: string): Rng;
}

interface SavedStudy {
  readonly shadows: readonly (readonly [string, Json, Json])[];
  readonly noise: Json;
}

/**
 * What is known of every shadow, and what may be concluded of it. It learns from records alone: those of a running
 * service, or those of its log.
 */
export class ShadowStudy {
  readonly criteria: ResolvedCriteria;
  /** The shadows' names. */
  readonly names: readonly string[];
  /** The counts of all shadows, in the order of their names. */
  readonly tallies: readonly ShadowTally[];
  readonly #shadows: ReadonlyMap<string, { readonly evidence: ShadowEvidence; readonly looks: LookLedger }>;
  readonly #noise: NoiseEvidence = new NoiseEvidence();

  constructor(options: StudyOptions) {
    this.criteria = options.criteria;
    const one = (name: string) => ({
      evidence: new ShadowEvidence(options, options.stream(`shadow:${name}`)),
      looks: new LookLedger(),
    });
    this.#shadows = new Map(options.shadows.map((name) => [name, one(name)]));
    this.names = Object.freeze([...options.shadows]);
    this.tallies = this.names.map((name) => this.#shadows.get(name)!.evidence.tally);
  }

  /** The evidence of one shadow; undefined where there is no such shadow. */
  evidence(shadow: string): ShadowEvidence | undefined {
    return this.#shadows.get(shadow)?.evidence;
  }

  /** Takes in a record. @returns whether it was of a kind and a shadow that this study knows */
  observe(record: Draft<ShadowRecord>): boolean {
    if (record.kind === 'noise') {
      this.#noise.observe(record);
      return true;
    }
    if (record.kind !== 'comparison' && record.kind !== 'truth') return false;
    const evidence = this.#shadows.get(record.shadow)?.evidence;
    if (record.kind === 'comparison') evidence?.observe(record);
    else evidence?.observeTruth(record);
    return evidence !== undefined;
  }

  /** How a shadow compares with the primary so far. @throws InvalidOptionError if there is no such shadow */
  compare(shadow: string): ShadowComparison {
    return buildComparison(shadow, this.#find(shadow).evidence, this.#noise);
  }

  /** Whether a shadow may be promoted; the look is counted. @throws InvalidOptionError if there is no such shadow */
  promotion(shadow: string, state: JudgingState): Promotion {
    const { evidence, looks } = this.#find(shadow);
    return looks.judge(shadow, this.criteria, evidence, this.#noise, state);
  }

  /** The looks at a shadow, oldest first; the last 400 of them. @throws InvalidOptionError if there is no such shadow */
  looks(shadow: string): readonly PromotionLook[] {
    return this.#find(shadow).looks.list;
  }

  /** Adds what another process has seen. @throws SnapshotError where its shadows or metrics differ */
  merge(other: ShadowStudy): void {
    sameNames('shadows', this.names, other.names);
    for (const [name, { evidence }] of this.#shadows) evidence.merge(other.#shadows.get(name)!.evidence);
    this.#noise.merge(other.#noise);
  }

  toJSON(): Json {
    const shadows = [...this.#shadows].map(([name, { evidence, looks }]) => [name, evidence.toJSON(), looks.toJSON()]);
    return { shadows, noise: this.#noise.toJSON() } as unknown as Json;
  }

  /** Goes on from `toJSON()`. @throws SnapshotError where its shadows or metrics differ */
  load(json: Json): void {
    const { shadows, noise } = json as unknown as SavedStudy;
    sameNames(
      'shadows',
      this.names,
      shadows.map(([name]) => name),
    );
    for (const [name, evidence, looks] of shadows) {
      const own = this.#shadows.get(name)!;
      own.evidence.load(evidence, restoreRng);
      own.looks.load(looks);
    }
    this.#noise.load(noise);
  }

  #find(shadow: string): { readonly evidence: ShadowEvidence; readonly looks: LookLedger } {
    const found = this.#shadows.get(shadow);
    if (found !== undefined) return found;
    throw new InvalidOptionError('shadow', shadow, `one of ${this.names.join(', ')}`);
  }
}
