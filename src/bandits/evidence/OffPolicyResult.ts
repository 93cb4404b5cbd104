import type { Interval } from '../../stats/types.ts';

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
