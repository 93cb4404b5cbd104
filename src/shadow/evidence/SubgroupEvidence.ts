import type { Json } from '../../core/json.ts';
import { ConfusionTable, type ConfusionTableState } from '../../stats/quality/ConfusionTable.ts';
import { Moments, type MomentsState } from '../../stats/summaries/Moments.ts';
import type { ComparisonRecord, Draft, TruthRecord } from '../ShadowRecord.ts';

interface GroupState {
  readonly compared: number;
  readonly agreed: number;
  readonly labelled: number;
  readonly primary: ConfusionTableState;
  readonly candidate: ConfusionTableState;
  readonly primaryError: MomentsState;
  readonly candidateError: MomentsState;
}

/** What is known of one group of requests. */
export class GroupEvidence {
  compared = 0;
  agreed = 0;
  labelled = 0;
  primary: ConfusionTable = new ConfusionTable();
  candidate: ConfusionTable = new ConfusionTable();
  /** Absolute errors, where numbers are predicted. */
  primaryError: Moments = new Moments();
  candidateError: Moments = new Moments();

  merge(other: GroupEvidence): void {
    this.compared += other.compared;
    this.agreed += other.agreed;
    this.labelled += other.labelled;
    this.primary.merge(other.primary);
    this.candidate.merge(other.candidate);
    this.primaryError.merge(other.primaryError);
    this.candidateError.merge(other.candidateError);
  }

  toJSON(): GroupState {
    const { compared, agreed, labelled, primary, candidate, primaryError, candidateError } = this;
    return {
      compared,
      agreed,
      labelled,
      primary: primary.toJSON(),
      candidate: candidate.toJSON(),
      primaryError: primaryError.toJSON(),
      candidateError: candidateError.toJSON(),
    };
  }

  static fromJSON(state: GroupState): GroupEvidence {
    const group = new GroupEvidence();
    group.compared = state.compared;
    group.agreed = state.agreed;
    group.labelled = state.labelled;
    group.primary = ConfusionTable.fromJSON(state.primary);
    group.candidate = ConfusionTable.fromJSON(state.candidate);
    group.primaryError = Moments.fromJSON(state.primaryError);
    group.candidateError = Moments.fromJSON(state.candidateError);
    return group;
  }
}

/** Where the requests of further groups go, once there are too many. */
export const OTHER_GROUPS = '(other)';

const MOST_ATTRIBUTES = 16;
const MOST_GROUPS = 64;

/** Evidence by group, attribute by attribute. Bounded: at most 16 attributes of 64 groups; what comes later is one group. */
export class SubgroupEvidence {
  readonly #attributes: Map<string, Map<string, GroupEvidence>> = new Map();

  observe({ subgroups, comparison }: Draft<ComparisonRecord>): void {
    if (comparison === 'incomparable') return;
    for (const group of this.#groupsOf(subgroups)) {
      group.compared += 1;
      if (comparison === 'agreed') group.agreed += 1;
    }
  }

  observeTruth({ subgroups, truth, primary, candidate }: Draft<TruthRecord>): void {
    for (const group of this.#groupsOf(subgroups)) {
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

  /** Groups by attribute, in order of appearance. */
  get attributes(): ReadonlyMap<string, ReadonlyMap<string, GroupEvidence>> {
    return this.#attributes;
  }

  merge(other: SubgroupEvidence): void {
    for (const [attribute, groups] of other.#attributes) {
      for (const [name, group] of groups) this.#group(attribute, name)?.merge(group);
    }
  }

  toJSON(): Json {
    return [...this.#attributes].map(([attribute, groups]) => [
      attribute,
      [...groups].map(([name, group]) => [name, group.toJSON()]),
    ]) as unknown as Json;
  }

  load(json: Json): void {
    this.#attributes.clear();
    for (const [attribute, groups] of json as unknown as [string, [string, GroupState][]][]) {
      this.#attributes.set(
        attribute,
        new Map(groups.map(([name, state]) => [name, GroupEvidence.fromJSON(state)] as const)),
      );
    }
  }

  #groupsOf(subgroups: Readonly<Record<string, string>>): readonly GroupEvidence[] {
    return Object.entries(subgroups).flatMap(([attribute, name]) => this.#group(attribute, name) ?? []);
  }

  #group(attribute: string, name: string): GroupEvidence | undefined {
    let groups = this.#attributes.get(attribute);
    if (groups === undefined) {
      if (this.#attributes.size >= MOST_ATTRIBUTES) return undefined;
      groups = new Map();
      this.#attributes.set(attribute, groups);
    }
    const key = groups.has(name) || groups.size < MOST_GROUPS ? name : OTHER_GROUPS;
    const group = groups.get(key) ?? new GroupEvidence();
    groups.set(key, group);
    return group;
  }
}
