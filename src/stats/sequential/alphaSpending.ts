import { checkFinite, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';

/**
 * How much of alpha may be spent up to an information fraction: rises from 0 at 0 to alpha at 1.
 * @param fraction within [0, 1]
 */
export type AlphaSpending = (fraction: number) => number;

/** Options of the spending functions. */
export interface AlphaSpendingOptions {
  /** The error probability over all looks together. @defaultValue 0.05 */
  readonly alpha?: number;
}

/** Options of `obrienFlemingSpending`. */
export interface ObrienFlemingSpendingOptions extends AlphaSpendingOptions {
  /** Two-sided designs spend half of alpha on each side. @defaultValue 2 */
  readonly sides?: 1 | 2;
}

function level(options: AlphaSpendingOptions, own: readonly string[] = []): number {
  checkOptions('options', options, ['alpha', ...own]);
  return checkProbability('alpha', options.alpha ?? 0.05);
}

/**
 * Spending like O'Brien and Fleming: next to nothing early, so that the last look is almost a fixed-n test.
 * One-sided `2 (1 - Phi(z(alpha / 2) / sqrt(t)))`; two-sided the sum of two such halves,
 * `4 (1 - Phi(z(alpha / 4) / sqrt(t)))`.
 *
 * @throws InvalidOptionError
 * @example
 * obrienFlemingSpending()(0.5); // 0.0030506455159778323
 * @see Lan & DeMets (1983), Biometrika 70(3), doi:10.1093/biomet/70.3.659
 */
export function obrienFlemingSpending(options: ObrienFlemingSpendingOptions = {}): AlphaSpending {
  const alpha = level(options, ['sides']);
  const { sides = 2 } = options;
  if (sides !== 1 && sides !== 2) throw new InvalidOptionError('sides', sides, '1 or 2');
  const z = normalDistribution.isf(alpha / (2 * sides));
  return (fraction) => (fraction > 0 ? 2 * sides * normalDistribution.sf(z / Math.sqrt(fraction)) : 0);
}

/**
 * Spending like Pocock: `alpha ln(1 + (e - 1) t)`, about evenly, for a chance to stop early.
 *
 * @throws InvalidOptionError
 * @see Lan & DeMets (1983), Biometrika 70(3), doi:10.1093/biomet/70.3.659
 */
export function pocockSpending(options: AlphaSpendingOptions = {}): AlphaSpending {
  const alpha = level(options);
  return (fraction) => alpha * Math.log1p((Math.E - 1) * fraction);
}

/** Options of `powerSpending`. */
export interface PowerSpendingOptions extends AlphaSpendingOptions {
  /** 1 spends evenly, 3 is close to O'Brien and Fleming. Above 0. @defaultValue 1 */
  readonly power?: number;
}

/**
 * Spending as a power of the information fraction: `alpha t^power`.
 *
 * @throws InvalidOptionError
 * @see Kim & DeMets (1987), Biometrika 74(1), doi:10.1093/biomet/74.1.149
 */
export function powerSpending(options: PowerSpendingOptions = {}): AlphaSpending {
  const alpha = level(options, ['power']);
  const power = checkFinite('power', options.power ?? 1, { gt: 0 });
  return (fraction) => alpha * fraction ** power;
}

/** Options of `hwangShihDeCaniSpending`. */
export interface HwangShihDeCaniSpendingOptions extends AlphaSpendingOptions {
  /** 1 is close to Pocock, -4 to O'Brien and Fleming, 0 even. @defaultValue -4 */
  readonly gamma?: number;
}

/**
 * The family of Hwang, Shih and DeCani: `alpha (1 - exp(-gamma t)) / (1 - exp(-gamma))`.
 *
 * @throws InvalidOptionError
 * @see Hwang, Shih & De Cani (1990), Stat. Med. 9(12), doi:10.1002/sim.4780091207
 */
export function hwangShihDeCaniSpending(options: HwangShihDeCaniSpendingOptions = {}): AlphaSpending {
  const alpha = level(options, ['gamma']);
  const gamma = checkFinite('gamma', options.gamma ?? -4);
  if (gamma === 0) return (fraction) => alpha * fraction;
  return (fraction) => (alpha * Math.expm1(-gamma * fraction)) / Math.expm1(-gamma);
}
