import { checkFunction, checkOptions } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { abandon } from '../../core/perRow.ts';
import type { Rng } from '../../random/index.ts';
import type {
  AddArmOptions,
  ArmStatistics,
  BanditPolicy,
  BestArmOptions,
  PolicySnapshot,
  SelectOptions,
  UpdateOptions,
  UpdateRow,
} from './BanditPolicy.ts';
import { SegmentPolicies } from './SegmentPolicies.ts';
import type { SegmentPolicyOptions } from './SegmentPolicyOptions.ts';

/**
 * A bandit per segment of the context (country, product, fab): each learns which arm is best for its own. A pool learns from
 * all of them: it serves the segments beyond `maxSegments`, answers for the whole (`statistics`, `bestArm` without a context), and
 * lends strength to small segments if `shrinkage` is given. Pulls in flight are those of the context's segment.
 */
export class SegmentPolicy<Context> implements BanditPolicy<Context> {
  readonly kind = 'segments';
  readonly #options: SegmentPolicyOptions<Context>;
  readonly #policies: SegmentPolicies<Context>;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: SegmentPolicyOptions<Context>) {
    const known = ['arms', 'seed', 'rng', 'rewardRange', 'priors', 'segmentOf', 'create', 'maxSegments', 'shrinkage'];
    checkOptions('SegmentPolicy options', options, known);
    checkFunction('segmentOf', options.segmentOf);
    if (options.create !== undefined) checkFunction('create', options.create);
    this.#options = options;
    this.#policies = new SegmentPolicies(options);
  }

  get arms(): readonly string[] {
    return this.#policies.pool.arms;
  }

  get contextual(): boolean {
    return true;
  }

  get mergeable(): boolean {
    return this.#policies.pool.mergeable;
  }

  get forgets(): boolean {
    return this.#policies.pool.forgets;
  }

  get rewardRange(): readonly [number, number] {
    return this.#policies.pool.rewardRange;
  }

  /** The segment of a context. @throws InvalidDataError if it is no non-empty string */
  segmentOf(context: Context | undefined): string {
    return this.#nameOf(context);
  }

  /** Names of the segments that have a policy of their own, in the order in which they came. */
  get segments(): readonly string[] {
    return this.#policies.names;
  }

  /** Rewards of segments that came too late for a policy of their own. */
  get overflow(): number {
    return this.#policies.overflow;
  }

  /** The policy of a segment; undefined where it has none. */
  segment(name: string): BanditPolicy<Context> | undefined {
    return this.#policies.get(name);
  }

  select(context?: Context, options?: SelectOptions): string {
    return this.#policies.choosing(this.#nameOf(context), true).select(context, options);
  }

  selectIndex(context?: Context, options?: SelectOptions): number {
    return this.#policies.choosing(this.#nameOf(context), true).selectIndex(context, options);
  }

  rank(k: number, context?: Context, options?: SelectOptions): readonly string[] {
    return this.#policies.choosing(this.#nameOf(context), true).rank(k, context, options);
  }

  probabilities(context?: Context, options?: SelectOptions): ReadonlyMap<string, number> {
    return this.#policies.choosing(this.#nameOf(context), false).probabilities(context, options);
  }

  update(arm: string | number, reward: number, context?: Context, options?: UpdateOptions): void {
    const name = this.#nameOf(context);
    this.#policies.pool.update(arm, reward, context, options);
    const own = this.#policies.own(name);
    if (own === undefined) this.#policies.overflow += 1;
    else own.update(arm, reward, context, options);
  }

  updateBatch(rows: Iterable<UpdateRow<Context>>): void {
    const list = Array.from(rows, (row) => ({ row, name: this.#nameOf(row.context) }));
    this.#policies.pool.updateBatch(list.map(({ row }) => row));
    const bySegment = new Map<string, UpdateRow<Context>[]>();
    for (const { row, name } of list) {
      const own = bySegment.get(name);
      if (own === undefined) bySegment.set(name, [row]);
      else own.push(row);
    }
    for (const [name, own] of bySegment) {
      const policy = this.#policies.own(name);
      if (policy === undefined) this.#policies.overflow += own.length;
      else policy.updateBatch(own);
    }
  }

  addArm(arm: string, options?: AddArmOptions): void {
    for (const policy of this.#policies.all()) policy.addArm(arm, options);
    if (options?.prior !== undefined) this.#policies.believe(arm, options.prior);
  }

  removeArm(arm: string | number): void {
    const name = typeof arm === 'number' ? this.arms[arm] : arm;
    for (const policy of this.#policies.all()) policy.removeArm(arm);
    this.#policies.believe(name as string, undefined);
  }

  rankPropensities(
    ranking: readonly string[],
    context?: Context,
    options?: SelectOptions,
  ): readonly (number | undefined)[] {
    return this.#policies.choosing(this.#nameOf(context), false).rankPropensities(ranking, context, options);
  }

  checkReward(reward: number): void {
    this.#policies.pool.checkReward(reward);
  }

  /** For the segment of the context; without a context, over all segments. */
  probabilityBest(context?: Context): ReadonlyMap<string, number> | undefined {
    return (
      context === undefined ? this.#policies.pool : this.#policies.choosing(this.#nameOf(context), false)
    ).probabilityBest(context);
  }

  /** The best arm for the segment of the context; without a context, over all segments. */
  bestArm(options: BestArmOptions<Context> = {}): string {
    const { context } = options;
    return (
      context === undefined ? this.#policies.pool : this.#policies.choosing(this.#nameOf(context), false)
    ).bestArm(options);
  }

  /** What is known of every arm over all segments; see {@link SegmentPolicy.segment} for one. */
  statistics(level?: number, arm?: string): readonly ArmStatistics[] {
    return this.#policies.pool.statistics(level, arm);
  }

  reseed(rng: Rng): void {
    this.#policies.reseed(rng);
  }

  snapshot(): PolicySnapshot {
    return this.#policies.snapshot();
  }

  restore(snapshot: PolicySnapshot): void {
    this.#policies.restore(snapshot);
  }

  deltaSince(base: PolicySnapshot): PolicySnapshot {
    return this.#policies.deltaSince(base);
  }

  merge(delta: PolicySnapshot): void {
    this.#policies.merge(delta);
  }

  #nameOf(context: Context | undefined): string {
    const name: unknown = this.#options.segmentOf(context as Context);
    if (typeof name === 'string' && name.length > 0) return name;
    abandon(name);
    throw new InvalidDataError('segmentOf(context)', name, 'a non-empty string');
  }
}
