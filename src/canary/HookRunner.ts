import type { EventSource } from '../core/events.ts';
import { HookCalls } from '../metrics/judging/HookCalls.ts';
import type { CanaryEvent, CanaryHooks, TransitionEvent } from './CanaryEvent.ts';

/** What a gate's answer may do. */
interface Gate {
  /** The gate that the rollout waits at, apart from those of other stages and attempts; undefined where it waits at none. */
  gated(): string | undefined;
  approve(): void;
  reject(reason: string): void;
}

/** Tells the hooks of a canary what concerns them, and takes a gate's answer. */
export class HookRunner {
  readonly #hooks: CanaryHooks;
  readonly #events: EventSource<CanaryEvent>;
  readonly #gate: Gate;
  readonly #calls: HookCalls<CanaryEvent>;
  readonly #strategy: string;

  /** @param strategy the strategy's name, for the events that hooks get */
  constructor(hooks: CanaryHooks, strategy: string, events: EventSource<CanaryEvent>, gate: Gate) {
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
    const asked = this.#gate.gated();
    if (phase !== 'gated' || gate === undefined || asked === undefined) return;
    this.#calls.run('gate', async () => this.#answer(asked, await gate(event)));
  }

  /** Waits for the hooks that are running, and those that they start. */
  settled(): Promise<void> {
    return this.#calls.settled();
  }

  /** An answer that comes when its gate is passed says nothing of the next one. */
  #answer(asked: string, answer: unknown): void {
    if (this.#gate.gated() !== asked) return;
    if (answer === true) this.#gate.approve();
    if (answer === false) this.#gate.reject('rejected by the gate');
  }
}
