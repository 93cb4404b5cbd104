import { hashSeed, hashUnit, inShare } from '../assignment/index.ts';
import { checkBoolean, checkFunction, checkInteger, checkOneOf, checkOptions } from '../core/check.ts';
import type { ContainedErrorEvent } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import { HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
import { createMetrics } from '../metrics/judging/JudgingOptions.ts';
import type { Metric } from '../metrics/Metric.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { CanaryEvent, DrillReport } from './CanaryEvent.ts';
import { type CanaryOptions, canaryOptionNames, checkHooks, createPlan } from './CanaryOptions.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import { activeOf, type CanaryPlan, weightOf } from './CanaryState.ts';
import { type CanaryStatus, waitingFor } from './CanaryStatus.ts';
import { canaryMarkdown, canaryText } from './canaryReport.ts';
import { driftWarning, fixBaseline } from './fixedBaseline.ts';
import { RolloutEngine } from './RolloutEngine.ts';
import { resourceMetrics, type Usage } from './resourceMetrics.ts';
import { runDrill } from './runDrill.ts';

/** What is known of a request until its truth comes. */
interface Note {
  readonly run: number;
  /** The index of the evidence; -1 where the request is none. */
  readonly stage: number;
  /** Readings of the probes before the request, on sampled requests. */
  before?: Usage;
  usage?: Usage;
  /** What the other model said to the same request, where it was asked. */
  other?: Pick<Outcome, 'variant' | 'status' | 'prediction' | 'latencyMs'>;
  /** The truth came before the other model's answer. */
  joined?: Outcome;
}

interface SavedCanary {
  readonly engine: Json;
  readonly served: { readonly baseline: number; readonly canary: number };
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
  readonly #engine: RolloutEngine;
  readonly #hash: number;
  readonly #sticky: boolean;
  readonly #paired: boolean;
  readonly #probes: readonly (readonly [string, () => number])[];
  readonly #truths: boolean;
  #served = { baseline: 0, canary: 0 };

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: CanaryOptions<B, C>) {
    checkOptions('options', options, canaryOptionNames);
    checkMore(options);
    this.#options = options;
    this.#plan = createPlan(options);
    this.#sticky = options.assign === 'unit';
    this.#paired = options.compare === 'paired';
    this.#probes = Object.entries(options.probes ?? {});
    this.#runtime = new StrategyRuntime<CanaryEvent>(options, {
      kind: 'canary',
      version: 1,
      models: { baseline: options.baseline, canary: options.canary },
      anonymous: true,
      settled: (outcome, fallback) => this.#settled(outcome, fallback),
      joined: (outcome) => this.#joined(outcome),
      save: () => ({ engine: this.#engine.toJSON(), served: this.#served }) as unknown as Json,
      load: (state) => {
        const { engine, served } = state as unknown as SavedCanary;
        this.#engine.load(engine as never);
        this.#served = { ...served };
      },
    });
    this.#hash = hashSeed('canary', this.#runtime.name);
    const { events, clock } = this.#runtime;
    const metrics = metricsOf(options);
    this.#truths = metrics.some(({ due }) => due === 'truth');
    const monitor = new HealthMonitor({ ...options, metrics } as never, {
      // At full weight, and while shadowing, no request is split at random.
      shares: [...this.#plan.stages.map(({ weight }) => weight / 100), 0, 0],
      clustered: this.#sticky,
      paired: this.#paired,
      rng: this.#runtime.stream('evidence'),
      contain: (where, error) => events.contain(where, error),
    });
    this.#engine = new RolloutEngine(options, this.#plan, monitor, { events, clock });
    this.#engine.hooks.strategy = this.name;
    if ((options.autoStart ?? true) && options.hooks?.preRollout === undefined) {
      this.#engine.signal({ type: 'start', at: this.#now() });
    }
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The strategy's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** The phase that the rollout is in. */
  get phase(): CanaryPhase {
    return this.#engine.state.phase;
  }

  /** Percent of the traffic that the canary gets. */
  get weight(): number {
    return this.#weight();
  }

  /** Requests that were sent to each model. */
  get served(): { readonly baseline: number; readonly canary: number } {
    return { ...this.#served };
  }

  /** Answers like the model that the request is sent to; like the baseline where the canary fails. */
  predict(input: InputOf<B> & InputOf<C>, request: Request = {}): OutputOf<B> | OutputOf<C> {
    return this.#runtime.predict(this.#choose(input, request), input, request) as OutputOf<B> | OutputOf<C>;
  }

  /** Answers with the story. */
  serve(input: InputOf<B> & InputOf<C>, request: Request = {}): Story<OutputOf<B> | OutputOf<C>> {
    return this.#runtime.serve(this.#choose(input, request), input, request) as Story<OutputOf<B> | OutputOf<C>>;
  }

  /**
   * Records the truth of a request. It counts for the model and the stage of its request, whenever it comes: at once, or
   * after the rollout has moved on or ended.
   */
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

  /** The canary's health by the evidence so far, the failing stage's after a rollback. Looking changes nothing. */
  checkHealth(): HealthCheck {
    return this.#engine.check();
  }

  /** Starts a rollout that waits; asks `hooks.preRollout` first. @throws IllegalTransitionError if it has started */
  async start(actor = 'system'): Promise<boolean> {
    if (!(await this.#engine.hooks.mayStart())) return false;
    this.#engine.signal({ type: 'start', at: this.#now() }, actor);
    return true;
  }

  /**
   * Judges now, and moves on where the judge and the rules of the stage allow it. Needed only where `autoProgress` is
   * off. @returns the health check that it acted upon
   */
  progress(actor = 'system'): HealthCheck {
    const health = this.checkHealth();
    this.#engine.act(actor);
    return health;
  }

  /** Back to the baseline from the next request on. @throws IllegalTransitionError where there is nothing to roll back */
  rollback(reason = 'rolled back by hand', actor = 'system'): void {
    this.#engine.signal({ type: 'rollback', at: this.#now(), reason }, actor);
  }

  /** Stands still at the present weight. @throws IllegalTransitionError */
  pause(actor = 'system'): void {
    this.#engine.signal({ type: 'pause', at: this.#now(), reason: 'manual' }, actor);
  }

  /** Goes on after a pause. @throws IllegalTransitionError */
  resume(actor = 'system'): void {
    this.#engine.signal({ type: 'resume', at: this.#now() }, actor);
  }

  /** Approves the next stage. @throws IllegalTransitionError where no gate waits */
  approve(actor = 'system'): void {
    this.#engine.signal({ type: 'approve', at: this.#now() }, actor);
  }

  /** Refuses the next stage: the canary is rolled back. @throws IllegalTransitionError where no gate waits */
  reject(reason = 'rejected', actor = 'system'): void {
    this.#engine.signal({ type: 'reject', at: this.#now(), reason }, actor);
  }

  /** Goes to the next stage without a verdict. @throws IllegalTransitionError */
  skipStage(actor = 'system'): void {
    this.#engine.signal({ type: 'skip-stage', at: this.#now() }, actor);
  }

  /** Promotes the canary at once; `force` passes over missing approvals. @throws IllegalTransitionError */
  promote({ force = false }: { readonly force?: boolean } = {}, actor = 'system'): void {
    this.#engine.signal({ type: 'promote', at: this.#now(), force }, actor);
  }

  /** After a rollback: pending again, with no evidence and no approvals. @throws IllegalTransitionError */
  retry(actor = 'system'): void {
    this.#engine.signal({ type: 'retry', at: this.#now() }, actor);
  }

  /** Looks at the deadlines; every request does so as well. Returns the phase. */
  tick(): CanaryPhase {
    this.#engine.tick();
    return this.phase;
  }

  /**
   * Exercises the way back before it is needed: takes the canary out of the traffic, decides where requests would go,
   * asks the baseline for the inputs given, and returns to the stage as it was. Audited as a `drill` event.
   *
   * @throws IllegalTransitionError where the canary has no traffic, or could not be rolled back
   */
  async drill(inputs: readonly (InputOf<B> & InputOf<C>)[] = [], actor = 'system'): Promise<DrillReport> {
    const { clock } = this.#runtime;
    const { baseline } = this.#options;
    const weight = this.#weight();
    const end = this.#engine.startDrill();
    const report = await runDrill(inputs, {
      weight,
      clock,
      predict: async (input) => (baseline.predict as (input: unknown) => unknown).call(baseline, input),
      toCanary: (draw) => draw >= 1 - this.#engine.share,
      rng: this.#runtime.stream('drill'),
    }).finally(end);
    this.#runtime.events.emit({ type: 'drill', report, actor });
    return report;
  }

  /** Waits for the hooks that are still running. */
  hooksSettled(): Promise<void> {
    return this.#engine.hooks.settled();
  }

  /** Where the rollout stands. */
  get status(): CanaryStatus {
    const { state, counts, monitor } = this.#engine;
    const inner = activeOf(state.phase);
    const waiting = waitingFor(
      state,
      this.#plan,
      this.#now(),
      () => this.checkHealth(),
      (stage) => monitor.samples(stage),
    );
    return {
      phase: state.phase.phase,
      weight: this.#weight(),
      stage: 'stage' in inner ? inner.stage + 1 : undefined,
      stages: this.#plan.stages.length,
      waitingFor: waiting.text,
      needed: waiting.needed,
      ...counts,
      served: { ...this.#served },
      startedAt: state.startedAt < 0 ? undefined : state.startedAt,
      warnings: typeof this.#options.compare === 'object' ? [driftWarning] : [],
    };
  }

  /** Every move of the rollout with its reason and evidence, oldest first. */
  get history(): readonly (CanaryEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** Status, evidence and history as text of 80 columns. */
  toText(): string {
    return canaryText(this.name, this.status, this.checkHealth(), this.history);
  }

  /** Status, evidence and history as Markdown. */
  toMarkdown(): string {
    return canaryMarkdown(this.name, this.status, this.checkHealth(), this.history);
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
    return weightOf(this.phase, this.#plan);
  }

  #choose(input: InputOf<B>, request: Request): Choice {
    this.#engine.tick();
    const matches = this.#matches(input, request);
    const variant: Arm = this.#draw(request) && matches ? 'canary' : 'baseline';
    this.#served[variant] += 1;
    const note: Note = { run: this.#engine.run, stage: matches ? this.#engine.stage : -1 };
    if (this.#probes.length > 0) this.#probe(note, variant);
    if (note.stage >= 0) this.#askOther(note, variant, input, request);
    return { variant, fallback: this.#options.fallback === false ? undefined : 'baseline', note };
  }

  #matches(input: InputOf<B>, request: Request): boolean {
    const { match } = this.#options;
    return match === undefined || this.#runtime.events.guard('match', () => match(input, request)) === true;
  }

  /** Whether the request falls into the canary's share. */
  #draw({ unit }: Request): boolean {
    const { share } = this.#engine;
    if (this.#sticky && unit !== undefined) return inShare(hashUnit(unit, this.#hash), share);
    // One draw a request, also where it decides nothing: so a change of weight moves nobody else.
    return this.#runtime.rng.next() >= 1 - share;
  }

  #probe(note: Note, variant: Arm): void {
    if (this.#served[variant] % (this.#options.probeEvery ?? 10) !== 0) return;
    note.before = this.#readProbes();
  }

  #readProbes(): Usage {
    const read = (probe: () => number): number => this.#runtime.events.guard('probe', probe) ?? Number.NaN;
    return Object.fromEntries(this.#probes.map(([name, probe]) => [name, read(probe)]));
  }

  /** Asks the model that does not answer, where both are compared on the same requests. */
  #askOther(note: Note, variant: Arm, input: unknown, request: Request): void {
    const shadowing = this.phase.phase === 'shadowing';
    if (!shadowing && !(this.#paired && variant === 'canary')) return;
    const arm: Arm = variant === 'canary' ? 'baseline' : 'canary';
    this.#runtime.score(arm, input, request, (outcome) => this.#answeredUnseen(note, arm, outcome));
  }

  #answeredUnseen(note: Note, arm: Arm, outcome: Outcome): void {
    if (note.run !== this.#engine.run || outcome.status === 'cancelled') return;
    const { status, prediction, latencyMs } = outcome;
    note.other = { variant: arm, status, prediction, latencyMs };
    this.#engine.settled(arm, status !== 'ok');
    this.#engine.monitor.take(outcome, 'serve', arm, note.stage, 0);
    if (note.joined !== undefined) this.#pair(note.joined, note);
  }

  #settled(outcome: Outcome, fallback: boolean): void {
    if (fallback || outcome.status === 'cancelled') return;
    const arm = outcome.variant as Arm;
    const note = outcome.note as Note;
    if (note.run !== this.#engine.run || note.stage < 0) return;
    if (note.before !== undefined) {
      const after = this.#readProbes();
      const { before } = note;
      note.usage = Object.fromEntries(this.#probes.map(([name]) => [name, Math.max(0, after[name]! - before[name]!)]));
    }
    this.#engine.settled(arm, outcome.status !== 'ok');
    if (!this.#sticky) this.#engine.countShare(note.stage, arm === 'canary');
    this.#engine.monitor.take(outcome, 'serve', arm, note.stage, this.#cluster(outcome));
    if (arm === 'canary') this.#act();
  }

  #joined(outcome: Outcome): void {
    const note = outcome.note as Note;
    if (!this.#truths || note.run !== this.#engine.run || note.stage < 0) return;
    if (note.other !== undefined) this.#pair(outcome, note);
    else if (this.#engine.state.phase.phase === 'shadowing') note.joined = outcome;
    else {
      this.#engine.monitor.take(outcome, 'truth', outcome.variant as Arm, note.stage, this.#cluster(outcome));
      if (outcome.variant === 'canary') this.#act();
    }
  }

  /** The truth of a request that both models answered. */
  #pair(outcome: Outcome, note: Note): void {
    const other: Outcome = { ...outcome, ...note.other! };
    const [canary, baseline] = outcome.variant === 'canary' ? [outcome, other] : [other, outcome];
    this.#engine.monitor.takePair(canary, baseline, note.stage, this.#cluster(outcome));
    this.#act();
  }

  #act(): void {
    if (this.#options.autoProgress ?? true) this.#engine.act('system');
  }

  #cluster({ unit }: Outcome): number {
    if (!this.#sticky) return 0;
    return unit === undefined ? this.#served.baseline + this.#served.canary : hashUnit(unit, this.#hash);
  }
}

function checkMore(options: CanaryOptions): void {
  checkOneOf('assign', options.assign ?? 'request', ['request', 'unit']);
  for (const name of ['fallback', 'autoStart', 'autoProgress'] as const) checkBoolean(name, options[name] ?? true);
  if (options.match !== undefined) checkFunction('match', options.match);
  if (options.hooks !== undefined) checkHooks(options.hooks);
  checkInteger('probeEvery', options.probeEvery ?? 10, { ge: 1 });
  const { compare = 'concurrent' } = options;
  if (typeof compare === 'object' && compare !== null) checkOptions('compare', compare, ['fixed']);
  else checkOneOf('compare', compare, ['concurrent', 'paired', 'shadow-first']);
}

function metricsOf({ metrics, probes = {}, compare }: CanaryOptions): readonly Metric[] {
  const all = [...createMetrics(metrics), ...resourceMetrics(probes)];
  return typeof compare === 'object' ? fixBaseline(all, compare.fixed) : all;
}
