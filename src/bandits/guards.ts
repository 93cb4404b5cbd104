import { checkFinite, checkInteger, checkName, checkOptions, checkProbability, checkShare } from '../core/check.ts';
import type { ArmStatistics } from './policies/BanditPolicy.ts';

/** What a guard sees of an arm. */
export interface ArmHealth extends ArmStatistics {
  /** Requests that the arm was chosen for. */
  readonly served: number;
  /** Its share of all requests. */
  readonly trafficShare: number;
  /** Requests in the window of the last `guardWindow` ones. */
  readonly recent: number;
  /** Share of the window that failed: threw, timed out, or answered with what is no answer. */
  readonly errorRate: number;
  /** A quantile of the window's latencies in milliseconds; NaN where there is none. */
  latencyQuantile(p: number): number;
}

/**
 * A rule that takes an arm out of the choice. `check` is asked after every outcome of the arm: true while the arm may
 * be chosen. A tripped arm rests for `coolDownMs`, then starts again with an empty window.
 */
export interface Guard {
  readonly name: string;
  /** @defaultValue 60_000 */
  readonly coolDownMs?: number;
  /** A share of all requests that one arm may not exceed: looked at before every choice, not after outcomes. */
  readonly cap?: { readonly arm: string; readonly share: number };
  /** Whether the arm may be chosen. */
  check(arm: ArmHealth): boolean;
}

/** Options that every guard takes. */
export interface GuardOptions {
  /** Outcomes in the window below which the guard says nothing. @defaultValue 20 */
  readonly minSamples?: number;
  /** How long a tripped arm rests, in milliseconds. @defaultValue 60_000 */
  readonly coolDownMs?: number;
}

function guard(name: string, options: GuardOptions, check: (arm: ArmHealth) => boolean): Guard {
  checkOptions('options', options, ['minSamples', 'coolDownMs', 'quantile']);
  const { minSamples = 20, coolDownMs = 60_000 } = options;
  checkInteger('minSamples', minSamples, { ge: 1 });
  checkFinite('coolDownMs', coolDownMs, { ge: 0 });
  return { name: checkName('name', name), coolDownMs, check: (arm) => arm.recent < minSamples || check(arm) };
}

/** Takes an arm out while a quantile of its latencies is above a limit in milliseconds. `quantile` @defaultValue 0.95 */
export function maxLatency(ms: number, options: GuardOptions & { readonly quantile?: number } = {}): Guard {
  checkFinite('ms', ms, { gt: 0 });
  const quantile = checkProbability('quantile', options.quantile ?? 0.95);
  return guard(`maxLatency(${ms} ms)`, options, (arm) => !(arm.latencyQuantile(quantile) > ms));
}

/** Takes an arm out while more than this share of its recent requests failed. */
export function maxErrorRate(share: number, options: GuardOptions = {}): Guard {
  checkShare('share', share);
  return guard(`maxErrorRate(${share})`, options, (arm) => arm.errorRate <= share);
}

/** Takes an arm out while the whole interval of its mean reward lies below a minimum. */
export function minReward(reward: number, options: GuardOptions = {}): Guard {
  checkFinite('reward', reward);
  return guard(`minReward(${reward})`, options, (arm) => arm.interval[1] >= reward);
}

/** Keeps an arm's share of all requests at or below a cap: above it the arm sits out until it is below again. */
export function trafficCap(arm: string, share: number): Guard {
  checkName('arm', arm);
  checkShare('share', share);
  return { name: `trafficCap(${arm}, ${share})`, coolDownMs: 0, cap: { arm, share }, check: () => true };
}
