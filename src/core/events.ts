import { checkFunction, checkInteger } from './check.ts';
import type { Clock } from './clock.ts';
import { InvalidOptionError, SnapshotError } from './errors.ts';

/** What every event carries besides its own fields. */
export interface EventBase {
  readonly type: string;
  /** Milliseconds since the epoch, by the strategy's clock. */
  readonly at: number;
  /** The strategy's name. */
  readonly strategy: string;
  /** Who caused it: `system`, or the name that a person's call gave. */
  readonly actor: string;
}

/** A listener, metric, hook or sink of the user threw. The strategy went on; `count` says how often so far. */
export interface ContainedErrorEvent extends EventBase {
  readonly type: 'contained-error';
  /** Where it was caught, for example `listener` or `metric:rmse`. */
  readonly where: string;
  readonly error: unknown;
  readonly count: number;
}

/** What one can listen for: a type of event, an error that was contained, or (`'*'`) everything. */
export type EventName<E extends EventBase> = (E | ContainedErrorEvent)['type'] | '*';

/** What a listener for an event's name is told. */
export type EventNamed<E extends EventBase, T> = T extends '*'
  ? E | ContainedErrorEvent
  : Extract<E | ContainedErrorEvent, { readonly type: T }>;

type Fields<E> = E extends unknown ? Omit<E, 'at' | 'strategy' | 'actor'> & { readonly actor?: string } : never;

/** Whether an event enters the audit log: those that happen per request do not. */
export type EventKeeping = 'logged' | 'transient';

/** Every type of event that there is, and whether it is kept: known at run time too, for those who have no types. */
export type EventTypes<E extends EventBase> = Readonly<Record<E['type'], EventKeeping>>;

/** Options of a strategy's event source. */
export interface EventSourceOptions<E extends EventBase> {
  readonly clock: Clock;
  readonly strategy: string;
  /** How many events the audit log keeps; contained errors go first, then the oldest. @defaultValue 1000 */
  readonly auditCapacity?: number;
  /** What it may tell of. */
  readonly types: EventTypes<E>;
  /** Told of every event that enters the audit log. Must not throw. @defaultValue nobody */
  readonly logged?: (event: EventBase) => void;
}

/**
 * Typed events with isolated listeners, and the audit log that is the bounded list of them. A listener that throws is
 * counted and reported as a `contained-error`; nobody else notices.
 */
export class EventSource<E extends EventBase> {
  readonly #clock: Clock;
  readonly #strategy: string;
  readonly #types: Readonly<Record<string, EventKeeping>>;
  readonly #capacity: number;
  readonly #logged: ((event: EventBase) => void) | undefined;
  readonly #listeners: Map<string, Set<(event: E | ContainedErrorEvent) => void>> = new Map();
  #log: (E | ContainedErrorEvent)[] = [];
  /** Logged, and not told to the listeners yet. */
  #held: (E | ContainedErrorEvent)[] = [];
  #holds = 0;
  #telling = false;
  #dropped = 0;
  #contained = 0;

  constructor({ clock, strategy, auditCapacity = 1000, types, logged }: EventSourceOptions<E>) {
    this.#clock = clock;
    this.#strategy = strategy;
    this.#types = types;
    this.#logged = logged;
    this.#capacity = checkInteger('auditCapacity', auditCapacity, { ge: 1 });
  }

  /**
   * Calls `listener` for every later event of a type; `'*'` for all of them.
   * @returns takes the listener off again
   * @throws InvalidOptionError for a type that is never told, which nobody would ever hear, and what is no function
   */
  on<T extends EventName<E>>(type: T, listener: (event: EventNamed<E, T>) => void): () => void {
    this.#checkType(type);
    checkFunction('listener', listener);
    const call = listener as (event: E | ContainedErrorEvent) => void;
    const set = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, set.add(call));
    return () => {
      set.delete(call);
    };
  }

  /** Whether anybody listens to a type: events per request are not even built where nobody does. */
  wants(type: string): boolean {
    return (this.#listeners.get(type)?.size ?? 0) > 0 || (this.#listeners.get('*')?.size ?? 0) > 0;
  }

  /** Stamps an event with time, strategy and actor, logs it and tells the listeners. */
  emit(fields: Fields<E>): void {
    this.#publish({ actor: 'system', ...fields, at: this.#clock.now(), strategy: this.#strategy } as unknown as E);
  }

  /**
   * Lets listeners hear of what happens only when it is over: what they look at, or save, is never half of a change. The
   * audit log has the events at once, and listeners hear them in its order.
   * @returns ends it
   */
  hold(): () => void {
    this.#holds += 1;
    let over = false;
    return () => {
      if (over) return;
      over = true;
      this.#holds -= 1;
      this.#tellHeld();
    };
  }

  /** Reports an error of user code that was caught. */
  contain(where: string, error: unknown): void {
    this.#contained += 1;
    const at = this.#clock.now();
    const count = this.#contained;
    this.#publish({ type: 'contained-error', where, error, count, at, strategy: this.#strategy, actor: 'system' });
  }

  /** Runs user code; what it throws, or rejects with, is contained. */
  guard<R>(where: string, task: () => R): R | undefined {
    try {
      const result = task();
      if (result instanceof Promise) result.catch((error: unknown) => this.contain(where, error));
      return result;
    } catch (error) {
      this.contain(where, error);
      return undefined;
    }
  }

  /** How many errors of user code were contained so far. */
  get containedErrors(): number {
    return this.#contained;
  }

  /** The last events, oldest first. */
  get log(): readonly (E | ContainedErrorEvent)[] {
    return this.#log;
  }

  /** How many events the bounded log has let go. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The log as plain data. Errors become their name and message. */
  toJSON(): { readonly events: readonly unknown[]; readonly dropped: number; readonly contained: number } {
    return { events: this.#log.map(plainEvent), dropped: this.#dropped, contained: this.#contained };
  }

  /** Takes over what `toJSON` returned. @returns puts back what was there @throws SnapshotError; nothing has changed */
  load(json: unknown): () => void {
    const { events, dropped, contained } = (json ?? {}) as ReturnType<EventSource<E>['toJSON']>;
    const sound = Array.isArray(events) && events.every((event) => typeof event?.type === 'string');
    if (!sound) throw new SnapshotError('the audit log of a snapshot must be a list of events');
    const counts = [dropped, contained].every((count) => Number.isSafeInteger(count) && count >= 0);
    if (!counts) throw new SnapshotError('the audit log of a snapshot must count what it dropped and contained');
    const before = [this.#log, this.#dropped, this.#contained] as const;
    [this.#log, this.#dropped, this.#contained] = [[...events], dropped, contained];
    return () => {
      [this.#log, this.#dropped, this.#contained] = before;
    };
  }

  #checkType(type: unknown): void {
    const known = [...Object.keys(this.#types), 'contained-error', '*'];
    if (!known.includes(type as string)) throw new InvalidOptionError('event', type, `one of ${known.join(', ')}`);
  }

  #publish(event: E | ContainedErrorEvent): void {
    Object.freeze(event);
    if (this.#types[event.type] !== 'transient') {
      this.#append(event);
      this.#logged?.(event);
    }
    if (this.#holds > 0 || this.#telling) this.#held.push(event);
    else this.#tellAll(event);
  }

  #tellHeld(): void {
    // A listener that causes another change is in the midst of this already.
    if (this.#telling) return;
    this.#telling = true;
    while (this.#holds === 0 && this.#held.length > 0) this.#tellAll(this.#held.shift()!);
    this.#telling = false;
  }

  #tellAll(event: E | ContainedErrorEvent): void {
    for (const type of [event.type, '*']) {
      for (const listener of [...(this.#listeners.get(type) ?? [])]) this.#tell(listener, event);
    }
  }

  #append(event: E | ContainedErrorEvent): void {
    this.#log.push(event);
    if (this.#log.length <= this.#capacity) return;
    // Half at a time, so that a full log costs O(1) an event.
    const excess = Math.max(1, this.#capacity >> 1);
    // Contained errors may come with every request: they must not push out what happened to the strategy.
    let errors = 0;
    const kept = this.#log.filter(({ type }) => {
      if (type !== 'contained-error') return true;
      errors += 1;
      return errors > excess;
    });
    this.#log = kept.slice(Math.max(0, excess - errors));
    this.#dropped += excess;
  }

  #tell(listener: (event: E | ContainedErrorEvent) => void, event: E | ContainedErrorEvent): void {
    const failed = (error: unknown): void => {
      // A listener of contained errors that throws is counted only: reporting it would call it again.
      if (event.type === 'contained-error') this.#contained += 1;
      else this.contain('listener', error);
    };
    try {
      const result: unknown = listener(event);
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}

/** An event as plain data: an error in it becomes its name and message. */
export function plainEvent(event: EventBase): EventBase {
  return 'error' in event ? ({ ...event, error: describeError(event.error) } as EventBase) : event;
}

/** An error as plain data. Whatever was thrown: it never throws itself. */
export function describeError(error: unknown): { readonly name: string; readonly message: string } {
  try {
    return describe(error);
  } catch {
    // No prototype, a getter that throws, a `toString` that does: there is nothing to be read of it.
    return { name: typeof error, message: 'an error that cannot be read' };
  }
}

function describe(error: unknown): { readonly name: string; readonly message: string } {
  if (error instanceof Error) return { name: error.name, message: error.message };
  const plain = error as { name?: unknown; message?: unknown } | null | undefined;
  if (typeof plain === 'object' && plain !== null && typeof plain.message === 'string') {
    return { name: typeof plain.name === 'string' ? plain.name : 'Error', message: plain.message };
  }
  return { name: typeof error, message: String(error) };
}
