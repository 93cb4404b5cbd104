import { checkOneOf, checkOptions, checkProbability } from '../core/check.ts';
import type { CompareOptions } from '../metrics/inference/index.ts';

/**
 * How two variants are compared. `anytime`: the confidence sequence of the metric's kind, valid at every look. `welch`,
 * `student`, `mann-whitney`: at one planned look. `group-sequential`: at the looks that the test's `inference` plans.
 * `bayesian`: a belief. In paired mode `anytime` and `welch` look at the differences request by request.
 */
export type TestMethod = 'anytime' | 'welch' | 'student' | 'mann-whitney' | 'group-sequential' | 'bayesian';

const methods: readonly TestMethod[] = ['anytime', 'welch', 'student', 'mann-whitney', 'group-sequential', 'bayesian'];

/** Options of `ABTest.statisticalTest`. */
export interface StatisticalTestOptions extends CompareOptions {
  /** @defaultValue that of the test's `inference` */
  readonly method?: TestMethod;
  /** The challenger. @defaultValue the only one */
  readonly variant?: string;
}

/** The rules that hold before there is anything to compare. @throws InvalidOptionError */
export function checkTestOptions(options: StatisticalTestOptions): void {
  checkOptions('options', options, ['method', 'variant', 'alpha', 'alternative', 'threshold']);
  if (options.method !== undefined) checkMethod(options.method);
  if (options.alpha !== undefined) checkProbability('alpha', options.alpha);
}

/** A method by its name. @throws InvalidOptionError */
export function checkMethod(method: TestMethod): TestMethod {
  return checkOneOf('method', method, methods);
}
