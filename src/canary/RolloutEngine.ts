import { IllegalTransitionError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import { checkBurst, ErrorBurst } from '../metrics/judging/ErrorBurst.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import type { HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
import type { CanaryEvent } from './CanaryEvent.ts';
import type { CanaryOptions } from './CanaryOptions.ts';
import {
  type CanaryPlan,
  type CanarySignal,
  type CanaryState,
  evidenceIndex,
  initialCanaryState,
  weightOf,
} from './CanaryState.ts';
import { HookRunner } from './HookRunner.ts';
import { ShareCheck } from './ShareCheck.ts';
import { transition } from './transition.ts';

type Clock = { now(): number };

interface SavedEngine {
  readonly state: CanaryState;
  readonly run: number;
  readonly evidence: Json;
  readonly bursts: { readonly canary: Json; readonly baseline: Json };
  readonly shares: Json;
  readonly evaluations: number;
  readonly passes: number;
  readonly lateTold: boolean;
}

/** The moving part of a rollout: state, evidence, bursts and shares, and what is told when it moves. */
export class RolloutEngine {
  readonly plan: CanaryPlan;
  readonly monitor: HealthMonitor;
  readonly #events: EventSource<CanaryEvent>;
  readonly #clock: Clock;
  readonly #hooks: HookRunner;
  readonly #burst: { readonly errors: number; readonly of: number };
  readonly #bursts: { readonly canary: ErrorBurst; readonly baseline: ErrorBurst };
  readonly #shares: ShareCheck;
  readonly #timed: boolean;
  #state: CanaryState = initialCanaryState;
  #share = 0;
  #stage = -1;
  #run = 0;
  #drilling = false;
  #evaluations = 0;
  #passes = 0;
  #lateTold = false;

  constructor(
    options: Pick<CanaryOptions, 'burst' | 'hooks'>,
    plan: CanaryPlan,
    monitor: HealthMonitor,
    { events, clock }: { readonly events: EventSource<CanaryEvent>; readonly clock: Clock },
  ) {
    this.plan = plan;
    this.monitor = monitor;
    this.#events = events;
    this.#clock = clock;
    this.#burst = checkBurst(options.burst);
    this.#bursts = { canary: new ErrorBurst(this.#burst.of), baseline: new ErrorBurst(this.#burst.of) };
    this.#shares = new ShareCheck(plan.stages.map(({ weight }) => weight));
    this.#hooks = new HookRunner(options.hooks ?? {}, events, {
      gated: () => {
        const { phase } = this.#state;
        return phase.phase === 'gated' ? `${this.#run}/${phase.stage}` : undefined;
      },
      approve: () => this.signal({ type: 'approve', at: this.#clock.now() }, 'hooks.gate'),
      reject: (reason) => this.signal({ type: 'reject', at: this.#clock.now(), reason }, 'hooks.gate'),
    });
    const { deadlineMs, approvalTimeoutMs, stages } = plan;
    const limits = [deadlineMs, approvalTimeoutMs, ...stages.map(({ maxDwellMs }) => maxDwellMs)];
    this.#timed = limits.some(Number.isFinite);
  }

  get state(): CanaryState {
    return this.#state;
  }

  /** The canary's share of the traffic, within [0, 1]. */
  get share(): number {
    return this.#share;
  }

  /** The index of the evidence that is being gathered; -1 where none is. */
  get stage(): number {
    return this.#stage;
  }

  /** Counts the attempts: evidence of an attempt that was rolled back is no evidence of the next. */
  get run(): number {
    return this.#run;
  }

  get counts(): { readonly evaluations: number; readonly passed: number } {
    return { evaluations: this.#evaluations, passed: this.#passes };
  }

  get hooks(): HookRunner {
    return this.#hooks;
  }

  /** The canary's health by the evidence so far. */
  check(): HealthCheck {
    return this.monitor.check(weightOf(this.#state.phase, this.plan), this.#clock.now());
  }

  /** Looks at the deadlines, where there are any. */
  tick(): void {
    if (this.#timed) this.signal({ type: 'tick', at: this.#clock.now() });
  }

  /** A model answered or failed. */
  settled(arm: Arm, failed: boolean): void {
    this.#bursts[arm].push(failed);
    if (failed && arm === 'canary') this.#watchBurst();
  }

  /** An outcome of a stage was seen: are the shares as planned? */
  countShare(stage: number, canary: boolean): void {
    if (!this.#shares.push(stage, canary) || this.#state.phase.phase !== 'progressing') return;
    this.signal({ type: 'pause', at: this.#clock.now(), reason: 'assignment' });
  }

  /** Judges, and moves on where judge and rules allow it. */
  act(actor: string): void {
    const { phase } = this.#state.phase;
    if (phase === 'pending' || phase === 'rolled-back') return;
    if (phase === 'promoted') {
      this.#watchLate();
      return;
    }
    const { verdict, critical } = this.monitor.assess();
    this.#evaluations += 1;
    if (verdict === 'pass') this.#passes += 1;
    const enough = verdict !== 'pass' || this.#enough();
    const signal = { type: 'verdict', at: this.#clock.now(), verdict, enough, critical, reason: '' } as const;
    const { state, reason } = transition(this.#state, signal, this.plan);
    if (reason === undefined) {
      this.#state = state;
      return;
    }
    // Only now is it worth the numbers and words.
    const health = this.check();
    this.signal({ ...signal, reason: health.reason }, actor, health);
  }

  /** Hands a signal to the state machine, and tells what comes of it. @throws IllegalTransitionError */
  signal(signal: CanarySignal, actor = 'system', evidence?: HealthCheck): void {
    const from = this.#state.phase;
    const { state, reason } = transition(this.#state, signal, this.plan);
    this.#state = state;
    if (reason === undefined) return;
    if (signal.type === 'resume') this.#shares.clear();
    if (signal.type === 'retry') this.#startOver();
    this.#settle();
    const event = {
      type: 'transition',
      from,
      to: state.phase,
      weight: weightOf(state.phase, this.plan),
      reason,
      evidence,
      actor,
    } as const;
    this.#events.emit(event);
    this.#hooks.tell({ ...event, at: signal.at, strategy: this.#hooks.strategy });
  }

  /** Takes the canary out until the function that is returned is called. @throws IllegalTransitionError where it has no traffic */
  startDrill(): () => void {
    const { phase } = this.#state.phase;
    if (this.#drilling) throw new IllegalTransitionError(phase, 'drill', 'a drill is under way');
    const weight = weightOf(this.#state.phase, this.plan);
    // The very rule that a real rollback goes by: where it refuses, so does the drill.
    transition(this.#state, { type: 'rollback', at: this.#clock.now(), reason: 'drill' }, this.plan);
    if (weight === 0) throw new IllegalTransitionError(phase, 'drill', 'the canary has no traffic');
    this.#drilling = true;
    this.#settle();
    return () => {
      this.#drilling = false;
      this.#settle();
    };
  }

  /** What was observed of the canary's share at the present stage. */
  shareSeen(): { readonly share: number; readonly n: number } {
    return this.#shares.shareOf(this.#stage);
  }

  toJSON(): SavedEngine {
    return {
      state: this.#state,
      run: this.#run,
      evidence: this.monitor.toJSON(),
      bursts: { canary: this.#bursts.canary.toJSON() as never, baseline: this.#bursts.baseline.toJSON() as never },
      shares: this.#shares.toJSON() as never,
      evaluations: this.#evaluations,
      passes: this.#passes,
      lateTold: this.#lateTold,
    };
  }

  load(saved: SavedEngine): void {
    this.#state = saved.state;
    this.#run = saved.run;
    this.monitor.load(saved.evidence);
    this.#bursts.canary.load(saved.bursts.canary as never);
    this.#bursts.baseline.load(saved.bursts.baseline as never);
    this.#shares.load(saved.shares as never);
    this.#evaluations = saved.evaluations;
    this.#passes = saved.passes;
    this.#lateTold = saved.lateTold;
    this.#settle();
  }

  #enough(): boolean {
    const stage = this.plan.stages[this.#stage];
    return stage === undefined || this.monitor.samples(this.#stage) >= stage.minSamples;
  }

  #startOver(): void {
    this.#run += 1;
    this.#lateTold = false;
    this.monitor.clear();
    this.#bursts.canary.clear();
    this.#shares.clear();
  }

  /** What every request asks, kept ready. */
  #settle(): void {
    this.#share = this.#drilling ? 0 : weightOf(this.#state.phase, this.plan) / 100;
    this.#stage = this.#drilling ? -1 : evidenceIndex(this.#state.phase, this.plan);
    // After the end, the evidence stays that of the last stage.
    if (this.#stage >= 0) this.monitor.stage = this.#stage;
  }

  #watchBurst(): void {
    const { errors, of } = this.#burst;
    const { canary, baseline } = this.#bursts;
    if (canary.errors < errors) return;
    if (baseline.errors >= errors) {
      this.#events.emit({ type: 'common-cause', canaryErrors: canary.errors, baselineErrors: baseline.errors });
      return;
    }
    const reason = `error burst: ${canary.errors} of the canary's last ${of} requests failed`;
    this.signal({ type: 'burst', at: this.#clock.now(), reason });
  }

  /** Truths come late: what they say after the promotion is told, once. Going back is for people to decide. */
  #watchLate(): void {
    if (this.#lateTold || this.monitor.assess().verdict !== 'fail') return;
    this.#lateTold = true;
    const evidence = this.check();
    this.#events.emit({ type: 'late-failure', reason: evidence.reason, evidence });
  }
}
