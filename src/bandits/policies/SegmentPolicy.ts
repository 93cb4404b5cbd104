import { checkFinite, checkFunction, checkInteger, checkOptions } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { type Rng, restoreRng } from '../../random/index.ts';
import type {
  AddArmOptions,
  ArmStatistics,
  BanditPolicy,
  BestArmOptions,
  PolicySnapshot,
  Prior,
  SelectOptions,
  UpdateOptions,
  UpdateRow,
} from './BanditPolicy.ts';
import { policyRng, type TablePolicyOptions } from './PolicyOptions.ts';
import { TablePolicy } from './TablePolicy.ts';
import { ThompsonPolicy } from './ThompsonPolicy.ts';

/** What a segment's policy is made with: the options of any policy. */
export interface SegmentSetup extends Pick<TablePolicyOptions, 'arms' | 'rewardRange' | 'priors'> {
  /** A random stream that depends on the seed and the segment's name alone. */
  readonly rng: Rng;
}

/** Options of {@link SegmentPolicy}. */
export interface SegmentPolicyOptions<Context> {
  /** Names of the arms, at least one, all different. */
  readonly arms: readonly string[];
  /** Seed of the policy's random streams. @defaultValue a random seed */
  readonly seed?: string | number | bigint;
  /** The random stream itself, in place of a seed. */
  readonly rng?: Rng;
  /** The segment of a context: a non-empty string. */
  readonly segmentOf: (context: Context) => string;
  /**
   * Makes the policy of a segment, and that of the pool, whose segment is undefined.
   * @defaultValue `(setup) => new ThompsonPolicy(setup)`
   */
  readonly create?: (setup: SegmentSetup, segment: string | undefined) => BanditPolicy<Context>;
  /** Lowest and highest possible reward, handed on to `create`. @defaultValue the policies' own */
  readonly rewardRange?: readonly [lowest: number, highest: number];
  /** What is believed of single arms beforehand, in every segment; handed on to `create`. @defaultValue nothing */
  readonly priors?: Readonly<Record<string, Prior>>;
  /**
   * Segments that get a policy of their own, at least 1; those that come later are served by the pool.
   * @defaultValue 100
   */
  readonly maxSegments?: number;
  /**
   * Shrinkage: what the other segments know of an arm counts as at most this many pulls of it (at their mean reward) in the
   * prior of each segment. For policies over a table of arms (Thompson, UCB, …); at least 0.
   * @defaultValue 0: segments learn by themselves
   */
  readonly shrinkage?: number;
}

interface SegmentState {
  readonly pool: PolicySnapshot;
  readonly segments: readonly (readonly [string, PolicySnapshot])[];
  readonly overflow: number;
  readonly priors: readonly (readonly [string, Prior])[];
}

/**
 * A bandit per segment of the context (country, product, fab): each learns which arm is best for its own. A pool learns from
 * all of them: it serves the segments beyond `maxSegments`, answers for the whole (`statistics`, `bestArm` without a context), and
 * lends strength to small segments if `shrinkage` is given. Pulls in flight are those of the context's segment.
 */
export class SegmentPolicy<Context> implements BanditPolicy<Context> {
  readonly kind = 'segments';
  readonly #options: SegmentPolicyOptions<Context>;
  readonly #maxSegments: number;
  readonly #shrinkage: number;
  #rng: Rng;
  #pool: BanditPolicy<Context>;
  #segments = new Map<string, BanditPolicy<Context>>();
  #overflow = 0;
  /** The priors of single arms, for segments that are yet to come. */
  #priors: Map<string, Prior>;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: SegmentPolicyOptions<Context>) {
    const known = ['arms', 'seed', 'rng', 'rewardRange', 'priors', 'segmentOf', 'create', 'maxSegments', 'shrinkage'];
    checkOptions('SegmentPolicy options', options, known);
    checkFunction('segmentOf', options.segmentOf);
    if (options.create !== undefined) checkFunction('create', options.create);
    this.#options = options;
    this.#maxSegments = checkInteger('maxSegments', options.maxSegments ?? 100, { ge: 1 });
    this.#shrinkage = checkFinite('shrinkage', options.shrinkage ?? 0, { ge: 0 });
    this.#rng = policyRng(options);
    this.#priors = new Map(Object.entries(options.priors ?? {}));
    this.#pool = this.#create(undefined, options.arms);
    if (this.#shrinkage > 0 && !(this.#pool instanceof TablePolicy && this.#pool.lends)) {
      throw new InvalidOptionError(
        'shrinkage',
        this.#shrinkage,
        `0 for ${this.#pool.kind}: it takes no pulls on trust`,
      );
    }
  }

  get arms(): readonly string[] {
    return this.#pool.arms;
  }

  get contextual(): boolean {
    return true;
  }

  get mergeable(): boolean {
    return this.#pool.mergeable;
  }

  get forgets(): boolean {
    return this.#pool.forgets;
  }

  get rewardRange(): readonly [number, number] {
    return this.#pool.rewardRange;
  }

  /** The segment of a context. @throws InvalidDataError if it is no non-empty string */
  segmentOf(context: Context | undefined): string {
    return this.#nameOf(context);
  }

  /** Names of the segments that have a policy of their own, in the order in which they came. */
  get segments(): readonly string[] {
    return [...this.#segments.keys()];
  }

  /** Rewards of segments that came too late for a policy of their own. */
  get overflow(): number {
    return this.#overflow;
  }

  /** The policy of a segment; undefined where it has none. */
  segment(name: string): BanditPolicy<Context> | undefined {
    return this.#segments.get(name);
  }

  select(context?: Context, options?: SelectOptions): string {
    return this.#choosing(context, true).select(context, options);
  }

  selectIndex(context?: Context, options?: SelectOptions): number {
    return this.#choosing(context, true).selectIndex(context, options);
  }

  rank(k: number, context?: Context, options?: SelectOptions): readonly string[] {
    return this.#choosing(context, true).rank(k, context, options);
  }

  probabilities(context?: Context, options?: SelectOptions): ReadonlyMap<string, number> {
    return this.#choosing(context, false).probabilities(context, options);
  }

  update(arm: string | number, reward: number, context?: Context, options?: UpdateOptions): void {
    const name = this.#nameOf(context);
    this.#pool.update(arm, reward, context, options);
    const own = this.#own(name);
    if (own === undefined) this.#overflow += 1;
    else own.update(arm, reward, context, options);
  }

  updateBatch(rows: Iterable<UpdateRow<Context>>): void {
    const list = Array.from(rows, (row) => ({ row, name: this.#nameOf(row.context) }));
    this.#pool.updateBatch(list.map(({ row }) => row));
    const bySegment = new Map<string, UpdateRow<Context>[]>();
    for (const { row, name } of list) {
      const own = bySegment.get(name);
      if (own === undefined) bySegment.set(name, [row]);
      else own.push(row);
    }
    for (const [name, own] of bySegment) {
      const policy = this.#own(name);
      if (policy === undefined) this.#overflow += own.length;
      else policy.updateBatch(own);
    }
  }

  addArm(arm: string, options?: AddArmOptions): void {
    for (const policy of this.#all()) policy.addArm(arm, options);
    if (options?.prior !== undefined) this.#priors.set(arm, options.prior);
  }

  removeArm(arm: string | number): void {
    const name = typeof arm === 'number' ? this.arms[arm] : arm;
    for (const policy of this.#all()) policy.removeArm(arm);
    this.#priors.delete(name as string);
  }

  rankPropensities(
    ranking: readonly string[],
    context?: Context,
    options?: SelectOptions,
  ): readonly (number | undefined)[] {
    return this.#choosing(context, false).rankPropensities(ranking, context, options);
  }

  checkReward(reward: number): void {
    this.#pool.checkReward(reward);
  }

  /** For the segment of the context; without a context, over all segments. */
  probabilityBest(context?: Context): ReadonlyMap<string, number> | undefined {
    return (context === undefined ? this.#pool : this.#choosing(context, false)).probabilityBest(context);
  }

  /** The best arm for the segment of the context; without a context, over all segments. */
  bestArm(options: BestArmOptions<Context> = {}): string {
    const { context } = options;
    return (context === undefined ? this.#pool : this.#choosing(context, false)).bestArm(options);
  }

  /** What is known of every arm over all segments; see {@link SegmentPolicy.segment} for one. */
  statistics(level?: number, arm?: string): readonly ArmStatistics[] {
    return this.#pool.statistics(level, arm);
  }

  reseed(rng: Rng): void {
    this.#rng = rng;
    this.#pool.reseed(rng.fork('pool'));
    for (const [name, policy] of this.#segments) policy.reseed(rng.fork(`segment ${name}`));
  }

  snapshot(): PolicySnapshot {
    const state: SegmentState = {
      pool: this.#pool.snapshot(),
      segments: [...this.#segments].map(([name, policy]) => [name, policy.snapshot()]),
      overflow: this.#overflow,
      priors: [...this.#priors],
    };
    return { kind: this.kind, version: 1, arms: this.arms, rng: this.#rng.state(), state: state as unknown as Json };
  }

  restore(snapshot: PolicySnapshot): void {
    const { pool, segments, overflow, priors } = this.#read(snapshot);
    const rng = restoreRng(snapshot.rng);
    const own = new Map(priors);
    const restored = (segment: string | undefined, saved: PolicySnapshot): BanditPolicy<Context> => {
      const policy = this.#create(segment, saved.arms, rng, own);
      policy.restore(saved);
      return policy;
    };
    const restoredPool = restored(undefined, pool);
    this.#segments = new Map(segments.map(([name, saved]) => [name, restored(name, saved)]));
    this.#pool = restoredPool;
    this.#priors = own;
    this.#rng = rng;
    this.#overflow = overflow;
  }

  deltaSince(base: PolicySnapshot): PolicySnapshot {
    const before = this.#read(base);
    const then = new Map(before.segments);
    const segments = [...this.#segments].map(([name, policy]) => {
      const old = then.get(name);
      return [name, old === undefined ? policy.snapshot() : policy.deltaSince(old)] as const;
    });
    const overflow = this.#overflow - before.overflow;
    const priors = [...this.#priors];
    const state: SegmentState = { pool: this.#pool.deltaSince(before.pool), segments, overflow, priors };
    return { ...this.snapshot(), state: state as unknown as Json };
  }

  merge(delta: PolicySnapshot): void {
    const { pool, segments, overflow } = this.#read(delta);
    this.#pool.merge(pool);
    this.#overflow += overflow;
    for (const [name, saved] of segments) this.#own(name)?.merge(saved);
  }

  #nameOf(context: Context | undefined): string {
    const name: unknown = this.#options.segmentOf(context as Context);
    if (typeof name === 'string' && name.length > 0) return name;
    throw new InvalidDataError('segmentOf(context)', name, 'a non-empty string');
  }

  /** The segment's own policy, made if there is room. */
  #own(name: string): BanditPolicy<Context> | undefined {
    let policy = this.#segments.get(name);
    if (policy === undefined && this.#segments.size < this.#maxSegments) {
      policy = this.#create(name, this.arms);
      this.#segments.set(name, policy);
    }
    return policy;
  }

  /** The policy that chooses for a context; `keep` makes it the segment's own, otherwise nothing changes. */
  #choosing(context: Context | undefined, keep: boolean): BanditPolicy<Context> {
    const name = this.#nameOf(context);
    const room = this.#segments.size < this.#maxSegments || this.#segments.has(name);
    if (!room) return this.#pool;
    const policy = keep ? this.#own(name)! : (this.#segments.get(name) ?? this.#create(name, this.arms));
    if (this.#shrinkage > 0) (policy as TablePolicy).borrow(this.#pool as TablePolicy, this.#shrinkage);
    return policy;
  }

  #create(
    segment: string | undefined,
    arms: readonly string[],
    root: Rng = this.#rng,
    priors: ReadonlyMap<string, Prior> = this.#priors,
  ): BanditPolicy<Context> {
    const rng = root.fork(segment === undefined ? 'pool' : `segment ${segment}`);
    const { create, rewardRange } = this.#options;
    const setup: SegmentSetup = {
      arms,
      rng,
      ...(rewardRange === undefined ? {} : { rewardRange }),
      ...(priors.size === 0 ? {} : { priors: Object.fromEntries(priors) }),
    };
    return create === undefined ? new ThompsonPolicy(setup) : create(setup, segment);
  }

  #all(): readonly BanditPolicy<Context>[] {
    return [this.#pool, ...this.#segments.values()];
  }

  #read(snapshot: PolicySnapshot): SegmentState {
    if (snapshot?.version !== 1 || snapshot.kind !== this.kind) {
      throw new SnapshotError(`the snapshot must be of ${this.kind}, version 1`);
    }
    const state = snapshot.state as unknown as Partial<SegmentState> | null;
    const pairs = state?.segments;
    const sound =
      Array.isArray(pairs) &&
      pairs.length <= this.#maxSegments &&
      pairs.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string') &&
      typeof state?.overflow === 'number' &&
      Array.isArray(state.priors) &&
      JSON.stringify(state.pool?.arms) === JSON.stringify(snapshot.arms);
    if (!sound) throw new SnapshotError(`the snapshot has no pool and at most ${this.#maxSegments} segments`);
    return state as SegmentState;
  }
}
