import type { Claimed, WaitingOutcome } from '../core/Hub.ts';
import type { Json } from '../core/json.ts';
import type { RecordResult } from '../core/Model.ts';
import type { StrategyProtocol } from '../core/strategy.ts';

/** What became of the truths that came to this replica, besides those joined at once. */
export interface SharedTruthCounts {
  /** Truths that wait until the hub says whose they are. */
  readonly asked: number;
  /** Outcomes of other replicas that were joined here. */
  readonly adopted: number;
  /** Outcomes of this replica that others joined. */
  readonly taken: number;
  /** Truths that another replica had joined already. */
  readonly duplicates: number;
  /** Truths of requests that nobody knows. */
  readonly unknown: number;
  /** Truths that were let go because too many were waiting. */
  readonly dropped: number;
}

interface Asked {
  readonly join: () => RecordResult;
  readonly at: number;
}

/** How many outcomes and claims one round carries. */
const AT_ONCE = 1000;

/**
 * Who joins which truth. An outcome that nobody else knows of is joined here at once; one that waits at the hub is joined
 * by whoever asks first.
 */
export class SharedTruths {
  readonly #protocol: StrategyProtocol;
  readonly #capacity: number;
  readonly #graceMs: number;
  /** Served here, and not yet told to the hub. */
  readonly #untold: Set<string> = new Set();
  readonly #asked: Map<string, Asked> = new Map();
  /** Beyond so many untold ones, those that wait no more are let go. */
  #sweepAt = AT_ONCE;
  /** Truths to ask for in the present round that were not asked for yet. */
  #toAsk = 0;
  #joined: string[] = [];
  #released: string[] = [];
  #tellable = false;
  #counts = { adopted: 0, taken: 0, duplicates: 0, unknown: 0, dropped: 0 };

  /** @param graceMs how long a truth waits for its outcome to be told by the replica that served it */
  constructor(protocol: StrategyProtocol, { capacity, graceMs }: { capacity: number; graceMs: number }) {
    this.#protocol = protocol;
    this.#capacity = capacity;
    this.#graceMs = graceMs;
  }

  get counts(): SharedTruthCounts {
    return { asked: this.#asked.size, ...this.#counts };
  }

  /** A request was served that may have a truth. */
  served(requestId: string): void {
    this.#untold.add(requestId);
    if (this.#untold.size > this.#sweepAt) this.#sweep();
  }

  /** A round with the hub begins: each truth is asked for once in it. */
  beginRound(): void {
    this.#toAsk = this.#asked.size;
  }

  /** Whether the present round has more to carry than the last exchange did. */
  get more(): boolean {
    return this.#toAsk > 0 || this.#tellable;
  }

  /** A truth has come. */
  record(requestId: string, join: () => RecordResult, now: number): RecordResult {
    const standing = this.#protocol.standing(requestId);
    if (standing === 'recorded' || standing === 'expired') return join();
    // Under way, or known to nobody else: there is nobody to agree with.
    if (standing !== undefined && (standing === 'open' || this.#untold.has(requestId))) {
      this.#untold.delete(requestId);
      return join();
    }
    if (this.#asked.has(requestId)) return 'duplicate';
    this.#asked.set(requestId, { join, at: now });
    if (this.#asked.size > this.#capacity) {
      this.#asked.delete(this.#asked.keys().next().value!);
      this.#counts.dropped += 1;
    }
    return 'pending';
  }

  /** Outcomes that wait and were not told yet. */
  untold(): readonly Pick<WaitingOutcome, 'requestId' | 'outcome'>[] {
    return [...this.#untold].flatMap((requestId) => {
      const outcome = this.#protocol.outcomeOf(requestId);
      return outcome === undefined ? [] : [{ requestId, outcome }];
    });
  }

  /** Outcomes that wait and were not told yet. Whoever takes them has to tell the hub. */
  takeUntold(): readonly WaitingOutcome[] {
    const taken: WaitingOutcome[] = [];
    this.#tellable = false;
    for (const requestId of this.#untold) {
      if (taken.length >= AT_ONCE) {
        this.#tellable = true;
        break;
      }
      const standing = this.#protocol.standing(requestId);
      // Still under way: it is told once it has settled.
      if (standing === 'open') continue;
      this.#untold.delete(requestId);
      const outcome = standing === 'waiting' ? this.#protocol.outcomeOf(requestId) : undefined;
      if (outcome !== undefined) taken.push({ requestId, at: atOf(outcome), outcome });
    }
    return taken;
  }

  /** Requests whose truth became part of what was learnt since the last call. */
  takeJoined(): readonly string[] {
    const joined = this.#joined;
    this.#joined = [];
    return joined;
  }

  /** Requests to ask for. */
  claims(): readonly string[] {
    const some: string[] = [];
    for (const id of this.#asked.keys()) {
      if (some.length >= Math.min(AT_ONCE, this.#toAsk)) break;
      some.push(id);
    }
    return some;
  }

  /** Of some claims: those whose outcome waits here. */
  here(claims: readonly string[]): ReadonlySet<string> {
    return new Set(claims.filter((requestId) => this.#protocol.standing(requestId) === 'waiting'));
  }

  get released(): readonly string[] {
    return this.#released;
  }

  /** What the hub said of the claims. */
  answer(claimed: readonly Claimed[], now: number): void {
    this.#toAsk = Math.max(0, this.#toAsk - claimed.length);
    for (const claim of claimed) {
      const { requestId } = claim;
      const asked = this.#asked.get(requestId);
      if (asked === undefined) continue;
      // It waits here, and the hub has lost it: nobody else can join it.
      const lost = claim.status === 'unknown' && this.#protocol.standing(requestId) === 'waiting';
      if (claim.status === 'unknown' && !lost && now - asked.at < this.#graceMs) {
        // The replica that served it may not have told yet: it goes to the end of the queue, and is asked for again.
        this.#asked.delete(requestId);
        this.#asked.set(requestId, asked);
        continue;
      }
      this.#asked.delete(requestId);
      if (claim.status === 'granted') this.#join(requestId, asked, claim.outcome);
      else if (lost) this.#join(requestId, asked);
      else if (claim.status === 'taken') this.#counts.duplicates += 1;
      else this.#counts.unknown += 1;
    }
  }

  /** Requests that were served here and joined elsewhere. */
  take(taken: readonly string[]): void {
    for (const requestId of taken) this.#protocol.forget(requestId);
    this.#counts.taken += taken.length;
    this.#released = [...taken];
  }

  /** The ledger is bounded, and so is this: what it has let go of needs no telling. */
  #sweep(): void {
    for (const requestId of this.#untold) {
      const standing = this.#protocol.standing(requestId);
      if (standing !== 'open' && standing !== 'waiting') this.#untold.delete(requestId);
    }
    this.#sweepAt = AT_ONCE + 2 * this.#untold.size;
  }

  #join(requestId: string, { join }: Asked, outcome?: Json): void {
    // What waited here and was let go while the hub was asked is joined no more.
    if (outcome !== undefined && this.#protocol.standing(requestId) !== 'waiting') {
      this.#protocol.readOutcome(requestId, outcome)();
      this.#counts.adopted += 1;
    }
    join();
    this.#joined.push(requestId);
  }
}

function atOf(outcome: unknown): number {
  const { own, nested } = outcome as { own: { at: number } | null; nested: Record<string, unknown> };
  return own?.at ?? atOf(Object.values(nested)[0]);
}
