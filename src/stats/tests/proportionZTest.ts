import { checkBoolean, checkFinite } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { checkProportion } from '../checkProportion.ts';
import { cohenH } from '../effects/index.ts';
import { inconclusive } from '../inconclusive.ts';
import { newcombeInterval } from '../intervals/index.ts';
import { minusProducts } from '../special/products.ts';
import type { Proportion, TestResult } from '../types.ts';
import { studentInference } from './studentInference.ts';
import { checkTestOptions, type LocationTestOptions } from './TestOptions.ts';

/** Options of {@link proportionZTest}. */
export interface ProportionZTestOptions extends LocationTestOptions {
  /**
   * Whether the standard error takes both proportions to be equal, as the null hypothesis of no difference does.
   * @defaultValue true where `nullValue` is 0, otherwise false, the only choice there
   */
  readonly pooled?: boolean;
}

/** Below this expected count the normal approximation is not to be trusted. */
const SMALL_EXPECTED = 5;

/**
 * The z-test of the difference of two proportions, `a` minus `b`. Pooled and two-sided it is the chi-squared test of
 * the 2×2 table without correction. The interval is Newcombe's, which stays within [-1, 1] and is never of width 0; near
 * the significance level test and interval may disagree. The effect size is Cohen's h.
 *
 * @returns `inconclusive` without trials in a sample, or where the standard error is 0: the same outcome everywhere
 * @throws InvalidOptionError, InvalidDataError for counts that no proportion can have
 * @example
 * const result = proportionZTest({ successes: 61, trials: 944 }, { successes: 109, trials: 938 });
 * result.status === 'ok' && result.pValue; // 0.0000948…
 * @see Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 3.1;
 * Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I (interval)
 */
export function proportionZTest(a: Proportion, b: Proportion, options: ProportionZTestOptions = {}): TestResult {
  const checked = checkTestOptions('proportionZTest', options, ['nullValue', 'pooled']);
  const { nullValue, level, alternative } = checked;
  const pooled = checkBoolean('pooled', options.pooled ?? nullValue === 0);
  checkFinite('nullValue', nullValue, { ge: -1, le: 1 });
  if (pooled && nullValue !== 0) throw new InvalidOptionError('pooled', pooled, 'false where nullValue is not 0');
  checkProportion('a', a);
  checkProportion('b', b);
  const method = pooled ? 'proportion-z-pooled' : 'proportion-z-unpooled';
  const n = [a.trials, b.trials];
  if (a.trials === 0 || b.trials === 0) return inconclusive(method, n, 'each sample needs trials');
  const standardError = pooled ? pooledError(a, b) : unpooledError(a, b);
  if (standardError === 0) return inconclusive(method, n, 'the outcomes do not vary: there is no standard error');
  // Over a common denominator, with the products exact: at 1e9 trials the difference of the quotients loses digits.
  const estimate = minusProducts(a.successes * b.trials, b.successes, 0, a.trials) / (a.trials * b.trials);
  const { statistic, pValue } = studentInference(estimate, standardError, Number.POSITIVE_INFINITY, checked);
  const bounds = newcombeInterval(a, b, { level, alternative });
  const total = a.trials + b.trials;
  const [rate, smaller] = [(a.successes + b.successes) / total, Math.min(a.trials, b.trials)];
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n,
    warnings: Math.min(rate, 1 - rate) * smaller < SMALL_EXPECTED ? ['expected counts below 5: use fisherTest'] : [],
    estimate,
    interval: bounds.status === 'ok' ? bounds.interval : [-1, 1],
    level,
    pValue,
    alternative,
    statistic,
    standardError,
    effectSize: { name: 'cohen-h', value: cohenH(a.successes / a.trials, b.successes / b.trials) },
  };
}

function pooledError(a: Proportion, b: Proportion): number {
  const total = a.trials + b.trials;
  const [successes, failures] = [a.successes + b.successes, a.trials - a.successes + b.trials - b.successes];
  return Math.sqrt((successes / total) * (failures / a.trials / b.trials));
}

function unpooledError(a: Proportion, b: Proportion): number {
  const part = ({ successes, trials }: Proportion): number => (successes / trials / trials) * (1 - successes / trials);
  return Math.sqrt(part(a) + part(b));
}
