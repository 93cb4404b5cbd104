import { checkFinite, checkInteger } from '../../core/check.ts';
import { checkPolicyOptions, type PolicyOptions, type RewardScale, rawScale } from './PolicyOptions.ts';

/** What the contextual policies take. A context is a list of `dimension` finite numbers; include a constant 1 for an intercept. */
export interface LinearPolicyOptions extends PolicyOptions {
  /** Length of the context, at least 1. */
  readonly dimension: number;
  /** Ridge penalty, above 0: the precision of the prior N(0, I / lambda) of the parameters. @defaultValue 1 */
  readonly lambda?: number;
  /**
   * Lowest and highest possible reward; a reward outside is refused. The model does not scale with it.
   * @defaultValue any finite number; [0, 1] for the logistic model
   */
  readonly rewardRange?: readonly [lowest: number, highest: number];
}

const KNOWN = ['arms', 'seed', 'rng', 'ties', 'minPulls', 'explorationFloor', 'rewardRange', 'dimension', 'lambda'];

/** @throws InvalidOptionError if an option is unknown or breaks its rule */
export function linearSettings(
  where: string,
  options: LinearPolicyOptions,
  ...own: readonly string[]
): { readonly dimension: number; readonly lambda: number; readonly scale: RewardScale } {
  checkPolicyOptions(where, options, [...KNOWN, ...own]);
  const dimension = checkInteger('dimension', options.dimension, { ge: 1, le: 10_000 });
  const lambda = checkFinite('lambda', options.lambda ?? 1, { gt: 0 });
  return { dimension, lambda, scale: rawScale(options.rewardRange) };
}
