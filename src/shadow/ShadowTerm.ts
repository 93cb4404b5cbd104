import type { Clock } from '../core/clock.ts';
import { SnapshotError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { ShadowEvent } from './ShadowEvent.ts';

/** The term as plain JSON. */
export interface SavedTerm {
  readonly stopped: string | null;
  readonly warned: boolean;
  readonly endedAt: number | null;
}

/** What a term is made with. */
export interface TermOptions {
  /** When it ends by itself, milliseconds since the epoch; Infinity for never. */
  readonly expiresAt: number;
  readonly expiryWarningMs: number;
  readonly clock: Clock;
  readonly events: EventSource<ShadowEvent>;
  /** Told before the event that says so. */
  readonly ended: () => void;
}

/** How long shadowing goes on: until its time is over, or somebody stops it. */
export class ShadowTerm {
  readonly #options: TermOptions;
  #stopped: string | undefined;
  #warned = false;
  #endedAt: number | undefined;

  constructor(options: TermOptions) {
    this.#options = options;
  }

  /** Why it is over; undefined while it goes on. */
  get stopped(): string | undefined {
    return this.#stopped;
  }

  /** When it was over; undefined while it goes on. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** Looks whether the time is over, or nearly so. */
  check(): void {
    const { expiresAt, expiryWarningMs, clock, events } = this.#options;
    if (this.#stopped !== undefined || expiresAt === Number.POSITIVE_INFINITY) return;
    const now = clock.now();
    if (now >= expiresAt) {
      this.#end('expired', expiresAt);
      events.emit({ type: 'expired', reason: `expired at ${new Date(expiresAt).toISOString()}` });
    } else if (!this.#warned && now >= expiresAt - expiryWarningMs) {
      this.#warned = true;
      events.emit({ type: 'expiring', reason: `expires at ${new Date(expiresAt).toISOString()}` });
    }
  }

  /** Ends it, where it goes on. */
  stop(reason: string, actor: string): void {
    if (this.#stopped !== undefined) return;
    this.#end(reason, this.#options.clock.now());
    this.#options.events.emit({ type: 'stopped', reason, actor });
  }

  toJSON(): SavedTerm {
    return { stopped: this.#stopped ?? null, warned: this.#warned, endedAt: this.#endedAt ?? null };
  }

  /** @throws SnapshotError for an end that is none */
  load({ stopped, warned, endedAt }: SavedTerm): void {
    const sound = stopped === null ? endedAt === null : typeof stopped === 'string' && Number.isFinite(endedAt);
    if (!sound) throw new SnapshotError('a snapshot of a shadow that has ended must say why and when');
    this.#stopped = stopped ?? undefined;
    this.#warned = warned === true;
    this.#endedAt = endedAt ?? undefined;
  }

  #end(reason: string, at: number): void {
    this.#stopped = reason;
    this.#endedAt = at;
    this.#options.ended();
  }
}
