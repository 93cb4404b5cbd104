import { SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Rng } from '../../random/Rng.ts';
import type { Metric } from '../Metric.ts';
import { type Measured, measure } from '../measure.ts';
import type { Outcome } from '../Outcome.ts';
import type { Arm } from './Arm.ts';
import { StageEvidence, type StageEvidenceOptions } from './StageEvidence.ts';

/** What the evidence of all metrics is told by the strategy that holds it. @internal */
export interface EvidenceHost {
  /** The canary's share of the requests by stage, within [0, 1]; 0 where requests are not split at random. */
  readonly shares: readonly number[];
  /** Whether whole units, not requests, are independent. */
  readonly clustered: boolean;
  /** Whether the baseline is asked beside the canary. */
  readonly paired: boolean;
  readonly rng: Rng;
  /** Takes the errors of users' metrics and judges. */
  contain(where: string, error: unknown): void;
}

/** The evidence of all metrics at all stages: measures outcomes, and shares what was measured with other replicas. @internal */
export class EvidenceTable {
  readonly #metrics: readonly Metric[];
  readonly #host: EvidenceHost;
  readonly #options: readonly (readonly StageEvidenceOptions[])[];
  #rows: readonly (readonly StageEvidence[])[] = [];

  /** @param alphas each metric's part of the budget */
  constructor(
    metrics: readonly Metric[],
    host: EvidenceHost,
    { alphas, sampleSize }: { readonly alphas: readonly number[]; readonly sampleSize: number },
  ) {
    this.#metrics = metrics;
    this.#host = host;
    const { rng, clustered, paired, shares } = host;
    this.#options = metrics.map(({ name }, i) =>
      shares.map((share, stage) => {
        const alpha = alphas[i]! / 2 / shares.length;
        return { rng: rng.fork(`${name}/${stage}`), sampleSize, clustered, alpha, share, paired };
      }),
    );
    this.clear();
  }

  /** By metric, then by stage. */
  get rows(): readonly (readonly StageEvidence[])[] {
    return this.#rows;
  }

  /** Forgets everything. */
  clear(): void {
    this.#rows = this.#each((metric, options) => new StageEvidence(metric, options));
  }

  /** Measures an outcome by the metrics that are due. */
  take(outcome: Outcome, due: 'serve' | 'truth', arm: Arm, stage: number, cluster: number): void {
    for (let i = 0; i < this.#metrics.length; i += 1) {
      const metric = this.#metrics[i]!;
      if (metric.due !== due) continue;
      const value = this.#measure(metric, outcome);
      if (value !== undefined) this.#rows[i]![stage]!.push(arm, value, cluster);
    }
  }

  /** Measures one request that both models have answered, by the metrics of the truth. */
  takePair(canary: Outcome, baseline: Outcome, stage: number, cluster: number): void {
    for (let i = 0; i < this.#metrics.length; i += 1) {
      const metric = this.#metrics[i]!;
      if (metric.due !== 'truth') continue;
      const [x, y] = [this.#measure(metric, canary), this.#measure(metric, baseline)];
      const evidence = this.#rows[i]![stage]!;
      if (x !== undefined) evidence.push('canary', x, cluster);
      if (y !== undefined) evidence.push('baseline', y, cluster);
      if (typeof x === 'number' && typeof y === 'number') evidence.pushPair(x, y);
    }
  }

  /** What was seen here since the last call, without what was merged; undefined where that is nothing. */
  takeOwn(): Json | undefined {
    const told = this.#rows.map((row) => row.map((stage) => stage.takeOwn() ?? null));
    return told.flat().every((stage) => stage === null) ? undefined : told;
  }

  /** Checks what another replica has told. @returns what adds it @throws SnapshotError if the metrics or stages are others */
  readTold(json: Json): () => void {
    const told = this.#parse(json);
    return () => {
      for (const [i, row] of told.entries())
        for (const [k, stage] of row.entries()) if (stage) this.#rows[i]![k]!.merge(stage);
    };
  }

  toJSON(): Json {
    return this.#rows.map((row) => row.map((stage) => stage.toJSON())) as Json;
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError if the metrics or stages are others */
  load(json: Json): void {
    const rows = this.#parse(json);
    if (rows.flat().includes(undefined)) throw new SnapshotError('the snapshot lacks a stage');
    this.#rows = rows as StageEvidence[][];
  }

  /** @throws SnapshotError */
  #parse(json: Json): (StageEvidence | undefined)[][] {
    const saved = json as (Json | null)[][];
    const fits =
      Array.isArray(saved) &&
      saved.length === this.#metrics.length &&
      saved.every((row) => Array.isArray(row) && row.length === this.#host.shares.length);
    if (!fits) throw new SnapshotError('the snapshot is of other metrics or another number of stages');
    return this.#each((metric, options, i, k) => {
      const stage = saved[i]![k]!;
      return stage === null ? undefined : StageEvidence.fromJSON(metric, options, stage);
    });
  }

  #each<T>(make: (metric: Metric, options: StageEvidenceOptions, i: number, k: number) => T): T[][] {
    return this.#metrics.map((metric, i) => this.#options[i]!.map((options, k) => make(metric, options, i, k)));
  }

  #measure(metric: Metric, outcome: Outcome): Measured | undefined {
    try {
      return measure(metric, outcome);
    } catch (error) {
      this.#host.contain(`metric:${metric.name}`, error);
      return undefined;
    }
  }
}
