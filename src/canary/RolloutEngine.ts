import type { Clock } from '../core/clock.ts';
import { IllegalTransitionError, SnapshotError } from '../core/errors.ts';
import type { EventSource } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import { DeploymentSharing } from '../metrics/judging/DeploymentSharing.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import type { Assessment, HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
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
import { RolloutEvidence, type SavedEvidence } from './RolloutEvidence.ts';
import { compareSafety, readSharedRollout, type SharedRollout } from './SharedRollout.ts';
import { transition } from './transition.ts';

/** What an engine is told by the deployment that holds it. */
interface EngineHost {
  readonly events: EventSource<CanaryEvent>;
  readonly clock: Clock;
  readonly name: string;
  /** The evidence has grown without a request. */
  readonly judge: () => void;
}

interface SavedEngine extends SavedEvidence {
  readonly state: CanaryState;
  readonly run: number;
  readonly revision: number;
  readonly evaluations: number;
  readonly passes: number;
  readonly lateTold: boolean;
}

type Untimed<S> = S extends unknown ? Omit<S, 'at'> : never;

function assessmentOf({ verdict, checks }: HealthCheck): Assessment {
  const critical = checks.some(
    (check) => check.critical && check.verdict === 'fail' && !check.dryRun && check.weight > 0,
  );
  return { verdict, critical };
}

/** The moving part of a rollout: state, evidence, bursts and shares, and what is told when it moves. */
export class RolloutEngine {
  readonly plan: CanaryPlan;
  readonly hooks: HookRunner;
  readonly sharing: DeploymentSharing<SharedRollout>;
  readonly #events: EventSource<CanaryEvent>;
  readonly #clock: Clock;
  readonly #evidence: RolloutEvidence;
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
    { events, clock, name, judge }: EngineHost,
  ) {
    this.plan = plan;
    this.#events = events;
    this.#clock = clock;
    const weights = plan.stages.map(({ weight }) => weight);
    this.#evidence = new RolloutEvidence(monitor, options.burst, weights);
    this.hooks = new HookRunner(options.hooks ?? {}, name, events, {
      gated: () => {
        const { phase } = this.#state;
        return phase.phase === 'gated' ? `${this.#run}/${phase.stage}` : undefined;
      },
      approve: () => this.signal({ type: 'approve' }, 'hooks.gate'),
      reject: () => this.signal({ type: 'reject', reason: 'rejected by the gate' }, 'hooks.gate'),
    });
    this.sharing = new DeploymentSharing<SharedRollout>({
      monitor,
      here: () => ({ run: this.#run, state: this.#state }),
      read: (json) => readSharedRollout(json, plan),
      compare: (a, b) => compareSafety(a, b, plan),
      follow: (shared) => this.#follow(shared),
      judge,
    });
    const { deadlineMs, approvalTimeoutMs, stages } = plan;
    const limits = [deadlineMs, approvalTimeoutMs, ...stages.map(({ maxDwellMs }) => maxDwellMs)];
    this.#timed = limits.some(Number.isFinite);
  }

  get state(): CanaryState {
    return this.#state;
  }

  /** The metrics of both models. */
  get monitor(): HealthMonitor {
    return this.#evidence.monitor;
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

  /** The canary's health by the evidence so far. */
  check(): HealthCheck {
    return this.monitor.check(weightOf(this.#state.phase, this.plan), this.#clock.now());
  }

  /** Looks at the deadlines, where there are any. */
  tick(): void {
    if (this.#timed) this.#take({ type: 'tick', at: this.#clock.now() }, 'system');
  }

  /** A model answered or failed. */
  answered(arm: Arm, failed: boolean): void {
    const trouble = this.#evidence.answered(arm, failed);
    if (trouble?.type === 'burst') this.signal(trouble);
    else if (trouble !== undefined) this.#events.emit(trouble);
  }

  /** An outcome of a stage was seen: are the shares as planned? */
  countShare(stage: number, canary: boolean): void {
    if (!this.#evidence.countShare(stage, canary) || this.#state.phase.phase !== 'progressing') return;
    this.signal({ type: 'pause', reason: 'assignment' });
  }

  /**
   * Judges, and moves on where judge and rules allow it.
   * @param thorough whether it looks by all means: rules that cost much look every few outcomes only
   */
  act(actor: string, thorough = false): void {
    const { phase } = this.#state.phase;
    if (phase === 'pending' || phase === 'rolled-back') return;
    if (phase === 'promoted') {
      this.#watchLate();
      return;
    }
    const { verdict, critical } = thorough ? assessmentOf(this.check()) : this.monitor.assess();
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
    this.#take({ ...signal, reason: health.reason }, actor, health);
  }

  /** Hands a signal to the state machine, and tells what comes of it. @throws IllegalTransitionError */
  signal(signal: Untimed<CanarySignal>, actor = 'system'): void {
    this.#take({ ...signal, at: this.#clock.now() } as CanarySignal, actor);
  }

  /** Requests and judgements come here with their time: nothing is copied on their way. */
  #take(signal: CanarySignal, actor: string, evidence?: HealthCheck): void {
    const from = this.#state.phase;
    const { state, reason } = transition(this.#state, signal, this.plan);
    this.#state = state;
    if (reason === undefined) return;
    this.sharing.revision += 1;
    if (signal.type === 'resume') this.#evidence.clearShares();
    if (signal.type === 'retry') this.#startOver(this.#run + 1);
    this.#settle();
    const weight = weightOf(state.phase, this.plan);
    const event = { type: 'transition', from, to: state.phase, weight, reason, evidence, actor } as const;
    this.#events.emit(event);
    this.hooks.tell({ ...event, at: signal.at });
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

  toJSON(): SavedEngine {
    return {
      state: this.#state,
      run: this.#run,
      revision: this.sharing.revision,
      ...this.#evidence.toJSON(),
      evaluations: this.#evaluations,
      passes: this.#passes,
      lateTold: this.#lateTold,
    };
  }

  /** @throws SnapshotError if the snapshot is of another plan or other metrics */
  load(saved: SavedEngine): void {
    const { run, state } = readSharedRollout({ run: saved.run, state: saved.state } as unknown as Json, this.plan);
    const { revision, evaluations, passes } = saved;
    if (![revision, evaluations, passes].every((count) => Number.isSafeInteger(count) && count >= 0)) {
      throw new SnapshotError('the snapshot of a rollout must count its revisions and evaluations');
    }
    this.#evidence.load(saved);
    this.#state = state;
    this.#run = run;
    this.sharing.revision = revision;
    this.#evaluations = evaluations;
    this.#passes = passes;
    this.#lateTold = saved.lateTold === true;
    this.#settle();
  }

  /** Takes over another replica's phase. Hooks run where it was decided; here it is an event. */
  #follow({ run, state }: SharedRollout): void {
    const from = this.#state.phase;
    if (run !== this.#run) this.#startOver(run);
    this.#state = state;
    this.#settle();
    const { phase } = state;
    const reason = phase.phase === 'rolled-back' ? phase.reason : 'decided by another replica';
    const weight = weightOf(phase, this.plan);
    this.#events.emit({ type: 'transition', from, to: phase, weight, reason, evidence: undefined, actor: 'replica' });
  }

  #enough(): boolean {
    const stage = this.plan.stages[this.#stage];
    return stage === undefined || this.monitor.samples(this.#stage) >= stage.minSamples;
  }

  #startOver(run: number): void {
    this.#run = run;
    this.#lateTold = false;
    this.#evidence.clear();
  }

  /** What every request asks, kept ready. */
  #settle(): void {
    this.#share = this.#drilling ? 0 : weightOf(this.#state.phase, this.plan) / 100;
    this.#stage = this.#drilling ? -1 : evidenceIndex(this.#state.phase, this.plan);
    // After the end, the evidence stays that of the last stage.
    if (this.#stage >= 0) this.monitor.stage = this.#stage;
  }

  /** Truths come late: what they say after the promotion is told, once. Going back is for people to decide. */
  #watchLate(): void {
    if (this.#lateTold || this.monitor.assess().verdict !== 'fail') return;
    this.#lateTold = true;
    const evidence = this.check();
    this.#events.emit({ type: 'late-failure', reason: evidence.reason, evidence });
  }
}
