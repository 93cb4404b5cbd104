import { checkFunction, checkOptions } from '../core/check.ts';
import type { EventSource } from '../core/events.ts';
import { type GateControl, HookCalls } from '../metrics/judging/HookCalls.ts';
import type { RolloutEvent, RolloutHooks, RolloutTransitionEvent } from './RolloutEvent.ts';

const names = ['transition', 'gate', 'promoted', 'rejected'] as const;

/** Tells the hooks of a rollout what concerns them, and takes a gate's answer. */
export class RolloutHookRunner {
  readonly #hooks: RolloutHooks;
  readonly #gate: GateControl;
  readonly #calls: HookCalls<RolloutEvent>;

  /** @throws InvalidOptionError if a hook is unknown or no function */
  constructor(hooks: RolloutHooks, events: EventSource<RolloutEvent>, gate: GateControl) {
    checkOptions('hooks', hooks, names);
    for (const name of names) if (hooks[name] !== undefined) checkFunction(`hooks.${name}`, hooks[name]);
    this.#hooks = hooks;
    this.#gate = gate;
    this.#calls = new HookCalls(events);
  }

  /** Tells the hooks that a transition concerns. */
  tell(event: RolloutTransitionEvent): void {
    const { transition, promoted, rejected, gate } = this.#hooks;
    const { phase } = event.to;
    this.#calls.tell('transition', transition, event);
    if (phase === 'promoted') this.#calls.tell('promoted', promoted, event);
    if (phase === 'rejected') this.#calls.tell('rejected', rejected, event);
    if (phase === 'gated') this.#calls.ask(gate, event, this.#gate);
  }

  /** Waits for the hooks that are running, and those that they start. */
  settled(): Promise<void> {
    return this.#calls.settled();
  }
}
