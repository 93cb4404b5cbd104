import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { SegmentPolicy } from '../policies/SegmentPolicy.ts';
import type { SegmentPolicyOptions } from '../policies/SegmentPolicyOptions.ts';
import type { PolicySettings } from '../policySettings.ts';

/** Options of {@link SegmentBandit}. */
export type SegmentBanditOptions<A extends Arms = Arms, Context = unknown> = BanditOptions<A> &
  PolicySettings<SegmentPolicyOptions<Context>>;

/**
 * A bandit per segment over models: each learns which model is best for its own fab, country or customer group. The context
 * is the request's own, or what `contextOf` makes of the input; `segmentOf` names its segment. Thompson sampling in every
 * segment unless `create` makes another policy. See {@link SegmentPolicy} for the policy alone.
 *
 * @example
 * const bandit = new SegmentBandit({
 *   arms: { linear, forest, neural },
 *   reward: closeness({ scale: 10 }),
 *   contextOf: (wafer: Wafer) => wafer.fab,
 *   segmentOf: (fab: string) => fab,
 *   create: (setup) => new KlUcbPolicy(setup),
 *   seed: 42,
 * });
 * bandit.segment('fab A')?.bestArm();
 */
export class SegmentBandit<const A extends Arms, Context = unknown> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: SegmentBanditOptions<A, Context>) {
    const settings = ['rewardRange', 'segmentOf', 'create', 'maxSegments', 'shrinkage'];
    super('segment-bandit', settings, options, (own: SegmentPolicyOptions<Context>) => new SegmentPolicy(own));
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms, Context = unknown>(
    snapshot: Snapshot,
    options: SegmentBanditOptions<A, Context>,
  ): SegmentBandit<A, Context> {
    return restored(new SegmentBandit(options), snapshot);
  }

  /** Names of the segments that have a policy of their own, in the order in which they came. */
  get segments(): readonly string[] {
    return this.#segments.segments;
  }

  /** The policy of a segment, for its `statistics` and `bestArm`; undefined where it has none. */
  segment(name: string): ReturnType<SegmentPolicy<Context>['segment']> {
    return this.#segments.segment(name);
  }

  get #segments(): SegmentPolicy<Context> {
    return this.policy as SegmentPolicy<Context>;
  }
}
