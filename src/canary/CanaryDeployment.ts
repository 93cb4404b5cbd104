import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Control, Delta, SharedControl, SharedStatistics } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import { HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
import { createMetrics } from '../metrics/judging/JudgingOptions.ts';
import { type DeploymentReport, deploymentMarkdown, deploymentText } from '../metrics/judging/renderDeployment.ts';
import type { Metric } from '../metrics/Metric.ts';
import { sharedBy } from '../metrics/SharingPart.ts';
import { type RuntimeOwner, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { type CanaryEvent, canaryEventTypes, type DrillReport } from './CanaryEvent.ts';
import { type CanaryOptions, checkCanaryOptions, createPlan } from './CanaryOptions.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import { activeOf, weightOf } from './CanaryState.ts';
import { type CanaryStatus, waitingFor } from './CanaryStatus.ts';
import { CanaryTraffic } from './CanaryTraffic.ts';
import { canaryReport } from './canaryReport.ts';
import { driftWarning, fixBaseline, noBaselineWarning } from './fixedBaseline.ts';
import { RolloutEngine } from './RolloutEngine.ts';
import { resourceMetrics } from './resourceMetrics.ts';
import { runDrill } from './runDrill.ts';

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
export class CanaryDeployment<B extends AnyModel, C extends AnyModel> implements SharedStatistics, SharedControl {
  readonly #runtime: StrategyRuntime<CanaryEvent>;
  readonly #options: CanaryOptions<B, C>;
  readonly #engine: RolloutEngine;
  readonly #traffic: CanaryTraffic;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: CanaryOptions<B, C>) {
    checkCanaryOptions(options);
    this.#options = options;
    this.#runtime = new StrategyRuntime<CanaryEvent>(options, this.#owner());
    const { events, clock, name } = this.#runtime;
    const plan = createPlan(options);
    const monitor = new HealthMonitor({ ...options, metrics: metricsOf(options) } as never, {
      // At full weight, and while shadowing, no request is split at random.
      shares: [...plan.stages.map(({ weight }) => weight / 100), 0, 0],
      clustered: options.assign === 'unit',
      paired: options.compare === 'paired',
      rng: this.#runtime.stream('evidence'),
      contain: (where, error) => events.contain(where, error),
    });
    this.#engine = new RolloutEngine(options, plan, monitor, { events, clock, name, judge: () => this.#act(true) });
    this.#traffic = new CanaryTraffic({
      options: options as CanaryOptions,
      runtime: this.#runtime,
      engine: this.#engine,
      judge: () => this.#act(),
    });
    if ((options.autoStart ?? true) && options.hooks?.preRollout === undefined) this.#engine.signal({ type: 'start' });
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
    return weightOf(this.phase, this.#engine.plan);
  }

  /** Requests that were sent to each model. */
  get served(): { readonly baseline: number; readonly canary: number } {
    return this.#traffic.served;
  }

  /** Answers like the model that the request is sent to; like the baseline where the canary fails. */
  predict(input: InputOf<B> & InputOf<C>, request?: Request): OutputOf<B> | OutputOf<C> {
    const asked = checkRequest(request);
    return this.#runtime.predict(this.#traffic.choose(input, asked), input, asked) as OutputOf<B> | OutputOf<C>;
  }

  /** Answers with the story. */
  serve(input: InputOf<B> & InputOf<C>, request?: Request): Story<OutputOf<B> | OutputOf<C>> {
    const asked = checkRequest(request);
    return this.#runtime.serve(this.#traffic.choose(input, asked), input, asked) as Story<OutputOf<B> | OutputOf<C>>;
  }

  /**
   * Records the truth of a request. It counts for the model and the stage of its request, whenever it comes: at once, or
   * after the rollout has moved on or ended.
   */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<CanaryEvent>>(type: T, listener: (event: EventNamed<CanaryEvent, T>) => void): () => void {
    return this.#runtime.events.on(type, listener);
  }

  /** The canary's health by the evidence so far, the failing stage's after a rollback. Looking changes nothing. */
  checkHealth(): HealthCheck {
    return this.#engine.check();
  }

  /** Starts a rollout that waits; asks `hooks.preRollout` first. @throws IllegalTransitionError if it has started */
  async start(actor = 'system'): Promise<boolean> {
    if (!(await this.#engine.hooks.mayStart())) return false;
    this.#engine.signal({ type: 'start' }, actor);
    return true;
  }

  /**
   * Judges now, and moves on where the judge and the rules of the stage allow it. Needed only where `autoProgress` is
   * off. @returns the health check that it acted upon
   */
  progress(actor = 'system'): HealthCheck {
    const health = this.checkHealth();
    this.#engine.act(actor, true);
    return health;
  }

  /** Back to the baseline from the next request on. @throws IllegalTransitionError where there is nothing to roll back */
  rollback(reason = 'rolled back by hand', actor = 'system'): void {
    this.#engine.signal({ type: 'rollback', reason }, actor);
  }

  /** Stands still at the present weight. @throws IllegalTransitionError */
  pause(actor = 'system'): void {
    this.#engine.signal({ type: 'pause', reason: 'manual' }, actor);
  }

  /** Goes on after a pause. @throws IllegalTransitionError */
  resume(actor = 'system'): void {
    this.#engine.signal({ type: 'resume' }, actor);
  }

  /** Approves the next stage. @throws IllegalTransitionError where no gate waits, or its time is over */
  approve(actor = 'system'): void {
    this.#engine.signal({ type: 'approve' }, actor);
  }

  /** Refuses the next stage: the canary is rolled back. @throws IllegalTransitionError where no gate waits */
  reject(reason = 'rejected', actor = 'system'): void {
    this.#engine.signal({ type: 'reject', reason }, actor);
  }

  /** Goes to the next stage without a verdict. @throws IllegalTransitionError */
  skipStage(actor = 'system'): void {
    this.#engine.signal({ type: 'skip-stage' }, actor);
  }

  /** Promotes the canary at once; `force` passes over missing approvals. @throws IllegalTransitionError */
  promote({ force = false }: { readonly force?: boolean } = {}, actor = 'system'): void {
    this.#engine.signal({ type: 'promote', force }, actor);
  }

  /** After a rollback: pending again, with no evidence and no approvals. @throws IllegalTransitionError */
  retry(actor = 'system'): void {
    this.#engine.signal({ type: 'retry' }, actor);
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
    const { weight } = this;
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
    const { state, counts, monitor, plan } = this.#engine;
    const inner = activeOf(state.phase);
    const waiting = waitingFor(
      state,
      plan,
      this.#runtime.clock.now(),
      () => this.checkHealth(),
      (stage) => monitor.samples(stage),
    );
    return {
      phase: state.phase.phase,
      weight: this.weight,
      stage: 'stage' in inner ? inner.stage + 1 : undefined,
      stages: plan.stages.length,
      waitingFor: waiting.text,
      needed: waiting.needed,
      ...counts,
      served: this.served,
      startedAt: state.startedAt < 0 ? undefined : state.startedAt,
      warnings: this.#warnings(),
    };
  }

  /** Every move of the rollout with its reason and evidence, oldest first. */
  get history(): readonly (CanaryEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** Status, evidence and history as text of 80 columns. */
  toText(): string {
    return deploymentText(this.#report());
  }

  /** Status, evidence and history as Markdown. */
  toMarkdown(): string {
    return deploymentMarkdown(this.#report());
  }

  /**
   * What was seen here since the last call, for the other replicas: with theirs, every replica judges by all evidence.
   * Each replica judges by itself; let one alone progress (`autoProgress: false` on the others) to spend the budget once.
   */
  takeDelta(): Delta | undefined {
    return this.#runtime.takeDelta();
  }

  /**
   * Adds what another replica has seen, and judges. Evidence of an attempt that is over adds nothing.
   * @throws SnapshotError also for evidence of a later attempt: follow its control first
   */
  mergeDelta(delta: Delta): void {
    this.#runtime.mergeDelta(delta);
  }

  /** Phase, stage and approvals: what all replicas must agree on. */
  control(): Control {
    return this.#runtime.control();
  }

  /**
   * Takes over phase and stage from another replica where they are newer; a rollback holds from the next request on. Where
   * two replicas have decided at once, the safer one stands: less traffic, then the earlier phase; the other one's
   * revision is raised above it, to be published. Hooks run where a move was decided; here it is an event.
   * @throws SnapshotError
   */
  follow(control: Control): boolean {
    return this.#runtime.follow(control);
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

  #owner(): RuntimeOwner {
    const { baseline, canary } = this.#options;
    return {
      kind: 'canary',
      eventTypes: canaryEventTypes,
      version: 1,
      models: { baseline, canary },
      anonymous: true,
      settled: (outcome, fallback) => this.#traffic.settled(outcome, fallback),
      joined: (outcome) => this.#traffic.joined(outcome),
      save: () => ({ engine: this.#engine.toJSON(), served: this.served }) as unknown as Json,
      load: (state) => {
        const { engine, served } = state as unknown as SavedCanary;
        this.#engine.load(engine as never);
        this.#traffic.served = served;
      },
      ...sharedBy(() => this.#engine.sharing),
    };
  }

  #report(): DeploymentReport {
    return canaryReport(this.name, this.status, this.checkHealth(), this.history);
  }

  #warnings(): readonly string[] {
    const { compare = 'concurrent' } = this.#options;
    if (typeof compare === 'object') return [driftWarning];
    const alone = compare === 'concurrent' && this.#engine.plan.stages[0]!.weight === 100;
    return alone ? [noBaselineWarning] : [];
  }

  #act(thorough = false): void {
    if (this.#options.autoProgress ?? true) this.#engine.act('system', thorough);
  }
}

function metricsOf({ metrics, probes = {}, compare }: CanaryOptions): readonly Metric[] {
  const all = [...createMetrics(metrics), ...resourceMetrics(probes)];
  return typeof compare === 'object' ? fixBaseline(all, compare.fixed) : all;
}
