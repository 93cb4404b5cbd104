import { checkFinite, checkOptions } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';

function checkLogEValues(logEValues: readonly number[]): void {
  if (logEValues.length === 0) throw new InvalidDataError('logEValues', logEValues, 'at least one e-value');
  for (const [i, log] of logEValues.entries()) checkLogEValue(`logEValues[${i}]`, log);
}

function checkLogEValue(argument: string, log: number): void {
  if (typeof log !== 'number' || Number.isNaN(log)) {
    throw new InvalidDataError(argument, log, 'the logarithm of an e-value: a number, an infinity allowed');
  }
}

/**
 * The e-value of independent streams together: the product, as a sum of logarithms. Also of stages one after the other,
 * each valid whatever happened before it.
 *
 * @param logEValues natural logarithms
 * @throws InvalidDataError for none, or NaN
 * @example
 * multiplyEValues([Math.log(4), Math.log(6)]); // 3.1780538303479453, the logarithm of 24
 * @see Vovk & Wang (2021), E-values: calibration, combination and applications, Ann. Statist. 49(3), section 4,
 * doi:10.1214/20-AOS2020
 */
export function multiplyEValues(logEValues: readonly number[]): number {
  checkLogEValues(logEValues);
  // Certain evidence in one stream stands, whatever the others say.
  if (logEValues.includes(Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
  return logEValues.reduce((sum, log) => sum + log, 0);
}

/** Options of `averageEValues`. */
export interface AverageEValuesOptions {
  /** Weights fixed before the data, at least 0; they need not sum to one. @defaultValue equal weights */
  readonly weights?: readonly number[];
}

/**
 * The e-value of streams that may depend on each other in any way: the mean, in logarithms.
 *
 * @param logEValues natural logarithms
 * @throws InvalidDataError for none, or NaN
 * @throws InvalidOptionError for weights that are negative, all zero, or not one per e-value
 * @example
 * averageEValues([Math.log(4), Math.log(6)]); // 1.6094379124341003, the logarithm of 5
 * @see Vovk & Wang (2021), Ann. Statist. 49(3), section 3, doi:10.1214/20-AOS2020
 */
export function averageEValues(logEValues: readonly number[], options: AverageEValuesOptions = {}): number {
  checkOptions('options', options, ['weights']);
  checkLogEValues(logEValues);
  const { weights = logEValues.map(() => 1) } = options;
  for (const [i, weight] of weights.entries()) checkFinite(`weights[${i}]`, weight, { ge: 0 });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (weights.length !== logEValues.length || !(total > 0)) {
    throw new InvalidOptionError('weights', weights, `${logEValues.length} weights, not all of them 0`);
  }
  const terms = logEValues.map((log, i) => (weights[i] === 0 ? Number.NEGATIVE_INFINITY : log));
  const largest = Math.max(...terms);
  if (!Number.isFinite(largest)) return largest;
  const sum = terms.reduce((s, log, i) => s + weights[i]! * Math.exp(log - largest), 0);
  return largest + Math.log(sum / total);
}

/**
 * The p-value of an e-value: its reciprocal, at most 1 (Markov's inequality).
 *
 * @throws InvalidDataError for NaN
 * @example
 * eValueToPValue(Math.log(20)); // 0.05
 */
export function eValueToPValue(logEValue: number): number {
  checkLogEValue('logEValue', logEValue);
  return Math.min(1, Math.exp(-logEValue));
}

/**
 * The logarithm of an e-value from a p-value: `(1 - p + p ln p) / (p ln^2 p)`, the mean of all calibrators
 * `k p^(k - 1)`. It pays for the freedom to combine: p = 0.01 becomes an e-value of about 4.5.
 *
 * @throws InvalidDataError outside [0, 1]
 * @example
 * Math.exp(pValueToLogEValue(0.01)); // 4.4509...
 * @see Vovk & Wang (2021), Ann. Statist. 49(3), section 2, doi:10.1214/20-AOS2020
 */
export function pValueToLogEValue(pValue: number): number {
  if (!(pValue >= 0 && pValue <= 1)) throw new InvalidDataError('pValue', pValue, 'within [0, 1]');
  if (pValue === 0) return Number.POSITIVE_INFINITY;
  const u = -Math.log(pValue);
  // With u = -ln p it is (e^u - 1 - u) / u^2, which tends to 1/2 as p tends to 1.
  if (u < 1e-3) return Math.log(0.5 + u / 6 + (u * u) / 24);
  if (u > 40) return u - 2 * Math.log(u);
  return Math.log((Math.expm1(u) - u) / (u * u));
}
