import { checkFinite, checkOneOf, checkOptions, checkProbability, checkShare } from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { MEANS_WEIGHT } from '../metrics/inference/rateEvidence.ts';
import { anytimeSampleSize } from '../stats/power/anytimeSampleSize.ts';
import { pairedTTestMinimumDetectableEffect } from '../stats/power/pairedTTestMinimumDetectableEffect.ts';
import { pairedTTestSampleSize } from '../stats/power/pairedTTestSampleSize.ts';
import { tTestMinimumDetectableEffect } from '../stats/power/tTestMinimumDetectableEffect.ts';
import { tTestSampleSize } from '../stats/power/tTestSampleSize.ts';
import { mcnemarSize } from './mcnemarSize.ts';

/** A metric as it is before the test. */
export type PlanBaseline =
  /** A rate: its variance follows from it. */
  | { readonly rate: number }
  /** A mean with the standard deviation of one observation. */
  | { readonly mean: number; readonly sd: number };

/** Options of `ABTest.plan`. */
export interface PlanOptions {
  /** The champion's metric. */
  readonly baseline: PlanBaseline;
  /** The improvement that is to be found, in the metric's unit or as a fraction of the baseline. */
  readonly effect: { readonly absolute: number } | { readonly relative: number };
  /** @defaultValue 0.05 */
  readonly alpha?: number;
  /** The probability of finding it. @defaultValue 0.8 */
  readonly power?: number;
  /** @defaultValue 'anytime' */
  readonly inference?: 'anytime' | 'fixed';
  /** @defaultValue 'split' */
  readonly mode?: 'split' | 'paired';
  /** The challenger's share of the traffic; only in split mode. @defaultValue 0.5 */
  readonly trafficShare?: number;
  /**
   * Only in paired mode: the share of requests on which exactly one of the models is right (for a rate), or the standard
   * deviation of the difference of both values on one request (for a mean).
   */
  readonly disagreement?: number;
  /** The fraction of the variance that a covariate explains (CUPED). @defaultValue 0 */
  readonly explained?: number;
  /** The pace, for a duration in days. */
  readonly requestsPerDay?: number;
}

/** What a test will take. */
export interface Plan {
  /** Requests over both variants (in paired mode each is scored by both) with which the power is reached. */
  readonly requests: number;
  /** Requests of each, champion first. */
  readonly perVariant: readonly [champion: number, challenger: number];
  /** Days; undefined without a pace. */
  readonly days: number | undefined;
  /** Requests at which half of such tests have concluded; for `anytime` only. */
  readonly medianRequests: number | undefined;
  /** The horizon to hand to the test. */
  readonly horizon: number;
  /** The effect in standard deviations of one observation, or of one difference. */
  readonly effectSize: number;
  /** The effect in the metric's unit. */
  readonly effect: number;
  readonly power: number;
  readonly alpha: number;
  readonly inference: 'anytime' | 'fixed';
  readonly mode: 'split' | 'paired';
}

const known = [
  'baseline',
  'effect',
  'alpha',
  'power',
  'inference',
  'mode',
  'trafficShare',
  'disagreement',
  'explained',
  'requestsPerDay',
];

/**
 * How many requests, and days, a test will take to find an effect, by the sequence that it would be watched with: the
 * asymptotic one, with the part of alpha that a rate's counts leave to it; for paired rates McNemar's e-process, up to
 * 20,000 disagreements. Paired means of a known range are bet on and take about a third more than is said here.
 *
 * @throws InvalidOptionError
 * @example
 * planABTest({ baseline: { rate: 0.9 }, effect: { absolute: 0.01 }, inference: 'fixed' }).requests; // about 27,000
 */
export function planABTest(options: PlanOptions): Plan {
  const resolved = resolvePlan(options);
  const { alpha, power, mode, inference, effect, effectSize, shares } = resolved;
  const common = { effectSize, alpha, power };
  const done = (requests: number, perVariant: readonly [number, number], median?: number): Plan => ({
    requests,
    perVariant,
    days: options.requestsPerDay === undefined ? undefined : requests / options.requestsPerDay,
    medianRequests: median,
    horizon: requests,
    effectSize,
    effect,
    power,
    alpha,
    inference,
    mode,
  });
  if (inference === 'anytime') {
    const { total, perVariant, median } = anytimePlan(options, resolved);
    return done(total, perVariant, median);
  }
  if (mode === 'paired') {
    const { n } = pairedTTestSampleSize(common);
    return done(n, [n, n]);
  }
  const { n } = tTestSampleSize({ ...common, ratio: shares[1] / shares[0] });
  return done(n[0] + n[1], [n[0], n[1]]);
}

interface AnytimePlan {
  readonly total: number;
  readonly perVariant: readonly [number, number];
  readonly median: number;
}

/** By the sequence that the test would use. */
function anytimePlan({ baseline, disagreement }: PlanOptions, resolved: ResolvedPlan): AnytimePlan {
  const { alpha, power, mode, effect, effectSize, shares } = resolved;
  if (mode === 'split') {
    // Of a rate's error probability a part is spent on the counts: what is left tests the means.
    const spent = 'rate' in baseline ? alpha * MEANS_WEIGHT : alpha;
    const { total, n, medianStop } = anytimeSampleSize({ effectSize, alpha: spent, power, shares });
    return { total, perVariant: [n[0]!, n[1]!], median: Math.ceil(medianStop) };
  }
  const exact =
    'rate' in baseline
      ? mcnemarSize({ disagreement: disagreement!, effect: Math.abs(effect), alpha, power })
      : undefined;
  if (exact !== undefined) return { total: exact.pairs, perVariant: [exact.pairs, exact.pairs], median: exact.median };
  const { total, medianStop } = anytimeSampleSize({ effectSize, alpha, power, paired: true });
  return { total, perVariant: [total, total], median: Math.ceil(medianStop) };
}

/** Options of {@link detectableEffect}. */
export interface DetectableOptions extends Omit<PlanOptions, 'effect' | 'inference' | 'requestsPerDay'> {
  /** Requests over both variants. */
  readonly requests: number;
}

/**
 * The smallest effect, in the metric's unit, that a fixed-n test of so many requests finds with the given power.
 *
 * @throws InvalidOptionError
 */
export function detectableEffect({ requests, ...options }: DetectableOptions): number {
  checkFinite('requests', requests, { ge: 4 });
  // Small enough for any baseline: what is wanted here is the deviation, not the effect.
  const { alpha, power, mode, shares, sd } = resolvePlan({ ...options, effect: { absolute: 1e-9 } });
  const size =
    mode === 'paired'
      ? pairedTTestMinimumDetectableEffect({ n: Math.floor(requests), alpha, power })
      : tTestMinimumDetectableEffect({ n: [shares[0] * requests, shares[1] * requests], alpha, power });
  return size * sd;
}

interface ResolvedPlan {
  readonly alpha: number;
  readonly power: number;
  readonly mode: 'split' | 'paired';
  readonly inference: 'anytime' | 'fixed';
  readonly effect: number;
  readonly effectSize: number;
  readonly sd: number;
  readonly shares: readonly [number, number];
}

function resolvePlan(options: PlanOptions): ResolvedPlan {
  checkOptions('plan', options, known);
  const { baseline, alpha = 0.05, power = 0.8, inference = 'anytime', mode = 'split', trafficShare = 0.5 } = options;
  checkProbability('alpha', alpha);
  checkProbability('power', power);
  checkOneOf('inference', inference, ['anytime', 'fixed']);
  checkOneOf('mode', mode, ['split', 'paired']);
  if (options.requestsPerDay !== undefined) checkFinite('requestsPerDay', options.requestsPerDay, { gt: 0 });
  const share = checkProbability('trafficShare', trafficShare);
  checkOptions('baseline', baseline, ['rate', 'mean', 'sd']);
  checkOptions('effect', options.effect, ['absolute', 'relative']);
  checkEither('effect', options.effect, 'absolute', 'relative');
  checkEither('baseline', baseline, 'rate', 'mean');
  const level =
    'rate' in baseline ? checkProbability('baseline.rate', baseline.rate) : checkFinite('baseline.mean', baseline.mean);
  const amount = options.effect;
  const size = 'absolute' in amount ? amount.absolute : amount.relative * Math.abs(level);
  const effect = checkFinite('effect', size);
  if (effect === 0) throw new InvalidOptionError('effect', effect, 'other than 0');
  const explained = checkShare('explained', options.explained ?? 0);
  const sd = deviation(options, effect) * Math.sqrt(1 - explained);
  if (!(sd > 0)) throw new InvalidOptionError('explained', explained, 'below 1');
  return { alpha, power, mode, inference, effect, effectSize: Math.abs(effect) / sd, sd, shares: [1 - share, share] };
}

/** Of two ways to say a thing one is taken: the other would be ignored. */
function checkEither(option: string, value: object, one: string, other: string): void {
  if (one in value === other in value)
    throw new InvalidOptionError(option, value, `by ${one} or by ${other}, not both`);
}

/** The standard deviation of one observation, or of one difference. */
function deviation({ baseline, mode = 'split', disagreement }: PlanOptions, effect: number): number {
  if (mode === 'paired') {
    if (disagreement === undefined) {
      throw new InvalidOptionError('disagreement', disagreement, 'given in paired mode: how much the models differ');
    }
    if (!('rate' in baseline)) return checkFinite('disagreement', disagreement, { gt: 0 });
    checkShare('disagreement', disagreement);
    if (!(disagreement > effect * effect && disagreement >= Math.abs(effect))) {
      throw new InvalidOptionError('disagreement', disagreement, `at least the effect (${Math.abs(effect)})`);
    }
    return Math.sqrt(disagreement - effect * effect);
  }
  if (!('rate' in baseline)) return checkFinite('baseline.sd', baseline.sd, { gt: 0 });
  const other = baseline.rate + effect;
  if (!(other > 0 && other < 1))
    throw new InvalidOptionError('effect', effect, 'one that leaves the rate within (0, 1)');
  return Math.sqrt((baseline.rate * (1 - baseline.rate) + other * (1 - other)) / 2);
}
