import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { totalOf } from '../metrics/inference/contrast.ts';
import type { MetricPairs, MetricStratum } from '../metrics/inference/index.ts';
import type { Metric } from '../metrics/Metric.ts';
import { MetricSummary } from '../metrics/MetricSummary.ts';
import { canPair, PairedValues } from '../metrics/PairedValues.ts';
import type { Rng } from '../random/Rng.ts';

/** A time during which shares and versions stood still. */
export interface Epoch {
  readonly epoch: number;
  readonly at: number;
  readonly shares: readonly number[];
  /** Requests assigned to each variant; forced ones apart. */
  readonly counts: number[];
  /** Independent assignments: units when they first came, requests where they are drawn one by one. */
  readonly exposures: number[];
  /** Truths that came for them. */
  readonly labels: number[];
  /** Its stratum: epochs of the same shares and versions share one. */
  readonly stratum: number;
}

interface Stratum {
  readonly shares: readonly number[];
  readonly versions: readonly string[];
  /** By variant, then metric. */
  readonly summaries: MetricSummary[][];
  /** By challenger, then metric: both models' values request by request. Undefined where a metric cannot be paired. */
  readonly pairs: (PairedValues | undefined)[][];
}

interface SavedLedger {
  readonly epochs: readonly Epoch[];
  readonly strata: readonly {
    readonly shares: readonly number[];
    readonly versions: readonly string[];
    readonly summaries: readonly (readonly Json[])[];
    readonly pairs: readonly (readonly (Json | null)[])[];
  }[];
}

function copyEpoch(epoch: Epoch): Epoch {
  const { counts, exposures, labels } = epoch;
  return { ...epoch, counts: [...counts], exposures: [...exposures], labels: [...labels] };
}

/** What makes a ledger. */
export interface EpochLedgerOptions {
  readonly metrics: readonly Metric[];
  readonly variants: number;
  readonly sampleSize: number;
  /** Whether all models score every request. */
  readonly paired: boolean;
  /** Streams for the samples. */
  readonly rng: Rng;
}

/** Different plans of shares that can be told apart; more would let memory grow with every ramp. */
const MOST_STRATA = 64;

/**
 * What an experiment has seen, epoch by epoch. Metrics are kept apart for every plan of shares and set of versions, so
 * that results never pool across a ramp or a new build of a model.
 */
export class EpochLedger {
  readonly #options: EpochLedgerOptions;
  #epochs: Epoch[] = [];
  #strata: Stratum[] = [];

  constructor(options: EpochLedgerOptions) {
    this.#options = options;
  }

  /** Opens an epoch. @throws InvalidOptionError for one plan of shares too many */
  open(shares: readonly number[], versions: readonly string[], at: number): Epoch {
    const key = JSON.stringify([shares, versions]);
    let stratum = this.#strata.findIndex((known) => JSON.stringify([known.shares, known.versions]) === key);
    if (stratum < 0) {
      if (this.#strata.length >= MOST_STRATA) {
        throw new InvalidOptionError(
          'shares',
          shares,
          `one of the ${MOST_STRATA} plans of shares that were used before`,
        );
      }
      stratum = this.#strata.push(this.#makeStratum(shares, versions)) - 1;
    }
    const zeros = (): number[] => shares.map(() => 0);
    const epoch: Epoch = {
      epoch: this.#epochs.length,
      at,
      shares,
      counts: zeros(),
      exposures: zeros(),
      labels: zeros(),
      stratum,
    };
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

  /** Adds what another process has seen in the same epochs. @throws SnapshotError where the epochs differ */
  merge(other: EpochLedger): void {
    const plan = (ledger: EpochLedger): string =>
      JSON.stringify([
        ledger.#epochs.map(({ shares, stratum }) => [shares, stratum]),
        ledger.#strata.map((s) => s.versions),
      ]);
    if (plan(this) !== plan(other)) throw new SnapshotError('tests merge only if they went through the same epochs');
    const add = (into: number[], from: readonly number[]): void => {
      for (const [i, count] of from.entries()) into[i]! += count;
    };
    this.#epochs.forEach((epoch, e) => {
      const theirs = other.#epochs[e]!;
      add(epoch.counts, theirs.counts);
      add(epoch.exposures, theirs.exposures);
      add(epoch.labels, theirs.labels);
    });
    this.#strata.forEach(({ summaries, pairs }, s) => {
      const theirs = other.#strata[s]!;
      summaries.forEach((row, v) => {
        row.forEach((summary, m) => {
          summary.merge(theirs.summaries[v]![m]!);
        });
      });
      pairs.forEach((row, v) => {
        row.forEach((values, m) => {
          values?.merge(theirs.pairs[v]![m]!);
        });
      });
    });
  }

  toJSON(): Json {
    const saved: SavedLedger = {
      epochs: this.#epochs.map(copyEpoch),
      strata: this.#strata.map(({ shares, versions, summaries, pairs }) => ({
        shares,
        versions,
        summaries: summaries.map((row) => row.map((summary) => summary.toJSON())),
        pairs: pairs.map((row) => row.map((values) => values?.toJSON() ?? null)),
      })),
    };
    return saved as unknown as Json;
  }

  load(json: Json): void {
    const { epochs, strata } = json as unknown as SavedLedger;
    const { metrics } = this.#options;
    this.#epochs = epochs.map(copyEpoch);
    this.#strata = strata.map(({ shares, versions, summaries, pairs }) => ({
      shares,
      versions,
      summaries: summaries.map((row) => row.map((state, m) => MetricSummary.fromJSON(metrics[m]!, state))),
      pairs: pairs.map((row) =>
        row.map((state, m) => (state === null ? undefined : PairedValues.fromJSON(metrics[m]!, state))),
      ),
    }));
  }

  /** The strata in which both variants had the versions that are being served. */
  #serving(reference: number, candidate: number): readonly Stratum[] {
    const now = this.versions;
    return this.#strata.filter(
      ({ versions }) => versions[reference] === now[reference] && versions[candidate] === now[candidate],
    );
  }

  #makeStratum(shares: readonly number[], versions: readonly string[]): Stratum {
    const { metrics, variants, sampleSize, paired, rng } = this.#options;
    const label = this.#strata.length;
    const summaries = Array.from({ length: variants }, (_, v) =>
      metrics.map((metric) => {
        const keeps = metric.kind === 'auc' || !['ratio', 'pearson', 'r2'].includes(metric.kind);
        const size = metric.kind === 'auc' ? 10_000 : keeps ? sampleSize : 0;
        return new MetricSummary(metric, { sampleSize: size, rng: rng.fork(`${label}/${v}/${metric.name}`) });
      }),
    );
    const pairs = Array.from({ length: paired ? variants : 0 }, () =>
      metrics.map((metric) => (canPair(metric) ? new PairedValues(metric) : undefined)),
    );
    return { shares: [...shares], versions: [...versions], summaries, pairs };
  }
}
