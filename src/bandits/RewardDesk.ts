import { SnapshotError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { ArmRoster } from './ArmRoster.ts';
import type { BanditEvent } from './BanditEvent.ts';
import type { Note } from './Decision.ts';
import type { Holdout } from './Holdout.ts';
import type { PendingPulls } from './PendingPulls.ts';
import type { BanditPolicy } from './policies/BanditPolicy.ts';
import { GivenReward, type Reward } from './reward.ts';

/** What rewards go through. */
export interface RewardDeskParts {
  readonly policy: BanditPolicy;
  readonly roster: ArmRoster;
  readonly pending: PendingPulls;
  readonly holdout: Holdout | undefined;
  readonly events: EventSource<BanditEvent>;
  readonly reward: Reward;
  /** What a failure earns, and a truth that never came; undefined: nothing. */
  readonly failureReward: number | undefined;
  readonly defaultReward: number | undefined;
  readonly batchSize: number;
}

/** A reward on its way to the policy. */
interface Row {
  readonly arm: string;
  readonly born: number;
  readonly reward: number;
  readonly context: unknown;
  readonly propensity?: number;
}

/** Counts, and the rewards of a batch that is not full, as plain JSON. */
export interface RewardDeskState {
  readonly counts: Readonly<Record<keyof RewardCounts, number>>;
  /** Encoded: contexts may be typed arrays. */
  readonly batch: Json;
}

/** What became of rewards. */
export interface RewardCounts {
  /** The policy has them, or they wait for their batch. */
  readonly rewards: number;
  /** They were none. */
  readonly refused: number;
  /** Truths that came where there is no `reward` option to read them. */
  readonly unread: number;
}

/** Where outcomes become rewards, and rewards reach the policy: at once, in batches, as a default, or not at all. */
export class RewardDesk {
  readonly #parts: RewardDeskParts;
  readonly #counts: { -readonly [name in keyof RewardCounts]: number } = { rewards: 0, refused: 0, unread: 0 };
  #batch: Row[] = [];

  constructor(parts: RewardDeskParts) {
    this.#parts = parts;
  }

  get counts(): RewardCounts {
    return { ...this.#counts };
  }

  /** Whether a value that was handed in is a reward; counted and told where it is none. */
  accepts(value: number, arm = ''): boolean {
    try {
      this.#parts.policy.checkReward(value);
      return true;
    } catch (error) {
      this.#refuse(arm, value, error);
      return false;
    }
  }

  /** The chosen arm has answered or failed. */
  settled(outcome: Outcome): void {
    const note = outcome.note as Note;
    const { roster, reward, policy } = this.#parts;
    const monitor = roster.get(note.arm, note.born);
    if (outcome.status !== 'ok') this.#close(note);
    if (monitor === undefined || outcome.status === 'cancelled') return;
    const failed = outcome.status !== 'ok';
    monitor.push(outcome.latencyMs, failed);
    if (failed) this.#earn(note, this.#parts.failureReward);
    else if (reward.due === 'serve') this.#earn(note, this.#read(outcome));
    roster.watch(note.arm, monitor, () => policy.statistics(undefined, note.arm).find(({ arm }) => arm === note.arm)!);
  }

  /** The truth has come, or a reward as such. */
  joined(outcome: Outcome): void {
    // What failed has earned already.
    if (outcome.status !== 'ok') return;
    const note = outcome.note as Note;
    this.#close(note);
    if (outcome.truth instanceof GivenReward) this.#earn(note, outcome.truth.value);
    else if (!this.#parts.reward.given) this.#counts.unread += 1;
    else if (this.#parts.reward.due === 'truth') this.#earn(note, this.#read(outcome));
  }

  /** The truth will not come. */
  lost(outcome: Outcome): void {
    if (outcome.status !== 'ok') return;
    const note = outcome.note as Note;
    this.#close(note);
    if (this.#parts.reward.due === 'truth') this.#earn(note, this.#parts.defaultReward);
  }

  /** Counts a pull in flight. */
  open({ arm, born, segment }: Note): void {
    if (segment !== null && this.#parts.roster.get(arm, born)) this.#parts.pending.add(segment, arm, 1);
  }

  /** An outcome that another replica served waits for its reward here now. */
  adopted(note: Note): void {
    this.open(note);
  }

  /** The reward of an outcome that was served here went to another replica. */
  moved(note: Note): void {
    this.#close(note);
  }

  /** Adds what another replica counted. */
  add(counts: RewardCounts): void {
    for (const name of ['rewards', 'refused', 'unread'] as const) this.#counts[name] += counts[name];
  }

  /** Hands the rewards collected so far to the policy. */
  flush(): void {
    const { policy, roster, events } = this.#parts;
    const rows = this.#batch;
    this.#batch = [];
    for (const { arm, born, reward, context, propensity } of rows) {
      try {
        // An arm that is gone, or another one by its name.
        if (roster.get(arm, born) === undefined) throw new Error(`the arm ${arm} was removed`);
        policy.update(arm, reward, context, propensity === undefined ? {} : { propensity });
      } catch (error) {
        this.#counts.rewards -= 1;
        this.#refuse(arm, reward, error);
        continue;
      }
      if (events.wants('rewarded')) events.emit({ type: 'rewarded', arm, reward, propensity, context });
    }
  }

  save(): RewardDeskState {
    return { counts: { ...this.#counts }, batch: encodeJson(this.#batch) };
  }

  load({ counts, batch }: RewardDeskState): void {
    const rows = decodeJson(batch);
    const sound = Array.isArray(rows) && rows.every((row) => typeof row?.arm === 'string');
    if (!sound) throw new SnapshotError('the snapshot has no list of rewards that wait for their batch');
    for (const name of Object.keys(this.#counts) as (keyof RewardCounts)[]) {
      if (!Number.isSafeInteger(counts[name])) throw new SnapshotError(`the snapshot has no count ${name} of rewards`);
      this.#counts[name] = counts[name];
    }
    this.#batch = rows as Row[];
  }

  #close({ arm, born, segment }: Note): void {
    if (segment !== null && this.#parts.roster.get(arm, born)) this.#parts.pending.add(segment, arm, -1);
  }

  #read(outcome: Outcome): number | undefined {
    return this.#parts.events.guard('reward', () => this.#parts.reward.of(outcome));
  }

  #earn({ arm, born, context, propensity, learn, held, cluster, chosen }: Note, reward: number | undefined): void {
    if (reward === undefined || !this.accepts(reward, arm)) return;
    if (chosen) this.#parts.holdout?.push(held, reward, cluster);
    if (!learn) return;
    this.#counts.rewards += 1;
    this.#batch.push({ arm, born, reward, context, ...(propensity === undefined ? {} : { propensity }) });
    if (this.#batch.length >= this.#parts.batchSize) this.flush();
  }

  #refuse(arm: string, reward: unknown, error: unknown): void {
    this.#counts.refused += 1;
    this.#parts.events.emit({ type: 'reward-refused', arm, reward, why: (error as Error).message });
  }
}
