import { checkFunction, checkOptions } from '../core/check.ts';
import type { EventSource } from '../core/events.ts';
import type { RolloutEvent, RolloutHooks, RolloutTransitionEvent } from './RolloutEvent.ts';

/** What a gate's answer may do. `key` tells gates of other steps and attempts apart. */
interface Gate {
  key(): string | undefined;
  approve(): void;
  reject(): void;
}

const names = ['transition', 'gate', 'promoted', 'rejected'] as const;

/** Calls the hooks, contains what they throw, and keeps track of those that are still running. */
export class RolloutHookRunner {
  readonly #hooks: RolloutHooks;
  readonly #events: EventSource<RolloutEvent>;
  readonly #gate: Gate;
  readonly #running: Set<Promise<unknown>> = new Set();

  /** @throws InvalidOptionError if a hook is unknown or no function */
  constructor(hooks: RolloutHooks, events: EventSource<RolloutEvent>, gate: Gate) {
    checkOptions('hooks', hooks, names);
    for (const name of names) if (hooks[name] !== undefined) checkFunction(`hooks.${name}`, hooks[name]);
    this.#hooks = hooks;
    this.#events = events;
    this.#gate = gate;
  }

  /** Tells the hooks that a transition concerns. */
  tell(event: RolloutTransitionEvent): void {
    const { transition, gate } = this.#hooks;
    const { phase } = event.to;
    if (transition !== undefined) this.#run('transition', () => transition(event));
    const end = phase === 'promoted' || phase === 'rejected' ? this.#hooks[phase] : undefined;
    if (end !== undefined) this.#run(phase, () => end(event));
    const asked = this.#gate.key();
    if (phase === 'gated' && gate !== undefined && asked !== undefined) {
      this.#run('gate', async () => this.#answer(asked, await gate(event)));
    }
  }

  /** Waits for the hooks that are running, and those that they start. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** An answer that comes when its gate is passed says nothing of the next one. */
  #answer(asked: string, answer: unknown): void {
    if (this.#gate.key() !== asked) return;
    if (answer === true) this.#gate.approve();
    if (answer === false) this.#gate.reject();
  }

  #run(name: string, hook: () => unknown): void {
    const result = this.#events.guard(`hooks.${name}`, hook);
    if (!(result instanceof Promise)) return;
    const quiet = (): undefined => undefined;
    const running = result.then(quiet, quiet);
    this.#running.add(running);
    running.then(() => this.#running.delete(running));
  }
}
