import type { CanaryDeployment } from '../canary/index.ts';
import { type EventBase, plainEvent } from '../core/events.ts';
import type { AnyModel } from '../core/Model.ts';
import { strategyMark } from '../core/strategy.ts';
import type { Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { describeStatus, stepName } from './describeStatus.ts';
import { LookSchedule } from './LookSchedule.ts';
import type { RolloutEvent, RolloutTransitionEvent } from './RolloutEvent.ts';
import type { RolloutOptions } from './RolloutOptions.ts';
import type { RolloutPhase, StepName } from './RolloutPhase.ts';
import {
  deadlineOf,
  initialRolloutState,
  type RolloutPlan,
  type RolloutSignal,
  type RolloutState,
  servingStep,
} from './RolloutState.ts';
import type { RolloutStatus } from './RolloutStatus.ts';
import { CANDIDATE, createSteps, type RolloutSteps } from './RolloutSteps.ts';
import type { StepReport } from './RolloutStory.ts';
import { checkSteps, readCycle, type SavedCycle } from './readCycle.ts';
import { renderStep } from './rolloutReport.ts';
import type { StepSlot } from './StepSlot.ts';
import { readVerdict, reasonText, type StepVerdict } from './StepVerdict.ts';
import { transition } from './transition.ts';

/** That of `TruthOptions`. */
const DEFAULT_TRUTH_WINDOW_MS = 30 * 24 * 3_600_000;

const HOLD: StepVerdict = { verdict: 'hold', reasons: [] };

/** The life of a rollout: which step serves, what it says, what follows from that, and what becomes of steps that are over. */
export class StepCycle {
  readonly plan: RolloutPlan;
  readonly steps: RolloutSteps;
  readonly #options: RolloutOptions;
  readonly #looks: LookSchedule;
  readonly #truthWindowMs: number;
  #runtime: StrategyRuntime<RolloutEvent> | undefined;
  #moved: (event: RolloutTransitionEvent) => void = () => undefined;
  #state: RolloutState = initialRolloutState;
  #revision = 0;
  #dueAt = Number.POSITIVE_INFINITY;
  #choice: Choice | undefined;
  #verdict: StepVerdict | undefined;
  #verdictKey = '';
  #looking = false;
  #requests = { all: 0, step: 0 };
  #stepStartedAt = -1;

  /** @throws InvalidOptionError */
  constructor(options: RolloutOptions, plan: RolloutPlan) {
    this.#options = options;
    this.plan = plan;
    this.#looks = new LookSchedule(options.judgeEvery);
    this.#truthWindowMs = options.truth?.windowMs ?? DEFAULT_TRUTH_WINDOW_MS;
    this.steps = createSteps(
      options,
      plan.steps.map(({ name }) => name),
      (step) => this.#common(step),
      (step) => ({
        attempt: () => this.#state.attempt,
        opened: () => this.#opened(step),
        audited: (event) => this.#audited(step, event),
        contain: (error) => this.#serving.events.contain(`control:${step}`, error),
      }),
    );
  }

  /** @param moved hears of every move that was decided here */
  attach(runtime: StrategyRuntime<RolloutEvent>, moved: (event: RolloutTransitionEvent) => void): void {
    this.#runtime = runtime;
    this.#moved = moved;
  }

  get state(): RolloutState {
    return this.#state;
  }

  /** Grows by one with every move. */
  get revision(): number {
    return this.#revision;
  }

  get status(): RolloutStatus {
    const slot = this.servingSlot();
    const passed = this.plan.steps.filter(({ name }) => {
      const { report } = this.steps[name];
      return report !== undefined && report.outcome !== 'rejected';
    });
    return describeStatus({
      state: this.#state,
      plan: this.plan,
      verdict: slot === undefined ? undefined : this.#verdict,
      serving: slot?.step,
      weight: this.#weight(slot),
      dueAt: this.#dueAt,
      requests: this.#requests,
      passed: passed.length,
    });
  }

  /** Who answers the next request. */
  choose(): Choice {
    this.tick();
    this.#choice ??= this.#createChoice();
    return this.#choice;
  }

  /** A request was answered. */
  settled(variant: string): void {
    this.#requests.all += 1;
    if (variant === this.#choice?.variant) this.#requests.step += 1;
    this.counted();
  }

  /** Another replica has answered requests, and recorded truths. */
  merged(requests: number, inStep: number): void {
    this.#requests.all += requests;
    this.#requests.step += inStep;
    if (requests > 0) this.counted(requests);
  }

  /** Outcomes or truths came. */
  counted(times = 1): void {
    if (!this.#looks.count(this.#serving.clock, times) && !this.#canaryEnded()) return;
    this.look();
    this.letGo();
  }

  /** Looks at the deadlines. */
  tick(): void {
    if (this.#dueAt === Number.POSITIVE_INFINITY) return;
    const at = this.#now();
    if (at >= this.#dueAt) this.apply({ type: 'tick', at }, 'system');
  }

  /** Judges the step that serves. */
  look(): void {
    this.#looks.looked(this.#now());
    const slot = this.servingSlot();
    // Criteria and listeners that serve requests themselves do not look again.
    if (slot === undefined || this.#looking) return;
    this.#looking = true;
    const before = this.#state;
    try {
      const verdict = this.#judge(slot);
      if (this.#state === before) this.#tellVerdict(slot.step, verdict);
      // Criteria or a listener may have moved the rollout: what the step said is not of where it is now.
      if (this.#state !== before) return;
      const { verdict: said, urgent = false } = verdict;
      this.apply({ type: 'verdict', at: this.#now(), verdict: said, urgent, reason: reasonText(verdict) }, 'system');
    } finally {
      this.#looking = false;
    }
  }

  /** Moves by a signal, where it moves anything. @throws IllegalTransitionError */
  apply(signal: RolloutSignal, actor: string): void {
    const { state, reason } = transition(this.#state, signal, this.plan);
    if (state === this.#state || reason === undefined) return;
    this.#revision += 1;
    this.#moved(this.#become(state, reason, actor));
  }

  /** Goes where another replica has gone. */
  adopt(state: RolloutState, revision: number): void {
    const before = this.#state;
    this.#revision = revision;
    if (JSON.stringify(before.phase) === JSON.stringify(state.phase) && before.attempt === state.attempt) {
      this.#state = state;
      this.#dueAt = deadlineOf(state, this.plan);
      return;
    }
    this.#become(state, 'followed another replica', 'system');
  }

  /** Raises the revision above another one. */
  outbid(revision: number): void {
    this.#revision = Math.max(this.#revision, revision + 1);
  }

  /** The place of the step that serves; undefined where one of the two models answers alone. */
  servingSlot(): StepSlot | undefined {
    const step = this.plan.steps[servingStep(this.#state.phase)];
    if (step === undefined) return undefined;
    const slot = this.#slot(step.name);
    return slot.status === 'live' ? slot : undefined;
  }

  /** Steps that are over are kept while truths of their requests may come. */
  letGo(): void {
    for (const { name } of this.plan.steps) {
      const slot = this.#slot(name);
      if (slot.status !== 'finished') continue;
      const waiting = slot[strategyMark].truths().waiting ?? 0;
      const queued = name === 'shadow' ? (this.steps.shadow.strategy?.compare(CANDIDATE).waiting ?? 0) : 0;
      const over = this.#now() - slot.finishedAt >= this.#truthWindowMs;
      if (over || (waiting === 0 && queued === 0)) this.#release(slot, over ? 'window' : 'settled', waiting);
    }
  }

  /** What a step has found so far. */
  report(slot: StepSlot, reason: string, actor: string): StepReport {
    return {
      step: slot.step,
      verdict: this.#verdict ?? HOLD,
      outcome: this.#state.phase.phase,
      reason,
      actor,
      startedAt: this.#stepStartedAt,
      finishedAt: this.#now(),
      requests: this.#requests.step,
      truths: slot[strategyMark].truths(),
      ...this.#render(slot),
    };
  }

  toJSON(): SavedCycle {
    return {
      steps: this.plan.steps.map(({ name }) => name),
      machine: this.#state,
      revision: this.#revision,
      looks: this.#looks.toJSON(),
      verdict: this.#verdict ?? null,
      verdictKey: this.#verdictKey,
      requests: { ...this.#requests },
      stepStartedAt: this.#stepStartedAt,
    };
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError; nothing has changed then */
  load(saved: SavedCycle): void {
    const { machine, verdict, revision, looks, verdictKey, requests, stepStartedAt } = readCycle(
      saved,
      this.plan.steps.map(({ name }) => name),
    );
    this.#state = machine;
    this.#revision = revision;
    this.#looks.load(looks);
    this.#verdict = verdict ?? undefined;
    this.#verdictKey = verdictKey;
    this.#requests = { all: requests.all, step: requests.step };
    this.#stepStartedAt = stepStartedAt;
    this.#choice = undefined;
    this.#dueAt = deadlineOf(machine, this.plan);
  }

  /** Whether the steps are where the phase says, after both were loaded. @throws SnapshotError */
  checkSteps(): void {
    const steps = this.plan.steps.map(({ name }) => ({ name, status: this.#slot(name).status }));
    checkSteps(this.#state.phase, steps);
  }

  get #serving(): StrategyRuntime<RolloutEvent> {
    return this.#runtime!;
  }

  #now(): number {
    return this.#serving.clock.now();
  }

  #slot(step: StepName): StepSlot {
    return this.steps[step] as unknown as StepSlot;
  }

  /** What a step's strategy shares with the rollout. */
  #common(step: StepName) {
    const { clock, rng, replica, truth, timeoutMs, isValid, auditCapacity, name = 'rollout' } = this.#options;
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

  #createChoice(): Choice {
    const slot = this.servingSlot();
    if (slot !== undefined) return { variant: slot.step, untimed: true, extra: { step: slot.step } };
    const variant = this.#state.phase.phase === 'promoted' ? 'candidate' : 'current';
    return { variant, extra: { step: 'production' } };
  }

  /** A canary judges itself at every outcome: what it has come to counts from the next request on. */
  #canaryEnded(): boolean {
    const { canary } = this.steps;
    if (canary.status !== 'live') return false;
    const { phase } = canary.strategy!.phase;
    return phase === 'rolled-back' || (phase === 'promoted' && this.#state.phase.phase === 'running');
  }

  /** What a step says. Criteria that break, or answer with what is no verdict, say nothing: hold. */
  #judge({ step }: StepSlot): StepVerdict {
    return this.#serving.events.guard(`criteria:${step}`, () => readVerdict(this.steps.judge(step))) ?? HOLD;
  }

  #tellVerdict(step: StepName, verdict: StepVerdict): void {
    this.#verdict = verdict;
    const key = JSON.stringify([step, verdict.verdict, verdict.reasons.map((r) => [r.rule, r.verdict])]);
    if (key === this.#verdictKey) return;
    this.#verdictKey = key;
    this.#serving.events.emit({ type: 'verdict', step, verdict: verdict.verdict, reasons: verdict.reasons });
  }

  /** Every move, whoever decided it. Listeners hear of it when it is whole: so what they save can be restored. */
  #become(state: RolloutState, reason: string, actor: string): RolloutTransitionEvent {
    const tell = this.#serving.events.hold();
    try {
      return this.#move(state, reason, actor);
    } finally {
      tell();
    }
  }

  /** A hook or listener of a step's own may move on in the midst of it: then the rest is of that move. */
  #move(state: RolloutState, reason: string, actor: string): RolloutTransitionEvent {
    const before = this.#state;
    const served = this.servingSlot();
    const verdict = served === undefined ? null : (this.#verdict ?? null);
    this.#state = state;
    this.#choice = undefined;
    this.#dueAt = deadlineOf(state, this.plan);
    const at = this.#now();
    const fields = { from: before.phase, to: state.phase, reason, verdict, actor };
    const step = stepName(state, this.plan) ?? null;
    const event: RolloutTransitionEvent = { type: 'transition', ...fields, step, at, strategy: this.#serving.name };
    if (served !== undefined && served !== this.servingSlot()) this.#finish(served, reason, actor);
    this.#serving.events.emit({ type: 'transition', ...fields, step });
    if (this.#state !== state) return event;
    if (state.attempt !== before.attempt) this.#reset();
    this.#enter(state.phase, actor);
    return event;
  }

  /** What comes with a phase: a step begins, or its canary stands still or goes on. */
  #enter(phase: RolloutPhase, actor: string): void {
    const next = phase.phase === 'running' ? this.plan.steps[phase.step]!.name : undefined;
    if (next !== undefined && this.steps[next].status === 'idle') this.steps[next].open();
    if (this.#state.phase !== phase) return;
    const canary = this.servingSlot()?.step === 'canary' ? this.steps.canary.strategy : undefined;
    const inner = canary?.phase.phase;
    if (phase.phase === 'paused') {
      if (inner !== undefined && !['paused', 'promoted', 'rolled-back', 'pending'].includes(inner))
        canary!.pause(actor);
    } else if (inner === 'paused') canary!.resume(actor);
  }

  #opened(step: StepName): void {
    this.#requests.step = 0;
    this.#verdict = undefined;
    this.#stepStartedAt = this.#now();
    this.#looks.begin(this.#stepStartedAt);
    this.#choice = undefined;
    if (step !== 'canary') return;
    // `start` asks the hook and answers later; a canary without one has begun already.
    const canary = this.steps.canary.strategy as CanaryDeployment<AnyModel, AnyModel>;
    if (canary.phase.phase === 'pending') {
      this.#serving.events.guard('canary.start', () => canary.start('system'));
    }
  }

  #finish(slot: StepSlot, reason: string, actor: string): void {
    const { shadow, canary } = this.steps;
    const state = this.#state;
    const rejected = state.phase.phase === 'rejected';
    // A candidate that is out has no business in a queue; one that went on finishes what waits for it.
    if (rejected && slot.step === 'shadow') shadow.strategy?.stop(reason, actor);
    const inner = canary.strategy?.phase.phase;
    if (rejected && slot.step === 'canary' && inner !== 'rolled-back' && inner !== 'pending') {
      this.#serving.events.guard('canary.rollback', () => canary.strategy?.rollback(reason, actor));
    }
    if (slot.status === 'live') slot.finish(this.#now(), this.report(slot, reason, actor));
  }

  #release(slot: StepSlot, reason: 'settled' | 'window', waiting: number): void {
    const shadow = slot.step === 'shadow' ? this.steps.shadow.strategy : undefined;
    shadow?.stop('the step is over');
    if (shadow !== undefined) this.#serving.events.guard('shadow.close', () => shadow.close());
    const { report } = slot;
    if (report !== undefined) {
      const { text, markdown } = this.#render(slot);
      slot.release({ ...report, text, markdown, truths: slot[strategyMark].truths() });
    } else slot.release();
    this.#serving.events.emit({ type: 'released', step: slot.step, reason, waiting });
  }

  /** Another attempt: no step has begun. */
  #reset(): void {
    for (const { name } of this.plan.steps) {
      const slot = this.#slot(name);
      if (slot.status === 'finished') {
        const waiting = slot[strategyMark].truths().waiting ?? 0;
        this.#serving.events.emit({ type: 'released', step: name, reason: 'retry', waiting });
      }
      slot.reset();
    }
    this.#verdict = undefined;
    this.#verdictKey = '';
  }

  #render({ step, strategy }: StepSlot): { readonly text: string; readonly markdown: string } {
    return (
      this.#serving.events.guard(`report:${step}`, () => renderStep(strategy, CANDIDATE)) ?? { text: '', markdown: '' }
    );
  }

  #audited(step: StepName, event: EventBase): void {
    // Every look at a shadow is an event of its own log; the rollout tells verdicts that differ.
    if (event.type === 'promotion') return;
    this.#serving.events.emit({ type: 'step', step, event: plainEvent(event), actor: event.actor });
  }

  #weight(slot: StepSlot | undefined): number {
    if (this.#state.phase.phase === 'promoted') return 100;
    if (slot?.step === 'canary') return this.steps.canary.strategy!.weight;
    return slot?.step === 'abTest' ? 100 * (this.steps.abTest.strategy!.shares.challenger ?? 0) : 0;
  }
}
