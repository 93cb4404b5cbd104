import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import { type ContainedErrorEvent, type EventName, type EventNamed, EventSource } from '../core/events.ts';
import type { Flush, HeldControl, Hub, RoundResult } from '../core/Hub.ts';
import type { Delta } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type AnyStrategy, isStrategy, type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { withoutTruths } from '../metrics/runtimeState.ts';
import { randomSeed } from '../random/createRng.ts';
import { isAhead } from './controls.ts';
import { Pacer } from './Pacer.ts';
import { type SharedTruthCounts, SharedTruths } from './SharedTruths.ts';
import { type ShareEvent, shareEventTypes } from './ShareEvent.ts';
import type { ShareSettings } from './ShareOptions.ts';
import { withLimit } from './withLimit.ts';

/** How the sharing of a strategy stands. */
export interface ReplicaStatus {
  /** This life's label: unique among all replicas, ever. */
  readonly replica: string;
  /** Whether the hub knows this life. */
  readonly joined: boolean;
  /** Milliseconds since the last good round: how old what is known of the others can be. */
  readonly stalenessMs: number;
  /** Whether that is more than `maxStalenessMs`. */
  readonly stale: boolean;
  /** Flushes of this life that the hub has. */
  readonly flushes: number;
  /** Deltas of other replicas that were added here. */
  readonly merged: number;
  /** What came from the hub and did not fit. */
  readonly refused: number;
  readonly failures: number;
  /** The hub's version of what all agreed on; 0 for none. */
  readonly controlVersion: number;
  readonly truths: SharedTruthCounts;
}

type Flight = Omit<Flush, 'id'>;

const PROPOSALS_AT_ONCE = 3;

/** One strategy among its replicas; `share` makes it. */
export class Replica {
  readonly #strategy: AnyStrategy;
  readonly #protocol: StrategyProtocol;
  readonly #hub: Hub;
  readonly #settings: ShareSettings;
  readonly #events: EventSource<ShareEvent>;
  readonly #truths: SharedTruths;
  readonly #pacer: Pacer;
  #label: string;
  #joined = false;
  #lastGood: number;
  #stale = false;
  #requests = 0;
  #flushes = 0;
  #merged = 0;
  #refused = 0;
  #failures = 0;
  #cursor = '0';
  #held: HeldControl | undefined;
  /** What the hub has not acknowledged: it goes out again, the same, until it does. */
  #flight: Flight | undefined;
  /** Deltas that were taken and could not be sent yet. */
  #queue: Delta[] = [];
  #foldNext = false;
  /** Deltas of others that do not fit yet. */
  #postponed: { readonly delta: Delta; readonly since: number }[] = [];
  /** The strategy before it learnt anything. */
  #pristine: Snapshot | undefined;
  /** Whether what was agreed on contradicts what is in force here: only a new start helps. */
  #startOver = false;
  /** The version of the control that was refused last. */
  #unfit = 0;
  /** The log that was joined last. */
  #born: string | undefined;
  #ended = false;
  #stopping: Promise<boolean> | undefined;
  #unwatch: (() => Promise<void>) | undefined;

  /** @internal */
  constructor(strategy: AnyStrategy, hub: Hub, settings: ShareSettings) {
    if (!isStrategy(strategy)) throw new InvalidOptionError('strategy', strategy, 'a strategy of this package');
    const { clock, everyMs, graceMs, truthCapacity } = settings;
    this.#strategy = strategy;
    this.#protocol = strategy[strategyMark];
    this.#hub = hub;
    this.#settings = settings;
    this.#lastGood = clock.now();
    this.#events = new EventSource({ clock, strategy: this.#protocol.name, types: shareEventTypes });
    this.#truths = new SharedTruths(this.#protocol, { capacity: truthCapacity, graceMs });
    this.#pacer = new Pacer(clock, everyMs, () => this.#round());
    // Until the hub gives it a label, a random one keeps its ids apart from those of its other lives.
    this.#label = `${settings.replica}.${randomSeed()}`;
  }

  /** @internal */
  async start(): Promise<void> {
    this.#protocol.relabel(this.#label);
    this.#protocol.tap({
      settled: (requestId) => {
        if (requestId !== undefined) this.#truths.served(requestId);
        this.#requests += 1;
        if (this.#requests >= this.#settings.everyRequests && !this.#pacer.running) this.#pacer.soon();
      },
      record: (requestId, join) => this.#truths.record(requestId, join, this.#settings.clock.now()),
      audited: (type) => {
        if (type !== 'contained-error') this.#pacer.soon();
      },
    });
    try {
      await this.#limit('join', (signal) => this.#join(signal));
    } catch (error) {
      if (error instanceof SnapshotError) {
        await this.#letGo();
        throw error;
      }
      this.#fail(error);
    }
    // Not before: a snapshot has random streams begin, and those are to be of the label that the hub gave.
    if (this.#requests === 0) this.#pristine = withoutTruths(this.#strategy.snapshot());
    this.#pacer.soon();
    this.#watch();
  }

  /** How the sharing stands. */
  get status(): ReplicaStatus {
    return {
      replica: this.#label,
      joined: this.#joined,
      stalenessMs: this.#settings.clock.now() - this.#lastGood,
      stale: this.#stale,
      flushes: this.#flushes,
      merged: this.#merged,
      refused: this.#refused,
      failures: this.#failures,
      controlVersion: this.#held?.version ?? 0,
      truths: this.#truths.counts,
    };
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<ShareEvent>>(type: T, listener: (event: EventNamed<ShareEvent, T>) => void): () => void {
    return this.#events.on(type, listener);
  }

  /** The last events, oldest first; the flushes are not among them. */
  get history(): readonly (ShareEvent | ContainedErrorEvent)[] {
    return this.#events.log;
  }

  /** A round with the hub, now. @returns whether it succeeded; false after `stop` */
  async exchange(): Promise<boolean> {
    return this.#ended ? false : this.#pacer.now();
  }

  /** Tells the hub what is left to tell, and leaves. The strategy goes on alone. @returns whether the hub has it all */
  stop(): Promise<boolean> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<boolean> {
    await this.#pacer.end();
    const told = await this.#round();
    await this.#letGo();
    return told && this.#flight === undefined;
  }

  async #letGo(): Promise<void> {
    this.#ended = true;
    await this.#pacer.end();
    this.#protocol.tap(undefined);
    try {
      await this.#unwatch?.();
      if (this.#joined) await this.#limit('leave', (signal) => this.#hub.leave(this.#label, { signal }));
    } catch (error) {
      this.#events.contain('hub', error);
    }
    this.#joined = false;
  }

  #watch(): void {
    this.#hub
      .watch?.(() => this.#pacer.soon())
      .then(
        (unwatch) => {
          this.#unwatch = unwatch;
          // It took so long that nobody listens any more.
          if (this.#ended) unwatch().catch((error: unknown) => this.#events.contain('hub', error));
        },
        (error: unknown) => this.#events.contain('hub', error),
      );
  }

  #limit<T>(what: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withLimit(this.#settings.clock, this.#settings.timeoutMs, `${this.#hub.name}: ${what}`, call);
  }

  async #round(): Promise<boolean> {
    this.#truths.beginRound();
    try {
      // A bounded number: what is left after that comes with the next round.
      for (let i = 0; i < 100; i += 1) {
        if (!this.#joined) await this.#limit('join', (signal) => this.#join(signal));
        // What is in doubt is settled first: a proposal that is refused can end this life, and the hub may have it already.
        if (this.#flight === undefined) await this.#propose();
        if (!(await this.#exchange())) break;
      }
      await this.#propose();
      this.#lastGood = this.#settings.clock.now();
      if (this.#stale) this.#events.emit({ type: 'fresh' });
      this.#stale = false;
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    this.#failures += 1;
    this.#events.emit({ type: 'round-failed', error, failures: this.#pacer.failures + 1 });
    const stalenessMs = this.#settings.clock.now() - this.#lastGood;
    if (this.#stale || stalenessMs <= this.#settings.maxStalenessMs) return;
    this.#stale = true;
    this.#events.emit({ type: 'stale', stalenessMs });
  }

  async #join(signal: AbortSignal): Promise<void> {
    const { replica, clock } = this.#settings;
    const found = await this.#hub.join(replica, clock.now(), { signal });
    const { replica: label, base, cursor, control, born } = found;
    if (signal.aborted) return;
    const delta = this.#protocol.takeDelta();
    const untold = this.#truths.untold();
    this.#protocol.relabel(label);
    if (delta !== undefined) this.#queue.push(delta);
    // A log that was read before is read again from its beginning; one that has lost everything goes on from what is known here.
    const again = this.#startOver || born === this.#born;
    const from = base ?? (again ? this.#pristine : undefined);
    if (from !== undefined) {
      this.#protocol.load(from);
      this.#postponed = [];
      if (control !== undefined) this.#follow(control, true);
      // What the hub does not have yet is not in its base.
      this.#queue = this.#queue.filter((mine) => this.#add(mine));
      if (this.#flight?.delta !== undefined && !this.#add(this.#flight.delta)) this.#flight = undefined;
      for (const { requestId, outcome } of untold) this.#protocol.readOutcome(requestId, outcome)();
    }
    this.#startOver = false;
    this.#label = label;
    this.#cursor = cursor;
    this.#born = born;
    this.#flushes = 0;
    this.#joined = true;
    this.#held = control;
    if (control !== undefined && from === undefined) this.#follow(control);
    this.#events.emit({ type: 'joined', replica: label });
  }

  /** @returns whether there is more to do at once */
  async #exchange(): Promise<boolean> {
    this.#requests = 0;
    const base = this.#flight === undefined ? this.#prepare() : undefined;
    const flush = this.#flight === undefined ? undefined : { id: this.#flushes + 1, ...this.#flight };
    const claims = this.#truths.claims();
    const round = {
      replica: this.#label,
      at: this.#settings.clock.now(),
      cursor: this.#cursor,
      controlVersion: this.#held?.version ?? 0,
      flush,
      claims,
      here: this.#truths.here(claims),
      released: this.#truths.released,
      base,
    };
    const result = await this.#limit('exchange', (signal) => this.#hub.exchange(round, { signal }));
    return this.#take(result);
  }

  /** What goes out with this round. @returns the state to fold the log into, where it is time to */
  #prepare(): Snapshot | undefined {
    const fold = this.#foldNext && this.#queue.length + this.#postponed.length === 0;
    const delta = this.#queue.shift() ?? this.#protocol.takeDelta();
    const waiting = this.#truths.takeUntold();
    const joined = this.#truths.takeJoined();
    if (delta === undefined && waiting.length + joined.length === 0 && !fold) return undefined;
    this.#flight = { delta, waiting, joined };
    this.#foldNext = false;
    // Only a state that has nothing else in it than the log and this delta can stand for the log.
    return fold ? withoutTruths(this.#strategy.snapshot()) : undefined;
  }

  #take(result: RoundResult): boolean {
    const { flush, deltas, control, claimed, taken, cursor, more, behind, length } = result;
    if (flush === 'applied' || flush === 'gap') this.#acknowledge(flush);
    if (control !== undefined) this.#follow(control);
    this.#merge(deltas);
    this.#cursor = cursor;
    this.#truths.answer(claimed, this.#settings.clock.now());
    this.#truths.take(taken);
    if (behind) this.#joined = false;
    this.#foldNext = length >= this.#settings.foldAt && !more && this.#joined;
    return more || !this.#joined || this.#queue.length > 0 || this.#truths.more;
  }

  #acknowledge(flush: 'applied' | 'gap'): void {
    const { delta } = this.#flight!;
    this.#flight = undefined;
    this.#flushes += 1;
    if (flush === 'gap') this.#events.emit({ type: 'lost-flushes', flush: this.#flushes });
    this.#events.emit({ type: 'flushed', flush: this.#flushes, delta });
  }

  /** Adds the deltas of others. One that does not fit may be of a change that is told a little later: it waits. */
  #merge(deltas: readonly Delta[]): void {
    const { clock, graceMs } = this.#settings;
    const now = clock.now();
    const all = [...this.#postponed, ...deltas.map((delta) => ({ delta, since: now }))];
    this.#postponed = all.filter(({ delta, since }) => {
      try {
        this.#protocol.readDelta(delta)();
        this.#merged += 1;
        return false;
      } catch (error) {
        if (now - since < graceMs) return true;
        this.#refuse('delta', error);
        return false;
      }
    });
  }

  #add(delta: Delta): boolean {
    try {
      this.#protocol.readDelta(delta)();
      return true;
    } catch (error) {
      this.#refuse('delta', error);
      return false;
    }
  }

  /** @param force where what was changed here came too late */
  #follow(held: HeldControl, force = false): void {
    this.#held = held;
    try {
      const changed = this.#protocol.readControl(held.control, force)();
      if (changed) this.#events.emit({ type: 'followed', version: held.version });
    } catch (error) {
      this.#refuse('control', error);
      // Once: what does not fit a new start either is of another configuration.
      if (held.version === this.#unfit) return;
      this.#unfit = held.version;
      this.#startOver = true;
      this.#joined = false;
    }
  }

  #refuse(what: 'delta' | 'control', error: unknown): void {
    this.#refused += 1;
    this.#events.emit({ type: 'refused', what, error });
  }

  /** Puts in force what was changed here; where another replica was first, what it put in force is followed. */
  async #propose(): Promise<void> {
    for (let i = 0; i < PROPOSALS_AT_ONCE; i += 1) {
      const control = this.#protocol.control();
      if (!isAhead(control, this.#held?.control)) return;
      const expected = this.#held?.version ?? 0;
      const { ok, held } = await this.#limit('propose', (signal) => this.#hub.propose(expected, control, { signal }));
      if (!ok) {
        this.#held = undefined;
        if (held !== undefined) this.#follow(held, true);
        if (!this.#joined) return;
        continue;
      }
      this.#held = held;
      this.#events.emit({ type: 'proposed', version: held?.version ?? 0 });
    }
  }
}
