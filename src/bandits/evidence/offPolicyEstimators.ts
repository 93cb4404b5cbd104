import type { OffPolicySettings } from './OffPolicyOptions.ts';
import type { ModelEstimator, OffPolicyEstimate, WeightingEstimator } from './OffPolicyResult.ts';

/** A log in numbers: the weight and the reward of every decision. */
export interface ReadLog {
  readonly weights: Float64Array;
  readonly rewards: Float64Array;
}

/** Predicted rewards: of the arm that was chosen, and the mean over the target's arms. */
export interface Predicted {
  readonly predicted: Float64Array;
  readonly direct: Float64Array;
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

/** The estimators that need the log alone. */
export function weighting(
  { weights, rewards }: ReadLog,
  { clip, subGaussian, z }: OffPolicySettings,
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

/** Those that need predicted rewards as well. */
export function modelled(
  { weights, rewards }: ReadLog,
  { predicted, direct }: Predicted,
  { switchAt, shrinkage, z }: OffPolicySettings,
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
