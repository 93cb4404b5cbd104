import type { Assignment } from '../assignment/Assignment.ts';
import { InvalidOptionError } from '../core/errors.ts';
import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Control, Delta, SharedControl, SharedStatistics } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Unit } from '../core/Unit.ts';
import type { MetricComparison } from '../metrics/inference/index.ts';
import type { ABTestEvent } from './ABTestEvent.ts';
import type { ABTestOptions, AnyABTestOptions } from './ABTestOptions.ts';
import type { ABTestSummary } from './ABTestSummary.ts';
import type { Decision } from './decision/Decision.ts';
import type { ABTestStory } from './Enrolment.ts';
import { type ABTestChange, type ChangeOptions, proposedControl } from './EpochControl.ts';
import { Experiment } from './Experiment.ts';
import { compareSummaries, type FromSummaryOptions } from './fromSummary.ts';
import { placebo } from './placebo.ts';
import type { Plan, PlanOptions } from './planning/Plan.ts';
import { planABTest } from './planning/planABTest.ts';
import { summaryToMarkdown, summaryToText } from './renderSummary.ts';
import type { SegmentReport, TrendReport } from './SegmentReport.ts';
import { checkTestOptions, type StatisticalTestOptions } from './StatisticalTestOptions.ts';
import { type Simulated, type SimulateOptions, type Simulation, simulateABTest } from './simulate.ts';
import type { TestInput, TestOutput, VariantInput, VariantInputs } from './variants.ts';

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
  readonly #experiment: Experiment;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ABTestOptions<C, X, R>) {
    this.#experiment = new Experiment(options as unknown as AnyABTestOptions);
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#experiment.runtime.protocol;
  }

  /** The test's name. */
  get name(): string {
    return this.#experiment.runtime.name;
  }

  /** The variants, champion first. */
  get variants(): readonly string[] {
    return this.#experiment.variants.names;
  }

  /** The share of each variant now. */
  get shares(): Readonly<Record<string, number>> {
    const { shares } = this.#experiment.enrolment.assigner;
    return Object.fromEntries(this.#experiment.variants.names.map((name, i) => [name, shares[i]!]));
  }

  /** Answers like the variant that the request is assigned to. @throws InvalidOptionError for a request that breaks a rule */
  predict(input: TestInput<C, X, R>, request?: Request): TestOutput<C, X, R> {
    const { enrolment, runtime } = this.#experiment;
    const asked = enrolment.withUnit(input, checkRequest(request));
    return runtime.predict(enrolment.choose(input, asked), input, asked) as TestOutput<C, X, R>;
  }

  /** Answers with the story: the variant, and the request id for `record`. @throws InvalidOptionError, as `predict` */
  serve(input: TestInput<C, X, R>, request?: Request): Story<TestOutput<C, X, R>, ABTestStory> {
    const { enrolment, runtime } = this.#experiment;
    const asked = enrolment.withUnit(input, checkRequest(request));
    const story = runtime.serve(enrolment.choose(input, asked), input, asked);
    return story as Story<TestOutput<C, X, R>, ABTestStory>;
  }

  /** Records the truth of a request: minutes or weeks later, in any order, twice. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#experiment.runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<ABTestEvent>>(type: T, listener: (event: EventNamed<ABTestEvent, T>) => void): () => void {
    return this.#experiment.runtime.events.on(type, listener);
  }

  /** Who a unit is to the experiment, without serving anything. Without a unit a variant is drawn. */
  assign(unit?: Unit): Assignment {
    return this.#experiment.enrolment.assigner.assign(unit);
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
    const variant = this.#experiment.analysis.challenger(options.variant);
    const result = this.#experiment.analysis.compare(metric, { ...options, variant });
    this.#experiment.announcements.look(metric, variant, result);
    return result;
  }

  /** What is known of every variant, how they compare, whether the experiment is sound, and what it decides. */
  summary(): ABTestSummary {
    return this.#experiment.summary();
  }

  /**
   * A metric by the groups of one of the test's `segments`, with a correction for their number and a check whether the
   * winner differs between them. Metrics with the role goal or guardrail, quantiles and areas apart, are kept by group; both
   * sides are compared as if they had seen different requests, also in paired mode.
   *
   * @throws InvalidOptionError for a dimension that the options do not name, and a metric that is not kept
   */
  segments(dimension: string, metric: string, options: StatisticalTestOptions = {}): SegmentReport {
    const known = this.#experiment.segments.map(([name]) => name);
    if (!known.includes(dimension)) throw new InvalidOptionError('dimension', dimension, `one of ${known.join(', ')}`);
    return this.#experiment.analysis.segments(dimension, metric, options);
  }

  /**
   * A metric by days, and whether the improvement grows or fades with time; of metrics as in `segments`.
   *
   * @throws InvalidOptionError for a metric that is not kept
   */
  trend(metric: string, options: StatisticalTestOptions = {}): TrendReport {
    return this.#experiment.analysis.trend(metric, options);
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
    const decision = this.#experiment.analysis.decide();
    this.#experiment.announcements.decision(decision, this.#experiment.analysis.requests);
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
    return this.#experiment.epochs.ramp(shares, change);
  }

  /** Opens the experiment to another fraction of the traffic; nobody's variant changes. @throws InvalidOptionError */
  expose(exposure: number, change: ChangeOptions = {}): void {
    this.#experiment.epochs.expose(exposure, change);
  }

  /** The last events, oldest first. */
  get history(): readonly (ABTestEvent | ContainedErrorEvent)[] {
    return this.#experiment.runtime.events.log;
  }

  /** The whole state: assignments, summaries, outcomes that wait, and the audit log. */
  snapshot(): Snapshot {
    return this.#experiment.runtime.snapshot();
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
    this.#experiment.merge(other.#experiment);
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
    return this.#experiment.runtime.takeDelta();
  }

  /**
   * Adds what another replica has seen. It may be behind in ramps, not ahead.
   * @throws SnapshotError where it is of another test or of epochs that are not known here; nothing has changed then
   */
  mergeDelta(delta: Delta): void {
    this.#experiment.runtime.mergeDelta(delta);
    this.#experiment.tellMerged();
  }

  /** The shares, exposure and epochs in force. */
  control(): Control {
    return this.#experiment.runtime.control();
  }

  /**
   * What `control()` would be after a change: to be published where only the next revision is accepted, and followed,
   * here too, once it is.
   * @throws InvalidOptionError, UnknownVariantError
   */
  propose(change: ABTestChange): Control {
    return proposedControl(this.#experiment.runtime.control(), this.#experiment.epochs.propose(change));
  }

  /**
   * Takes over the shares and epochs of another replica where they are later.
   * @throws SnapshotError where they contradict a ramp that was made here, or are of other versions of the models
   */
  follow(control: Control): boolean {
    return this.#experiment.runtime.follow(control);
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
      const { rng: _, replica: __, ...rest } = test as AnyABTestOptions;
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
}
