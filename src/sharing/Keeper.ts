import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import {
  type ContainedErrorEvent,
  type EventBase,
  type EventName,
  type EventNamed,
  EventSource,
  plainEvent,
} from '../core/events.ts';
import { encodeJson, type Json } from '../core/json.ts';
import type { StateStore } from '../core/StateStore.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type AnyStrategy, isStrategy, strategyMark } from '../core/strategy.ts';
import { randomSeed } from '../random/createRng.ts';
import { Pacer } from './Pacer.ts';
import { type PersistEvent, persistEventTypes } from './PersistEvent.ts';
import { checkPersistOptions, type PersistOptions, type PersistSettings } from './PersistOptions.ts';
import { withLimit } from './withLimit.ts';

/** How the keeping of a strategy stands. */
export interface KeeperStatus {
  /** Whether a state was taken over at the start. */
  readonly restored: boolean;
  /** The version that the store holds, as far as is known here. */
  readonly version: number;
  readonly saves: number;
  readonly failures: number;
  /** When it was saved last, milliseconds since the epoch; undefined where it never was. */
  readonly savedAt: number | undefined;
  /** Milliseconds that taking the last snapshot held up everything else. */
  readonly snapshotMs: number;
  /** Whether somebody else writes under this key, so that nothing is saved here any more. */
  readonly conflict: boolean;
}

/** What stands in the store. */
interface Kept {
  readonly format: 1;
  /** Who wrote it: tells a save whose answer was lost from that of another process. */
  readonly writer: string;
  readonly savedAt: number;
  readonly snapshot: Snapshot;
}

/** Taking snapshots may cost no more than this share of the time. */
const SNAPSHOT_SHARE = 0.02;

/** Keeps one strategy; `persist` makes it. */
export class Keeper {
  readonly #strategy: AnyStrategy;
  readonly #store: StateStore;
  readonly #settings: PersistSettings;
  readonly #events: EventSource<PersistEvent>;
  readonly #pacer: Pacer;
  readonly #writer: string = randomSeed();
  readonly #stopWatching: () => void;
  #audit: EventBase[] = [];
  #known = false;
  #restored = false;
  #conflict = false;
  #version = 0;
  #saves = 0;
  #failures = 0;
  #requests = 0;
  #savedAt: number | undefined;
  #snapshotMs = 0;

  /** @internal */
  constructor(strategy: AnyStrategy, store: StateStore, options: PersistOptions) {
    if (!isStrategy(strategy)) throw new InvalidOptionError('strategy', strategy, 'a strategy of this package');
    const protocol = strategy[strategyMark];
    this.#strategy = strategy;
    this.#store = store;
    this.#settings = checkPersistOptions(options, protocol.name);
    const { clock, everyMs, everyRequests, audit } = this.#settings;
    this.#events = new EventSource({ clock, strategy: protocol.name, types: persistEventTypes });
    this.#pacer = new Pacer(clock, everyMs, () => this.#save());
    this.#stopWatching = protocol.observe({
      ...(audit ? { audited: (event) => void this.#audit.push(event) } : {}),
      ...(Number.isFinite(everyRequests) ? { called: () => this.#count() } : {}),
    });
  }

  /** @internal */
  async start(): Promise<void> {
    try {
      await this.#restore();
    } catch (error) {
      if (error instanceof SnapshotError || this.#settings.required) {
        this.#stopWatching();
        throw error;
      }
      this.#fail(error);
    }
    void this.#pacer.now();
  }

  /** How the keeping stands. */
  get status(): KeeperStatus {
    return {
      restored: this.#restored,
      version: this.#version,
      saves: this.#saves,
      failures: this.#failures,
      savedAt: this.#savedAt,
      snapshotMs: this.#snapshotMs,
      conflict: this.#conflict,
    };
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<PersistEvent>>(type: T, listener: (event: EventNamed<PersistEvent, T>) => void): () => void {
    return this.#events.on(type, listener);
  }

  /** The last events, oldest first; saves are not among them. */
  get history(): readonly (PersistEvent | ContainedErrorEvent)[] {
    return this.#events.log;
  }

  /** Saves now. @returns whether the store has it */
  save(): Promise<boolean> {
    return this.#pacer.now();
  }

  /** Saves a last time, and ends. @returns whether the store has it */
  async stop(): Promise<boolean> {
    await this.#pacer.end();
    const saved = await this.#save();
    this.#stopWatching();
    return saved;
  }

  #count(): void {
    this.#requests += 1;
    if (this.#requests >= this.#settings.everyRequests && !this.#pacer.running) this.#pacer.soon();
  }

  #limit<T>(what: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withLimit(this.#settings.clock, this.#settings.timeoutMs, `${this.#store.name}: ${what}`, call);
  }

  async #restore(): Promise<void> {
    const { key } = this.#settings;
    const found = await this.#limit('load', (signal) => this.#store.load(key, { signal }));
    if (found !== undefined) {
      this.#strategy[strategyMark].load(keptOf(found.value).snapshot);
      this.#restored = true;
      this.#events.emit({ type: 'restored', version: found.version, recovered: found.recovered === true });
    }
    this.#version = found?.version ?? 0;
    this.#known = true;
  }

  async #save(): Promise<boolean> {
    if (this.#conflict) return false;
    try {
      if (!this.#known) await this.#look();
      if (this.#conflict) return false;
      await this.#write();
      return !this.#conflict;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** The store could not be read at the start. What it holds, if anything, is not overwritten. */
  async #look(): Promise<void> {
    const { key } = this.#settings;
    const found = await this.#limit('load', (signal) => this.#store.load(key, { signal }));
    if (found === undefined) this.#known = true;
    else this.#giveUp(found.version);
  }

  async #write(): Promise<void> {
    const { key, clock } = this.#settings;
    this.#requests = 0;
    const audit = this.#audit;
    const before = clock.monotonic();
    const snapshot = this.#strategy.snapshot();
    this.#snapshotMs = clock.monotonic() - before;
    const kept: Kept = { format: 1, writer: this.#writer, savedAt: clock.now(), snapshot };
    const set = (expected: number) =>
      this.#limit('compareAndSet', (signal) =>
        this.#store.compareAndSet(key, expected, kept as unknown as Json, { signal }),
      );
    let result = await set(this.#version);
    if (!result.ok && (await this.#isMine())) result = await set(result.version);
    if (!result.ok) {
      this.#giveUp(result.version);
      return;
    }
    this.#version = result.version;
    this.#saves += 1;
    this.#savedAt = kept.savedAt;
    this.#events.emit({ type: 'saved', version: result.version });
    await this.#appendAudit(key, audit);
    this.#pacer.atLeast(this.#snapshotMs / SNAPSHOT_SHARE);
  }

  async #appendAudit(key: string, audit: readonly EventBase[]): Promise<void> {
    if (audit.length === 0) return;
    const events = audit.map((event) => encodeJson(plainEvent(event)));
    await this.#limit('append', (signal) => this.#store.append(key, events, { signal }));
    this.#audit = this.#audit.slice(audit.length);
  }

  /** Whether what the store holds is an earlier save of this very keeper, the answer to which was lost. */
  async #isMine(): Promise<boolean> {
    const { key } = this.#settings;
    const found = await this.#limit('load', (signal) => this.#store.load(key, { signal }));
    return found !== undefined && (found.value as unknown as Partial<Kept> | null)?.writer === this.#writer;
  }

  #giveUp(version: number): void {
    this.#conflict = true;
    // Nothing is saved any more: what is told until the end is not to be kept for that.
    this.#stopWatching();
    this.#audit = [];
    this.#events.emit({ type: 'conflict', version });
  }

  #fail(error: unknown): void {
    this.#failures += 1;
    // A store that is away for long must not make the list of events grow without end.
    this.#audit = this.#audit.slice(-1000);
    this.#events.emit({ type: 'save-failed', error, failures: this.#pacer.failures + 1 });
  }
}

function keptOf(value: Json): Kept {
  const kept = value as unknown as Partial<Kept> | null;
  if (typeof kept !== 'object' || kept === null || kept.format !== 1 || typeof kept.writer !== 'string') {
    throw new SnapshotError(
      'the store must hold what persist() wrote under this key, in a format that this code knows',
    );
  }
  return kept as Kept;
}
