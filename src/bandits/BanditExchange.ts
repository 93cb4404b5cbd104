import { SnapshotError } from '../core/errors.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';
import type { ArmCounts, ArmRoster } from './ArmRoster.ts';
import type { Holdout } from './Holdout.ts';
import type { HoldoutSums } from './HoldoutTally.ts';
import type { BanditPolicy, PolicySnapshot } from './policies/BanditPolicy.ts';
import type { RewardCounts, RewardDesk } from './RewardDesk.ts';

/** What a bandit exchanges with its replicas. */
export interface ExchangeParts {
  readonly policy: BanditPolicy;
  readonly roster: ArmRoster;
  readonly desk: RewardDesk;
  readonly holdout: Holdout | undefined;
  /** A policy like this one, with its present arms, that has learnt nothing. */
  readonly createPolicy: () => BanditPolicy;
}

/** What was learnt here since the last time, as plain JSON. */
export interface BanditDelta {
  readonly policy: PolicySnapshot;
  readonly arms: readonly (ArmCounts & { readonly latency: MomentsState })[];
  readonly served: number;
  readonly rewards: RewardCounts;
  readonly holdout: HoldoutSums | null;
}

/** What the replicas know already, as plain JSON. */
export interface ExchangeState {
  readonly policy: PolicySnapshot;
  readonly arms: readonly ArmCounts[];
  readonly served: number;
  readonly rewards: RewardCounts;
}

const COUNTS = ['served', 'settled', 'failed'] as const;
const REWARDS = ['rewards', 'refused', 'unread'] as const;

/** Deltas of a bandit: what is its own since the last one, without what came from replicas. */
export class BanditExchange {
  readonly #parts: ExchangeParts;
  /** What the replicas know already: what was told them, and what they told. */
  #told: BanditPolicy | undefined;
  #toldArms: Map<string, ArmCounts> = new Map();
  #toldServed = 0;
  #toldRewards: RewardCounts = { rewards: 0, refused: 0, unread: 0 };

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** Undefined where nothing was served or learnt. */
  take(): BanditDelta | undefined {
    const { policy, roster, desk, holdout } = this.#parts;
    const counts = desk.counts;
    const rewards = difference(counts, this.#toldRewards, REWARDS);
    const served = roster.served - this.#toldServed;
    const arms = roster.counts().map((now) => {
      const before = this.#toldArms.get(now.arm);
      return { arm: now.arm, ...(before === undefined ? pick(now) : difference(now, before, COUNTS)) };
    });
    if (served === 0 && [...Object.values(rewards), ...arms.map(({ settled }) => settled)].every((n) => n === 0)) {
      return undefined;
    }
    const told = this.#base();
    const delta: BanditDelta = {
      policy: policy.deltaSince(told.snapshot()),
      arms: arms.map((arm) => ({ ...arm, latency: roster.get(arm.arm)!.takeLatency() })),
      served,
      rewards,
      holdout: holdout?.takeSums() ?? null,
    };
    told.restore(policy.snapshot());
    this.#toldArms = new Map(roster.counts().map((arm) => [arm.arm, arm]));
    this.#toldServed = roster.served;
    this.#toldRewards = counts;
    return delta;
  }

  /** Checks a delta, changing nothing. @returns adds it @throws SnapshotError */
  read(delta: BanditDelta): () => void {
    const { policy, roster, desk, holdout, createPolicy } = this.#parts;
    if (!policy.mergeable)
      throw new SnapshotError(`${policy.kind} depends on the order of updates: it cannot be merged`);
    const trial = createPolicy();
    trial.restore(policy.snapshot());
    trial.merge(delta.policy);
    const arms = delta.arms.map((arm) => {
      const monitor = roster.get(arm.arm);
      if (monitor === undefined) throw new SnapshotError(`the delta has an arm ${arm.arm} that is not here`);
      return { ...checkCounts(arm, COUNTS, 0), arm: arm.arm, monitor, latency: Moments.fromJSON(arm.latency) };
    });
    const rewards = checkCounts(delta.rewards, REWARDS);
    const { served } = checkCounts({ served: delta.served }, ['served'], 0);
    if ((delta.holdout === null) !== (holdout === undefined)) {
      throw new SnapshotError('the delta must have a held-out share where the bandit has one, and only there');
    }
    const addSums = delta.holdout === null ? undefined : holdout!.readSums(delta.holdout);
    return () => {
      this.#base().merge(delta.policy);
      policy.merge(delta.policy);
      for (const { arm, monitor, latency, ...counts } of arms) {
        for (const name of COUNTS) monitor[name] += counts[name];
        monitor.addLatency(latency);
        const before = this.#toldArms.get(arm) ?? { arm, served: 0, settled: 0, failed: 0 };
        this.#toldArms.set(arm, { arm, ...sum(before, counts, COUNTS) });
      }
      roster.served += served;
      this.#toldServed += served;
      desk.add(rewards);
      this.#toldRewards = sum(this.#toldRewards, rewards, REWARDS);
      addSums?.();
    };
  }

  /** An arm is gone: another one by its name starts from nothing. */
  removed(arm: string): void {
    this.#toldArms.delete(arm);
    if (this.#told?.arms.includes(arm)) this.#told.removeArm(arm);
  }

  save(): ExchangeState | null {
    if (this.#told === undefined) return null;
    const arms = [...this.#toldArms.values()];
    return { policy: this.#told.snapshot(), arms, served: this.#toldServed, rewards: this.#toldRewards };
  }

  /** Goes on from a snapshot; null where nothing was exchanged, so that everything is yet to be told. */
  load(state: ExchangeState | null): void {
    this.#told = undefined;
    if (state !== null) this.#base().restore(state.policy);
    this.#toldArms = new Map((state?.arms ?? []).map((arm) => [arm.arm, arm]));
    this.#toldServed = state?.served ?? 0;
    this.#toldRewards = state?.rewards ?? { rewards: 0, refused: 0, unread: 0 };
  }

  /** Takes all that is known now as told: it came from another replica. */
  skip(): void {
    const { policy, roster, desk, holdout } = this.#parts;
    const arms = roster.counts();
    const state = { policy: policy.snapshot(), arms, served: roster.served, rewards: desk.counts };
    this.load(policy.mergeable ? state : null);
    for (const { arm } of arms) roster.get(arm)!.takeLatency();
    holdout?.takeSums();
  }

  #base(): BanditPolicy {
    const { policy, createPolicy } = this.#parts;
    this.#told ??= createPolicy();
    for (const arm of policy.arms) if (!this.#told.arms.includes(arm)) this.#told.addArm(arm);
    return this.#told;
  }
}

function pick({ served, settled, failed }: ArmCounts): Omit<ArmCounts, 'arm'> {
  return { served, settled, failed };
}

type Counts<K extends string> = { readonly [name in K]: number };

function difference<K extends string>(now: Counts<K>, before: Counts<K>, names: readonly K[]): Counts<K> {
  return Object.fromEntries(names.map((name) => [name, now[name] - before[name]])) as Counts<K>;
}

function sum<K extends string>(one: Counts<K>, other: Counts<K>, names: readonly K[]): Counts<K> {
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as Counts<K>;
}

/** Rewards that were taken back, because their arm is gone, make a difference below 0; of requests there is none. */
function checkCounts<K extends string>(counts: Counts<K>, names: readonly K[], least = -Infinity): Counts<K> {
  for (const name of names) {
    if (!Number.isSafeInteger(counts?.[name]) || counts[name] < least)
      throw new SnapshotError(`the delta must have a count ${name}`);
  }
  return Object.fromEntries(names.map((name) => [name, counts[name]])) as Counts<K>;
}
