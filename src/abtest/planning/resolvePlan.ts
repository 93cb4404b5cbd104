import { checkFinite, checkOneOf, checkOptions, checkProbability, checkShare } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { PlanOptions } from './Plan.ts';

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

/** A plan with its defaults, and what follows from it. */
export interface ResolvedPlan {
  readonly alpha: number;
  readonly power: number;
  readonly mode: 'split' | 'paired';
  readonly inference: 'anytime' | 'fixed';
  /** In the metric's unit. */
  readonly effect: number;
  /** In standard deviations. */
  readonly effectSize: number;
  /** Of one observation, or of one difference. */
  readonly sd: number;
  /** Champion first. */
  readonly shares: readonly [number, number];
}

/** Checks what a plan is asked for. @throws InvalidOptionError */
export function resolvePlan(options: PlanOptions): ResolvedPlan {
  checkOptions('plan', options, known);
  const { baseline, alpha = 0.05, power = 0.8, inference = 'anytime', mode = 'split', trafficShare = 0.5 } = options;
  checkProbability('alpha', alpha);
  checkProbability('power', power);
  checkOneOf('inference', inference, ['anytime', 'fixed']);
  checkOneOf('mode', mode, ['split', 'paired']);
  if (options.requestsPerDay !== undefined) checkFinite('requestsPerDay', options.requestsPerDay, { gt: 0 });
  const share = checkProbability('trafficShare', trafficShare);
  checkModeOptions(options, mode);
  checkOptions('baseline', baseline, ['rate', 'mean', 'sd']);
  checkOptions('effect', options.effect, ['absolute', 'relative']);
  checkEither('effect', options.effect, 'absolute', 'relative');
  checkEither('baseline', baseline, 'rate', 'mean');
  if ('rate' in baseline && 'sd' in baseline) {
    throw new InvalidOptionError('baseline.sd', baseline.sd, 'left out beside a rate: its variance follows from it');
  }
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

/** What only the other mode asks for would be ignored. */
function checkModeOptions({ trafficShare, disagreement }: PlanOptions, mode: 'split' | 'paired'): void {
  if (mode === 'split' && disagreement !== undefined) {
    throw new InvalidOptionError('disagreement', disagreement, "left out in split mode: it is of mode: 'paired'");
  }
  if (mode === 'paired' && trafficShare !== undefined) {
    throw new InvalidOptionError(
      'trafficShare',
      trafficShare,
      'left out in paired mode: both models see every request',
    );
  }
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
