import type { ABTest } from '../abtest/index.ts';
import type { CanaryDeployment } from '../canary/index.ts';
import { checkName, checkNumber } from '../core/check.ts';
import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Served, Story } from '../core/Model.ts';
import { isThenable } from '../core/perRow.ts';
import type { Control, Delta, SharedControl, SharedStatistics } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { sharedBy } from '../metrics/SharingPart.ts';
import { StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { ShadowRunner } from '../shadow/index.ts';
import { type RolloutEvent, rolloutEventTypes } from './RolloutEvent.ts';
import { RolloutHookRunner } from './RolloutHookRunner.ts';
import { createRolloutPlan, type RolloutOptions } from './RolloutOptions.ts';
import type { RolloutPhase, StepName } from './RolloutPhase.ts';
import { RolloutSharing } from './RolloutSharing.ts';
import type { RolloutSignal } from './RolloutState.ts';
import type { RolloutStatus } from './RolloutStatus.ts';
import type { RolloutStory } from './RolloutStory.ts';
import type { SavedCycle } from './readCycle.ts';
import { retell } from './retell.ts';
import { rolloutMarkdown, rolloutText, tellHistory } from './rolloutReport.ts';
import { StepCycle } from './StepCycle.ts';
import type { StepSlot } from './StepSlot.ts';

/** What a rollout's story says besides. */
export interface RolloutServed {
  /** The step that served the request; `production` where one of the two models answers alone. */
  readonly step: StepName | 'production';
}

/** Who did something, and why: it stands in the audit log. */
export interface RolloutAct {
  /** @defaultValue what was done, in words */
  readonly reason?: string;
  /** @defaultValue 'system' */
  readonly actor?: string;
}

interface SavedRollout {
  readonly cycle: SavedCycle;
  readonly untold: Json;
}

/**
 * The safest path for a new model, as one object: it answers in the shadow, then a share of the requests in an A/B test,
 * then stage by stage in a canary, then alone. Every step has its criteria, its deadline and, where asked for, a person's
 * gate; any step can be left out. The rollout is itself a model: the service goes on calling `predict`.
 *
 * @example
 * const rollout = new Rollout({
 *   name: 'yield-v3', seed: 42, current: linear, candidate: forest,
 *   metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })],
 *   canary: { stages: [10, 50, 100], requireApproval: true },
 * });
 * const { requestId, prediction } = rollout.serve(row);
 * rollout.record(requestId, measured);                    // minutes or weeks later
 * rollout.status.waitingFor;                              // what it waits for, in words
 */
export class Rollout<const B extends AnyModel, const C extends AnyModel> implements SharedStatistics, SharedControl {
  readonly #runtime: StrategyRuntime<RolloutEvent>;
  readonly #cycle: StepCycle;
  readonly #hooks: RolloutHookRunner;

  /** @throws InvalidOptionError if an option, also one of a step, is unknown or breaks its rule */
  constructor(options: RolloutOptions<B, C>) {
    const untyped = options as unknown as RolloutOptions;
    const cycle = new StepCycle(untyped, createRolloutPlan(untyped));
    this.#cycle = cycle;
    const sharing = new RolloutSharing(cycle);
    const slots = Object.fromEntries(cycle.plan.steps.map(({ name }) => [name, cycle.steps[name]]));
    this.#runtime = new StrategyRuntime<RolloutEvent>(
      // Inputs wait with the steps, which have the metrics.
      { ...options, truth: { ...options.truth, keepInput: false } },
      {
        kind: 'rollout',
        eventTypes: rolloutEventTypes,
        version: 1,
        models: { ...slots, current: options.current, candidate: options.candidate },
        settled: ({ variant }, fallback) => {
          if (fallback) return;
          sharing.served(variant);
          cycle.settled(variant);
        },
        joined: () => undefined,
        save: () => ({ cycle: cycle.toJSON(), untold: sharing.toJSON() }) as unknown as Json,
        load: (state) => {
          const saved = state as unknown as SavedRollout;
          cycle.load(saved.cycle);
          sharing.load(saved.untold);
        },
        loaded: () => cycle.checkSteps(),
        ...sharedBy(() => sharing),
      },
    );
    this.#hooks = new RolloutHookRunner(options.hooks ?? {}, this.#runtime.events, {
      gated: () => {
        const { phase, attempt } = cycle.state;
        return phase.phase === 'gated' ? `${attempt}/${phase.step}` : undefined;
      },
      approve: () => this.approve({ reason: 'approved by the gate', actor: 'gate' }),
      reject: () => this.reject({ reason: 'rejected by the gate', actor: 'gate' }),
    });
    cycle.attach(this.#runtime, (event) => this.#hooks.tell(event));
    if (options.autoStart ?? true) this.start({ reason: 'started' });
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The rollout's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** The phase that it is in. */
  get phase(): RolloutPhase {
    return this.#cycle.state.phase;
  }

  /** The shadow runner, from the beginning of its step until it is let go of. */
  get shadow(): ShadowRunner<B> | undefined {
    return this.#cycle.steps.shadow.strategy as unknown as ShadowRunner<B> | undefined;
  }

  /** The A/B test, from the beginning of its step until it is let go of. */
  get abTest(): ABTest<B, C> | undefined {
    return this.#cycle.steps.abTest.strategy as unknown as ABTest<B, C> | undefined;
  }

  /** The canary, from the beginning of its step until it is let go of. */
  get canary(): CanaryDeployment<B, C> | undefined {
    return this.#cycle.steps.canary.strategy as unknown as CanaryDeployment<B, C> | undefined;
  }

  /** Answers like the model that the present step sends the request to. */
  predict(input: InputOf<B> & InputOf<C>, request?: Request): OutputOf<B> | OutputOf<C> {
    return this.#runtime.predict(this.#cycle.choose(), input, request) as OutputOf<B> | OutputOf<C>;
  }

  /** Answers with the story: its variants are `current` and `candidate`. */
  serve(input: InputOf<B> & InputOf<C>, request?: Request): Story<OutputOf<B> | OutputOf<C>, RolloutServed> {
    const choice = this.#cycle.choose();
    const told = this.#runtime.serve(choice, input, request);
    const story =
      choice.untimed !== true
        ? told
        : isThenable(told)
          ? told.then((answer) => retell(answer as Served<unknown>))
          : retell(told as Served<unknown>);
    return story as Story<OutputOf<B> | OutputOf<C>, RolloutServed>;
  }

  /** Records the truth of a request. It counts for the step that served it, whenever it comes. */
  record(requestId: string, truth: unknown): RecordResult {
    const result = this.#runtime.record(requestId, truth);
    if (result === 'recorded') this.#cycle.counted();
    return result;
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<RolloutEvent>>(type: T, listener: (event: EventNamed<RolloutEvent, T>) => void): () => void {
    return this.#runtime.events.on(type, listener);
  }

  /** Begins with the first step. @throws IllegalTransitionError if it has begun */
  start(act: RolloutAct = {}): void {
    this.#act('start', act);
  }

  /**
   * Approves the step that a gate holds back; or, where the canary waits for an approval of a stage, that stage.
   * @throws IllegalTransitionError where nothing waits for an approval
   */
  approve(act: RolloutAct = {}): void {
    const { canary } = this.#cycle.steps;
    const inner =
      this.phase.phase === 'running' && this.#cycle.servingSlot()?.step === 'canary' ? canary.strategy : undefined;
    if (inner?.phase.phase === 'gated') inner.approve(checkActor(act));
    else this.#act('approve', act);
  }

  /** Rejects the candidate: the current model answers alone from the next request on. @throws IllegalTransitionError after the end */
  reject({ reason = 'rejected by hand', ...act }: RolloutAct = {}): void {
    this.#act('reject', { ...act, reason });
  }

  /** Back to the current model, also within the rollback window after the promotion. @throws IllegalTransitionError */
  rollback({ reason = 'rolled back by hand', ...act }: RolloutAct = {}): void {
    this.#act('rollback', { ...act, reason });
  }

  /** Stands still: what serves goes on serving, the canary at its weight. @throws IllegalTransitionError */
  pause({ reason = 'paused by hand', ...act }: RolloutAct = {}): void {
    const actor = checkActor(act);
    const at = this.#runtime.clock.now();
    this.#cycle.apply({ type: 'pause', at, why: 'manual', reason: checkName('reason', reason) }, actor);
  }

  /** Goes on after a pause. @throws IllegalTransitionError */
  resume(act: RolloutAct = {}): void {
    this.#act('resume', act);
  }

  /** Goes to the next step without a verdict; its gate, where it has one, still holds. @throws IllegalTransitionError */
  skip(act: RolloutAct = {}): void {
    this.#act('skip', act);
  }

  /** After a rejection: pending again, with no evidence. Truths of the earlier attempt count for nothing any more. @throws IllegalTransitionError */
  retry(act: RolloutAct = {}): void {
    this.#act('retry', act);
  }

  /**
   * Judges the step that serves now, looks at the deadlines, and lets go of what is over. Requests and truths do so as
   * well; needed only where none come. Returns the phase.
   */
  tick(): RolloutPhase {
    this.#cycle.tick();
    this.#cycle.look();
    this.#cycle.letGo();
    return this.phase;
  }

  /** Where the rollout stands. */
  get status(): RolloutStatus {
    return this.#cycle.status;
  }

  /** The last events, the steps' own among them, oldest first: one audit log. */
  get history(): readonly (RolloutEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** The whole story as plain data: status, steps with their findings, and history. */
  story(): RolloutStory {
    const names: readonly StepName[] = ['shadow', 'abTest', 'canary'];
    const words = { idle: 'to come', live: 'under way', finished: 'over', released: 'released' } as const;
    const steps = names.map((step) => {
      const slot = this.#cycle.steps[step] as unknown as StepSlot;
      const used = this.#cycle.plan.steps.some(({ name }) => name === step);
      const report = slot.status === 'live' ? this.#cycle.report(slot, 'under way', 'system') : slot.report;
      return { step, status: used ? words[slot.status] : ('left out' as const), report };
    });
    return { name: this.name, status: this.status, steps, history: tellHistory(this.history) };
  }

  /** The story as text of 80 columns. */
  toText(): string {
    return rolloutText(this.story());
  }

  /** The story as Markdown. */
  toMarkdown(): string {
    return rolloutMarkdown(this.story());
  }

  /**
   * Resolves when no request waits for its shadow and no hook runs any more, or when time is up, with the number of
   * requests that still wait.
   *
   * @param options `deadlineMs`: how long to wait for shadows at most, in milliseconds; @defaultValue no limit
   */
  async drain({ deadlineMs = Number.POSITIVE_INFINITY }: { readonly deadlineMs?: number } = {}): Promise<{
    readonly pending: number;
  }> {
    checkNumber('deadlineMs', deadlineMs, { ge: 0 });
    const drained = await this.#cycle.steps.shadow.strategy?.drain({ deadlineMs });
    await this.hooksSettled();
    return { pending: drained?.pending ?? 0 };
  }

  /**
   * For a graceful end of the process: drains, then closes the sinks and executors of the shadow step. The model in charge
   * goes on answering; take the snapshot before, so that the next process goes on shadowing. Never rejects.
   *
   * @param options `deadlineMs`: how long to wait at most, in milliseconds; @defaultValue 10_000
   */
  async close({ deadlineMs = 10_000 }: { readonly deadlineMs?: number } = {}): Promise<void> {
    await this.#cycle.steps.shadow.strategy?.close({ deadlineMs: checkNumber('deadlineMs', deadlineMs, { ge: 0 }) });
    await this.hooksSettled();
  }

  /** Waits for the hooks that are still running. */
  async hooksSettled(): Promise<void> {
    await this.#cycle.steps.canary.strategy?.hooksSettled();
    await this.#hooks.settled();
  }

  /**
   * What was learnt here since the last call, for the other replicas: requests by step, and the evidence of the steps. The first
   * one that looks and is sure moves all.
   */
  takeDelta(): Delta | undefined {
    return this.#runtime.takeDelta();
  }

  /**
   * Adds what another replica has learnt. Evidence of an attempt that is over adds nothing.
   * @throws SnapshotError also for evidence of a step that has not begun here: follow its control first
   */
  mergeDelta(delta: Delta): void {
    this.#runtime.mergeDelta(delta);
  }

  /** The attempt, the step and the phase, and what is in force within the step: what all replicas must agree on. */
  control(): Control {
    return this.#runtime.control();
  }

  /**
   * Goes where another replica has gone, from the next request on; a step that begins there begins here. Where two have
   * decided at once, a rejection stands before all else, then the further step; a pause holds in either. Where ours stands,
   * its revision is raised above theirs, to be published. Hooks run where a move was decided; here it is an event.
   * @throws SnapshotError
   */
  follow(control: Control): boolean {
    return this.#runtime.follow(control);
  }

  /** The whole state, that of every step included. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
  }

  /** A rollout that goes on from a snapshot, in the same step with the same evidence; the models are handed in again. @throws SnapshotError */
  static restore<const B extends AnyModel, const C extends AnyModel>(
    snapshot: Snapshot,
    options: RolloutOptions<B, C>,
  ): Rollout<B, C> {
    const rollout = new Rollout({ ...options, autoStart: false });
    rollout[strategyMark].load(snapshot);
    return rollout;
  }

  #act(type: 'start' | 'approve' | 'resume' | 'skip' | 'retry' | 'reject' | 'rollback', act: RolloutAct): void {
    const actor = checkActor(act);
    const reason = act.reason === undefined ? {} : { reason: checkName('reason', act.reason) };
    this.#cycle.apply({ type, at: this.#runtime.clock.now(), ...reason } as RolloutSignal, actor);
  }
}

function checkActor({ actor = 'system' }: RolloutAct): string {
  return checkName('actor', actor);
}
