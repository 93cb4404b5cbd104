import { checkDistinct, checkFinite, checkFunction, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { normalDistribution } from '../../stats/distributions/index.ts';
import type { Interval } from '../../stats/types.ts';
import { armPositions, type LoggedDecision } from './LoggedDecision.ts';

/** How to evaluate a policy on decisions of another one. */
export interface OffPolicyOptions<Context> {
  /** Names of the arms, in the order of the numbers below. */
  readonly arms: readonly string[];
  /**
   * Probabilities of the arms under the policy to be evaluated, for a decision of the log: by position, or by name as
   * `policy.probabilities(context)` gives them. They sum to one.
   */
  readonly target: (
    decision: LoggedDecision<Context>,
    index: number,
  ) => ArrayLike<number> | ReadonlyMap<string, number>;
  /**
   * Predicted reward of every arm for a decision, by position, from a model that was not fitted to these rewards. With it
   * come the direct and the doubly robust estimates.
   */
  readonly predictedReward?: (decision: LoggedDecision<Context>, index: number) => ArrayLike<number>;
  /** Largest weight of the clipped estimate; above 0. @defaultValue 10 */
  readonly clip?: number;
  /** Weight up to which the switch estimate trusts the reward; above 0. @defaultValue the value of `clip` */
  readonly switchAt?: number;
  /** Lambda of the shrunk weights of the optimistic doubly robust estimate; above 0. @defaultValue 1 */
  readonly shrinkage?: number;
  /** Lambda of the sub-Gaussian weights, within [0, 1]. @defaultValue 0.1 */
  readonly subGaussian?: number;
  /** Confidence level of the intervals. @defaultValue 0.95 */
  readonly level?: number;
}

/** The value of a policy (mean reward per decision), by one estimator. */
export interface OffPolicyEstimate {
  readonly value: number;
  readonly standardError: number;
  /** Normal interval at the level asked for; it is too short where a few decisions carry most of the weight. */
  readonly interval: Interval;
}

/** Estimators that need the log alone. */
export type WeightingEstimator = 'ips' | 'snips' | 'clippedIps' | 'subGaussianIps';
/** Estimators that need predicted rewards as well. */
export type ModelEstimator = 'dm' | 'dr' | 'sndr' | 'switchDr' | 'optimisticDr';

/** No decision is made with so small a probability; the squares of larger weights would overflow. */
const MOST_WEIGHT = 1e100;

/** What the log says of the policy. */
export interface OffPolicyResult {
  readonly status: 'ok';
  readonly n: number;
  /**
   * `ips`: inverse propensities (Horvitz & Thompson 1952). `snips`: the same, divided by the sum of weights (Swaminathan &
   * Joachims 2015). `clippedIps`: weights cut at `clip`. `subGaussianIps`: weights w / (1 - λ + λ w) (Metelli, Russo &
   * Restelli 2021). `dm`: predicted rewards alone. `dr`: doubly robust (Dudík, Langford & Li 2011). `sndr`: with normalised
   * weights. `switchDr`: doubly robust where the weight is at most `switchAt`, predicted elsewhere (Wang, Agarwal & Dudík 2017).
   * `optimisticDr`: doubly robust with weights λ w / (w² + λ) (Su, Dimakopoulou, Krishnamurthy & Dudík 2020).
   */
  readonly estimates: { readonly [name in WeightingEstimator]: OffPolicyEstimate } & {
    readonly [name in ModelEstimator]?: OffPolicyEstimate;
  };
  /** (Σ w)² / Σ w²: how many decisions of its own the evaluated policy would have needed for about this precision. */
  readonly effectiveSampleSize: number;
  readonly maxWeight: number;
  /** About 1 where propensities are right and every arm of the target was tried. */
  readonly meanWeight: number;
  /** What stands against trusting the numbers. */
  readonly warnings: readonly string[];
}

/** Too few decisions, or none that the policy would have made. */
export interface OffPolicyInconclusive {
  readonly status: 'inconclusive';
  readonly n: number;
  readonly reason: string;
}

/**
 * What a policy would have earned, from the log of another one whose propensities were recorded.
 *
 * @throws InvalidOptionError, InvalidDataError naming the option or the entry of the log
 * @example
 * const log = [
 *   { arm: 'a', reward: 1, propensity: 0.5 },
 *   { arm: 'b', reward: 0, propensity: 0.5 },
 *   { arm: 'a', reward: 0, propensity: 0.5 },
 *   { arm: 'b', reward: 1, propensity: 0.5 },
 * ];
 * const result = evaluateOffPolicy(log, { arms: ['a', 'b'], target: () => [1, 0] });
 * result.status === 'ok' && result.estimates.ips.value; // 0.5
 */
export function evaluateOffPolicy<Context>(
  log: readonly LoggedDecision<Context>[],
  options: OffPolicyOptions<Context>,
): OffPolicyResult | OffPolicyInconclusive {
  const settings = checkSettings(options);
  const positions = armPositions(log, options.arms);
  const n = log.length;
  const weights = new Float64Array(n);
  const rewards = Float64Array.from(log, ({ reward }) => reward);
  const predicted = options.predictedReward === undefined ? undefined : new Float64Array(n);
  const direct = new Float64Array(n);
  log.forEach((decision, t) => {
    const target = targetLaw(options, decision, t);
    weights[t] = target[positions[t]!]! / decision.propensity;
    if (weights[t]! > MOST_WEIGHT) {
      throw new InvalidDataError(
        `log[${t}].propensity`,
        decision.propensity,
        `such that no weight is above ${MOST_WEIGHT}`,
      );
    }
    if (predicted === undefined) return;
    const q = vector(`predictedReward of log[${t}]`, options.predictedReward!(decision, t), options.arms.length);
    predicted[t] = q[positions[t]!]!;
    direct[t] = q.reduce((sum, x, i) => sum + x * target[i]!, 0);
  });
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (n < 2) return { status: 'inconclusive', n, reason: 'at least two decisions are needed' };
  if (total === 0) return { status: 'inconclusive', n, reason: 'the policy would have made none of these decisions' };
  const estimates = {
    ...weighting(weights, rewards, settings),
    ...(predicted === undefined ? {} : modelled(weights, rewards, predicted, direct, settings)),
  };
  return { status: 'ok', n, estimates, ...weightSummary(weights) };
}

interface Settings {
  readonly clip: number;
  readonly switchAt: number;
  readonly shrinkage: number;
  readonly subGaussian: number;
  readonly z: number;
}

function checkSettings<Context>(options: OffPolicyOptions<Context>): Settings {
  const known = ['arms', 'target', 'predictedReward', 'clip', 'switchAt', 'shrinkage', 'subGaussian', 'level'];
  checkOptions('options', options, known);
  if (!Array.isArray(options.arms) || options.arms.length === 0) {
    throw new InvalidOptionError('arms', options.arms, 'a list of names');
  }
  checkDistinct('arms', options.arms);
  checkFunction('target', options.target);
  if (options.predictedReward !== undefined) checkFunction('predictedReward', options.predictedReward);
  const clip = checkFinite('clip', options.clip ?? 10, { gt: 0 });
  return {
    clip,
    switchAt: checkFinite('switchAt', options.switchAt ?? clip, { gt: 0 }),
    shrinkage: checkFinite('shrinkage', options.shrinkage ?? 1, { gt: 0 }),
    subGaussian: checkFinite('subGaussian', options.subGaussian ?? 0.1, { ge: 0, le: 1 }),
    z: normalDistribution.isf((1 - checkProbability('level', options.level ?? 0.95)) / 2),
  };
}

function vector(name: string, list: ArrayLike<number> | undefined | null, length: number): readonly number[] {
  const numbers = Array.from(list ?? []);
  if (numbers.length !== length || !numbers.every(Number.isFinite)) {
    throw new InvalidDataError(name, list, `${length} finite numbers`);
  }
  return numbers;
}

function targetLaw<Context>(
  { arms, target }: OffPolicyOptions<Context>,
  decision: LoggedDecision<Context>,
  t: number,
): readonly number[] {
  const law = target(decision, t);
  const list = law instanceof Map ? arms.map((arm) => law.get(arm) ?? 0) : (law as ArrayLike<number>);
  const numbers = vector(`target of log[${t}]`, list, arms.length);
  const sum = numbers.reduce((total, p) => total + p, 0);
  if (!numbers.every((p) => p >= 0) || Math.abs(sum - 1) > 1e-6) {
    throw new InvalidDataError(`target of log[${t}]`, numbers, 'probabilities that sum to 1');
  }
  return numbers;
}

/** Mean of the terms, with the standard error of their mean or, where given, of `spread` around 0. */
function estimate(terms: Float64Array, z: number, spread?: Float64Array): OffPolicyEstimate {
  const n = terms.length;
  const value = terms.reduce((sum, x) => sum + x, 0) / n;
  const squares =
    spread === undefined
      ? terms.reduce((sum, x) => sum + (x - value) ** 2, 0) / (n - 1)
      : spread.reduce((sum, x) => sum + x * x, 0) / n;
  const standardError = Math.sqrt(squares / n);
  return { value, standardError, interval: [value - z * standardError, value + z * standardError] };
}

function weighting(
  weights: Float64Array,
  rewards: Float64Array,
  { clip, subGaussian, z }: Settings,
): { readonly [name in WeightingEstimator]: OffPolicyEstimate } {
  const mean = weights.reduce((sum, w) => sum + w, 0) / weights.length;
  const weighted = (weight: (w: number) => number): Float64Array => weights.map((w, t) => weight(w) * rewards[t]!);
  const normalised = weighted((w) => w / mean);
  const value = normalised.reduce((sum, x) => sum + x, 0) / weights.length;
  return {
    ips: estimate(
      weighted((w) => w),
      z,
    ),
    // A ratio: its error by the delta method is that of w (r - value) / mean weight.
    snips: estimate(
      normalised,
      z,
      weights.map((w, t) => (w * (rewards[t]! - value)) / mean),
    ),
    clippedIps: estimate(
      weighted((w) => Math.min(w, clip)),
      z,
    ),
    subGaussianIps: estimate(
      weighted((w) => w / (1 - subGaussian + subGaussian * w)),
      z,
    ),
  };
}

function modelled(
  weights: Float64Array,
  rewards: Float64Array,
  predicted: Float64Array,
  direct: Float64Array,
  { switchAt, shrinkage, z }: Settings,
): { readonly [name in ModelEstimator]: OffPolicyEstimate } {
  const n = weights.length;
  const mean = weights.reduce((sum, w) => sum + w, 0) / n;
  const residual = rewards.map((r, t) => r - predicted[t]!);
  const robust = (weight: (w: number) => number): Float64Array =>
    direct.map((dm, t) => dm + weight(weights[t]!) * residual[t]!);
  const correction = weights.reduce((sum, w, t) => sum + w * residual[t]!, 0) / n / mean;
  const average = direct.reduce((sum, dm) => sum + dm, 0) / n;
  const spread = direct.map((dm, t) => dm - average + (weights[t]! * (residual[t]! - correction)) / mean);
  return {
    dm: estimate(direct, z),
    dr: estimate(
      robust((w) => w),
      z,
    ),
    sndr: estimate(
      robust((w) => w / mean),
      z,
      spread,
    ),
    switchDr: estimate(
      robust((w) => (w <= switchAt ? w : 0)),
      z,
    ),
    optimisticDr: estimate(
      robust((w) => (shrinkage * w) / (w * w + shrinkage)),
      z,
    ),
  };
}

function weightSummary(
  weights: Float64Array,
): Pick<OffPolicyResult, 'effectiveSampleSize' | 'maxWeight' | 'meanWeight' | 'warnings'> {
  const n = weights.length;
  const sum = weights.reduce((total, w) => total + w, 0);
  const squares = weights.reduce((total, w) => total + w * w, 0);
  const meanWeight = sum / n;
  const effectiveSampleSize = (sum * sum) / squares;
  const maxWeight = weights.reduce((max, w) => Math.max(max, w), 0);
  const error = Math.sqrt(Math.max(0, squares / n - meanWeight ** 2) / n);
  const warnings: string[] = [];
  if (effectiveSampleSize < Math.max(30, 0.05 * n)) {
    warnings.push(
      `the decisions weigh like ${effectiveSampleSize.toFixed(1)} of the policy's own: intervals are too short`,
    );
  }
  if (Math.abs(meanWeight - 1) > 4 * error + 1e-9) {
    warnings.push(
      `the mean weight is ${meanWeight.toPrecision(3)}, not 1: propensities are wrong, or the policy chooses arms that were never tried`,
    );
  }
  return { effectiveSampleSize, maxWeight, meanWeight, warnings };
}
