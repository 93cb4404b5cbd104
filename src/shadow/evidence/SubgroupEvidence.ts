import type { Json } from '../../core/json.ts';
import { ConfusionTable, type ConfusionTableState } from '../../stats/quality/ConfusionTable.ts';
import { Moments, type MomentsState } from '../../stats/summaries/Moments.ts';
import type { ComparisonRecord, Draft, GroupDrops, TruthRecord } from '../ShadowRecord.ts';
import {
  addDrops,
  checkCount,
  type DropReason,
  type Drops,
  type Losses,
  lossesOf,
  noDrops,
  readDrops,
  totalDrops,
} from './drops.ts';
import { GroupTable } from './GroupTable.ts';

const COUNTS = ['compared', 'agreed', 'incomparable', 'labelled'] as const;

interface GroupState extends Readonly<Record<(typeof COUNTS)[number], number>> {
  readonly dropped: Drops;
  readonly primary: ConfusionTableState;
  readonly candidate: ConfusionTableState;
  readonly primaryError: MomentsState;
  readonly candidateError: MomentsState;
}

/** What is known of one group of requests. */
export class GroupEvidence {
  compared = 0;
  agreed = 0;
  /** Only one of the two had an answer. */
  incomparable = 0;
  labelled = 0;
  dropped: Drops = noDrops();
  primary: ConfusionTable = new ConfusionTable();
  candidate: ConfusionTable = new ConfusionTable();
  /** Absolute errors, where numbers are predicted. */
  primaryError: Moments = new Moments();
  candidateError: Moments = new Moments();

  /** Requests whose fate is known. */
  get offered(): number {
    return this.compared + this.incomparable + totalDrops(this.dropped);
  }

  /** Those that the shadow was to see, and those that were lost on the way. */
  get losses(): Losses {
    return lossesOf(this.offered, this.dropped);
  }

  merge(other: GroupEvidence): void {
    for (const name of COUNTS) this[name] += other[name];
    addDrops(this.dropped, other.dropped);
    this.primary.merge(other.primary);
    this.candidate.merge(other.candidate);
    this.primaryError.merge(other.primaryError);
    this.candidateError.merge(other.candidateError);
  }

  toJSON(): GroupState {
    const { compared, agreed, incomparable, labelled, dropped, primary, candidate } = this;
    const { primaryError, candidateError } = this;
    return {
      compared,
      agreed,
      incomparable,
      labelled,
      dropped: { ...dropped },
      primary: primary.toJSON(),
      candidate: candidate.toJSON(),
      primaryError: primaryError.toJSON(),
      candidateError: candidateError.toJSON(),
    };
  }

  static fromJSON(state: GroupState): GroupEvidence {
    const group = new GroupEvidence();
    for (const name of COUNTS) group[name] = checkCount(`${name} of a group`, state[name]);
    group.dropped = readDrops(state.dropped);
    group.primary = ConfusionTable.fromJSON(state.primary);
    group.candidate = ConfusionTable.fromJSON(state.candidate);
    group.primaryError = Moments.fromJSON(state.primaryError);
    group.candidateError = Moments.fromJSON(state.candidateError);
    return group;
  }
}

/** Evidence by group, attribute by attribute; bounded as `GroupTable` is. */
export class SubgroupEvidence {
  readonly #groups: GroupTable<GroupEvidence> = new GroupTable(() => new GroupEvidence());

  observe({ subgroups, comparison }: Draft<ComparisonRecord>): void {
    for (const group of this.#groups.of(subgroups)) {
      if (comparison === 'incomparable') group.incomparable += 1;
      else group.compared += 1;
      if (comparison === 'agreed') group.agreed += 1;
    }
  }

  observeTruth({ subgroups, truth, primary, candidate }: Draft<TruthRecord>): void {
    for (const group of this.#groups.of(subgroups)) {
      group.labelled += 1;
      if (truth.positive !== undefined) {
        if (primary.positive !== undefined) group.primary.push(primary.positive, truth.positive);
        if (candidate.positive !== undefined) group.candidate.push(candidate.positive, truth.positive);
      }
      if (typeof truth.value !== 'number') continue;
      if (typeof primary.value === 'number') group.primaryError.push(Math.abs(primary.value - truth.value));
      if (typeof candidate.value === 'number') group.candidateError.push(Math.abs(candidate.value - truth.value));
    }
  }

  /** A request of these groups was left out. */
  drop(reason: DropReason, subgroups: Readonly<Record<string, string>>): void {
    for (const group of this.#groups.of(subgroups)) group.dropped[reason] += 1;
  }

  /** Drops that are known as totals alone. */
  addTotals(groups: readonly GroupDrops[]): void {
    for (const { attribute, group, dropped } of groups) {
      const kept = this.#groups.at(attribute, group);
      if (kept !== undefined) addDrops(kept.dropped, dropped);
    }
  }

  /** Groups by attribute, in order of appearance. */
  get attributes(): ReadonlyMap<string, ReadonlyMap<string, GroupEvidence>> {
    return this.#groups.attributes;
  }

  merge(other: SubgroupEvidence): void {
    for (const [attribute, groups] of other.attributes) {
      for (const [name, group] of groups) this.#groups.at(attribute, name)?.merge(group);
    }
  }

  toJSON(): Json {
    return this.#groups.toJSON((group) => group.toJSON());
  }

  /** @throws SnapshotError where there is more than is kept, or counts are none */
  load(json: Json): void {
    this.#groups.load(json, (state) => GroupEvidence.fromJSON(state));
  }
}
