import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { totalOf } from '../metrics/inference/contrast.ts';
import type { MetricPairs, MetricStratum } from '../metrics/inference/index.ts';
import type { MetricSummary } from '../metrics/MetricSummary.ts';
import { PairedValues } from '../metrics/PairedValues.ts';
import { addCounts, copyEpoch, type Epoch, type EpochPlan, emptyEpoch } from './Epoch.ts';
import { Stratum, type StratumOptions } from './Stratum.ts';

interface SavedLedger {
  readonly epochs: readonly Epoch[];
  readonly strata: readonly Json[];
}

/** Different plans of shares that can be told apart; more would let memory grow with every ramp. */
const MOST_STRATA = 64;

/**
 * What an experiment has seen, epoch by epoch. Metrics are kept apart for every plan of shares and set of versions, so
 * that results never pool across a ramp or a new build of a model.
 */
export class EpochLedger {
  readonly #options: StratumOptions;
  #epochs: Epoch[] = [];
  #strata: Stratum[] = [];

  constructor(options: StratumOptions) {
    this.#options = options;
  }

  /** Opens an epoch. @throws InvalidOptionError for one plan of shares too many */
  open({ at, shares, versions }: EpochPlan): Epoch {
    const key = keyOf({ shares, versions });
    let stratum = this.#strata.findIndex((known) => keyOf(known) === key);
    if (stratum < 0) {
      if (this.#strata.length >= MOST_STRATA) {
        throw new InvalidOptionError(
          'shares',
          shares,
          `one of the ${MOST_STRATA} plans of shares that were used before`,
        );
      }
      stratum = this.#strata.push(Stratum.of(this.#options, { shares, versions }, this.#strata.length)) - 1;
    }
    const epoch = emptyEpoch(this.#epochs.length, { at, shares }, stratum);
    this.#epochs.push(epoch);
    return epoch;
  }

  get epochs(): readonly Epoch[] {
    return this.#epochs;
  }

  /** The epoch that is open. */
  get current(): Epoch {
    return this.#epochs.at(-1)!;
  }

  /** The versions that are being served. */
  get versions(): readonly string[] {
    return this.#strata[this.current.stratum]!.versions;
  }

  /** What the epochs are, without their counts. */
  get plans(): readonly EpochPlan[] {
    return this.#epochs.map(({ at, shares, stratum }) => ({ at, shares, versions: this.#strata[stratum]!.versions }));
  }

  /** The summaries of a variant in an epoch, in the order of the metrics. */
  summaries(epoch: number, variant: number): readonly MetricSummary[] | undefined {
    const found = this.#epochs[epoch];
    return found === undefined ? undefined : this.#strata[found.stratum]!.summaries[variant];
  }

  /** The paired values of a challenger with the champion in an epoch, in the order of the metrics. */
  pairs(epoch: number, challenger: number): readonly (PairedValues | undefined)[] {
    return this.#strata[this.#epochs[epoch]!.stratum]!.pairs[challenger] ?? [];
  }

  /** Both models on the same requests, over all strata of the versions that are being served; undefined where unpaired. */
  pairsOf(metric: number, reference: number, candidate: number): MetricPairs | undefined {
    const strata = this.#serving(reference, candidate);
    const found = strata.flatMap(({ pairs }) => pairs[candidate]?.[metric] ?? []);
    const [head, ...rest] = found;
    if (head === undefined) return undefined;
    const pairs = PairedValues.fromJSON(head.metric, head.toJSON());
    for (const other of rest) pairs.merge(other);
    return {
      reference: totalOf(strata.map(({ summaries }) => summaries[reference]![metric]!)),
      candidate: totalOf(strata.map(({ summaries }) => summaries[candidate]![metric]!)),
      pairs,
    };
  }

  /** Both sides of a comparison, stratum by stratum, of the versions that are being served. */
  strata(metric: number, reference: number, candidate: number): readonly MetricStratum[] {
    const found = this.#serving(reference, candidate).map(({ shares, summaries }) => {
      const both = shares[reference]! + shares[candidate]!;
      return {
        reference: summaries[reference]![metric]!,
        candidate: summaries[candidate]![metric]!,
        ...(both > 0 ? { share: shares[candidate]! / both } : {}),
      };
    });
    // A plan that gives one of them nothing has nothing to compare, unless it is the only one.
    const seen = found.filter((stratum) => stratum.reference.n > 0 && stratum.candidate.n > 0);
    return seen.length > 0 ? seen : found.slice(-1);
  }

  /** Which strata have the versions of both variants that are being served. */
  serving(reference: number, candidate: number): readonly number[] {
    const among = this.#serving(reference, candidate);
    return this.#strata.flatMap((stratum, i) => (among.includes(stratum) ? [i] : []));
  }

  /** The summaries of a variant over all strata of its version that is being served. */
  ofVariant(metric: number, variant: number): readonly MetricSummary[] {
    const version = this.versions[variant];
    return this.#strata
      .filter(({ versions }) => versions[variant] === version)
      .map((s) => s.summaries[variant]![metric]!);
  }

  /**
   * Whether plans of epochs are these, or the first of them: whoever saw them may have missed the latest ramps, but
   * cannot have seen others.
   */
  covers(plans: readonly Omit<EpochPlan, 'at'>[]): boolean {
    const own = this.plans;
    return plans.length <= own.length && plans.every((plan, e) => keyOf(plan) === keyOf(own[e]!));
  }

  /** Adds what another process has seen in the same epochs. @throws SnapshotError where this one has not gone through them */
  merge(other: EpochLedger): void {
    if (!this.covers(other.plans)) throw new SnapshotError('tests merge only if they went through the same epochs');
    other.#epochs.forEach((epoch, e) => {
      addCounts(this.#epochs[e]!, epoch);
    });
    other.#strata.forEach((stratum, s) => {
      this.#strata[s]!.merge(stratum);
    });
  }

  /** A ledger of the same epochs in which nothing has happened. */
  blank(): EpochLedger {
    const ledger = new EpochLedger(this.#options);
    for (const plan of this.plans) ledger.open(plan);
    return ledger;
  }

  /** Whether no metric was ever observed. */
  get untouched(): boolean {
    return this.#strata.every((stratum) => stratum.untouched);
  }

  /** @param sparse see `Stratum.toJSON` */
  toJSON(sparse = false): Json {
    const { variants } = this.#options;
    const epochs = this.#epochs.map((epoch) => copyEpoch(epoch, variants));
    const saved: SavedLedger = { epochs, strata: this.#strata.map((stratum) => stratum.toJSON(sparse)) };
    return saved as unknown as Json;
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError; nothing has changed then */
  load(json: Json): void {
    const saved = json as unknown as SavedLedger;
    const strata = saved.strata.map((state, s) => Stratum.fromJSON(this.#options, state, s));
    const epochs = saved.epochs.map((epoch) => copyEpoch(epoch, this.#options.variants));
    const sound =
      epochs.length > 0 && epochs.every(({ epoch, stratum }, e) => epoch === e && strata[stratum] !== undefined);
    if (!sound) throw new SnapshotError('epochs must be numbered in order, each with its stratum');
    this.#epochs = epochs;
    this.#strata = strata;
  }

  /** The strata in which both variants had the versions that are being served. */
  #serving(reference: number, candidate: number): readonly Stratum[] {
    const now = this.versions;
    return this.#strata.filter(
      ({ versions }) => versions[reference] === now[reference] && versions[candidate] === now[candidate],
    );
  }
}

function keyOf({ shares, versions }: Omit<EpochPlan, 'at'>): string {
  return JSON.stringify([shares, versions]);
}
