import { hashSeed, hashUnit, inShare } from '../assignment/index.ts';
import {
  checkBoolean,
  checkFunction,
  checkInteger,
  checkOneOf,
  checkOptions,
  checkProbability,
} from '../core/check.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { ContainedErrorEvent } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { rmse } from '../metrics/errorMetrics.ts';
import type { Metric } from '../metrics/Metric.ts';
import { measure } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { errorRate, latency, serviceTime } from '../metrics/serviceMetrics.ts';
import type { CanaryEvent, TransitionEvent } from './CanaryEvent.ts';
import { CanaryEvidence } from './CanaryEvidence.ts';
import { type CanaryOptions, canaryOptionNames, createPlan } from './CanaryOptions.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import { type CanaryPlan, type CanarySignal, type CanaryState, initialCanaryState, weightOf } from './CanaryState.ts';
import { combineChecks } from './combineChecks.ts';
import { ErrorBurst } from './ErrorBurst.ts';
import type { HealthCheck, MetricCheck } from './HealthCheck.ts';
import type { CanaryJudge, JudgeRules } from './judges/CanaryJudge.ts';
import { describeCheck } from './judges/describeCheck.ts';
import { sequentialJudge } from './judges/sequentialJudge.ts';
import { thresholdJudge } from './judges/thresholdJudge.ts';
import { transition } from './transition.ts';

/** Where a rollout stands, for people and dashboards. */
export interface CanaryStatus {
  readonly phase: CanaryPhase['phase'];
  /** Percent of the traffic that the canary gets. */
  readonly weight: number;
  /** The present stage, from 1; undefined outside of stages. */
  readonly stage: number | undefined;
  readonly stages: number;
  /** What the rollout waits for, or why it ended. */
  readonly waitingFor: string;
  readonly evaluations: number;
  readonly passed: number;
  /** Requests that were sent to each model. */
  readonly served: { readonly baseline: number; readonly canary: number };
  readonly startedAt: number | undefined;
}

interface Note {
  readonly stage: number;
}

interface SavedCanary {
  readonly state: CanaryState;
  readonly evidence: Json;
  readonly bursts: { readonly canary: Json; readonly baseline: Json };
  readonly served: { readonly baseline: number; readonly canary: number };
  readonly evaluations: number;
  readonly passes: number;
  readonly checks: readonly (MetricCheck | null)[];
  readonly lastReason: string;
}

/**
 * Shifts traffic from a baseline to a canary in stages, judged at every outcome. Too little data hold; a canary that
 * is surely too bad is out from the next request on; an error burst takes it out at once.
 *
 * @example
 * const canary = new CanaryDeployment({ baseline: current, canary: next, seed: 42 });
 * canary.predict(row, { id: row.id });
 * canary.record(row.id, measured);
 * canary.checkHealth().reason;
 */
export class CanaryDeployment<B extends AnyModel, C extends AnyModel> {
  readonly #runtime: StrategyRuntime<CanaryEvent>;
  readonly #options: CanaryOptions<B, C>;
  readonly #plan: CanaryPlan;
  readonly #metrics: readonly Metric[];
  readonly #judge: CanaryJudge;
  readonly #rules: JudgeRules;
  readonly #guards: readonly boolean[];
  readonly #burstLimit: { readonly errors: number; readonly of: number };
  readonly #bursts: { readonly canary: ErrorBurst; readonly baseline: ErrorBurst };
  readonly #hash: number;
  #evidence: CanaryEvidence;
  #checks: (MetricCheck | undefined)[] = [];
  #state: CanaryState = initialCanaryState;
  #served = { baseline: 0, canary: 0 };
  #evaluations = 0;
  #passes = 0;
  #lastReason = 'not started';

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: CanaryOptions<B, C>) {
    checkOptions('options', options, canaryOptionNames);
    this.#options = options;
    this.#plan = createPlan(options);
    this.#metrics = createMetrics(options.metrics);
    this.#judge = createJudge(options.judge);
    this.#guards = guardsOf(this.#metrics);
    this.#rules = createRules(options, this.#metrics);
    this.#burstLimit = checkBurst(options.burst);
    this.#bursts = { canary: new ErrorBurst(this.#burstLimit.of), baseline: new ErrorBurst(this.#burstLimit.of) };
    checkOneOf('assign', options.assign ?? 'request', ['request', 'unit']);
    for (const name of ['fallback', 'autoStart', 'autoProgress'] as const) checkBoolean(name, options[name] ?? true);
    if (options.match !== undefined) checkFunction('match', options.match);
    this.#runtime = new StrategyRuntime<CanaryEvent>(options, {
      kind: 'canary',
      version: 1,
      models: { baseline: options.baseline, canary: options.canary },
      settled: (outcome, fallback) => this.#settled(outcome, fallback),
      joined: (outcome) => this.#joined(outcome),
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedCanary),
    });
    this.#hash = hashSeed('canary', this.#runtime.name);
    this.#evidence = this.#emptyEvidence();
    if ((options.autoStart ?? true) && options.hooks?.preRollout === undefined)
      this.#signal({ type: 'start', at: this.#now() });
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The strategy's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** Answers like the model that the request is sent to; like the baseline where the canary fails. */
  predict(input: InputOf<B> & InputOf<C>, request: Request = {}): OutputOf<B> | OutputOf<C> {
    return this.#runtime.predict(this.#choose(input, request), input, request) as OutputOf<B> | OutputOf<C>;
  }

  /** Answers with the story. */
  serve(input: InputOf<B> & InputOf<C>, request: Request = {}): Story<OutputOf<B> | OutputOf<C>> {
    return this.#runtime.serve(this.#choose(input, request), input, request) as Story<OutputOf<B> | OutputOf<C>>;
  }

  /** Records the truth of a request; the canary is judged by it at once. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends CanaryEvent['type'] | 'contained-error' | '*'>(
    type: T,
    listener: (
      event: T extends '*'
        ? CanaryEvent | ContainedErrorEvent
        : Extract<CanaryEvent | ContainedErrorEvent, { type: T }>,
    ) => void,
  ): () => void {
    return this.#runtime.events.on(type, listener as never);
  }

  /** The canary's health by the evidence so far. Looking changes nothing. */
  checkHealth(): HealthCheck {
    const checks = this.#metrics.map((_, i) => this.#checks[i] ?? this.#check(i));
    return combineChecks(checks, this.#weight(), this.#now(), this.#rules.passSamples);
  }

  /** Starts a rollout that waits; asks `hooks.preRollout` first. @throws IllegalTransitionError if it has started */
  async start(actor = 'system'): Promise<boolean> {
    const { hooks } = this.#options;
    if (hooks?.preRollout !== undefined) {
      const { preRollout } = hooks;
      const go = await this.#runtime.events.guard('hooks.preRollout', async () => preRollout());
      if (go === false) return false;
    }
    this.#signal({ type: 'start', at: this.#now() }, actor);
    return true;
  }

  /**
   * Judges now, and moves on where the judge and the rules of the stage allow it. Needed only where `autoProgress` is
   * off. @returns the health check that it acted upon
   */
  progress(actor = 'system'): HealthCheck {
    const health = this.checkHealth();
    this.#act(health, actor);
    return health;
  }

  /** Back to the baseline from the next request on. @throws IllegalTransitionError where there is nothing to roll back */
  rollback(reason = 'rolled back by hand', actor = 'system'): void {
    this.#signal({ type: 'rollback', at: this.#now(), reason }, actor);
  }

  /** Stands still at the present weight. @throws IllegalTransitionError */
  pause(actor = 'system'): void {
    this.#signal({ type: 'pause', at: this.#now(), reason: 'manual' }, actor);
  }

  /** Goes on after a pause. @throws IllegalTransitionError */
  resume(actor = 'system'): void {
    this.#signal({ type: 'resume', at: this.#now() }, actor);
  }

  /** Approves the next stage. @throws IllegalTransitionError where no gate waits */
  approve(actor = 'system'): void {
    this.#signal({ type: 'approve', at: this.#now() }, actor);
  }

  /** Refuses the next stage: the canary is rolled back. @throws IllegalTransitionError where no gate waits */
  reject(reason = 'rejected', actor = 'system'): void {
    this.#signal({ type: 'reject', at: this.#now(), reason }, actor);
  }

  /** Goes to the next stage without a verdict. @throws IllegalTransitionError */
  skipStage(actor = 'system'): void {
    this.#signal({ type: 'skip-stage', at: this.#now() }, actor);
  }

  /** Promotes the canary at once; `force` passes over missing approvals. @throws IllegalTransitionError */
  promote({ force = false }: { readonly force?: boolean } = {}, actor = 'system'): void {
    this.#signal({ type: 'promote', at: this.#now(), force }, actor);
  }

  /** After a rollback: pending again, with no evidence and no approvals. @throws IllegalTransitionError */
  retry(actor = 'system'): void {
    this.#signal({ type: 'retry', at: this.#now() }, actor);
    this.#evidence = this.#emptyEvidence();
    this.#checks = [];
    this.#bursts.canary.clear();
  }

  /** Looks at the deadlines; every request does so as well. Returns the phase. */
  tick(): CanaryPhase {
    this.#signal({ type: 'tick', at: this.#now() });
    return this.#state.phase;
  }

  /** Where the rollout stands. */
  get status(): CanaryStatus {
    const { phase } = this.#state;
    const inner = phase.phase === 'paused' ? phase.previous : phase;
    return {
      phase: phase.phase,
      weight: this.#weight(),
      stage: 'stage' in inner ? inner.stage + 1 : undefined,
      stages: this.#plan.stages.length,
      waitingFor: this.#waitingFor(),
      evaluations: this.#evaluations,
      passed: this.#passes,
      served: { ...this.#served },
      startedAt: this.#state.startedAt < 0 ? undefined : this.#state.startedAt,
    };
  }

  /** Every move of the rollout with its reason and evidence, oldest first. */
  get history(): readonly (CanaryEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** The whole state. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
  }

  /** A rollout that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<B extends AnyModel, C extends AnyModel>(
    snapshot: Snapshot,
    options: CanaryOptions<B, C>,
  ): CanaryDeployment<B, C> {
    const canary = new CanaryDeployment({ ...options, autoStart: false });
    canary[strategyMark].load(snapshot);
    return canary;
  }

  #now(): number {
    return this.#runtime.clock.now();
  }

  #weight(): number {
    return weightOf(this.#state.phase, this.#plan);
  }

  #emptyEvidence(): CanaryEvidence {
    // One more than there are stages: baking is judged as well.
    return new CanaryEvidence(this.#metrics, this.#plan.stages.length + 1, this.#runtime.stream('evidence'));
  }

  #choose(input: InputOf<B>, request: Request): Choice {
    const { phase } = this.#state;
    if (phase.phase === 'progressing' || phase.phase === 'gated') this.#signal({ type: 'tick', at: this.#now() });
    const variant = this.#toCanary(input, request) ? 'canary' : 'baseline';
    this.#served[variant] += 1;
    const note: Note = { stage: this.#stageNow() };
    return { variant, fallback: this.#options.fallback === false ? undefined : 'baseline', note };
  }

  #toCanary(input: InputOf<B>, request: Request): boolean {
    const { match, assign = 'request' } = this.#options;
    const share = this.#weight() / 100;
    // One draw a request, also where it decides nothing: so a change of weight moves nobody else.
    const draw = assign === 'request' || request.unit === undefined ? this.#runtime.rng.next() : undefined;
    if (match !== undefined && this.#runtime.events.guard('match', () => match(input, request)) !== true) return false;
    if (draw !== undefined) return draw >= 1 - share;
    return inShare(hashUnit(request.unit!, this.#hash), share);
  }

  #stageNow(): number {
    const { phase } = this.#state;
    const inner = phase.phase === 'paused' ? phase.previous : phase;
    if (inner.phase === 'progressing' || inner.phase === 'gated') return inner.stage;
    return inner.phase === 'baking' ? this.#plan.stages.length : -1;
  }

  #settled(outcome: Outcome, fallback: boolean): void {
    if (fallback || outcome.status === 'cancelled') return;
    const arm = outcome.variant as 'canary' | 'baseline';
    this.#bursts[arm].push(outcome.status !== 'ok');
    this.#take(outcome, 'serve');
    if (arm === 'canary' && outcome.status !== 'ok') this.#watchBurst();
  }

  #joined(outcome: Outcome): void {
    this.#take(outcome, 'truth');
  }

  #take(outcome: Outcome, due: 'serve' | 'truth'): void {
    const { stage } = outcome.note as Note;
    if (stage < 0) return;
    const arm = outcome.variant as 'canary' | 'baseline';
    this.#metrics.forEach((metric, i) => {
      if (metric.due !== due) return;
      const value = this.#runtime.events.guard(`metric:${metric.name}`, () => measure(metric, outcome));
      if (value === undefined) return;
      this.#evidence.push(i, stage, arm, value);
      this.#checks[i] = undefined;
    });
    if (arm === 'canary' && (this.#options.autoProgress ?? true)) this.#act(this.checkHealth(), 'system');
  }

  #act(health: HealthCheck, actor: string): void {
    const { phase } = this.#state.phase;
    if (phase === 'pending' || phase === 'promoted' || phase === 'rolled-back') return;
    this.#evaluations += 1;
    if (health.passed) this.#passes += 1;
    this.#lastReason = health.reason;
    const critical = health.checks.some((check) => check.verdict === 'fail' && check.critical && !check.dryRun);
    // Judges and their minimum of samples say fail or pass only where there is enough.
    this.#signal(
      { type: 'verdict', at: health.at, verdict: health.verdict, enough: true, critical, reason: health.reason },
      actor,
      health,
    );
  }

  #watchBurst(): void {
    const { errors, of } = this.#burstLimit;
    const { canary, baseline } = this.#bursts;
    if (canary.errors < errors) return;
    if (baseline.errors >= errors) {
      this.#runtime.events.emit({ type: 'common-cause', canaryErrors: canary.errors, baselineErrors: baseline.errors });
      return;
    }
    const reason = `error burst: ${canary.errors} of the canary's last ${of} requests failed`;
    this.#signal({ type: 'burst', at: this.#now(), reason });
  }

  #check(i: number): MetricCheck {
    const stage = Math.max(0, this.#stageNow());
    const evidence = this.#evidence.of(i, stage, this.#guards[i]!);
    const check = this.#runtime.events.guard(`judge:${this.#judge.name}`, () =>
      this.#judge.check(evidence, this.#rules),
    );
    const done =
      check ?? describeCheck(evidence, { verdict: 'error', reason: `the judge broke on ${this.#metrics[i]!.name}` });
    this.#checks[i] = done;
    return done;
  }

  #signal(signal: CanarySignal, actor = 'system', evidence?: HealthCheck): void {
    const from = this.#state.phase;
    const { state, reason } = transition(this.#state, signal, this.#plan);
    this.#state = state;
    if (reason === undefined) return;
    this.#lastReason = reason;
    this.#checks = [];
    const event = {
      type: 'transition',
      from,
      to: state.phase,
      weight: this.#weight(),
      reason,
      evidence,
      actor,
    } as const;
    this.#runtime.events.emit(event);
    this.#tell({ ...event, at: signal.at, strategy: this.name });
  }

  #tell(event: TransitionEvent): void {
    const { hooks } = this.#options;
    if (hooks === undefined) return;
    const { events } = this.#runtime;
    const { phase } = event.to;
    if (phase === 'progressing' && hooks.stage) events.guard('hooks.stage', () => hooks.stage!(event));
    if (phase === 'rolled-back' && hooks.rollback) events.guard('hooks.rollback', () => hooks.rollback!(event));
    if (phase === 'promoted' && hooks.promoted) events.guard('hooks.promoted', () => hooks.promoted!(event));
    if (phase !== 'gated' || !hooks.gate) return;
    events.guard('hooks.gate', async () => {
      const answer = await hooks.gate!(event);
      if (this.#state.phase.phase !== 'gated') return;
      if (answer === true) this.approve('hooks.gate');
      if (answer === false) this.reject('rejected by the gate', 'hooks.gate');
    });
  }

  #waitingFor(): string {
    const { phase } = this.#state;
    if (phase.phase === 'rolled-back') return phase.reason;
    if (phase.phase === 'paused') return `paused: ${phase.reason}`;
    if (phase.phase === 'gated') return `an approval of stage ${phase.stage + 2}`;
    if (phase.phase === 'progressing' || phase.phase === 'baking') return this.checkHealth().reason;
    return this.#lastReason;
  }

  #save(): SavedCanary {
    return {
      state: this.#state,
      evidence: this.#evidence.toJSON(),
      bursts: { canary: this.#bursts.canary.toJSON() as Json, baseline: this.#bursts.baseline.toJSON() as Json },
      served: { ...this.#served },
      evaluations: this.#evaluations,
      passes: this.#passes,
      checks: [],
      lastReason: this.#lastReason,
    };
  }

  #load(saved: SavedCanary): void {
    this.#state = saved.state;
    this.#evidence.load(saved.evidence);
    this.#bursts.canary.load(saved.bursts.canary as never);
    this.#bursts.baseline.load(saved.bursts.baseline as never);
    this.#served = { ...saved.served };
    this.#evaluations = saved.evaluations;
    this.#passes = saved.passes;
    this.#lastReason = saved.lastReason;
    this.#checks = [];
  }
}

function createMetrics(given: CanaryOptions['metrics']): readonly Metric[] {
  const defaults = [
    rmse({ role: 'goal' }),
    latency({ quantile: 0.95 }),
    errorRate(),
    serviceTime(),
  ] as unknown as Metric[];
  const metrics = (given as readonly unknown[] | undefined as readonly Metric[] | undefined) ?? defaults;
  if (!Array.isArray(metrics) || metrics.length === 0)
    throw new InvalidOptionError('metrics', given, 'a list of at least one metric');
  const names = metrics.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new InvalidOptionError('metrics', names, 'metrics with distinct names');
  for (const { name, kind, limit } of metrics) {
    const judged = kind === 'mean' || kind === 'rate' || kind === 'rmse' || kind === 'quantile';
    if (limit !== undefined && !judged) {
      throw new InvalidOptionError(`metrics.${name}`, kind, 'a mean, rate, rmse or quantile where it has a limit');
    }
  }
  return metrics;
}

/** A pass is asked of the goals; without a goal, of the metrics of the truth that are held against the baseline. */
function guardsOf(metrics: readonly Metric[]): readonly boolean[] {
  const goals = metrics.some(({ role }) => role === 'goal');
  return metrics.map(({ role, due, kind, limit }) =>
    goals ? role !== 'goal' : !(due === 'truth' && kind !== 'rate' && limit !== undefined && 'relative' in limit),
  );
}

function createJudge(judge: CanaryOptions['judge'] = 'sequential'): CanaryJudge {
  if (typeof judge === 'object' && judge !== null) {
    checkFunction('judge.check', judge.check);
    return judge;
  }
  return checkOneOf('judge', judge, ['sequential', 'threshold']) === 'sequential' ? sequentialJudge : thresholdJudge;
}

function createRules(options: CanaryOptions, metrics: readonly Metric[]): JudgeRules {
  const { alpha = 0.01, passAlpha = 0.05, minSamples = 30, passSamples = 100 } = options;
  const acting = metrics.filter(({ dryRun, limit }) => !dryRun && limit !== undefined).length;
  return {
    alpha: checkProbability('alpha', alpha) / Math.max(1, acting),
    passAlpha: checkProbability('passAlpha', passAlpha),
    minSamples: checkInteger('minSamples', minSamples, { ge: 2 }),
    passSamples: checkInteger('passSamples', passSamples, { ge: 2 }),
  };
}

function checkBurst(burst: CanaryOptions['burst'] = { errors: 8, of: 20 }): { errors: number; of: number } {
  checkOptions('burst', burst, ['errors', 'of']);
  const of = checkInteger('burst.of', burst.of, { ge: 1 });
  return { errors: checkInteger('burst.errors', burst.errors, { ge: 1, le: of }), of };
}
