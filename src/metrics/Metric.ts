import type { Outcome } from './Outcome.ts';

/** Which way is better. */
export type Direction = 'lower' | 'higher';

/**
 * What a metric is for in a decision. `goal`: the reason to change. `guardrail`: must not get worse by more than its
 * margin. `secondary`: reported, decides nothing.
 */
export type MetricRole = 'goal' | 'guardrail' | 'secondary';

/** A size in the metric's own unit, or as a fraction of the value of the model in charge. */
export type Amount = { readonly absolute: number } | { readonly relative: number };

/**
 * What is too bad. `relative`: worse than the model in charge by more than this fraction (0.2 is 20 %, in the metric's
 * bad direction). `max` and `min`: an absolute bound.
 */
export type Limit = { readonly relative: number } | { readonly max: number } | { readonly min: number };

/** What happens to a health check while a metric has no data: wait, count it as a failure, or leave it out. */
export type MissingPolicy = 'hold' | 'fail' | 'ignore';

/**
 * A cap at a quantile of the data, for where nobody knows beforehand what is an outlier. The first `pilot` values of the
 * metric, of all variants together and without a look at whose they are, fix the cap and are not analysed; then it is
 * frozen, so that whatever comes after is judged as if it had been known from the start.
 */
export interface QuantileCap {
  /** The share of values below the cap, above 0 and below 1: 0.99 cuts one in a hundred. */
  readonly quantile: number;
  /** Values that fix the cap: whole, at least 1 / (1 - quantile), at most 100,000. @defaultValue 1000, or 10 / (1 - quantile) where that is more */
  readonly pilot?: number;
}

/** What a metric's owner may say about it, whatever the metric. */
export interface MetricOptions {
  /** @defaultValue the metric's own name */
  readonly name?: string;
  /** @defaultValue 'secondary' */
  readonly role?: MetricRole;
  /** Worth having: a goal must improve by at least this much to be promoted. @defaultValue any improvement */
  readonly minEffect?: Amount;
  /** No worse: how much worse a guardrail may get. @defaultValue { relative: 0 } */
  readonly margin?: Amount;
  /**
   * Values beyond this are cut down to it (winsorising), so that single outliers do not decide; of an `rmse`, errors of
   * either sign. At a quantile of the data in A/B tests alone, for means and root mean squares. @defaultValue none
   */
  readonly cap?: number | QuantileCap;
  /** Something known before the prediction that goes with the value of a mean or a rate: reduces variance (CUPED). @defaultValue none */
  covariate?(outcome: Outcome): number | undefined;
  /** What is too bad for a canary. @defaultValue the metric's own, where it has one */
  readonly limit?: Limit;
  /** One failure of this metric is enough to roll back. @defaultValue false */
  readonly critical?: boolean;
  /** Judged and reported, but never acted upon. @defaultValue false */
  readonly dryRun?: boolean;
  /** Its part in a weighted score. @defaultValue 1 */
  readonly weight?: number;
  /** @defaultValue 'hold' */
  readonly missing?: MissingPolicy;
  /** Observations per variant below which nothing is concluded. @defaultValue the judge's own */
  readonly minSamples?: number;
}

interface MetricBase<Input, Prediction, Truth> {
  readonly name: string;
  readonly direction: Direction;
  /** When the value is known: with the answer, or with the truth. */
  readonly due: 'serve' | 'truth';
  /** The values' closed range where it is known: opens the exact methods for bounded means. */
  readonly range: readonly [number, number] | undefined;
  readonly role: MetricRole;
  readonly minEffect: Amount | undefined;
  readonly margin: Amount;
  readonly cap: number | Required<QuantileCap> | undefined;
  /** Something known before the prediction that goes with the value. */
  covariate?(outcome: Outcome<Input, Prediction, Truth>): number | undefined;
  readonly limit: Limit | undefined;
  readonly critical: boolean;
  readonly dryRun: boolean;
  readonly weight: number;
  readonly missing: MissingPolicy;
  readonly minSamples: number | undefined;
}

/**
 * A metric of single numbers. `mean`: their mean. `rate`: the share of ones among zeros and ones. `rmse`: the values
 * are errors, the metric is the root of their mean square. `quantile`: their quantile of order `quantile`.
 */
export interface NumberMetric<Input = unknown, Prediction = unknown, Truth = unknown>
  extends MetricBase<Input, Prediction, Truth> {
  readonly kind: 'mean' | 'rate' | 'rmse' | 'quantile';
  /** The order of the quantile, strictly between 0 and 1; only where `kind` is `quantile`. */
  readonly quantile: number | undefined;
  /**
   * Whether the answer decides if there is a value at all, as with precision, which counts predicted positives alone. Two
   * models then have values on different requests, and are compared as ratios of sums where they are asked in pairs.
   */
  readonly selective: boolean;
  /** The outcome's value, or undefined where it has none. NaN and infinities count as invalid. */
  value(outcome: Outcome<Input, Prediction, Truth>): number | boolean | undefined;
}

/**
 * A metric of pairs. `ratio`: the sum of the first over the sum of the second numbers. `pearson`: their correlation.
 * `r2`: the share of the second's (the truth's) variance that the first (the prediction) explains. `auc`: the chance
 * that a positive (second number 1) has a higher score (first number) than a negative (second number 0). `calibration`: how
 * far predicted probabilities (first number) are from how often they come true (second number 1), in bins: reported, never
 * compared.
 */
export interface PairMetric<Input = unknown, Prediction = unknown, Truth = unknown>
  extends MetricBase<Input, Prediction, Truth> {
  readonly kind: 'ratio' | 'pearson' | 'r2' | 'auc' | 'calibration';
  /** The number of bins of equal width; only where `kind` is `calibration`. */
  readonly bins: number | undefined;
  readonly quantile: undefined;
  readonly selective: false;
  /** The outcome's pair, or undefined where it has none. */
  value(outcome: Outcome<Input, Prediction, Truth>): readonly [number, number] | undefined;
}

/** A named way to turn an outcome into a number, a pair or nothing, with a direction and a kind. */
export type Metric<Input = unknown, Prediction = unknown, Truth = unknown> =
  | NumberMetric<Input, Prediction, Truth>
  | PairMetric<Input, Prediction, Truth>;

/** The kinds of metric. */
export type MetricKind = Metric['kind'];
