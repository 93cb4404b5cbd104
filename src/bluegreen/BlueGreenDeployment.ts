import { checkBoolean, checkInteger, checkNumber, checkOptions } from '../core/check.ts';
import { IllegalTransitionError } from '../core/errors.ts';
import type { ContainedErrorEvent } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Arm } from '../metrics/judging/Arm.ts';
import { checkBurst, ErrorBurst } from '../metrics/judging/ErrorBurst.ts';
import type { HealthCheck } from '../metrics/judging/HealthCheck.ts';
import { HealthMonitor } from '../metrics/judging/HealthMonitor.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { BlueGreenEvent, BlueGreenPhase, SmokeReport } from './BlueGreenEvent.ts';
import { type BlueGreenOptions, blueGreenOptionNames } from './BlueGreenOptions.ts';
import { smokeTest } from './smokeTest.ts';

/** Where a blue-green deployment stands, for people and dashboards. */
export interface BlueGreenStatus {
  readonly phase: BlueGreenPhase;
  /** The model that answers. */
  readonly active: 'blue' | 'green';
  /** Why it stands there, or what it waits for. */
  readonly waitingFor: string;
  /** When green took over, milliseconds since the epoch; undefined before. */
  readonly switchedAt: number | undefined;
  /** Requests that each model answered. */
  readonly served: { readonly blue: number; readonly green: number };
}

interface Note {
  /** 0 before the switch, 1 after it, -1 where nobody judges. */
  readonly stage: number;
  other?: Pick<Outcome, 'variant' | 'status' | 'prediction' | 'latencyMs'>;
}

interface SavedBlueGreen {
  readonly phase: BlueGreenPhase;
  readonly reason: string;
  readonly switchedAt: number | null;
  readonly served: { readonly blue: number; readonly green: number };
  readonly evidence: Json;
  readonly bursts: readonly [Json, Json];
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
export class BlueGreenDeployment<B extends AnyModel, G extends AnyModel> {
  readonly #runtime: StrategyRuntime<BlueGreenEvent>;
  readonly #options: BlueGreenOptions<B, G>;
  readonly #monitor: HealthMonitor;
  readonly #limit: { readonly errors: number; readonly of: number };
  readonly #bursts: { readonly blue: ErrorBurst; readonly green: ErrorBurst };
  readonly #every: number;
  readonly #windowMs: number;
  #phase: BlueGreenPhase = 'blue';
  #reason = 'prepare()';
  #switchedAt: number | undefined;
  #served = { blue: 0, green: 0 };

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: BlueGreenOptions<B, G>) {
    checkOptions('options', options, blueGreenOptionNames);
    this.#options = options;
    this.#every = checkInteger('compareEvery', options.compareEvery ?? 1, { ge: 0 });
    this.#windowMs = checkNumber('windowMs', options.windowMs ?? 3_600_000, { ge: 0 });
    for (const name of ['autoReturn', 'fallback'] as const) checkBoolean(name, options[name] ?? true);
    this.#limit = checkBurst(options.burst);
    this.#bursts = { blue: new ErrorBurst(this.#limit.of), green: new ErrorBurst(this.#limit.of) };
    this.#runtime = new StrategyRuntime<BlueGreenEvent>(options, {
      kind: 'bluegreen',
      version: 1,
      models: { blue: options.blue, green: options.green },
      anonymous: true,
      settled: (outcome, fallback) => this.#settled(outcome, fallback),
      joined: (outcome) => this.#joined(outcome),
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedBlueGreen),
    });
    this.#monitor = new HealthMonitor(options, {
      shares: [0, 0],
      clustered: false,
      paired: true,
      rng: this.#runtime.stream('evidence'),
      contain: (where, error) => this.#runtime.events.contain(where, error),
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
  predict(input: InputOf<B> & InputOf<G>, request: Request = {}): OutputOf<B> | OutputOf<G> {
    return this.#runtime.predict(this.#choose(input, request), input, request) as OutputOf<B> | OutputOf<G>;
  }

  /** Answers with the story. */
  serve(input: InputOf<B> & InputOf<G>, request: Request = {}): Story<OutputOf<B> | OutputOf<G>> {
    return this.#runtime.serve(this.#choose(input, request), input, request) as Story<OutputOf<B> | OutputOf<G>>;
  }

  /** Records the truth of a request; it counts for the time before or after the switch, as its request did. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends BlueGreenEvent['type'] | 'contained-error' | '*'>(
    type: T,
    listener: (
      event: T extends '*'
        ? BlueGreenEvent | ContainedErrorEvent
        : Extract<BlueGreenEvent | ContainedErrorEvent, { type: T }>,
    ) => void,
  ): () => void {
    return this.#runtime.events.on(type, listener as never);
  }

  /**
   * Warms green up and asks it the smoke tests; where it passes them all, it is ready. After a return as well.
   * @throws IllegalTransitionError while green answers
   */
  async prepare(actor = 'system'): Promise<SmokeReport> {
    this.#refuseWhileGreen('prepare');
    const { green, warmUp = [], smokeTests = [] } = this.#options;
    const ask = (input: unknown): unknown => (green.predict as (input: unknown) => unknown).call(green, input);
    const report = await smokeTest(ask, warmUp, smokeTests);
    this.#refuseWhileGreen('prepare');
    this.#runtime.events.emit({ type: 'smoke', report, actor });
    if (report.failed.length === 0) this.#move('ready', 'warm and tested', actor);
    else this.#reason = report.failed.map(({ name, reason }) => `smoke test ${name}: ${reason}`).join('; ');
    return report;
  }

  /**
   * Green answers from the next request on. Without `force` the judge must be sure that it is within its limits, where
   * both are compared.
   * @throws IllegalTransitionError where green is not ready, or not proven
   */
  switch({ force = false }: { readonly force?: boolean } = {}, actor = 'system'): void {
    if (this.#phase !== 'ready')
      throw new IllegalTransitionError(this.#phase, 'switch', 'green is not ready: prepare()');
    const health = this.checkHealth();
    if (!force && health.verdict === 'fail') throw new IllegalTransitionError('ready', 'switch', health.reason);
    if (!force && this.#every > 0 && !health.passed) {
      throw new IllegalTransitionError('ready', 'switch', `${health.reason} (force passes over it)`);
    }
    this.#switchedAt = this.#runtime.clock.now();
    this.#bursts.green.clear();
    this.#monitor.stage = 1;
    this.#move('green', force && !health.passed ? `forced: ${health.reason}` : health.reason, actor, health);
  }

  /** Blue answers again from the next request on. @throws IllegalTransitionError where blue does, or the window is over */
  back(reason = 'back by hand', actor = 'system'): void {
    this.tick();
    if (this.#phase !== 'green') {
      const why = this.#phase === 'settled' ? `the window of ${this.#windowMs} ms is over` : 'blue answers';
      throw new IllegalTransitionError(this.#phase, 'back', why);
    }
    this.#return(reason, actor);
  }

  /** Looks whether the window is over; every request does so as well. Returns the phase. */
  tick(): BlueGreenPhase {
    if (this.#phase === 'green' && this.#runtime.clock.now() - this.#switchedAt! > this.#windowMs) {
      this.#move('settled', 'the window is over', 'system', this.checkHealth());
    }
    return this.#phase;
  }

  /** Green's health by the evidence so far, before and after the switch together. Looking changes nothing. */
  checkHealth(): HealthCheck {
    return this.#monitor.check(this.#active === 'green' ? 100 : 0, this.#runtime.clock.now());
  }

  /** Where the deployment stands. */
  get status(): BlueGreenStatus {
    const ready = this.#phase === 'ready' && this.#every > 0;
    return {
      phase: this.#phase,
      active: this.#active,
      waitingFor: ready ? this.checkHealth().reason : this.#reason,
      switchedAt: this.#switchedAt,
      served: { ...this.#served },
    };
  }

  /** Every move with its reason and evidence, oldest first. */
  get history(): readonly (BlueGreenEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
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

  get #active(): 'blue' | 'green' {
    return this.#phase === 'green' || this.#phase === 'settled' ? 'green' : 'blue';
  }

  #refuseWhileGreen(event: string): void {
    if (this.#active === 'green') throw new IllegalTransitionError(this.#phase, event, 'green answers already');
  }

  #choose(input: unknown, request: Request): Choice {
    this.tick();
    const variant = this.#active;
    this.#served[variant] += 1;
    const judged = this.#phase === 'ready' || this.#phase === 'green';
    const note: Note = { stage: judged ? (variant === 'green' ? 1 : 0) : -1 };
    if (judged && this.#every > 0 && (this.#served.blue + this.#served.green) % this.#every === 0) {
      const other = variant === 'green' ? 'blue' : 'green';
      this.#runtime.score(other, input, request, (outcome) => this.#answeredUnseen(note, outcome));
    }
    return { variant, fallback: this.#options.fallback === false ? undefined : 'blue', note };
  }

  #answeredUnseen(note: Note, outcome: Outcome): void {
    if (outcome.status === 'cancelled') return;
    const { variant, status, prediction, latencyMs } = outcome;
    note.other = { variant, status, prediction, latencyMs };
    this.#attempted(outcome, note.stage);
  }

  #settled(outcome: Outcome, fallback: boolean): void {
    const { stage } = outcome.note as Note;
    if (!fallback && outcome.status !== 'cancelled' && stage >= 0) this.#attempted(outcome, stage);
  }

  #attempted(outcome: Outcome, stage: number): void {
    const variant = outcome.variant as 'blue' | 'green';
    const failed = outcome.status !== 'ok';
    this.#bursts[variant].push(failed);
    this.#monitor.take(outcome, 'serve', armOf(variant), stage, 0);
    if (variant !== 'green') return;
    const { blue, green } = this.#bursts;
    const { errors, of } = this.#limit;
    if (failed && this.#phase === 'green' && green.errors >= errors && blue.errors < errors) {
      this.#return(`error burst: ${green.errors} of green's last ${of} requests failed`);
    }
    this.#judge();
  }

  #joined(outcome: Outcome): void {
    const note = outcome.note as Note;
    if (note.stage < 0) return;
    if (note.other !== undefined) {
      this.#pair(outcome, note);
      return;
    }
    this.#monitor.take(outcome, 'truth', armOf(outcome.variant), note.stage, 0);
    if (outcome.variant === 'green') this.#judge();
  }

  #pair(outcome: Outcome, note: Note): void {
    const other: Outcome = { ...outcome, ...note.other! };
    const [green, blue] = outcome.variant === 'green' ? [outcome, other] : [other, outcome];
    this.#monitor.takePair(green, blue, note.stage, 0);
    this.#judge();
  }

  /** Within the window, a failing verdict goes back. */
  #judge(): void {
    if (this.#phase !== 'green' || this.#options.autoReturn === false) return;
    if (this.#monitor.assess().verdict === 'fail') this.#return(this.checkHealth().reason);
  }

  #return(reason: string, actor = 'system'): void {
    this.#move('returned', reason, actor, this.checkHealth());
  }

  #move(to: BlueGreenPhase, reason: string, actor = 'system', evidence?: HealthCheck): void {
    const from = this.#phase;
    this.#phase = to;
    this.#reason = reason;
    const event = { type: 'transition', from, to, reason, evidence, actor } as const;
    const { events, clock } = this.#runtime;
    events.emit(event);
    const told = { ...event, at: clock.now(), strategy: this.name };
    const { switched, returned } = this.#options.hooks ?? {};
    if (to === 'green' && switched !== undefined) events.guard('hooks.switched', () => switched(told));
    if (to === 'returned' && returned !== undefined) events.guard('hooks.returned', () => returned(told));
  }

  #save(): SavedBlueGreen {
    return {
      phase: this.#phase,
      reason: this.#reason,
      switchedAt: this.#switchedAt ?? null,
      served: { ...this.#served },
      evidence: this.#monitor.toJSON(),
      bursts: [this.#bursts.blue.toJSON() as never, this.#bursts.green.toJSON() as never],
    };
  }

  #load(saved: SavedBlueGreen): void {
    this.#phase = saved.phase;
    this.#reason = saved.reason;
    this.#switchedAt = saved.switchedAt ?? undefined;
    this.#served = { ...saved.served };
    this.#monitor.load(saved.evidence);
    this.#monitor.stage = this.#switchedAt === undefined ? 0 : 1;
    this.#bursts.blue.load(saved.bursts[0] as never);
    this.#bursts.green.load(saved.bursts[1] as never);
  }
}

function armOf(variant: string): Arm {
  return variant === 'green' ? 'canary' : 'baseline';
}
