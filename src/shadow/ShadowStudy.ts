import { InvalidOptionError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Rng } from '../random/Rng.ts';
import { buildComparison } from './comparison/buildComparison.ts';
import type { ShadowComparison } from './comparison/ShadowComparison.ts';
import type { ShadowEvidence } from './evidence/ShadowEvidence.ts';
import { type DropReason, type HourlyDrops, ShadowTally } from './evidence/ShadowTally.ts';
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

interface OwnTotals {
  readonly offered: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  readonly hours: HourlyDrops;
}

interface SavedStudy {
  readonly total: Json;
  readonly looks: readonly (readonly [string, Json])[];
  readonly fresh: Json;
  readonly taken: number;
  readonly foreign: readonly (readonly [string, Json])[];
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
  /** Offers and drops that came from elsewhere: their own logs have them. */
  readonly #foreign: ReadonlyMap<string, ShadowTally>;

  constructor(options: StudyOptions) {
    this.#options = options;
    this.criteria = options.criteria;
    this.names = Object.freeze([...options.shadows]);
    this.#total = new StudyEvidence(options, (label) => options.stream(label));
    this.#looks = new Map(options.shadows.map((name) => [name, new LookLedger()]));
    this.#foreign = new Map(options.shadows.map((name) => [name, new ShadowTally()]));
  }

  /** The evidence of one shadow; undefined where there is no such shadow. */
  evidence(shadow: string): ShadowEvidence | undefined {
    return this.#total.shadows.get(shadow);
  }

  /** Offers and drops of one shadow in this process alone, as its log counts them. */
  own(shadow: string): OwnTotals {
    const [all, foreign] = [this.#find(shadow).tally, this.#foreign.get(shadow)!];
    const less = (kind: 'offered' | 'dropped'): number[] => all.hours[kind].map((n, i) => n - foreign.hours[kind][i]!);
    const drops = Object.entries(all.dropped).map(([name, n]) => [name, n - foreign.dropped[name as DropReason]]);
    return {
      offered: all.counts.offered - foreign.counts.offered,
      dropped: Object.fromEntries(drops) as Record<DropReason, number>,
      hours: { offered: less('offered'), dropped: less('dropped') },
    };
  }

  /** A request was picked, at this time. */
  offer(at: number): void {
    this.#total.offer(at);
    this.#fresh?.offer(at);
  }

  /** A request that was offered at this time was left out. @returns how often, for this reason */
  drop(shadow: string, reason: DropReason, at: number): number {
    this.#fresh?.drop(shadow, reason, at);
    return this.#total.drop(shadow, reason, at);
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
    const foreign = [...this.#foreign].map(([name, tally]) => [name, tally.toJSON()] as const);
    return { total: this.#total.toJSON(), looks, fresh, taken: this.#taken, foreign } as unknown as Json;
  }

  /** Goes on from `toJSON()`. @throws SnapshotError where its shadows or metrics differ */
  load(json: Json): void {
    const { total, looks, fresh, taken, foreign } = json as unknown as SavedStudy;
    this.#total.load(total);
    for (const [name, ledger] of looks) this.#looks.get(name)?.load(ledger);
    for (const [name, tally] of foreign) this.#foreign.get(name)?.load(tally);
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
    for (const [name, { tally }] of other.shadows) {
      const waiting = whole ? tally.summary().waiting : 0;
      this.#foreign.get(name)!.addTotals(tally.counts.offered - waiting, tally.dropped, tally.hours);
    }
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
