import type { EventSource } from '../core/events.ts';
import { type GateControl, HookCalls } from '../metrics/judging/HookCalls.ts';
import type { CanaryEvent, CanaryHooks, TransitionEvent } from './CanaryEvent.ts';

/** Tells the hooks of a canary what concerns them, and takes a gate's answer. */
export class HookRunner {
  readonly #hooks: CanaryHooks;
  readonly #events: EventSource<CanaryEvent>;
  readonly #gate: GateControl;
  readonly #calls: HookCalls<CanaryEvent>;
  readonly #strategy: string;

  /** @param strategy the strategy's name, for the events that hooks get */
  constructor(hooks: CanaryHooks, strategy: string, events: EventSource<CanaryEvent>, gate: GateControl) {
    this.#hooks = hooks;
    this.#strategy = strategy;
    this.#events = events;
    this.#gate = gate;
    this.#calls = new HookCalls(events);
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
  tell(told: Omit<TransitionEvent, 'strategy'>): void {
    const event: TransitionEvent = { ...told, strategy: this.#strategy };
    const { stage, rollback, promoted, gate } = this.#hooks;
    const { phase } = event.to;
    if (phase === 'progressing') this.#calls.tell('stage', stage, event);
    if (phase === 'rolled-back') this.#calls.tell('rollback', rollback, event);
    if (phase === 'promoted') this.#calls.tell('promoted', promoted, event);
    if (phase === 'gated') this.#calls.ask(gate, event, this.#gate);
  }

  /** Waits for the hooks that are running, and those that they start. */
  settled(): Promise<void> {
    return this.#calls.settled();
  }
}
