import { checkFinite, checkOneOf, checkOptions, checkProbability } from '../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../core/errors.ts';
import { defineMetric } from '../metrics/defineMetric.ts';
import { compareAnytime, compareFixed, type MetricComparison } from '../metrics/inference/index.ts';
import type { Direction, Metric } from '../metrics/Metric.ts';
import { MetricSummary } from '../metrics/MetricSummary.ts';

/** A variant as a warehouse knows it. */
export interface SummaryRow {
  /** Observations. */
  readonly n: number;
  /** Their sum; for a rate the number of successes. */
  readonly sum: number;
  /** The sum of their squares; left out for a rate. */
  readonly sumSquares?: number;
}

/** Options of `ABTest.fromSummary`. */
export interface FromSummaryOptions {
  readonly champion: SummaryRow;
  readonly challenger: SummaryRow;
  /** @defaultValue 'metric' */
  readonly metric?: string;
  /** @defaultValue 'higher' */
  readonly direction?: Direction;
  /** @defaultValue 0.05 */
  readonly alpha?: number;
  /** @defaultValue 'anytime' */
  readonly inference?: 'anytime' | 'fixed';
  /** Observations of both together at which the sequence is tightest; refused where the inference is `fixed`. @defaultValue 5000 */
  readonly horizon?: number;
  /** Observations of each before the sequence says anything; refused where the inference is `fixed`. @defaultValue 100 */
  readonly burnIn?: number;
  /** The planned share of the challenger: makes the sequence of a rate exact, and is not read elsewhere. @defaultValue the realised one */
  readonly trafficShare?: number;
}

const known = [
  'champion',
  'challenger',
  'metric',
  'direction',
  'alpha',
  'inference',
  'horizon',
  'burnIn',
  'trafficShare',
];

/**
 * The comparison that a running test would make, of data that sits elsewhere as sums. A row without `sumSquares` is a
 * rate: `sum` successes out of `n`.
 *
 * @throws InvalidDataError for sums that no sample can have
 * @throws InvalidOptionError
 * @example
 * const champion = { n: 1000, sum: 0 };
 * const challenger = { n: 1000, sum: 30 };
 * compareSummaries({ champion, challenger, direction: 'lower' }).status; // 'ok': 30 errors beside none are many
 */
export function compareSummaries(options: FromSummaryOptions): MetricComparison {
  checkOptions('fromSummary', options, known);
  const { champion, challenger, metric: name = 'metric', direction = 'higher', trafficShare } = options;
  const { alpha = 0.05, inference = 'anytime', horizon, burnIn } = options;
  checkOneOf('inference', inference, ['anytime', 'fixed']);
  for (const [where, row] of Object.entries({ champion, challenger }))
    checkOptions(where, row, ['n', 'sum', 'sumSquares']);
  const kind = champion.sumSquares === undefined && challenger.sumSquares === undefined ? 'rate' : 'mean';
  const metric = defineMetric({ name, kind, direction, value: () => undefined }) as Metric;
  const stratum = {
    reference: summaryOf('champion', metric, champion),
    candidate: summaryOf('challenger', metric, challenger),
    ...(trafficShare === undefined ? {} : { share: checkProbability('trafficShare', trafficShare) }),
  };
  if (inference === 'fixed') {
    for (const [option, value] of Object.entries({ horizon, burnIn })) {
      if (value === undefined) continue;
      throw new InvalidOptionError(option, value, "left out where the inference is 'fixed': it is of sequences");
    }
    return compareFixed([stratum], { alpha });
  }
  return compareAnytime([stratum], {
    alpha,
    ...(horizon === undefined ? {} : { horizon }),
    ...(burnIn === undefined ? {} : { burnIn }),
  });
}

/** A summary with the moments of a row. */
function summaryOf(where: string, metric: Metric, { n, sum, sumSquares }: SummaryRow): MetricSummary {
  if (!(Number.isSafeInteger(n) && n >= 0)) throw new InvalidDataError(`${where}.n`, n, 'a whole number at least 0');
  if (!Number.isFinite(sum)) throw new InvalidDataError(`${where}.sum`, sum, 'a finite number');
  if (metric.kind === 'rate' && !(Number.isInteger(sum) && sum >= 0 && sum <= n)) {
    throw new InvalidDataError(`${where}.sum`, sum, `a whole number within [0, ${n}], the successes`);
  }
  const mean = n === 0 ? 0 : sum / n;
  const squares = metric.kind === 'rate' ? sum : checkFinite(`${where}.sumSquares`, sumSquares);
  const spread = squares - mean * sum;
  if (spread < -1e-9 * Math.abs(squares)) {
    throw new InvalidDataError(`${where}.sumSquares`, squares, `at least sum² / n (${mean * sum})`);
  }
  // Sums of large values keep no digits of a small spread: what is left of it then is rounding, not variance.
  const exact = metric.kind === 'rate' || squares <= Number.MAX_SAFE_INTEGER;
  if (n > 1 && !exact && spread < 1e-9 * squares) {
    throw new InvalidDataError(`${where}.sumSquares`, squares, 'of values less their common mean: the digits are lost');
  }
  const empty = new MetricSummary(metric).toJSON() as { readonly moments: object };
  // The extremes are not known; the mean lies between whatever they are.
  const moments = {
    ...empty.moments,
    n,
    sum,
    pivot: mean,
    m2: Math.max(0, spread),
    m3: null,
    m4: null,
    min: mean,
    max: mean,
  };
  return MetricSummary.fromJSON(metric, { ...empty, moments } as never);
}
