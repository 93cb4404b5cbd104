import type { EventBase, EventSource } from '../../core/events.ts';

/** The gates that a hook may open, and what its answer does. */
export interface GateControl {
  /** The gate that is waited at, apart from those of other stages and attempts; undefined where none is. */
  gated(): string | undefined;
  approve(): void;
  reject(): void;
}

/** Calls the user's hooks, contains what they throw, and keeps track of those that are still running. */
export class HookCalls<E extends EventBase> {
  readonly #events: EventSource<E>;
  readonly #running: Set<Promise<unknown>> = new Set();

  constructor(events: EventSource<E>) {
    this.#events = events;
  }

  /** Calls a hook, where there is one, with an event. */
  tell<Told>(name: string, hook: ((event: Told) => unknown) | undefined, event: Told): void {
    if (hook !== undefined) this.run(name, () => hook(event));
  }

  /** Runs what a hook does. */
  run(name: string, task: () => unknown): void {
    const result = this.#events.guard(`hooks.${name}`, task);
    if (!(result instanceof Promise)) return;
    const running = result.then(
      () => undefined,
      () => undefined,
    );
    this.#running.add(running);
    running.then(() => this.#running.delete(running));
  }

  /** Asks the `gate` hook, where there is one. An answer that comes when its gate is passed says nothing of the next one. */
  ask<Told>(hook: ((event: Told) => unknown) | undefined, event: Told, gate: GateControl): void {
    const asked = gate.gated();
    if (hook === undefined || asked === undefined) return;
    this.run('gate', async () => {
      const answer = await hook(event);
      if (gate.gated() !== asked) return;
      if (answer === true) gate.approve();
      if (answer === false) gate.reject();
    });
  }

  /** Waits for the hooks that are running, and those that they start. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
