import { hashSeed } from '../assignment/hashSeed.ts';
import { hashUnit } from '../assignment/hashUnit.ts';
import { InvalidDataError } from '../core/errors.ts';
import { abandon } from '../core/perRow.ts';
import type { Metric } from '../metrics/Metric.ts';
import { capped, type Measured } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { DeltaStatistics } from './DeltaStatistics.ts';
import { countsAsLabel, type LabelOptions, measureWeighted, PLAIN, type Standing, standingOf } from './LabelWeights.ts';
import { NO_SEGMENTS, type Note } from './Note.ts';
import type { UnitMark } from './UnitMark.ts';

/** When a metric can be measured: once the answer is there, or once the truth is. */
export type Due = Metric['due'];

/** What measuring needs of the test. */
export interface ValueIntakeOptions {
  readonly metrics: readonly Metric[];
  readonly labels: LabelOptions | undefined;
  /** Whether requests of one unit depend on each other. */
  readonly clusters: boolean;
  readonly statistics: DeltaStatistics;
  /** Reports what user code threw. */
  readonly contain: (where: string, error: unknown) => void;
}

/** Places of clusters are independent of assignment: a seed of their own. */
const CLUSTER_SEED = hashSeed('cluster');
/** A request that stands for itself. */
const ALONE: UnitMark = { cluster: undefined, repeats: 0 };

/** Measures outcomes by the metrics of a test, and keeps the values wherever they belong. */
export class ValueIntake {
  /** The metrics by when they can be measured. */
  readonly due: Readonly<Record<Due, readonly number[]>>;
  readonly #options: ValueIntakeOptions;

  constructor(options: ValueIntakeOptions) {
    const { metrics } = options;
    this.#options = options;
    this.due = { serve: indicesOf(metrics, 'serve'), truth: indicesOf(metrics, 'truth') };
  }

  /** Takes in every metric that is due. */
  take(outcome: Outcome, note: Note, variant: number, due: Due): void {
    const standing = this.standingOf(outcome, due);
    if (standing === undefined) return;
    const { caps } = this.#options.statistics.total;
    const unit = this.unitOf(outcome, note);
    for (const m of this.due[due]) this.push(outcome, note, variant, m, standing, unit, caps.capOf(m));
  }

  /** How a request stands with its truth; undefined where its propensity is none: it is left out then. */
  standingOf(outcome: Outcome, due: Due): Standing | undefined {
    const { labels, contain } = this.#options;
    if (due === 'serve') return PLAIN;
    try {
      return standingOf(labels, outcome);
    } catch (error) {
      contain('labels', error);
      return undefined;
    }
  }

  /** Whose request it is: requests of one unit may depend on each other. */
  unitOf({ unit }: Outcome, { r = 0 }: Pick<Note, 'r'>): UnitMark {
    if (unit === undefined || !this.#options.clusters) return ALONE;
    return { cluster: hashUnit(unit, CLUSTER_SEED), repeats: r };
  }

  /** Whether a truth counts in the check for missing labels. */
  countsAsLabel(outcome: Outcome): boolean {
    const { labels } = this.#options;
    if (labels === undefined) return true;
    const standing = this.standingOf(outcome, 'truth');
    return standing !== undefined && countsAsLabel(labels, standing.weight, outcome.requestId ?? '0');
  }

  /**
   * Measures one metric of one outcome.
   * @param cap undefined while it is not fixed
   * @returns its value, weighted; undefined where it has none, or fixes the cap
   */
  push(
    outcome: Outcome,
    note: Note,
    variant: number,
    m: number,
    standing: Standing,
    { cluster, repeats }: UnitMark,
    cap: number | undefined,
  ): Measured | undefined {
    const { metrics, statistics, contain } = this.#options;
    const { e: epoch, s: segments = NO_SEGMENTS } = note;
    const metric = metrics[m]!;
    try {
      const measured = measureWeighted(metric, outcome, standing, cap);
      const value =
        typeof measured === 'number'
          ? this.#cut(m, measured, cap)
          : this.#weighted(m, measured, { outcome, standing, cap });
      if (value === undefined) return undefined;
      const covariate = covariateOf(metric, outcome);
      const { at } = outcome;
      // Field by field: spreading an object costs as much as all else here, and this runs for every metric of every request.
      statistics.observe({ epoch, variant, metric: m, value, covariate, cluster, repeats, at, segments });
      return value;
    } catch (error) {
      contain(`metric:${metric.name}`, error);
      return undefined;
    }
  }

  /** A weighted value, which is cut already; undefined where its request is one of those that fix the cap. */
  #weighted(
    m: number,
    measured: Measured | undefined,
    { outcome, standing, cap }: { outcome: Outcome; standing: Standing; cap: number | undefined },
  ): Measured | undefined {
    if (cap !== undefined) return measured;
    // Whose truth was not seen tells nothing of the cap, and comes before it all the same.
    const seen = outcome.truth === undefined ? undefined : measureWeighted(this.#options.metrics[m]!, outcome, PLAIN);
    if (seen === undefined) return undefined;
    const value = typeof seen === 'number' ? seen : seen[0];
    if (!Number.isFinite(value)) return measured;
    this.#options.statistics.pilot(m, value, standing.weight);
    return undefined;
  }

  /** A value at its cap; undefined where it is one of those that fix it. */
  #cut(m: number, value: number, cap: number | undefined): number | undefined {
    const { metrics, statistics } = this.#options;
    if (cap === undefined && Number.isFinite(value)) {
      statistics.pilot(m, value);
      return undefined;
    }
    return cap === undefined || cap === Number.POSITIVE_INFINITY ? value : capped(metrics[m]!, value, cap);
  }
}

function indicesOf(metrics: readonly Metric[], due: Due): readonly number[] {
  return metrics.flatMap((metric, i) => (metric.due === due ? [i] : []));
}

/** @throws InvalidDataError for a promise: it would count as a covariate that is missing, silently */
function covariateOf({ name, covariate }: Metric, outcome: Outcome): number | undefined {
  const found = covariate?.(outcome);
  if (abandon(found)) throw new InvalidDataError(`${name}.covariate`, found, 'a number');
  return found;
}
