import { InvalidDataError } from '../../core/errors.ts';
import { armPositions, type LoggedDecision } from './LoggedDecision.ts';
import { checkSettings, type OffPolicyOptions } from './OffPolicyOptions.ts';
import type { OffPolicyInconclusive, OffPolicyResult } from './OffPolicyResult.ts';
import { modelled, type Predicted, type ReadLog, weighting } from './offPolicyEstimators.ts';

/** No decision is made with so small a probability; the squares of larger weights would overflow. */
const MOST_WEIGHT = 1e100;

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
  const { weights, rewards, predictions } = readLog(log, options);
  const n = log.length;
  const total = weights.reduce((sum, w) => sum + w, 0);
  if (n < 2) return { status: 'inconclusive', n, reason: 'at least two decisions are needed' };
  if (total === 0) return { status: 'inconclusive', n, reason: 'the policy would have made none of these decisions' };
  const estimates = {
    ...weighting({ weights, rewards }, settings),
    ...(predictions === undefined ? {} : modelled({ weights, rewards }, predictions, settings)),
  };
  return { status: 'ok', n, estimates, ...weightSummary(weights) };
}

function readLog<Context>(
  log: readonly LoggedDecision<Context>[],
  options: OffPolicyOptions<Context>,
): ReadLog & { readonly predictions: Predicted | undefined } {
  const { arms, predictedReward } = options;
  const positions = armPositions(log, arms);
  const weights = new Float64Array(log.length);
  const rewards = Float64Array.from(log, ({ reward }) => reward);
  const [predicted, direct] = [new Float64Array(log.length), new Float64Array(log.length)];
  log.forEach((decision, t) => {
    const target = targetLaw(options, decision, t);
    weights[t] = target[positions[t]!]! / decision.propensity;
    if (weights[t]! > MOST_WEIGHT) {
      const rule = `such that no weight is above ${MOST_WEIGHT}`;
      throw new InvalidDataError(`log[${t}].propensity`, decision.propensity, rule);
    }
    if (predictedReward === undefined) return;
    const q = vector(`predictedReward of log[${t}]`, predictedReward(decision, t), arms.length);
    predicted[t] = q[positions[t]!]!;
    direct[t] = q.reduce((sum, x, i) => sum + x * target[i]!, 0);
  });
  return { weights, rewards, predictions: predictedReward === undefined ? undefined : { predicted, direct } };
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
