/** The direction of the alternative hypothesis about the estimate: first minus second, or value minus null value. */
export type Alternative = 'two-sided' | 'less' | 'greater';

/**
 * When the numbers hold. `fixed-n`: at one look, planned beforehand. `anytime`: at every look, uniformly over time,
 * so that stopping whenever one likes changes nothing.
 */
export type Validity = 'fixed-n' | 'anytime';

/** A closed interval; an open end is an infinity. */
export type Interval = readonly [lower: number, upper: number];

/** A standardised size of an effect, with the name by which the field knows it. */
export interface EffectSize {
  /** For example `cohen-d`, `hedges-g`, `rank-biserial`, `cramers-v`, `cohen-h`, `odds-ratio`. */
  readonly name: string;
  readonly value: number;
}

/** What every estimate says, conclusive or not. */
interface EstimateBase {
  /** The method's name, for example `welch-t` or `asymptotic-confidence-sequence`. */
  readonly method: string;
  readonly validity: Validity;
  /** Observations per sample, in the order in which the samples were handed in. */
  readonly n: readonly number[];
  /** What the reader should know before trusting the numbers; empty where nothing stands against them. */
  readonly warnings: readonly string[];
}

/** Where the data say that a quantity lies. */
export interface IntervalEstimate extends EstimateBase {
  readonly status: 'ok';
  readonly estimate: number;
  /** Confidence interval (or sequence, where `validity` is `anytime`) at `level`. */
  readonly interval: Interval;
  /** The confidence level of the interval, for example 0.95. */
  readonly level: number;
  readonly standardError?: number;
}

/** What the data say of a quantity: where it lies, how sure that is, and how it was computed. */
export interface Estimate extends IntervalEstimate {
  readonly pValue: number;
  /** Evidence against the null that may be multiplied over independent streams; only where the method has one. */
  readonly eValue?: number;
  /** Natural logarithm of the e-value, which does not overflow. */
  readonly logEValue?: number;
}

/** Too few data, or data that do not vary: neither a success nor a failure. `reason` says what is missing. */
export interface Inconclusive extends EstimateBase {
  readonly status: 'inconclusive';
  readonly reason: string;
}

/** A hypothesis test: an estimate with its statistic and effect size. */
export interface TestEstimate extends Estimate {
  readonly alternative: Alternative;
  /** The test statistic, named by `method` (t, z, U, D, chi-squared, …). */
  readonly statistic: number;
  /** Degrees of freedom where the statistic has them. */
  readonly df?: number;
  readonly effectSize: EffectSize;
}

/** The one result shape of every test. */
export type TestResult = TestEstimate | Inconclusive;

/** The one result shape of everything that estimates without a test statistic. */
export type EstimateResult = Estimate | Inconclusive;

/** The one result shape of every confidence interval that stands alone, with no hypothesis beside it. */
export type IntervalResult = IntervalEstimate | Inconclusive;

/** The sufficient statistics of a sample for its mean and spread: what tests take, and what streaming keeps. */
export interface SampleMoments {
  readonly n: number;
  readonly mean: number;
  /** Unbiased (n - 1); NaN below two observations. */
  readonly variance: number;
  /** `mean` as pivot + offset, so that differences of means survive a mean of 1e9 with a deviation of 1e-3. */
  readonly pivot?: number;
  readonly offset?: number;
  /** Degrees of freedom of the variance, where it is not that of n independent values. @defaultValue n - 1 */
  readonly df?: number;
}

/** A count of successes out of a number of trials: what a proportion is made of. */
export interface Proportion {
  /** Within [0, trials]. */
  readonly successes: number;
  readonly trials: number;
}
