import { checkName } from '../core/check.ts';
import type { Claimed, Flush, HeldControl, Hub, Joined, ProposalResult, Round, RoundResult } from '../core/Hub.ts';
import type { Control, Delta } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { randomSeed } from '../random/createRng.ts';
import { checkHubOptions, type HubLimits, type HubOptions } from './hubOptions.ts';

interface Entry {
  readonly place: number;
  readonly replica: string;
  readonly text: string;
}

interface Waiting {
  readonly at: number;
  readonly text: string;
  readonly owner: string;
  claimedBy: string;
}

/** A replica that reads the log: what it has not read yet stays there. */
interface Reader {
  cursor: number;
  seen: number;
}

/** A round carries no more ids of outcomes that others have joined. */
const IDS_AT_ONCE = 1000;

/**
 * A hub within one process: for tests, simulations, and strategies that share one process. What goes in and comes out is
 * text in between, as with any other hub.
 *
 * @example
 * const hub = new MemoryHub();
 * const shared = await share(bandit, hub, { replica: 'web-1' });
 */
export class MemoryHub implements Hub {
  readonly name = 'memory';
  readonly #limits: HubLimits;
  readonly #born: string = randomSeed();
  readonly #lives: Map<string, number> = new Map();
  readonly #readers: Map<string, Reader> = new Map();
  /** The last flush of every life, silent ones too: one that wakes up late and tries again adds nothing twice. */
  readonly #flushed: Map<string, number> = new Map();
  readonly #taken: Map<string, Set<string>> = new Map();
  readonly #waiting: Map<string, Waiting> = new Map();
  readonly #joined: Set<string> = new Set();
  readonly #listeners: Set<() => void> = new Set();
  #log: Entry[] = [];
  #place = 0;
  #trimmed = 0;
  #base: { readonly place: number; readonly text: string } | undefined;
  #control: { readonly version: number; readonly text: string } | undefined;

  /** @throws InvalidOptionError */
  constructor(options: HubOptions = {}) {
    this.#limits = checkHubOptions(options);
  }

  async join(label: string, at: number): Promise<Joined> {
    const life = (this.#lives.get(checkName('label', label)) ?? 0) + 1;
    this.#lives.set(label, life);
    const replica = `${label}.${life}`;
    const cursor = this.#base?.place ?? 0;
    this.#readers.set(replica, { cursor, seen: at });
    this.#flushed.set(replica, 0);
    trim(this.#flushed, this.#limits.livesCapacity);
    const base = this.#base === undefined ? undefined : (JSON.parse(this.#base.text) as Snapshot);
    return { replica, base, cursor: String(cursor), born: this.#born, control: this.#held() };
  }

  async exchange(round: Round): Promise<RoundResult> {
    const { replica, at, controlVersion, claims, here, released } = round;
    const cursor = Number(round.cursor);
    const reader: Reader = { cursor, seen: at };
    this.#readers.set(replica, reader);
    const late = cursor < this.#trimmed;
    const flush = this.#flush(replica, cursor, round);
    const taken = this.#taken.get(replica) ?? new Set();
    for (const id of released) taken.delete(id);
    this.#expire(at);
    const behind = late || flush === 'gap' || !this.#flushed.has(replica);
    const found = behind ? [] : this.#log.filter(({ place }) => place > cursor);
    const some = found.slice(0, this.#limits.atOnce);
    const deltas = some.filter((entry) => entry.replica !== replica).map(({ text }) => JSON.parse(text) as Delta);
    return {
      flush,
      deltas,
      // A replica that has just folded the log is where its own state is.
      cursor: String(some.at(-1)?.place ?? reader.cursor),
      more: found.length > some.length || taken.size > IDS_AT_ONCE,
      behind,
      length: this.#place - (this.#base?.place ?? 0),
      control: (this.#control?.version ?? 0) === controlVersion ? undefined : this.#held(),
      claimed: claims.map((id) => this.#claim(replica, id, at, here?.has(id) === true)),
      taken: [...taken].slice(0, IDS_AT_ONCE),
    };
  }

  async propose(expected: number, control: Control): Promise<ProposalResult> {
    const version = this.#control?.version ?? 0;
    const text = JSON.stringify(control);
    if (version !== expected)
      return { ok: version === expected + 1 && text === this.#control?.text, held: this.#held() };
    this.#control = { version: version + 1, text };
    for (const listener of [...this.#listeners]) queueMicrotask(listener);
    return { ok: true, held: this.#held() };
  }

  async leave(replica: string): Promise<void> {
    this.#readers.delete(replica);
    this.#taken.delete(replica);
  }

  async watch(listener: () => void): Promise<() => Promise<void>> {
    this.#listeners.add(listener);
    return async () => void this.#listeners.delete(listener);
  }

  #held(): HeldControl | undefined {
    if (this.#control === undefined) return undefined;
    return { version: this.#control.version, control: JSON.parse(this.#control.text) as Control };
  }

  #flush(replica: string, cursor: number, { flush, base }: Round): RoundResult['flush'] {
    if (flush === undefined) return 'none';
    const last = this.#flushed.get(replica);
    if (last === undefined) return 'refused';
    if (flush.id <= last) return 'applied';
    this.#flushed.set(replica, flush.id);
    const before = this.#place;
    if (flush.delta !== undefined) {
      this.#place += 1;
      this.#log.push({ place: this.#place, replica, text: JSON.stringify(flush.delta) });
    }
    this.#keep(replica, flush);
    // The base says what the log says up to here only if nobody told anything in between.
    if (base !== undefined && before === cursor) this.#fold(replica, base);
    return flush.id === last + 1 ? 'applied' : 'gap';
  }

  #keep(owner: string, { waiting, joined }: Flush): void {
    for (const requestId of joined) {
      this.#waiting.delete(requestId);
      this.#joined.add(requestId);
    }
    for (const { requestId, at, outcome } of waiting) {
      if (this.#joined.has(requestId) || this.#waiting.has(requestId)) continue;
      this.#waiting.set(requestId, { at, text: JSON.stringify(outcome), owner, claimedBy: '' });
    }
    trim(this.#joined, this.#limits.waitingCapacity);
    trim(this.#waiting, this.#limits.waitingCapacity);
  }

  /** The log up to here is in the base: what every reader has read goes. */
  #fold(replica: string, base: Snapshot): void {
    this.#base = { place: this.#place, text: JSON.stringify(base) };
    this.#readers.get(replica)!.cursor = this.#place;
    this.#trimmed = Math.min(...[...this.#readers.values()].map(({ cursor }) => cursor));
    this.#log = this.#log.filter(({ place }) => place > this.#trimmed);
  }

  #claim(replica: string, requestId: string, now: number, here: boolean): Claimed {
    if (this.#joined.has(requestId)) return { requestId, status: 'taken' };
    const found = this.#waiting.get(requestId);
    if (found === undefined || now - found.at > this.#limits.waitingMs) return { requestId, status: 'unknown' };
    if (found.claimedBy !== '' && found.claimedBy !== replica) return { requestId, status: 'taken' };
    if (found.claimedBy === '' && found.owner !== replica && this.#readers.has(found.owner)) {
      const taken = this.#taken.get(found.owner) ?? new Set();
      this.#taken.set(found.owner, taken.add(requestId));
    }
    found.claimedBy = replica;
    const outcome = here ? undefined : JSON.parse(found.text);
    return { requestId, status: 'granted', at: found.at, outcome };
  }

  #expire(now: number): void {
    for (const [id, { at }] of this.#waiting) {
      if (now - at <= this.#limits.waitingMs) break;
      this.#waiting.delete(id);
    }
    for (const [replica, { seen }] of this.#readers) {
      if (now - seen > this.#limits.silenceMs) void this.leave(replica);
    }
  }
}

function trim(set: Set<string> | Map<string, unknown>, capacity: number): void {
  for (const id of set.keys()) {
    if (set.size <= capacity) return;
    set.delete(id);
  }
}
