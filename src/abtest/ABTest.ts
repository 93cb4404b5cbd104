import type { Assignment } from '../assignment/Assignment.ts';
import { InvalidOptionError, SnapshotError, show } from '../core/errors.ts';
import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Control, Delta, SharedControl, SharedStatistics } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Unit } from '../core/Unit.ts';
import type { MetricComparison } from '../metrics/inference/index.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type StrategyOptions, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { ABTestEvent } from './ABTestEvent.ts';
import type { ABTestAssignment, ABTestOptions, ABTestSettings } from './ABTestOptions.ts';
import type { ABTestSummary } from './ABTestSummary.ts';
import { Analysis } from './Analysis.ts';
import { Announcements } from './Announcements.ts';
import { buildSummary } from './buildSummary.ts';
import { checkABTestOptions } from './checkABTestOptions.ts';
import type { Decision } from './decision/Decision.ts';
import { type ABTestStory, Enrolment, type SavedEnrolment, type Segment } from './Enrolment.ts';
import { type ABTestChange, type ChangeOptions, EpochControl, proposedControl } from './EpochControl.ts';
import { compareSummaries, type FromSummaryOptions } from './fromSummary.ts';
import { type Note, Observations } from './Observations.ts';
import { placebo } from './placebo.ts';
import { type Plan, type PlanOptions, planABTest } from './plan.ts';
import { summaryToMarkdown, summaryToText } from './renderSummary.ts';
import type { SegmentReport, TrendReport } from './SegmentReport.ts';
import { checkTestOptions, type StatisticalTestOptions } from './StatisticalTestOptions.ts';
import { type Simulated, type SimulateOptions, type Simulation, simulateABTest } from './simulate.ts';
import {
  resolveVariants,
  type TestInput,
  type TestOutput,
  type VariantInput,
  type VariantInputs,
  type Variants,
} from './variants.ts';

/** That of `TruthOptions`. */
const DEFAULT_TRUTH_WINDOW_MS = 30 * 24 * 3_600_000;

interface SavedTest {
  readonly startedAt: number;
  readonly enrolment: SavedEnrolment;
  readonly control: Json;
  readonly observed: Json;
  readonly announced: Json;
  readonly taken: Json;
}

/**
 * Compares a champion with its challengers on live traffic: every request goes to one of them, truths join later, and
 * `statisticalTest`, `summary` and `decide` say at any time what the data allow to be said. The defaults are valid at
 * every look.
 *
 * @example
 * const test = new ABTest({
 *   name: 'yield-v2', seed: 42, champion: linear, challenger: { model: forest, trafficShare: 0.5 },
 *   metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })],
 * });
 * const { requestId, prediction } = test.serve(row, { unit: wafer.id });
 * test.record(requestId, measuredYield);
 * test.decide().decision; // 'CONTINUE'
 */
export class ABTest<
  const C extends VariantInput,
  const X extends VariantInput = never,
  const R extends VariantInputs = Record<never, never>,
> implements SharedStatistics, SharedControl
{
  readonly #runtime: StrategyRuntime<ABTestEvent>;
  readonly #settings: ABTestSettings;
  readonly #variants: Variants;
  readonly #segments: readonly Segment[];
  readonly #observed: Observations;
  readonly #enrolment: Enrolment;
  readonly #epochs: EpochControl;
  readonly #analysis: Analysis;
  readonly #announcements: Announcements;
  #startedAt: number;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ABTestOptions<C, X, R>) {
    this.#settings = checkABTestOptions(options as unknown as ABTestOptions<VariantInput, VariantInput, VariantInputs>);
    this.#variants = resolveVariants(options);
    this.#segments = Object.entries(options.segments ?? {}) as Segment[];
    const assignment = (options.assignment ?? {}) as ABTestAssignment;
    const [settings, variants, segments] = [this.#settings, this.#variants, this.#segments];
    const runtime = this.#createRuntime(options);
    this.#runtime = runtime;
    const observed = new Observations({
      settings,
      variants,
      sticky: assignment.by !== 'request',
      truthWindowMs: options.truth?.windowMs ?? DEFAULT_TRUTH_WINDOW_MS,
      stream: (label) => runtime.stream(label),
      contain: (where, error) => runtime.events.contain(where, error),
      ask: (variant, { input, unit, context }, settled) =>
        runtime.score(variant, input, unit === undefined ? { context } : { unit, context }, settled),
    });
    this.#observed = observed;
    const { fallback } = settings;
    this.#enrolment = new Enrolment({ runtime, observed, variants, assignment, segments, fallback });
    this.#startedAt = runtime.clock.now();
    this.#epochs = new EpochControl({ runtime, observed, enrolment: this.#enrolment, variants });
    this.#analysis = new Analysis({
      settings,
      variants,
      observed: observed.total,
      elapsedMs: () => runtime.clock.now() - this.#startedAt,
      waiting: () => runtime.truths.waiting,
    });
    this.#announcements = new Announcements(runtime.events);
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The test's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** The variants, champion first. */
  get variants(): readonly string[] {
    return this.#variants.names;
  }

  /** The share of each variant now. */
  get shares(): Readonly<Record<string, number>> {
    const { shares } = this.#enrolment.assigner;
    return Object.fromEntries(this.#variants.names.map((name, i) => [name, shares[i]!]));
  }

  /** Answers like the variant that the request is assigned to. @throws InvalidOptionError for a request that breaks a rule */
  predict(input: TestInput<C, X, R>, request?: Request): TestOutput<C, X, R> {
    const asked = this.#enrolment.withUnit(input, checkRequest(request));
    return this.#runtime.predict(this.#enrolment.choose(input, asked), input, asked) as TestOutput<C, X, R>;
  }

  /** Answers with the story: the variant, and the request id for `record`. @throws InvalidOptionError, as `predict` */
  serve(input: TestInput<C, X, R>, request?: Request): Story<TestOutput<C, X, R>, ABTestStory> {
    const asked = this.#enrolment.withUnit(input, checkRequest(request));
    return this.#runtime.serve(this.#enrolment.choose(input, asked), input, asked) as Story<
      TestOutput<C, X, R>,
      ABTestStory
    >;
  }

  /** Records the truth of a request: minutes or weeks later, in any order, twice. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<ABTestEvent>>(type: T, listener: (event: EventNamed<ABTestEvent, T>) => void): () => void {
    return this.#runtime.events.on(type, listener);
  }

  /** Who a unit is to the experiment, without serving anything. Without a unit a variant is drawn. */
  assign(unit?: Unit): Assignment {
    return this.#enrolment.assigner.assign(unit);
  }

  /**
   * Compares a challenger with the champion in one metric. Positive estimates are improvements, whichever way the
   * metric goes; `reference` is the champion, `candidate` the challenger.
   *
   * @throws UnknownVariantError for another metric or variant
   * @throws InvalidOptionError if there are several challengers and `variant` is left out
   */
  statisticalTest(metric: string, options: StatisticalTestOptions = {}): MetricComparison {
    checkTestOptions(options);
    const variant = this.#analysis.challenger(options.variant);
    const result = this.#analysis.compare(metric, { ...options, variant });
    this.#announcements.look(metric, variant, result);
    return result;
  }

  /** What is known of every variant, how they compare, whether the experiment is sound, and what it decides. */
  summary(): ABTestSummary {
    const { clock, name, truths } = this.#runtime;
    return buildSummary({
      name,
      truths,
      startedAt: this.#startedAt,
      now: clock.now(),
      settings: this.#settings,
      variants: this.#variants,
      shares: this.#enrolment.assigner.shares,
      observed: this.#observed.total,
      compare: (metric, variant) => this.#analysis.compare(metric, { variant }),
      decision: this.#analysis.decide(),
    });
  }

  /**
   * A metric by the groups of one of the test's `segments`, with a correction for their number and a check whether the
   * winner differs between them. Metrics with the role goal or guardrail, quantiles apart, are kept by group.
   *
   * @throws InvalidOptionError for a dimension that the options do not name
   */
  segments(dimension: string, metric: string, options: StatisticalTestOptions = {}): SegmentReport {
    const known = this.#segments.map(([name]) => name);
    if (!known.includes(dimension)) throw new InvalidOptionError('dimension', dimension, `one of ${known.join(', ')}`);
    return this.#analysis.segments(dimension, metric, options);
  }

  /** A metric by days, and whether the improvement grows or fades with time. */
  trend(metric: string, options: StatisticalTestOptions = {}): TrendReport {
    return this.#analysis.trend(metric, options);
  }

  /** The summary as plain text, 80 columns wide. */
  toText(): string {
    return summaryToText(this.summary());
  }

  /** The summary as Markdown. */
  toMarkdown(): string {
    return summaryToMarkdown(this.summary());
  }

  /** What the data say is to be done. A decision that differs from the last one is an event. */
  decide(): Decision {
    const decision = this.#analysis.decide();
    this.#announcements.decision(decision, this.#analysis.requests);
    return decision;
  }

  /**
   * Changes the shares: those that are not named stay, the champion takes what is left. The provable minimum of units
   * changes variant, and a new epoch begins.
   *
   * @returns the fraction of units that moved
   * @throws InvalidOptionError for shares outside [0, 1] or that sum to more than 1; UnknownVariantError
   */
  ramp(shares: Readonly<Record<string, number>>, change: ChangeOptions = {}): number {
    return this.#epochs.ramp(shares, change);
  }

  /** Opens the experiment to another fraction of the traffic; nobody's variant changes. @throws InvalidOptionError */
  expose(exposure: number, change: ChangeOptions = {}): void {
    this.#epochs.expose(exposure, change);
  }

  /** The last events, oldest first. */
  get history(): readonly (ABTestEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** The whole state: assignments, summaries, outcomes that wait, and the audit log. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
  }

  /**
   * Adds what another process has seen of the same experiment: same name, variants, metrics and ramps. Sums and counts
   * add, so every estimate that rests on them is that of one process which had seen everything. Outcomes that wait for
   * their truth, the audit log and sticky assignment stay where they are; a unit that came to both processes counts twice
   * in the sample ratio.
   *
   * @throws SnapshotError for itself, or a test of another name, of other variants, metrics or epochs; nothing has changed
   * then
   */
  merge(other: ABTest<C, X, R>): this {
    if (other === this) throw new SnapshotError('a test must be merged with another one, not with itself');
    if (other.name !== this.name) {
      throw new SnapshotError(`the test to merge must be ${show(this.name)}, got ${show(other.name)}`);
    }
    this.#observed.merge(other.#observed.total);
    this.#startedAt = Math.min(this.#startedAt, other.#startedAt);
    this.#runtime.events.emit({ type: 'merged', requests: this.#analysis.requests });
    return this;
  }

  /**
   * What this replica has seen since the last call: every count and sum of the experiment. Sample ratios, estimates,
   * segments and decisions of replicas that exchange deltas are those of one process that had seen everything. Outcomes
   * that wait for their truth, the audit log and which units were seen stay here; a unit that comes to two replicas counts
   * twice in the sample ratio. A snapshot holds what was not taken yet: of a snapshot and a delta that was taken after it,
   * use one.
   */
  takeDelta(): Delta | undefined {
    return this.#runtime.takeDelta();
  }

  /**
   * Adds what another replica has seen. It may be behind in ramps, not ahead.
   * @throws SnapshotError where it is of another test or of epochs that are not known here; nothing has changed then
   */
  mergeDelta(delta: Delta): void {
    this.#runtime.mergeDelta(delta);
    this.#runtime.events.emit({ type: 'merged', requests: this.#analysis.requests });
  }

  /** The shares, exposure and epochs in force. */
  control(): Control {
    return this.#runtime.control();
  }

  /**
   * What `control()` would be after a change: to be published where only the next revision is accepted, and followed,
   * here too, once it is.
   * @throws InvalidOptionError, UnknownVariantError
   */
  propose(change: ABTestChange): Control {
    return proposedControl(this.#runtime.control(), this.#epochs.propose(change));
  }

  /**
   * Takes over the shares and epochs of another replica where they are later.
   * @throws SnapshotError where they contradict a ramp that was made here, or are of other versions of the models
   */
  follow(control: Control): boolean {
    return this.#runtime.follow(control);
  }

  /**
   * How many requests, and days, a test will take; see {@link planABTest}.
   * @throws InvalidOptionError
   */
  static plan(options: PlanOptions): Plan {
    return planABTest(options);
  }

  /**
   * The comparison of data that sits elsewhere as sums; see {@link compareSummaries}.
   * @throws InvalidDataError, InvalidOptionError
   */
  static fromSummary(options: FromSummaryOptions): MetricComparison {
    return compareSummaries(options);
  }

  /**
   * Runs the very configuration many times: against itself, for the false-positive rate of the rule, and as it is, for
   * its power and the requests it takes. Models must not keep a state.
   *
   * @throws InvalidOptionError
   */
  static simulate<
    const C extends VariantInput,
    const X extends VariantInput = never,
    const R extends VariantInputs = Record<never, never>,
  >(options: SimulateOptions<ABTestOptions<C, X, R>>): Simulation {
    return simulateABTest(options, (test, own, aa) => {
      const { rng: _, replica: __, ...rest } = test as ABTestOptions<VariantInput, VariantInput, VariantInputs>;
      return new ABTest({ ...(aa ? placebo(rest) : rest), ...own }) as unknown as Simulated;
    });
  }

  /** A test that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<
    const C extends VariantInput,
    const X extends VariantInput = never,
    const R extends VariantInputs = Record<never, never>,
  >(snapshot: Snapshot, options: ABTestOptions<C, X, R>): ABTest<C, X, R> {
    const test = new ABTest(options);
    test[strategyMark].load(snapshot);
    return test;
  }

  #createRuntime(options: StrategyOptions): StrategyRuntime<ABTestEvent> {
    return new StrategyRuntime<ABTestEvent>(options, {
      kind: 'abtest',
      version: 1,
      models: this.#variants.models,
      transient: ['assigned'],
      settled: (outcome, fallback, tracked) => this.#settled(outcome, fallback, tracked),
      joined: (outcome) => {
        if (outcome.note !== undefined) this.#observed.joined(outcome);
      },
      lost: (outcome, why) => {
        if (outcome.note !== undefined) this.#observed.lost(outcome, why);
      },
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedTest),
      takeDelta: () => {
        const observed = this.#observed.takeDelta();
        return observed === undefined ? undefined : { startedAt: this.#startedAt, observed };
      },
      readDelta: (state) => this.#readDelta(state),
      control: () => this.#epochs.state(),
      readControl: (state) => this.#epochs.read(state),
    });
  }

  #settled(outcome: Outcome, fallback: boolean, tracked: boolean): void {
    const note = outcome.note as Note | undefined;
    if (fallback || note === undefined) return;
    this.#observed.settled(outcome, tracked);
    const { events } = this.#runtime;
    if (!events.wants('assigned')) return;
    const { requestId, unit } = outcome;
    events.emit({ type: 'assigned', requestId, variant: outcome.variant, unit, epoch: note.e });
  }

  #readDelta(state: Json): () => void {
    const { startedAt, observed } = state as unknown as { readonly startedAt: number; readonly observed: Json };
    if (!Number.isFinite(startedAt)) throw new SnapshotError('a delta must say when its test started');
    const statistics = this.#observed.readDelta(observed);
    return () => {
      this.#observed.merge(statistics);
      this.#startedAt = Math.min(this.#startedAt, startedAt);
    };
  }

  #save(): SavedTest {
    return {
      startedAt: this.#startedAt,
      enrolment: this.#enrolment.toJSON(),
      control: this.#epochs.toJSON(),
      observed: this.#observed.toJSON(),
      announced: this.#announcements.toJSON(),
      taken: this.#analysis.toJSON(),
    };
  }

  #load(saved: SavedTest): void {
    if (!Number.isFinite(saved.startedAt)) throw new SnapshotError('the snapshot of a test must say when it started');
    this.#startedAt = saved.startedAt;
    this.#observed.load(saved.observed);
    this.#enrolment.load(saved.enrolment);
    this.#epochs.load(saved.control);
    this.#announcements.load(saved.announced);
    this.#analysis.load(saved.taken);
    this.#epochs.adoptVersions(this.#variants.versions);
  }
}
