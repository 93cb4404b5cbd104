import type { EventSource } from '../core/events.ts';
import type { CanaryEvent, CanaryHooks, TransitionEvent } from './CanaryEvent.ts';

/** What a gate's answer may do. */
interface Gate {
  /** The gate that the rollout waits at, apart from those of other stages and attempts; undefined where it waits at none. */
  gated(): string | undefined;
  approve(): void;
  reject(reason: string): void;
}

/** Calls the user's hooks, contains what they throw, and keeps track of those that are still running. */
export class HookRunner {
  readonly #hooks: CanaryHooks;
  readonly #events: EventSource<CanaryEvent>;
  readonly #gate: Gate;
  readonly #running: Set<Promise<unknown>> = new Set();
  /** The strategy's name, for the events that hooks get. */
  strategy = '';

  constructor(hooks: CanaryHooks, events: EventSource<CanaryEvent>, gate: Gate) {
    this.#hooks = hooks;
    this.#events = events;
    this.#gate = gate;
  }

  /** Asks `preRollout`. `false`, and a hook that broke, mean no. */
  async mayStart(): Promise<boolean> {
    const { preRollout } = this.#hooks;
    if (preRollout === undefined) return true;
    try {
      return (await preRollout()) !== false;
    } catch (error) {
      this.#events.contain('hooks.preRollout', error);
      return false;
    }
  }

  /** Tells the hooks that a transition concerns. */
  tell(event: TransitionEvent): void {
    const { stage, rollback, promoted, gate } = this.#hooks;
    const { phase } = event.to;
    if (phase === 'progressing' && stage !== undefined) this.#run('stage', () => stage(event));
    if (phase === 'rolled-back' && rollback !== undefined) this.#run('rollback', () => rollback(event));
    if (phase === 'promoted' && promoted !== undefined) this.#run('promoted', () => promoted(event));
    const asked = this.#gate.gated();
    if (phase !== 'gated' || gate === undefined || asked === undefined) return;
    this.#run('gate', async () => this.#answer(asked, await gate(event)));
  }

  /** Waits for the hooks that are running, and those that they start. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** An answer that comes when its gate is passed says nothing of the next one. */
  #answer(asked: string, answer: unknown): void {
    if (this.#gate.gated() !== asked) return;
    if (answer === true) this.#gate.approve();
    if (answer === false) this.#gate.reject('rejected by the gate');
  }

  #run(name: string, hook: () => unknown): void {
    const result = this.#events.guard(`hooks.${name}`, hook);
    if (!(result instanceof Promise)) return;
    const running = result.then(
      () => undefined,
      () => undefined,
    );
    this.#running.add(running);
    running.then(() => this.#running.delete(running));
  }
}
