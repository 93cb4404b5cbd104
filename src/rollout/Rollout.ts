import type { ABTest } from '../abtest/index.ts';
import type { CanaryDeployment } from '../canary/index.ts';
import { checkName, checkNumber } from '../core/check.ts';
import { SnapshotError, show } from '../core/errors.ts';
import { type ContainedErrorEvent, describeError, type EventBase } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Served, Story } from '../core/Model.ts';
import { isThenable } from '../core/perRow.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { ShadowRunner } from '../shadow/index.ts';
import type { RolloutEvent } from './RolloutEvent.ts';
import { RolloutHookRunner } from './RolloutHookRunner.ts';
import { createRolloutPlan, type RolloutOptions } from './RolloutOptions.ts';
import type { RolloutPhase, StepName } from './RolloutPhase.ts';
import {
  activePhase,
  deadlineOf,
  initialRolloutState,
  type RolloutPlan,
  type RolloutSignal,
  type RolloutState,
  servingStep,
} from './RolloutState.ts';
import type { RolloutStatus } from './RolloutStatus.ts';
import { CANDIDATE, createSteps, type RolloutSteps } from './RolloutSteps.ts';
import type { RolloutStory, StepReport } from './RolloutStory.ts';
import { renderStep, rolloutMarkdown, rolloutText, tellHistory } from './rolloutReport.ts';
import { retell, type StepSlot } from './StepSlot.ts';
import { reasonText, type StepVerdict } from './StepVerdict.ts';
import { transition } from './transition.ts';

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
  readonly steps: readonly StepName[];
  readonly machine: RolloutState;
  readonly sinceLook: number;
  readonly verdict: StepVerdict | null;
  readonly verdictKey: string;
  readonly requests: { readonly all: number; readonly step: number };
  readonly stepStartedAt: number;
}

/** That of `TruthOptions`. */
const DEFAULT_TRUTH_WINDOW_MS = 30 * 24 * 3_600_000;

const HOLD: StepVerdict = { verdict: 'hold', reasons: [] };

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
export class Rollout<const B extends AnyModel, const C extends AnyModel> {
  readonly #runtime: StrategyRuntime<RolloutEvent>;
  readonly #plan: RolloutPlan;
  readonly #steps: RolloutSteps;
  readonly #hooks: RolloutHookRunner;
  readonly #judgeEvery: number;
  readonly #truthWindowMs: number;
  #state: RolloutState = initialRolloutState;
  #dueAt = Number.POSITIVE_INFINITY;
  #choice: Choice | undefined;
  #verdict: StepVerdict | undefined;
  #verdictKey = '';
  #sinceLook = 0;
  #looking = false;
  #requests = { all: 0, step: 0 };
  #stepStartedAt = -1;

  /** @throws InvalidOptionError if an option, also one of a step, is unknown or breaks its rule */
  constructor(options: RolloutOptions<B, C>) {
    const untyped = options as unknown as RolloutOptions;
    this.#plan = createRolloutPlan(untyped);
    this.#judgeEvery = options.judgeEvery ?? 50;
    this.#truthWindowMs = options.truth?.windowMs ?? DEFAULT_TRUTH_WINDOW_MS;
    const used = this.#plan.steps.map(({ name }) => name);
    this.#steps = createSteps(
      untyped,
      used,
      (step) => this.#common(untyped, step),
      (step, event) => this.#audited(step, event),
    );
    const slots = Object.fromEntries(used.map((step) => [step, this.#steps[step]]));
    this.#runtime = new StrategyRuntime<RolloutEvent>(
      // Inputs wait with the steps, which have the metrics.
      { ...options, truth: { ...options.truth, keepInput: false } },
      {
        kind: 'rollout',
        version: 1,
        models: { ...slots, current: options.current, candidate: options.candidate },
        settled: (outcome, fallback) => this.#settled(outcome, fallback),
        joined: () => undefined,
        save: () => this.#save() as unknown as Json,
        load: (state) => this.#load(state as unknown as SavedRollout),
      },
    );
    this.#hooks = new RolloutHookRunner(options.hooks ?? {}, this.#runtime.events, {
      key: () => this.#gateKey(),
      approve: () => this.approve({ reason: 'approved by the gate', actor: 'gate' }),
      reject: () => this.reject({ reason: 'rejected by the gate', actor: 'gate' }),
    });
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
    return this.#state.phase;
  }

  /** The shadow runner, from the beginning of its step until it is let go of. */
  get shadow(): ShadowRunner<B> | undefined {
    return this.#steps.shadow.strategy as unknown as ShadowRunner<B> | undefined;
  }

  /** The A/B test, from the beginning of its step until it is let go of. */
  get abTest(): ABTest<B, C> | undefined {
    return this.#steps.abTest.strategy as unknown as ABTest<B, C> | undefined;
  }

  /** The canary, from the beginning of its step until it is let go of. */
  get canary(): CanaryDeployment<B, C> | undefined {
    return this.#steps.canary.strategy as unknown as CanaryDeployment<B, C> | undefined;
  }

  /** Answers like the model that the present step sends the request to. */
  predict(input: InputOf<B> & InputOf<C>, request?: Request): OutputOf<B> | OutputOf<C> {
    return this.#runtime.predict(this.#choose(), input, request) as OutputOf<B> | OutputOf<C>;
  }

  /** Answers with the story: its variants are `current` and `candidate`. */
  serve(input: InputOf<B> & InputOf<C>, request?: Request): Story<OutputOf<B> | OutputOf<C>, RolloutServed> {
    const choice = this.#choose();
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
    if (result === 'recorded') this.#counted();
    return result;
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends RolloutEvent['type'] | 'contained-error' | '*'>(
    type: T,
    listener: (
      event: T extends '*'
        ? RolloutEvent | ContainedErrorEvent
        : Extract<RolloutEvent | ContainedErrorEvent, { type: T }>,
    ) => void,
  ): () => void {
    return this.#runtime.events.on(type, listener as never);
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
    const { canary } = this.#steps;
    const inner = this.#state.phase.phase === 'running' && this.#servingSlot() === canary ? canary.strategy : undefined;
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
    const at = this.#now();
    this.#apply({ type: 'pause', at, why: 'manual', reason: checkName('reason', reason) }, actor);
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
    this.#tick();
    this.#look();
    this.#letGo();
    return this.phase;
  }

  /** Where the rollout stands. */
  get status(): RolloutStatus {
    const { phase, startedAt, enteredAt, attempt } = this.#state;
    const { steps } = this.#plan;
    const slot = this.#servingSlot();
    const verdict = slot === undefined ? undefined : this.#verdict;
    const active = activePhase(phase);
    const at = 'step' in active ? active.step : undefined;
    const now = this.#dueAt;
    return {
      phase: phase.phase,
      step: this.#stepName(phase),
      stepNumber: at === undefined ? undefined : at + 1,
      steps: steps.length,
      progress: this.#progress(verdict),
      waitingFor: this.#waitingFor(verdict),
      remaining: verdict?.remaining,
      verdict,
      weight: this.#weight(),
      deadlineAt: Number.isFinite(now) ? now : undefined,
      startedAt: startedAt < 0 ? undefined : startedAt,
      enteredAt: enteredAt < 0 ? undefined : enteredAt,
      attempt,
      requests: this.#requests.all,
    };
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
      const slot = this.#steps[step];
      const used = this.#plan.steps.some(({ name }) => name === step);
      const report = slot.status === 'live' ? this.#report(slot, this.phase, 'under way', 'system') : slot.report;
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
    const drained = await this.#steps.shadow.strategy?.drain({ deadlineMs });
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
    await this.#steps.shadow.strategy?.close({ deadlineMs: checkNumber('deadlineMs', deadlineMs, { ge: 0 }) });
    await this.hooksSettled();
  }

  /** Waits for the hooks that are still running. */
  async hooksSettled(): Promise<void> {
    await this.#steps.canary.strategy?.hooksSettled();
    await this.#hooks.settled();
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

  /** What a step's strategy shares with the rollout. */
  #common(
    { clock, rng, replica, truth, timeoutMs, isValid, auditCapacity, name = 'rollout' }: RolloutOptions,
    step: StepName,
  ) {
    const { attempt } = this.#state;
    const seed = this.#runtime?.seed ?? '';
    return {
      name: `${name}.${step}`,
      // Another attempt draws other numbers.
      seed: attempt === 1 ? seed : `${seed}/${attempt}`,
      ...(clock === undefined ? {} : { clock }),
      ...(rng === undefined ? {} : { rng }),
      ...(replica === undefined ? {} : { replica }),
      ...(truth === undefined ? {} : { truth }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(isValid === undefined ? {} : { isValid }),
      ...(auditCapacity === undefined ? {} : { auditCapacity }),
    };
  }

  #now(): number {
    return this.#runtime.clock.now();
  }

  #choose(): Choice {
    this.#tick();
    this.#choice ??= this.#createChoice();
    return this.#choice;
  }

  #createChoice(): Choice {
    const slot = this.#servingSlot();
    if (slot !== undefined) return { variant: slot.step, untimed: true, extra: { step: slot.step } };
    const variant = this.phase.phase === 'promoted' ? 'candidate' : 'current';
    return { variant, extra: { step: 'production' } };
  }

  /** The place of the step that serves; undefined where one of the two models answers alone. */
  #servingSlot(): StepSlot | undefined {
    const step = this.#plan.steps[servingStep(this.#state.phase)];
    if (step === undefined) return undefined;
    const slot = this.#steps[step.name] as unknown as StepSlot;
    return slot.status === 'live' ? slot : undefined;
  }

  #settled({ variant }: Outcome, fallback: boolean): void {
    if (fallback) return;
    this.#requests.all += 1;
    if (variant === this.#choice?.variant) this.#requests.step += 1;
    this.#counted();
  }

  #counted(): void {
    this.#sinceLook += 1;
    if (this.#sinceLook < this.#judgeEvery && !this.#canaryEnded()) return;
    this.#look();
    this.#letGo();
  }

  /** A canary judges itself at every outcome: what it has come to counts from the next request on. */
  #canaryEnded(): boolean {
    const { canary } = this.#steps;
    if (canary.status !== 'live') return false;
    const { phase } = canary.strategy!.phase;
    return phase === 'rolled-back' || (phase === 'promoted' && this.phase.phase === 'running');
  }

  #tick(): void {
    if (this.#dueAt === Number.POSITIVE_INFINITY) return;
    const at = this.#now();
    if (at >= this.#dueAt) this.#apply({ type: 'tick', at }, 'system');
  }

  #look(): void {
    this.#sinceLook = 0;
    const slot = this.#servingSlot();
    // Criteria and listeners that serve requests themselves do not look again.
    if (slot === undefined || this.#looking) return;
    this.#looking = true;
    try {
      const verdict = this.#judge(slot);
      this.#tellVerdict(slot.step, verdict);
      const { verdict: said, urgent = false } = verdict;
      this.#apply({ type: 'verdict', at: this.#now(), verdict: said, urgent, reason: reasonText(verdict) }, 'system');
    } finally {
      this.#looking = false;
    }
  }

  /** What a step says. Criteria that break, or answer with what is no verdict, say nothing: hold. */
  #judge({ step }: StepSlot): StepVerdict {
    return this.#runtime.events.guard(`criteria:${step}`, () => checkVerdict(this.#steps.judge(step))) ?? HOLD;
  }

  #tellVerdict(step: StepName, verdict: StepVerdict): void {
    this.#verdict = verdict;
    const key = JSON.stringify([step, verdict.verdict, verdict.reasons.map((r) => [r.rule, r.verdict])]);
    if (key === this.#verdictKey) return;
    this.#verdictKey = key;
    this.#runtime.events.emit({ type: 'verdict', step, verdict: verdict.verdict, reasons: verdict.reasons });
  }

  #act(type: 'start' | 'approve' | 'resume' | 'skip' | 'retry' | 'reject' | 'rollback', act: RolloutAct): void {
    const actor = checkActor(act);
    const reason = act.reason === undefined ? {} : { reason: checkName('reason', act.reason) };
    this.#apply({ type, at: this.#now(), ...reason } as RolloutSignal, actor);
  }

  #apply(signal: RolloutSignal, actor: string): void {
    const before = this.#state;
    const { state, reason } = transition(before, signal, this.#plan);
    if (state === before) return;
    const served = this.#servingSlot();
    const verdict = served === undefined ? null : (this.#verdict ?? null);
    this.#state = state;
    this.#choice = undefined;
    this.#dueAt = deadlineOf(state, this.#plan);
    if (reason === undefined) return;
    const serves = this.#servingSlot();
    if (served !== undefined && served !== serves) this.#finish(served, reason, actor);
    const event = { type: 'transition', from: before.phase, to: state.phase, reason, verdict, actor } as const;
    this.#runtime.events.emit({ ...event, step: this.#stepName(state.phase) ?? null });
    this.#enter(state.phase, actor);
    this.#hooks.tell({ ...event, step: this.#stepName(state.phase) ?? null, at: signal.at, strategy: this.name });
  }

  /** What comes with a phase: a step begins, or its canary stands still or goes on. */
  #enter(phase: RolloutPhase, actor: string): void {
    if (phase.phase === 'pending') this.#reset();
    if (phase.phase === 'running' && this.#steps[this.#plan.steps[phase.step]!.name].status === 'idle') {
      const { name } = this.#plan.steps[phase.step]!;
      this.#requests.step = 0;
      this.#verdict = undefined;
      this.#sinceLook = 0;
      this.#stepStartedAt = this.#now();
      const strategy = this.#steps[name].open();
      // `start` asks the hook and answers later; a canary without one has begun already.
      const waits = name === 'canary' && this.#steps.canary.strategy!.phase.phase === 'pending';
      if (waits) this.#runtime.events.guard('canary.start', () => (strategy as CanaryDeployment<B, C>).start(actor));
    }
    this.#choice = undefined;
    const canary = this.#servingSlot()?.step === 'canary' ? this.#steps.canary.strategy : undefined;
    const inner = canary?.phase.phase;
    if (phase.phase === 'paused') {
      if (inner !== undefined && !['paused', 'promoted', 'rolled-back', 'pending'].includes(inner))
        canary!.pause(actor);
    } else if (inner === 'paused') canary!.resume(actor);
  }

  #finish(slot: StepSlot, reason: string, actor: string): void {
    const { shadow, canary } = this.#steps;
    const { phase } = this.phase;
    const rejected = phase === 'rejected';
    // A candidate that is out has no business in a queue; one that went on finishes what waits for it.
    if (rejected && slot.step === 'shadow') shadow.strategy?.stop(reason, actor);
    const inner = canary.strategy?.phase.phase;
    if (rejected && slot.step === 'canary' && inner !== 'rolled-back' && inner !== 'pending') {
      this.#runtime.events.guard('canary.rollback', () => canary.strategy?.rollback(reason, actor));
    }
    slot.finish(this.#now(), this.#report(slot, this.phase, reason, actor));
  }

  /** Steps that are over are kept while truths of their requests may come. */
  #letGo(): void {
    for (const { name } of this.#plan.steps) {
      const slot = this.#steps[name] as unknown as StepSlot;
      if (slot.status !== 'finished') continue;
      const waiting = slot[strategyMark].truths().waiting ?? 0;
      const queued = name === 'shadow' ? this.#steps.shadow.strategy!.compare(CANDIDATE).waiting : 0;
      const over = this.#now() - slot.finishedAt >= this.#truthWindowMs;
      if (over || (waiting === 0 && queued === 0)) this.#release(slot, over ? 'window' : 'settled', waiting);
    }
  }

  #release(slot: StepSlot, reason: 'settled' | 'window', waiting: number): void {
    const shadow = slot.step === 'shadow' ? this.#steps.shadow.strategy : undefined;
    shadow?.stop('the step is over');
    if (shadow !== undefined) this.#runtime.events.guard('shadow.close', () => shadow.close());
    const { report } = slot;
    if (report !== undefined) {
      const { text, markdown } = this.#render(slot);
      slot.release({ ...report, text, markdown, truths: slot[strategyMark].truths() });
    }
    this.#runtime.events.emit({ type: 'released', step: slot.step, reason, waiting });
  }

  #reset(): void {
    for (const { name } of this.#plan.steps) {
      const slot = this.#steps[name];
      if (slot.status === 'finished') {
        const waiting = slot[strategyMark].truths().waiting ?? 0;
        this.#runtime.events.emit({ type: 'released', step: name, reason: 'retry', waiting });
      }
      slot.reset();
    }
    this.#verdict = undefined;
    this.#verdictKey = '';
  }

  #report(slot: StepSlot, { phase }: RolloutPhase, reason: string, actor: string): StepReport {
    return {
      step: slot.step,
      verdict: this.#verdict ?? HOLD,
      outcome: phase,
      reason,
      actor,
      startedAt: this.#stepStartedAt,
      finishedAt: this.#now(),
      requests: this.#requests.step,
      truths: slot[strategyMark].truths(),
      ...this.#render(slot),
    };
  }

  #render({ step, strategy }: StepSlot): { readonly text: string; readonly markdown: string } {
    return (
      this.#runtime.events.guard(`report:${step}`, () => renderStep(strategy, CANDIDATE)) ?? { text: '', markdown: '' }
    );
  }

  #audited(step: StepName, event: EventBase): void {
    // Every look at a shadow is an event of its own log; the rollout tells verdicts that differ.
    if (event.type === 'promotion') return;
    const plain = 'error' in event ? { ...event, error: describeError(event.error) } : event;
    this.#runtime.events.emit({ type: 'step', step, event: plain, actor: event.actor });
  }

  /** Tells a gate from those of other steps and attempts; undefined where none waits. */
  #gateKey(): string | undefined {
    const { phase, attempt } = this.#state;
    return phase.phase === 'gated' ? `${attempt}/${phase.step}` : undefined;
  }

  #stepName(phase: RolloutPhase): StepName | 'production' | undefined {
    if (phase.phase === 'promoted') return 'production';
    return this.#plan.steps[servingStep(phase)]?.name;
  }

  #weight(): number {
    if (this.phase.phase === 'promoted') return 100;
    const slot = this.#servingSlot();
    if (slot?.step === 'canary') return this.#steps.canary.strategy!.weight;
    return slot?.step === 'abTest' ? 100 * (this.#steps.abTest.strategy!.shares.challenger ?? 0) : 0;
  }

  #progress(verdict: StepVerdict | undefined): number {
    const total = this.#plan.steps.length;
    const active = activePhase(this.#state.phase);
    if (active.phase === 'promoted') return 1;
    if (active.phase === 'gated') return active.step / total;
    if (active.phase === 'running') return (active.step + this.#part(verdict)) / total;
    const passed = this.#plan.steps.filter(({ name }) => {
      const { report } = this.#steps[name];
      return report !== undefined && report.outcome !== 'rejected';
    });
    return passed.length / total;
  }

  /** How far the present step is: by the canary's weight, or by the requests that it still needs. */
  #part(verdict: StepVerdict | undefined): number {
    if (verdict === undefined) return 0;
    if (verdict.verdict === 'promote') return 1;
    const slot = this.#servingSlot();
    if (slot?.step === 'canary') return this.#weight() / 100;
    const left = verdict.remaining?.requests;
    return left === undefined ? 0 : this.#requests.step / Math.max(1, this.#requests.step + left);
  }

  #waitingFor(verdict: StepVerdict | undefined): string {
    const { phase } = this.#state;
    switch (phase.phase) {
      case 'pending':
        return 'start()';
      case 'gated':
        return `a person's approval of ${this.#plan.steps[phase.step]?.name ?? 'production'}`;
      case 'paused':
        return phase.reason === 'manual'
          ? 'a person: paused by hand'
          : `a person: ${phase.reason === 'deadline' ? 'the deadline has come' : reasonText(verdict ?? HOLD)}`;
      case 'promoted':
        return 'nothing: promoted';
      case 'rejected':
        return `nothing: ${phase.reason}`;
      default:
        return verdict === undefined ? 'requests' : reasonText(verdict);
    }
  }

  #save(): SavedRollout {
    return {
      steps: this.#plan.steps.map(({ name }) => name),
      machine: this.#state,
      sinceLook: this.#sinceLook,
      verdict: this.#verdict ?? null,
      verdictKey: this.#verdictKey,
      requests: { ...this.#requests },
      stepStartedAt: this.#stepStartedAt,
    };
  }

  #load({ steps, machine, sinceLook, verdict, verdictKey, requests, stepStartedAt }: SavedRollout): void {
    const here = this.#plan.steps.map(({ name }) => name);
    if (JSON.stringify(steps) !== JSON.stringify(here)) {
      throw new SnapshotError(`the snapshot's steps must be ${show(here)}, got ${show(steps)}`);
    }
    this.#state = checkMachine(machine, here.length);
    this.#sinceLook = sinceLook;
    this.#verdict = verdict ?? undefined;
    this.#requests = { ...requests };
    this.#stepStartedAt = stepStartedAt;
    this.#verdictKey = verdictKey;
    this.#choice = undefined;
    this.#dueAt = deadlineOf(this.#state, this.#plan);
  }
}

function checkActor({ actor = 'system' }: RolloutAct): string {
  return checkName('actor', actor);
}

/** A verdict as plain data. @throws where it is none */
function checkVerdict(verdict: StepVerdict): StepVerdict {
  if (isThenable(verdict)) {
    Promise.resolve(verdict).catch(() => undefined);
    throw new TypeError('criteria must answer at once, got a promise');
  }
  const { verdict: said, reasons, remaining, urgent = false } = verdict;
  if (!['promote', 'hold', 'reject', 'invalid'].includes(said) || !Array.isArray(reasons)) {
    throw new TypeError(`a verdict must be promote, hold, reject or invalid with a list of reasons, got ${show(said)}`);
  }
  const plain = reasons.map((reason: StepVerdict['reasons'][number]) => ({
    rule: String(reason.rule),
    verdict: reason.verdict,
    message: String(reason.message),
  }));
  const { requests, days } = remaining ?? {};
  return {
    verdict: said,
    reasons: plain,
    ...(remaining === undefined ? {} : { remaining: { requests, days } }),
    ...(urgent === true ? { urgent } : {}),
  };
}

/** @throws SnapshotError if the state names a step that is not there */
function checkMachine(machine: RolloutState, steps: number): RolloutState {
  const active = activePhase(machine.phase);
  const last = active.phase === 'gated' ? steps : steps - 1;
  const sound = !('step' in active) || (Number.isInteger(active.step) && active.step >= 0 && active.step <= last);
  if (!sound) throw new SnapshotError(`the snapshot's phase names no step: ${show(active.step)}`);
  return machine;
}
