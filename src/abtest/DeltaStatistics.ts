import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Measured } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Disagreement } from './DisagreementTally.ts';
import type { EpochPlan } from './Epoch.ts';
import { type FailureCount, type Observation, Statistics, type StatisticsOptions } from './Statistics.ts';
import type { UnitMark } from './UnitMark.ts';

/** The statistics of a test as plain data. */
export interface SavedStatistics {
  readonly total: Json;
  readonly fresh: Json | null;
}

/**
 * The statistics of a test that replicas may share. Once they do, all that happens is counted twice: in the whole, and in
 * what the others have not heard of yet.
 */
export class DeltaStatistics {
  /** All that is known, of other processes too. */
  readonly total: Statistics;
  readonly #options: StatisticsOptions;
  /** What was seen here since the last delta; undefined before anything is shared. */
  #fresh: Statistics | undefined;

  constructor(options: StatisticsOptions) {
    this.#options = options;
    this.total = new Statistics(options);
  }

  /** Opens an epoch. @returns its number @throws InvalidOptionError for one plan of shares too many */
  open(plan: EpochPlan): number {
    const epoch = this.total.open(plan);
    this.#fresh?.open(plan);
    return epoch;
  }

  /** Counts a request that is not part of the experiment. */
  exclude(why: string): void {
    this.total.exclude(why);
    this.#fresh?.exclude(why);
  }

  /** Counts an assignment. */
  assign(variant: number, independent: boolean): void {
    this.total.assign(variant, independent);
    this.#fresh?.assign(variant, independent);
  }

  /** Counts an independent assignment by time and segment. */
  balance(epoch: number, variant: number, at: number, segments: Readonly<Record<string, string>>): void {
    this.total.balance.count(epoch, variant, at, segments);
    this.#fresh?.balance.count(epoch, variant, at, segments);
  }

  /** Counts how a variant behaved as a service. */
  serve(variant: number, status: Outcome['status'], latencyMs: number): void {
    this.total.serve(variant, status, latencyMs);
    this.#fresh?.serve(variant, status, latencyMs);
  }

  /** Counts that a variant answered or failed. */
  attempt(epoch: number, variant: number, what: FailureCount | undefined): void {
    this.total.attempt(epoch, variant, what);
    this.#fresh?.attempt(epoch, variant, what);
  }

  /** Counts a truth of an independent assignment. */
  label(epoch: number, variant: number): void {
    this.total.label(epoch, variant);
    this.#fresh?.label(epoch, variant);
  }

  /** Takes in a value that fixes a metric's cap, and is not analysed. */
  pilot(metric: number, value: number, weight = 1): void {
    this.total.caps.push(metric, value, weight);
    this.#fresh?.caps.push(metric, value, weight);
  }

  /** Takes in a value. */
  observe(observation: Observation): void {
    this.total.observe(observation);
    this.#fresh?.observe(observation);
  }

  /** Takes in the values of champion and challenger on one request. */
  pair(
    epoch: number,
    challenger: number,
    metric: number,
    values: readonly [Measured | undefined, Measured | undefined],
    unit: UnitMark,
  ): void {
    this.total.pair(epoch, challenger, metric, values, unit);
    this.#fresh?.pair(epoch, challenger, metric, values, unit);
  }

  /** Counts a request that champion and challenger both answered. @param i the challenger's position among them */
  compare(i: number, disagreement: Disagreement | undefined): void {
    this.total.compare(i, disagreement);
    this.#fresh?.compare(i, disagreement);
  }

  /** Adds what another process has seen of the same experiment. @throws SnapshotError where the epochs differ */
  merge(other: Statistics): void {
    // What is foreign is not for the others: they have it already.
    const fresh = this.#fresh ?? this.#read(this.total.toJSON());
    this.total.merge(other);
    this.#fresh = fresh;
  }

  /** What was seen here since the last call; undefined where that is nothing. */
  takeDelta(): Json | undefined {
    const taken = this.#fresh ?? this.total;
    if (this.#fresh !== undefined && taken.empty) return undefined;
    if (taken !== this.total) taken.caps.follow(this.total.caps);
    const delta = taken.empty ? undefined : taken.toJSON(true);
    this.#fresh = this.total.blank();
    return delta;
  }

  /** The statistics of another process's delta. @throws SnapshotError where they do not fit */
  readDelta(json: Json): Statistics {
    const statistics = this.#read(json);
    if (!this.total.ledger.covers(statistics.ledger.plans)) {
      throw new SnapshotError('tests merge only if they went through the same epochs: follow the control first');
    }
    return statistics;
  }

  toJSON(): SavedStatistics {
    return { total: this.total.toJSON(), fresh: this.#fresh?.toJSON() ?? null };
  }

  /** Takes over what `toJSON` returned. May throw half-way. */
  load({ total, fresh }: SavedStatistics): void {
    this.total.load(total);
    this.#fresh = fresh === null ? undefined : this.#read(fresh);
  }

  #read(json: Json): Statistics {
    const statistics = new Statistics(this.#options);
    statistics.load(json);
    return statistics;
  }
}
