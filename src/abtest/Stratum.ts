import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Metric } from '../metrics/Metric.ts';
import { MetricSummary } from '../metrics/MetricSummary.ts';
import { canPair, PairedValues } from '../metrics/PairedValues.ts';
import type { Rng } from '../random/Rng.ts';

/** What strata are made of. */
export interface StratumOptions {
  readonly metrics: readonly Metric[];
  readonly variants: number;
  readonly sampleSize: number;
  /** Whether all models score every request. */
  readonly paired: boolean;
  /** The stream of the samples: asked for when one is made, since a restored test has another seed than a new one. */
  readonly rng: () => Rng;
}

/** Which epochs share a stratum. */
export interface StratumPlan {
  readonly shares: readonly number[];
  readonly versions: readonly string[];
}

interface SavedStratum extends StratumPlan {
  /** By variant, then metric; null where nothing was observed. */
  readonly summaries: readonly (readonly (Json | null)[])[];
  readonly pairs: readonly (readonly (Json | null)[])[];
}

/** The metrics of every variant under one plan of shares and one set of versions. */
export class Stratum {
  readonly shares: readonly number[];
  readonly versions: readonly string[];
  /** By variant, then metric. */
  readonly summaries: readonly (readonly MetricSummary[])[];
  /** By challenger, then metric: both models' values request by request. Undefined where a metric cannot be paired. */
  readonly pairs: readonly (readonly (PairedValues | undefined)[])[];

  private constructor(
    { metrics, variants, sampleSize, paired, rng }: StratumOptions,
    { shares, versions }: StratumPlan,
    label: number,
    saved?: SavedStratum,
  ) {
    const stream = rng();
    this.shares = [...shares];
    this.versions = [...versions];
    this.summaries = Array.from({ length: variants }, (_, v) =>
      metrics.map((metric, m) => {
        const state = saved?.summaries[v]?.[m] ?? null;
        if (state !== null) return MetricSummary.fromJSON(metric, state);
        const size = sampledBy(metric, sampleSize);
        return new MetricSummary(metric, { sampleSize: size, rng: stream.fork(`${label}/${v}/${metric.name}`) });
      }),
    );
    this.pairs = Array.from({ length: paired ? variants : 0 }, (_, v) =>
      metrics.map((metric, m) => {
        if (!canPair(metric)) return undefined;
        const state = saved?.pairs[v]?.[m] ?? null;
        return state === null ? new PairedValues(metric) : PairedValues.fromJSON(metric, state);
      }),
    );
  }

  /** An empty one. @param label its number: samples of different strata are drawn independently */
  static of(options: StratumOptions, plan: StratumPlan, label: number): Stratum {
    return new Stratum(options, plan, label);
  }

  /** Adds what another process has seen under the same plan. */
  merge(other: Stratum): void {
    this.summaries.forEach((row, v) => {
      row.forEach((summary, m) => {
        summary.merge(other.summaries[v]![m]!);
      });
    });
    this.pairs.forEach((row, v) => {
      row.forEach((values, m) => {
        values?.merge(other.pairs[v]![m]!);
      });
    });
  }

  /** Whether nothing was ever observed. */
  get untouched(): boolean {
    return this.summaries.every((row) => row.every((summary) => summary.untouched));
  }

  /** @param sparse whether summaries without an observation are left out: whoever adds them needs no random stream */
  toJSON(sparse = false): Json {
    const saved: SavedStratum = {
      shares: this.shares,
      versions: this.versions,
      summaries: this.summaries.map((row) => row.map((s) => (sparse && s.untouched ? null : s.toJSON()))),
      pairs: this.pairs.map((row) => row.map((p) => (p === undefined || (sparse && p.n === 0) ? null : p.toJSON()))),
    };
    return saved as unknown as Json;
  }

  /** The stratum that goes on from `toJSON`. @throws SnapshotError where it is of other variants or metrics */
  static fromJSON(options: StratumOptions, json: Json, label: number): Stratum {
    const saved = json as unknown as SavedStratum;
    const { metrics, variants, paired } = options;
    const table = (rows: unknown, length: number): boolean =>
      Array.isArray(rows) &&
      rows.length === length &&
      rows.every((row) => Array.isArray(row) && row.length === metrics.length);
    const sound =
      Array.isArray(saved?.versions) &&
      saved.versions.length === variants &&
      Array.isArray(saved.shares) &&
      saved.shares.length === variants &&
      table(saved.summaries, variants) &&
      table(saved.pairs, paired ? variants : 0);
    if (!sound) throw new SnapshotError('a stratum must have summaries of the variants and metrics of this test');
    return new Stratum(options, saved, label, saved);
  }
}

/** How many values of a metric are kept: for rank tests and ROC curves. */
function sampledBy({ kind }: Metric, sampleSize: number): number {
  if (kind === 'auc') return 10_000;
  return kind === 'ratio' || kind === 'pearson' || kind === 'r2' || kind === 'calibration' ? 0 : sampleSize;
}
