import { checkFinite, checkInteger } from '../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { type Rng, restoreRng } from '../../random/index.ts';
import type { BanditPolicy, PolicySnapshot, Prior } from './BanditPolicy.ts';
import { policyRng } from './PolicyOptions.ts';
import type { SegmentPolicyOptions, SegmentSetup } from './SegmentPolicyOptions.ts';
import { TablePolicy } from './TablePolicy.ts';
import { ThompsonPolicy } from './ThompsonPolicy.ts';

const KIND = 'segments';

interface SegmentState {
  readonly pool: PolicySnapshot;
  readonly segments: readonly (readonly [string, PolicySnapshot])[];
  readonly overflow: number;
  readonly priors: readonly (readonly [string, Prior])[];
}

/** The policies of the segments, and the pool that learns from all of them: made as they are needed, saved and merged as one. */
export class SegmentPolicies<Context> {
  readonly #options: SegmentPolicyOptions<Context>;
  readonly #maxSegments: number;
  readonly #shrinkage: number;
  #rng: Rng;
  #pool: BanditPolicy<Context>;
  #segments = new Map<string, BanditPolicy<Context>>();
  /** Rewards of segments that came too late for a policy of their own. */
  overflow = 0;
  /** The priors of single arms, for segments that are yet to come. */
  #priors: Map<string, Prior>;

  /** @throws InvalidOptionError */
  constructor(options: SegmentPolicyOptions<Context>) {
    this.#options = options;
    this.#maxSegments = checkInteger('maxSegments', options.maxSegments ?? 100, { ge: 1 });
    this.#shrinkage = checkFinite('shrinkage', options.shrinkage ?? 0, { ge: 0 });
    this.#rng = policyRng(options);
    this.#priors = new Map(Object.entries(options.priors ?? {}));
    this.#pool = this.#create(undefined, options.arms);
    if (this.#shrinkage > 0 && !(this.#pool instanceof TablePolicy && this.#pool.lends)) {
      const rule = `0 for ${this.#pool.kind}: it takes no pulls on trust`;
      throw new InvalidOptionError('shrinkage', this.#shrinkage, rule);
    }
  }

  get pool(): BanditPolicy<Context> {
    return this.#pool;
  }

  /** In the order in which they came. */
  get names(): readonly string[] {
    return [...this.#segments.keys()];
  }

  /** The policy of a segment; undefined where it has none. */
  get(name: string): BanditPolicy<Context> | undefined {
    return this.#segments.get(name);
  }

  /** The segment's own policy, made if there is room. */
  own(name: string): BanditPolicy<Context> | undefined {
    let policy = this.#segments.get(name);
    if (policy === undefined && this.#segments.size < this.#maxSegments) {
      policy = this.#create(name, this.#pool.arms);
      this.#segments.set(name, policy);
    }
    return policy;
  }

  /** The policy that chooses for a segment; `keep` makes it the segment's own, otherwise nothing changes. */
  choosing(name: string, keep: boolean): BanditPolicy<Context> {
    const room = this.#segments.size < this.#maxSegments || this.#segments.has(name);
    if (!room) return this.#pool;
    const policy = keep ? this.own(name)! : (this.#segments.get(name) ?? this.#create(name, this.#pool.arms));
    if (this.#shrinkage > 0) (policy as TablePolicy).borrow(this.#pool as TablePolicy, this.#shrinkage);
    return policy;
  }

  /** All that there are, the pool first. */
  all(): readonly BanditPolicy<Context>[] {
    return [this.#pool, ...this.#segments.values()];
  }

  /** What is believed of an arm in segments that are yet to come; undefined: nothing any more. */
  believe(arm: string, prior: Prior | undefined): void {
    if (prior === undefined) this.#priors.delete(arm);
    else this.#priors.set(arm, prior);
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
      overflow: this.overflow,
      priors: [...this.#priors],
    };
    const json = state as unknown as Json;
    return { kind: KIND, version: 1, arms: this.#pool.arms, rng: this.#rng.state(), state: json };
  }

  /** @throws SnapshotError */
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
    this.overflow = overflow;
  }

  deltaSince(base: PolicySnapshot): PolicySnapshot {
    const before = this.#read(base);
    const then = new Map(before.segments);
    const segments = [...this.#segments].map(([name, policy]) => {
      const old = then.get(name);
      return [name, old === undefined ? policy.snapshot() : policy.deltaSince(old)] as const;
    });
    const overflow = this.overflow - before.overflow;
    const priors = [...this.#priors];
    const state: SegmentState = { pool: this.#pool.deltaSince(before.pool), segments, overflow, priors };
    return { ...this.snapshot(), state: state as unknown as Json };
  }

  merge(delta: PolicySnapshot): void {
    const { pool, segments, overflow } = this.#read(delta);
    this.#pool.merge(pool);
    this.overflow += overflow;
    for (const [name, saved] of segments) this.own(name)?.merge(saved);
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

  #read(snapshot: PolicySnapshot): SegmentState {
    if (snapshot?.version !== 1 || snapshot.kind !== KIND) {
      throw new SnapshotError(`the snapshot must be of ${KIND}, version 1`);
    }
    const state = snapshot.state as unknown as Partial<SegmentState> | null;
    const pairs = state?.segments;
    const sound =
      Array.isArray(pairs) &&
      pairs.length <= this.#maxSegments &&
      pairs.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string') &&
      Number.isSafeInteger(state?.overflow) &&
      state!.overflow! >= 0 &&
      Array.isArray(state!.priors) &&
      JSON.stringify(state!.pool?.arms) === JSON.stringify(snapshot.arms);
    if (!sound) throw new SnapshotError(`the snapshot has no pool and at most ${this.#maxSegments} segments`);
    return state as SegmentState;
  }
}
