import { InvalidOptionError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { MetricStratum } from '../metrics/inference/index.ts';
import type { Metric } from '../metrics/Metric.ts';
import { MetricSummary } from '../metrics/MetricSummary.ts';
import type { Rng } from '../random/Rng.ts';

/** A time during which shares and versions stood still. */
export interface Epoch {
  readonly epoch: number;
  readonly at: number;
  readonly shares: readonly number[];
  /** Requests assigned to each variant; forced ones apart. */
  readonly counts: number[];
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
}

interface SavedLedger {
  readonly epochs: readonly Epoch[];
  readonly strata: readonly {
    readonly shares: readonly number[];
    readonly versions: readonly string[];
    readonly summaries: readonly (readonly Json[])[];
  }[];
}

/** What makes a ledger. */
export interface EpochLedgerOptions {
  readonly metrics: readonly Metric[];
  readonly variants: number;
  readonly sampleSize: number;
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
    const epoch: Epoch = { epoch: this.#epochs.length, at, shares, counts: zeros(), labels: zeros(), stratum };
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

  /** Both sides of a comparison, stratum by stratum, of the versions that are being served. */
  strata(metric: number, reference: number, candidate: number): readonly MetricStratum[] {
    const serving = JSON.stringify([this.versions[reference], this.versions[candidate]]);
    const found = this.#strata
      .filter(({ versions }) => JSON.stringify([versions[reference], versions[candidate]]) === serving)
      .map(({ shares, summaries }) => {
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

  /** The summaries of a variant over all strata of its version that is being served. */
  ofVariant(metric: number, variant: number): readonly MetricSummary[] {
    const version = this.versions[variant];
    return this.#strata
      .filter(({ versions }) => versions[variant] === version)
      .map((s) => s.summaries[variant]![metric]!);
  }

  toJSON(): Json {
    const saved: SavedLedger = {
      epochs: this.#epochs.map((epoch) => ({ ...epoch, counts: [...epoch.counts], labels: [...epoch.labels] })),
      strata: this.#strata.map(({ shares, versions, summaries }) => ({
        shares,
        versions,
        summaries: summaries.map((row) => row.map((summary) => summary.toJSON())),
      })),
    };
    return saved as unknown as Json;
  }

  load(json: Json): void {
    const { epochs, strata } = json as unknown as SavedLedger;
    const { metrics } = this.#options;
    this.#epochs = epochs.map((epoch) => ({ ...epoch, counts: [...epoch.counts], labels: [...epoch.labels] }));
    this.#strata = strata.map(({ shares, versions, summaries }) => ({
      shares,
      versions,
      summaries: summaries.map((row) => row.map((state, m) => MetricSummary.fromJSON(metrics[m]!, state))),
    }));
  }

  #makeStratum(shares: readonly number[], versions: readonly string[]): Stratum {
    const { metrics, variants, sampleSize, rng } = this.#options;
    const label = this.#strata.length;
    const summaries = Array.from({ length: variants }, (_, v) =>
      metrics.map((metric) => {
        const keeps = metric.kind === 'auc' || !['ratio', 'pearson', 'r2'].includes(metric.kind);
        const size = metric.kind === 'auc' ? 10_000 : keeps ? sampleSize : 0;
        return new MetricSummary(metric, { sampleSize: size, rng: rng.fork(`${label}/${v}/${metric.name}`) });
      }),
    );
    return { shares: [...shares], versions: [...versions], summaries };
  }
}
