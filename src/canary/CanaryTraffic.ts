import { hashSeed } from '../assignment/index.ts';
import type { Request } from '../core/Model.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import { OutcomeJudge } from '../metrics/judging/OutcomeJudge.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { CanaryEvent } from './CanaryEvent.ts';
import type { CanaryOptions } from './CanaryOptions.ts';
import { type CanaryNote, RequestRouter } from './RequestRouter.ts';
import type { RolloutEngine } from './RolloutEngine.ts';

/** What requests go through. */
export interface TrafficParts {
  readonly options: CanaryOptions;
  readonly runtime: StrategyRuntime<CanaryEvent>;
  readonly engine: RolloutEngine;
  /** The evidence has grown. */
  readonly judge: () => void;
}

/** The way of a request through a rollout: sent to a model, or to both where they are compared in pairs, and judged. */
export class CanaryTraffic {
  readonly #parts: TrafficParts;
  readonly #router: RequestRouter;
  readonly #judge: OutcomeJudge;
  readonly #sticky: boolean;
  readonly #paired: boolean;

  constructor(parts: TrafficParts) {
    this.#parts = parts;
    const { options, runtime, engine, judge } = parts;
    this.#sticky = options.assign === 'unit';
    this.#paired = options.compare === 'paired';
    const hash = this.#sticky ? hashSeed('canary', runtime.name) : undefined;
    this.#router = new RequestRouter(options, hash, (where, task) => runtime.events.guard(where, task));
    this.#judge = new OutcomeJudge({
      monitor: engine.monitor,
      run: () => engine.run,
      armOf: (variant) => variant as Arm,
      cluster: ({ unit }) => this.#router.cluster(unit),
      answered: (arm, failed) => engine.answered(arm, failed),
      judge,
    });
  }

  /** Requests that were sent to each model. */
  get served(): RequestRouter['served'] {
    return this.#router.served;
  }

  set served(served: RequestRouter['served']) {
    this.#router.served = served;
  }

  /** Which model a request is sent to. */
  choose(input: unknown, request: Request): Choice {
    const { engine, runtime, options } = this.#parts;
    engine.tick();
    const matches = this.#router.matches(input, request);
    const variant = this.#router.route(request, engine.share, matches, runtime.rng);
    const note: CanaryNote = { run: engine.run, stage: matches ? engine.stage : -1 };
    this.#router.before(note, variant);
    if (note.stage >= 0) this.#askOther(note, variant, input, request);
    return { variant, fallback: options.fallback === false ? undefined : 'baseline', note };
  }

  /** A model has answered or failed. */
  settled(outcome: Outcome, fallback: boolean): void {
    if (fallback || outcome.status === 'cancelled') return;
    const { engine } = this.#parts;
    const note = outcome.note as CanaryNote;
    this.#router.after(note);
    if (!this.#sticky && note.stage >= 0 && note.run === engine.run) {
      engine.countShare(note.stage, outcome.variant === 'canary');
    }
    this.#judge.settled(outcome);
  }

  /** The truth has come. */
  joined(outcome: Outcome): void {
    this.#judge.joined(outcome);
  }

  /** Asks the model that does not answer, where both are compared on the same requests. */
  #askOther(note: CanaryNote, variant: Arm, input: unknown, request: Request): void {
    const { engine, runtime } = this.#parts;
    const shadowing = engine.state.phase.phase === 'shadowing';
    if (!shadowing && !(this.#paired && variant === 'canary')) return;
    note.asked = true;
    const other: Arm = variant === 'canary' ? 'baseline' : 'canary';
    runtime.score(other, input, request, (outcome) => this.#judge.unseen(outcome, note));
  }
}
