import type { CompareOptions } from '../metrics/inference/index.ts';

/**
 * How two variants are compared. `anytime`: the confidence sequence of the metric's kind, valid at every look. `welch`,
 * `student`, `mann-whitney`: at one planned look. `group-sequential`: at the looks that the test's `inference` plans. `bayesian`: a belief. In paired
 * mode `anytime` and `welch` look at the differences request by request.
 */
export type TestMethod = 'anytime' | 'welch' | 'student' | 'mann-whitney' | 'group-sequential' | 'bayesian';

/** Options of `ABTest.statisticalTest`. */
export interface StatisticalTestOptions extends CompareOptions {
  /** @defaultValue that of the test's `inference` */
  readonly method?: TestMethod;
  /** The challenger. @defaultValue the only one */
  readonly variant?: string;
}
