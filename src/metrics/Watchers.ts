import type { EventBase } from '../core/events.ts';
import type { ObservedCall, ObservedTruth, StrategyObserver } from '../core/observer.ts';
import type { ReplicaTap } from '../core/sharing.ts';

/** Who hears of what a strategy does: observers (exporters, tracers), and what shares it with its replicas. */
export class Watchers {
  /** What shares the strategy with its replicas. */
  tap: ReplicaTap | undefined;
  #observers: readonly StrategyObserver[] = [];
  readonly #contain: (error: unknown) => void;
  #containing = false;

  /** @param contain reports what an observer threw */
  constructor(contain: (error: unknown) => void) {
    this.#contain = contain;
  }

  /** Whether an observer wants to hear of every call. */
  get observed(): boolean {
    return this.#observers.length > 0;
  }

  /** Whether anybody wants to hear of every call: an observer, or the replicas. */
  get any(): boolean {
    return this.#observers.length > 0 || this.tap !== undefined;
  }

  /** Adds an observer. @returns takes it off again */
  observe(observer: StrategyObserver): () => void {
    this.#observers = [...this.#observers, observer];
    return () => {
      this.#observers = this.#observers.filter((other) => other !== observer);
    };
  }

  /** A variant's model was called. */
  called(call: ObservedCall): void {
    this.#tell((observer) => observer.called?.(call));
  }

  /** A truth has come. */
  joined(truth: ObservedTruth): void {
    if (this.observed) this.#tell((observer) => observer.joined?.(truth));
  }

  /** A truth will not come. */
  lost(truth: ObservedTruth, why: 'expired' | 'dropped'): void {
    if (this.observed) this.#tell((observer) => observer.lost?.(truth, why));
  }

  /** An event entered the audit log. */
  audited(event: EventBase): void {
    this.#tell((observer) => observer.audited?.(event));
    this.tap?.audited(event.type);
  }

  /** An observer that throws is a contained error; one that throws at the news of an error is only caught. */
  #tell(call: (observer: StrategyObserver) => void): void {
    for (const observer of this.#observers) {
      try {
        call(observer);
      } catch (error) {
        if (this.#containing) continue;
        this.#containing = true;
        this.#contain(error);
        this.#containing = false;
      }
    }
  }
}
