import type { Json } from '../../core/json.ts';
import { absoluteError, rmse } from '../../metrics/errorMetrics.ts';
import type { Metric } from '../../metrics/Metric.ts';
import type { Rng } from '../../random/Rng.ts';
import { Moments, type MomentsState } from '../../stats/summaries/Moments.ts';
import { checkCount } from './drops.ts';
import { MetricEvidence } from './MetricEvidence.ts';
import { RowSample } from './RowSample.ts';

/** Errors that both models have on the very same requests. */
export const PAIRED_ERRORS = ['meanAbsoluteError', 'rmse'] as const;

/** The evidence about predicted numbers: errors of both, their pairs, and a sample of rows. */
export class RegressionEvidence {
  readonly paired: Readonly<Record<(typeof PAIRED_ERRORS)[number], MetricEvidence>>;
  readonly #rows: RowSample;
  #bias = { primary: new Moments(), candidate: new Moments() };
  #gains = new Moments();
  #closer = { primary: 0, candidate: 0 };

  constructor(sampleSize: number, rng: Rng) {
    const evidence = (metric: unknown): MetricEvidence => {
      const plain = metric as Metric;
      return new MetricEvidence(plain, rng.fork(plain.name));
    };
    this.paired = { meanAbsoluteError: evidence(absoluteError()), rmse: evidence(rmse()) };
    this.#rows = new RowSample(3, sampleSize, rng.fork('rows'));
  }

  /** A labelled request; a model without a number is left out of its own errors and of all pairs. */
  push(primary: number | undefined, candidate: number | undefined, actual: number): void {
    const [first, second] = [primary, candidate].map((value) => (value === undefined ? undefined : value - actual));
    if (first !== undefined) this.#bias.primary.push(first);
    if (second !== undefined) this.#bias.candidate.push(second);
    this.paired.rmse.push(first, second);
    this.paired.meanAbsoluteError.push(size(first), size(second));
    if (first === undefined || second === undefined) return;
    const gain = Math.abs(first) - Math.abs(second);
    this.#gains.push(gain);
    if (gain > 0) this.#closer.candidate += 1;
    if (gain < 0) this.#closer.primary += 1;
    this.#rows.push(primary!, candidate!, actual);
  }

  /** Labelled requests on which both have a number. */
  get n(): number {
    return this.#gains.n;
  }
  /** The errors, predicted - actual. */
  get bias(): { readonly primary: Moments; readonly candidate: Moments } {
    return this.#bias;
  }
  /** |error of the primary| - |error of the shadow|: above 0 the shadow is closer. */
  get gains(): Moments {
    return this.#gains;
  }
  /** On how many requests which of the two was closer to the truth. */
  get closer(): { readonly primary: number; readonly candidate: number } {
    return this.#closer;
  }
  /** (primary, shadow, truth). */
  get rows(): RowSample {
    return this.#rows;
  }

  merge(other: RegressionEvidence): void {
    for (const error of PAIRED_ERRORS) this.paired[error].merge(other.paired[error]);
    this.#rows.merge(other.#rows);
    this.#bias.primary.merge(other.#bias.primary);
    this.#bias.candidate.merge(other.#bias.candidate);
    this.#gains.merge(other.#gains);
    this.#closer.primary += other.#closer.primary;
    this.#closer.candidate += other.#closer.candidate;
  }

  toJSON(): Json {
    return {
      paired: PAIRED_ERRORS.map((error) => this.paired[error].toJSON()),
      rows: this.#rows.toJSON(),
      bias: { primary: this.#bias.primary.toJSON(), candidate: this.#bias.candidate.toJSON() },
      gains: this.#gains.toJSON(),
      closer: { ...this.#closer },
    } as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as {
      paired: readonly Json[];
      rows: Json;
      bias: { primary: MomentsState; candidate: MomentsState };
      gains: MomentsState;
      closer: { primary: number; candidate: number };
    };
    for (const [i, error] of PAIRED_ERRORS.entries()) this.paired[error].load(state.paired[i]!);
    this.#rows.load(state.rows);
    const { primary, candidate } = state.bias;
    this.#bias = { primary: Moments.fromJSON(primary), candidate: Moments.fromJSON(candidate) };
    this.#gains = Moments.fromJSON(state.gains);
    for (const side of ['primary', 'candidate'] as const) {
      this.#closer[side] = checkCount('closer', state.closer[side]);
    }
  }
}

function size(error: number | undefined): number | undefined {
  return error === undefined ? undefined : Math.abs(error);
}
