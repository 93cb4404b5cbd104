import { InvalidOptionError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Rng } from '../random/Rng.ts';
import { buildComparison } from './comparison/buildComparison.ts';
import type { ShadowComparison } from './comparison/ShadowComparison.ts';
import type { DropReason } from './evidence/drops.ts';
import { OwnTotals } from './evidence/OwnTotals.ts';
import type { ShadowEvidence } from './evidence/ShadowEvidence.ts';
import { StudyEvidence, type StudyEvidenceOptions } from './evidence/StudyEvidence.ts';
import { type JudgingState, LookLedger } from './promotion/judgePromotion.ts';
import type { Promotion, PromotionLook } from './promotion/Promotion.ts';
import type { ResolvedCriteria } from './promotion/PromotionCriteria.ts';
import type { Draft, ShadowRecord } from './ShadowRecord.ts';

/** What a study is made of. */
export interface StudyOptions extends StudyEvidenceOptions {
  readonly criteria: ResolvedCriteria;
  /** A random stream by label, for samples: the same labels give the same samples. */
  stream(label: string): Rng;
}

interface SavedStudy {
  readonly total: Json;
  readonly looks: readonly (readonly [string, Json])[];
  readonly fresh: Json;
  readonly taken: number;
  readonly own: readonly (readonly [string, Json])[];
}

/**
 * What is known of every shadow, and what may be concluded of it. It learns from records alone: those of a running
 * service, or those of its log; and from other replicas, who learn from it.
 */
export class ShadowStudy {
  readonly criteria: ResolvedCriteria;
  /** The shadows' names. */
  readonly names: readonly string[];
  readonly #options: StudyOptions;
  readonly #total: StudyEvidence;
  readonly #looks: ReadonlyMap<string, LookLedger>;
  /** What was seen here and not told yet; undefined as long as that is the total. */
  #fresh: StudyEvidence | undefined;
  /** How many deltas were taken: each next one has streams of its own. */
  #taken = 0;
  /** What came from elsewhere is not in them: other logs have it. */
  readonly #own: ReadonlyMap<string, OwnTotals>;

  constructor(options: StudyOptions) {
    this.#options = options;
    this.criteria = options.criteria;
    this.names = Object.freeze([...options.shadows]);
    this.#total = new StudyEvidence(options, (label) => options.stream(label));
    this.#looks = new Map(options.shadows.map((name) => [name, new LookLedger()]));
    this.#own = new Map(options.shadows.map((name) => [name, new OwnTotals()]));
  }

  /** The evidence of one shadow; undefined where there is no such shadow. */
  evidence(shadow: string): ShadowEvidence | undefined {
    return this.#total.shadows.get(shadow);
  }

  /** Offers and drops of one shadow in this process alone, as its log counts them. */
  own(shadow: string): ReturnType<OwnTotals['totals']> {
    return this.#own.get(shadow)!.totals();
  }

  /** A request was picked, at this time. */
  offer(at: number): void {
    this.#total.offer(at);
    this.#fresh?.offer(at);
    for (const own of this.#own.values()) own.offer(at);
  }

  /** A request of these groups that was offered at this time was left out. @returns how often, for this reason */
  drop(shadow: string, reason: DropReason, at: number, subgroups: Readonly<Record<string, string>>): number {
    this.#fresh?.drop(shadow, reason, at, subgroups);
    this.#own.get(shadow)!.drop(reason, at, subgroups);
    return this.#total.drop(shadow, reason, at, subgroups);
  }

  /** Takes in a record. @returns whether it was of a kind and a shadow that this study knows */
  observe(record: Draft<ShadowRecord>): boolean {
    const known = this.#total.observe(record);
    this.#fresh?.observe(record);
    return known;
  }

  /** How a shadow compares with the primary so far. @throws InvalidOptionError if there is no such shadow */
  compare(shadow: string): ShadowComparison {
    return buildComparison(shadow, this.#find(shadow), this.#total.noise);
  }

  /** Whether a shadow may be promoted; the look is counted. @throws InvalidOptionError if there is no such shadow */
  promotion(shadow: string, state: JudgingState): Promotion {
    const evidence = this.#find(shadow);
    return this.#looks.get(shadow)!.judge(shadow, this.criteria, evidence, this.#total.noise, state);
  }

  /** The looks at a shadow, oldest first; the last 400 of them. @throws InvalidOptionError if there is no such shadow */
  looks(shadow: string): readonly PromotionLook[] {
    this.#find(shadow);
    return this.#looks.get(shadow)!.list;
  }

  /** Adds all that another process has seen. @throws SnapshotError where its shadows or metrics differ */
  merge(other: ShadowStudy): void {
    this.#add(other.#total, true);
  }

  /** What was seen here since the last call; undefined where that is nothing. */
  takeDelta(): Json | undefined {
    const taken = this.#fresh ?? this.#total;
    if (taken.empty) return undefined;
    const delta = taken.toJSON();
    this.#taken += 1;
    this.#fresh = this.#blank();
    return delta;
  }

  /** Checks another process's delta. @returns what adds it @throws SnapshotError where it does not fit */
  readDelta(json: Json): () => void {
    const other = this.#blank();
    other.load(json);
    return () => this.#add(other, false);
  }

  toJSON(): Json {
    const looks = [...this.#looks].map(([name, ledger]) => [name, ledger.toJSON()] as const);
    // An empty one is made again, from its number.
    const fresh = this.#fresh === undefined ? null : this.#fresh.empty ? {} : this.#fresh.toJSON();
    const own = [...this.#own].map(([name, totals]) => [name, totals.toJSON()] as const);
    return { total: this.#total.toJSON(), looks, fresh, taken: this.#taken, own } as unknown as Json;
  }

  /** Goes on from `toJSON()`. @throws SnapshotError where its shadows or metrics differ */
  load(json: Json): void {
    const { total, looks, fresh, taken, own } = json as unknown as SavedStudy;
    this.#total.load(total);
    for (const [name, ledger] of looks) this.#looks.get(name)?.load(ledger);
    for (const [name, totals] of own) this.#own.get(name)?.load(totals);
    this.#taken = taken;
    this.#fresh = fresh === null ? undefined : this.#blank();
    if (fresh !== null && 'shadows' in (fresh as object)) this.#fresh!.load(fresh);
  }

  #add(other: StudyEvidence, whole: boolean): void {
    // What is foreign is not for the others: they have it already.
    if (this.#fresh === undefined) {
      const own = this.#blank();
      if (!this.#total.empty) own.load(this.#total.toJSON());
      this.#fresh = own;
    }
    this.#total.merge(other, whole);
  }

  #blank(): StudyEvidence {
    return new StudyEvidence(this.#options, (label) => this.#options.stream(`${label}:delta:${this.#taken}`));
  }

  #find(shadow: string): ShadowEvidence {
    const found = this.evidence(shadow);
    if (found !== undefined) return found;
    throw new InvalidOptionError('shadow', shadow, `one of ${this.names.join(', ')}`);
  }
}
