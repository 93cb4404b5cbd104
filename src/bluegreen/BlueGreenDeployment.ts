import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Control, Delta, SharedControl, SharedStatistics } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import { HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
import { type JudgedNote, OutcomeJudge } from '../metrics/judging/OutcomeJudge.ts';
import { type DeploymentReport, deploymentMarkdown, deploymentText } from '../metrics/judging/renderDeployment.ts';
import { sharedBy } from '../metrics/SharingPart.ts';
import { type Choice, type RuntimeOwner, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { BlueGreenEngine } from './BlueGreenEngine.ts';
import { type BlueGreenEvent, type BlueGreenPhase, blueGreenEventTypes, type SmokeReport } from './BlueGreenEvent.ts';
import { type BlueGreenOptions, createPlan } from './BlueGreenOptions.ts';
import { activeOf } from './BlueGreenState.ts';
import type { BlueGreenStatus } from './BlueGreenStatus.ts';
import { blueGreenReport } from './blueGreenReport.ts';
import { smokeTest } from './smokeTest.ts';
import { transition } from './transition.ts';

interface SavedBlueGreen {
  readonly engine: Json;
  readonly served: { readonly blue: number; readonly green: number };
}

/**
 * Two models of which one answers everything. Green is warmed up, smoke-tested and compared with blue on the same
 * requests before anybody sees an answer of it; the switch happens between two requests; for a while one call, an error
 * burst or a failing verdict goes back, between two requests as well.
 *
 * @example
 * const deployment = new BlueGreenDeployment({ blue: current, green: next, seed: 42 });
 * await deployment.prepare();
 * deployment.switch({ force: true }); // without it: once the judge is sure
 * deployment.back('second thoughts');
 */
export class BlueGreenDeployment<B extends AnyModel, G extends AnyModel> implements SharedStatistics, SharedControl {
  readonly #runtime: StrategyRuntime<BlueGreenEvent>;
  readonly #options: BlueGreenOptions<B, G>;
  readonly #engine: BlueGreenEngine;
  readonly #judge: OutcomeJudge;
  readonly #every: number;
  #served = { blue: 0, green: 0 };

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: BlueGreenOptions<B, G>) {
    const plan = createPlan(options as BlueGreenOptions);
    this.#options = options;
    this.#every = options.compareEvery ?? 1;
    this.#runtime = new StrategyRuntime<BlueGreenEvent>(options, this.#owner());
    const { events, clock, name } = this.#runtime;
    const monitor = new HealthMonitor(options, {
      // All requests go to one model, and both are compared on the same ones.
      shares: [0, 0],
      clustered: false,
      paired: true,
      rng: this.#runtime.stream('evidence'),
      contain: (where, error) => events.contain(where, error),
    });
    this.#engine = new BlueGreenEngine(options as BlueGreenOptions, { plan, monitor, events, clock, name });
    this.#judge = new OutcomeJudge({
      monitor,
      run: () => this.#engine.state.run,
      armOf: (variant) => (variant === 'green' ? 'canary' : 'baseline'),
      cluster: () => 0,
      answered: (arm, failed) => this.#engine.answered(arm, failed),
      judge: () => this.#engine.judge(),
    });
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The strategy's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** Answers like the model in charge; like blue where green fails. */
  predict(input: InputOf<B> & InputOf<G>, request?: Request): OutputOf<B> | OutputOf<G> {
    const asked = checkRequest(request);
    return this.#runtime.predict(this.#choose(input, asked), input, asked) as OutputOf<B> | OutputOf<G>;
  }

  /** Answers with the story. */
  serve(input: InputOf<B> & InputOf<G>, request?: Request): Story<OutputOf<B> | OutputOf<G>> {
    const asked = checkRequest(request);
    return this.#runtime.serve(this.#choose(input, asked), input, asked) as Story<OutputOf<B> | OutputOf<G>>;
  }

  /** Records the truth of a request; it counts for the time before or after the switch, as its request did. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<BlueGreenEvent>>(
    type: T,
    listener: (event: EventNamed<BlueGreenEvent, T>) => void,
  ): () => void {
    return this.#runtime.events.on(type, listener);
  }

  /**
   * Warms green up and asks it the smoke tests; where it passes them all, it is ready. After a return as well: a new attempt,
   * with no evidence and no approvals.
   * @throws IllegalTransitionError while green answers
   */
  async prepare(actor = 'system'): Promise<SmokeReport> {
    const { green, warmUp = [], smokeTests = [] } = this.#options;
    const { state } = this.#engine;
    // Refused before green is asked anything.
    transition(state, { type: 'prepared', at: 0, passed: false, reason: '' }, { windowMs: 0, gates: [] });
    const ask = (input: unknown): unknown => (green.predict as (input: unknown) => unknown).call(green, input);
    const report = await smokeTest(ask, warmUp, smokeTests);
    this.#runtime.events.emit({ type: 'smoke', report, actor });
    const passed = report.failed.length === 0;
    const reason = report.failed.map(({ name, reason: why }) => `smoke test ${name}: ${why}`).join('; ');
    this.#engine.signal({ type: 'prepared', passed, reason: passed ? 'warm and tested' : reason }, actor);
    return report;
  }

  /**
   * Green answers from the next request on. Without `force` the judge must be sure that it is within its limits, where
   * both are compared, and the gate approved, where there is one.
   * @throws IllegalTransitionError where green is not ready, not proven, or not approved
   */
  switch({ force = false }: { readonly force?: boolean } = {}, actor = 'system'): void {
    this.#engine.switchOver(force, actor);
  }

  /** Blue answers again from the next request on. @throws IllegalTransitionError where blue does, or the window is over */
  back(reason = 'back by hand', actor = 'system'): void {
    this.#engine.signal({ type: 'back', reason }, actor);
  }

  /** Passes the gate that waits. @throws IllegalTransitionError where none does */
  approve(actor = 'system'): void {
    this.#engine.approve(actor);
  }

  /** Before the switch: green must be prepared again. After it: blue answers again. @throws IllegalTransitionError where no gate waits */
  reject(reason = 'rejected', actor = 'system'): void {
    this.#engine.signal({ type: 'reject', reason }, actor);
  }

  /** Looks whether the window is over; every request does so as well. Returns the phase. */
  tick(): BlueGreenPhase {
    this.#engine.tick();
    return this.#engine.state.phase;
  }

  /** Green's health by the evidence so far, before and after the switch together. Looking changes nothing. */
  checkHealth(): HealthCheck {
    return this.#engine.check();
  }

  /** Waits for the hooks that are still running. */
  hooksSettled(): Promise<void> {
    return this.#engine.hooks.settled();
  }

  /** Where the deployment stands. */
  get status(): BlueGreenStatus {
    const { state } = this.#engine;
    const { phase, reason, switchedAt } = state;
    const watched = (phase === 'ready' && this.#every > 0) || phase === 'green';
    return {
      phase,
      active: activeOf(state),
      waitingFor: watched ? this.#engine.waitingFor() : reason,
      switchedAt: switchedAt < 0 ? undefined : switchedAt,
      served: { ...this.#served },
    };
  }

  /** Every move with its reason and evidence, oldest first. */
  get history(): readonly (BlueGreenEvent | ContainedErrorEvent)[] {
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

  /** What was seen here since the last call, for the other replicas: with theirs, every replica judges by all evidence. */
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

  /** Phase, attempt and approvals: what all replicas must agree on. */
  control(): Control {
    return this.#runtime.control();
  }

  /**
   * Takes over phase and attempt from another replica where they are newer; they hold from the next request on. Where two
   * replicas have decided at once, the safer one stands, and its revision is raised above the other's. Hooks run where a
   * move was decided; here it is an event.
   * @throws SnapshotError
   */
  follow(control: Control): boolean {
    return this.#runtime.follow(control);
  }

  /** The whole state. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
  }

  /** A deployment that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<B extends AnyModel, G extends AnyModel>(
    snapshot: Snapshot,
    options: BlueGreenOptions<B, G>,
  ): BlueGreenDeployment<B, G> {
    const deployment = new BlueGreenDeployment(options);
    deployment[strategyMark].load(snapshot);
    return deployment;
  }

  #owner(): RuntimeOwner {
    const { blue, green } = this.#options;
    return {
      kind: 'bluegreen',
      eventTypes: blueGreenEventTypes,
      version: 1,
      models: { blue, green },
      anonymous: true,
      settled: (outcome, fallback) => {
        if (!fallback) this.#judge.settled(outcome);
      },
      joined: (outcome) => this.#judge.joined(outcome),
      save: () => ({ engine: this.#engine.toJSON(), served: { ...this.#served } }) as unknown as Json,
      load: (saved) => {
        const { engine, served } = saved as unknown as SavedBlueGreen;
        this.#engine.load(engine as never);
        this.#served = { ...served };
      },
      ...sharedBy(() => this.#engine.sharing),
    };
  }

  #report(): DeploymentReport {
    return blueGreenReport(this.name, this.status, this.checkHealth(), this.history);
  }

  #choose(input: unknown, request: Request): Choice {
    this.#engine.tick();
    const { state, stage } = this.#engine;
    const variant = activeOf(state);
    this.#served[variant] += 1;
    const note: JudgedNote = { run: state.run, stage };
    if (stage >= 0 && this.#every > 0 && (this.#served.blue + this.#served.green) % this.#every === 0) {
      note.asked = true;
      const other = variant === 'green' ? 'blue' : 'green';
      this.#runtime.score(other, input, request, (outcome) => this.#judge.unseen(outcome, note));
    }
    return { variant, fallback: this.#options.fallback === false ? undefined : 'blue', note };
  }
}
