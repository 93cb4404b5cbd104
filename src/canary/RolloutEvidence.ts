import type { Json } from '../core/json.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import { type BurstLimit, BurstWatch } from '../metrics/judging/BurstWatch.ts';
import type { HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
import { ShareCheck } from './ShareCheck.ts';

/** The evidence as plain JSON. */
export interface SavedEvidence {
  readonly evidence: Json;
  readonly bursts: ReturnType<BurstWatch['toJSON']>;
  readonly shares: ReturnType<ShareCheck['toJSON']>;
}

/** What is wrong with the canary's last requests: its own fault, or one that both models have. */
export type Trouble =
  | { readonly type: 'burst'; readonly reason: string }
  | { readonly type: 'common-cause'; readonly canaryErrors: number; readonly baselineErrors: number };

/** All that a rollout has seen of its models: their metrics by stage, their last errors, and how the traffic was split. */
export class RolloutEvidence {
  readonly monitor: HealthMonitor;
  readonly #bursts: BurstWatch;
  readonly #shares: ShareCheck;

  /** @param weights percent of the traffic by stage */
  constructor(monitor: HealthMonitor, burst: BurstLimit | undefined, weights: readonly number[]) {
    this.monitor = monitor;
    this.#bursts = new BurstWatch(burst);
    this.#shares = new ShareCheck(weights);
  }

  /** A model answered or failed. */
  answered(arm: Arm, failed: boolean): Trouble | undefined {
    const type = this.#bursts.push(arm, failed);
    if (type === undefined) return undefined;
    if (type === 'burst') return { type, reason: this.#bursts.describe('canary') };
    const { canary: canaryErrors, baseline: baselineErrors } = this.#bursts.errors;
    return { type, canaryErrors, baselineErrors };
  }

  /** An outcome of a stage was seen. @returns whether the shares are surely not as planned */
  countShare(stage: number, canary: boolean): boolean {
    return this.#shares.push(stage, canary);
  }

  /** Forgets how the traffic was split: somebody has looked into it. */
  clearShares(): void {
    this.#shares.clear();
  }

  /** Forgets what was seen of the canary. */
  clear(): void {
    this.monitor.clear();
    this.#bursts.clearCanary();
    this.#shares.clear();
  }

  toJSON(): SavedEvidence {
    return { evidence: this.monitor.toJSON(), bursts: this.#bursts.toJSON(), shares: this.#shares.toJSON() };
  }

  /** @throws SnapshotError if they are of other metrics */
  load({ evidence, bursts, shares }: SavedEvidence): void {
    this.monitor.load(evidence);
    this.#bursts.load(bursts);
    this.#shares.load(shares);
  }
}
