import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Metric } from '../metrics/Metric.ts';
import type { Measured } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Rng } from '../random/Rng.ts';
import { BalanceLedger } from './BalanceLedger.ts';
import { CapPilots } from './CapPilots.ts';
import { type Disagreement, type DisagreementReport, DisagreementTally } from './DisagreementTally.ts';
import type { EpochPlan } from './Epoch.ts';
import { EpochLedger } from './EpochLedger.ts';
import { SegmentLedger } from './SegmentLedger.ts';
import { ServiceTally } from './ServiceTally.ts';
import type { UnitMark } from './UnitMark.ts';

/** What statistics are of. */
export interface StatisticsOptions {
  readonly metrics: readonly Metric[];
  /** The variants, champion first. */
  readonly names: readonly string[];
  readonly sampleSize: number;
  /** Examples of disagreements that are kept; undefined in split mode. */
  readonly keepDisagreements: number | undefined;
  /** An independent stream by its label. */
  readonly stream: (label: string) => Rng;
}

/** What is counted of failures; see `Epoch`. */
export type FailureCount = 'failures' | 'spared';

/** One value of one metric, and where it belongs. */
export interface Observation extends UnitMark {
  readonly epoch: number;
  readonly variant: number;
  readonly metric: number;
  readonly value: Measured;
  readonly covariate: number | undefined;
  /** When the request was served, milliseconds since the epoch. */
  readonly at: number;
  readonly segments: Readonly<Record<string, string>>;
}

interface Saved {
  /** Whose statistics these are: all that is kept by position goes by this order. */
  readonly of: Subject;
  readonly epochs: Json;
  readonly services: readonly Json[];
  readonly segments: Json;
  readonly balance: Json;
  readonly caps: Json;
  readonly disagreements: readonly Json[];
  readonly excluded: Readonly<Record<string, number>>;
}

interface Subject {
  readonly variants: readonly string[];
  /** What each metric measures, in words. */
  readonly metrics: readonly string[];
  readonly mode: readonly ('split' | 'paired')[];
}

/**
 * All sufficient statistics of an experiment: what is counted and summed, of constant size, and adds over processes. What
 * depends on the path (which units were seen, what waits for its truth) is kept elsewhere.
 */
export class Statistics {
  readonly ledger: EpochLedger;
  readonly services: readonly ServiceTally[];
  readonly segments: SegmentLedger;
  readonly balance: BalanceLedger;
  readonly caps: CapPilots;
  readonly #options: StatisticsOptions;
  readonly #disagreements: readonly DisagreementTally[];
  #excluded: Record<string, number> = {};

  constructor(options: StatisticsOptions, ledger?: EpochLedger) {
    const { metrics, names, sampleSize, keepDisagreements: keep, stream } = options;
    const variants = names.length;
    this.#options = options;
    const rng = (): Rng => stream('samples');
    this.ledger = ledger ?? new EpochLedger({ metrics, variants, sampleSize, paired: keep !== undefined, rng });
    this.services = names.map(() => new ServiceTally());
    this.segments = new SegmentLedger(metrics, variants);
    this.balance = new BalanceLedger(variants);
    this.caps = new CapPilots(metrics);
    const paired = keep === undefined ? [] : names.slice(1);
    this.#disagreements = paired.map((challenger) => new DisagreementTally({ challenger, keep: keep!, stream }));
  }

  /** Requests that were left out, by reason. */
  get excluded(): Readonly<Record<string, number>> {
    return this.#excluded;
  }

  /** How often each challenger disagrees with the champion; nothing in split mode. */
  get disagreements(): readonly DisagreementReport[] {
    return this.#disagreements.map((tally) => tally.report());
  }

  /** Opens an epoch. @throws InvalidOptionError for one plan of shares too many */
  open(plan: EpochPlan): number {
    return this.ledger.open(plan).epoch;
  }

  /** Counts a request that is not part of the experiment. */
  exclude(why: string): void {
    this.#excluded[why] = (this.#excluded[why] ?? 0) + 1;
  }

  /** Counts an assignment. */
  assign(variant: number, independent: boolean): void {
    const { counts, exposures } = this.ledger.current;
    counts[variant]! += 1;
    if (independent) exposures[variant]! += 1;
  }

  /** Counts how a variant behaved as a service. */
  serve(variant: number, status: Outcome['status'], latencyMs: number): void {
    this.services[variant]!.push(status, latencyMs);
  }

  /** Counts that a variant answered or failed, in the epoch of its assignment. */
  attempt(epoch: number, variant: number, what: FailureCount | undefined): void {
    const counts = this.ledger.epochs[epoch]!;
    counts.served[variant]! += 1;
    if (what !== undefined) counts[what][variant]! += 1;
  }

  /** Counts a truth of an independent assignment. */
  label(epoch: number, variant: number): void {
    this.ledger.epochs[epoch]!.labels[variant]! += 1;
  }

  /** Takes in a value. */
  observe(observation: Observation): void {
    const { epoch, variant, metric, value, covariate, cluster, repeats, at, segments } = observation;
    this.ledger.summaries(epoch, variant)![metric]!.push(value, covariate, cluster, repeats);
    const { stratum } = this.ledger.epochs[epoch]!;
    this.segments.push({ stratum, variant, metric, time: at }, segments, value, observation);
  }

  /** Takes in the values of champion and challenger on one request. */
  pair(
    epoch: number,
    challenger: number,
    metric: number,
    values: readonly [Measured | undefined, Measured | undefined],
    { cluster, repeats }: UnitMark,
  ): void {
    this.ledger.pairs(epoch, challenger)[metric]?.push(values[0], values[1], cluster, repeats);
  }

  /** Counts a request that champion and challenger both answered. @param i the challenger's position among them */
  compare(i: number, disagreement: Disagreement | undefined): void {
    this.#disagreements[i]!.push(disagreement);
  }

  /**
   * Adds what another process has seen.
   * @throws SnapshotError where it is of other variants or metrics, or of epochs that this one has not gone through;
   * nothing has changed then
   */
  merge(other: Statistics): void {
    checkSubject(other.#subject, this.#subject);
    this.ledger.merge(other.ledger);
    this.services.forEach((service, v) => {
      service.merge(other.services[v]!);
    });
    this.segments.merge(other.segments);
    this.balance.merge(other.balance);
    this.caps.merge(other.caps);
    this.#disagreements.forEach((tally, i) => {
      tally.merge(other.#disagreements[i]!);
    });
    for (const [why, n] of Object.entries(other.#excluded)) this.#excluded[why] = (this.#excluded[why] ?? 0) + n;
  }

  /** Statistics of the same epochs in which nothing has happened. */
  blank(): Statistics {
    return new Statistics(this.#options, this.ledger.blank());
  }

  /** Whether nothing has happened. */
  get empty(): boolean {
    const none = (row: readonly number[]): boolean => row.every((count) => count === 0);
    return (
      this.ledger.epochs.every(({ counts, labels, served }) => none(counts) && none(labels) && none(served)) &&
      this.services.every((service) => service.empty) &&
      Object.keys(this.#excluded).length === 0 &&
      this.caps.empty &&
      this.ledger.untouched
    );
  }

  /** @param sparse see `Stratum.toJSON` */
  toJSON(sparse = false): Json {
    const saved: Saved = {
      of: this.#subject,
      epochs: this.ledger.toJSON(sparse),
      services: this.services.map((service) => service.toJSON()),
      segments: this.segments.toJSON(),
      balance: this.balance.toJSON(),
      caps: this.caps.toJSON(),
      disagreements: this.#disagreements.map((tally) => tally.toJSON()),
      excluded: { ...this.#excluded },
    };
    return saved as unknown as Json;
  }

  /** Takes over what `toJSON` returned. May throw half-way. */
  load(json: Json): void {
    const saved = json as unknown as Saved;
    checkSubject(saved.of, this.#subject);
    const lists = [saved.services, saved.disagreements];
    const owners = [this.services, this.#disagreements];
    if (!lists.every((list, i) => Array.isArray(list) && list.length === owners[i]!.length)) {
      throw new SnapshotError('the statistics of a test must be of its variants');
    }
    this.ledger.load(saved.epochs);
    for (const [v, service] of saved.services.entries()) this.services[v]!.load(service);
    this.segments.load(saved.segments);
    this.balance.load(saved.balance);
    this.caps.load(saved.caps);
    for (const [i, tally] of saved.disagreements.entries()) this.#disagreements[i]!.load(tally);
    this.#excluded = readCounts(saved.excluded);
  }

  get #subject(): Subject {
    const { names, metrics, keepDisagreements } = this.#options;
    const mode = keepDisagreements === undefined ? 'split' : 'paired';
    return { variants: names, metrics: metrics.map(definitionOf), mode: [mode] };
  }
}

/** What must not differ where values of a metric are added: its role and limits may. */
function definitionOf({
  name,
  kind,
  direction,
  quantile,
  range,
  cap,
  covariate,
  selective,
  bins,
}: Metric & { readonly bins?: number | undefined }): string {
  const more = {
    quantile,
    range: range === undefined ? undefined : `[${range.join(', ')}]`,
    cap: typeof cap === 'object' ? `at the quantile ${cap.quantile} of ${cap.pilot}` : cap,
    covariate: covariate === undefined ? undefined : 'yes',
    selective: selective ? 'yes' : undefined,
    bins,
  };
  const told = Object.entries(more).flatMap(([what, value]) => (value === undefined ? [] : [`${what} ${value}`]));
  return `${name} (${[kind, direction, ...told].join(', ')})`;
}

/** Two tests of as many variants and metrics in another order would give one the numbers of the other. */
function checkSubject(theirs: Subject, own: Subject): void {
  for (const what of ['variants', 'metrics', 'mode'] as const) {
    const [a, b] = [theirs?.[what], own[what]];
    if (JSON.stringify(a) !== JSON.stringify(b)) {
      throw new SnapshotError(`the ${what} must be ${b.join(', ')}, in this order, got ${String(a)}`);
    }
  }
}

function readCounts(saved: Readonly<Record<string, number>>): Record<string, number> {
  const entries = Object.entries(saved);
  const sound =
    typeof saved === 'object' &&
    !Array.isArray(saved) &&
    entries.every(([, count]) => Number.isSafeInteger(count) && count >= 0);
  if (!sound) throw new SnapshotError('requests that were left out must be counted');
  return Object.fromEntries(entries);
}
