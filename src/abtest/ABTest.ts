import { Assigner } from '../assignment/Assigner.ts';
import type { Assignment } from '../assignment/Assignment.ts';
import type { RangeLedgerState } from '../assignment/RangeLedger.ts';
import { checkName, checkOptions, checkShare } from '../core/check.ts';
import { InvalidOptionError, SnapshotError, show, UnknownVariantError } from '../core/errors.ts';
import type { ContainedErrorEvent } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, RecordResult, Request, Story } from '../core/Model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { isUnit, type Unit } from '../core/Unit.ts';
import type { MetricComparison } from '../metrics/inference/index.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type Choice, type StrategyOptions, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import type { ABTestEvent } from './ABTestEvent.ts';
import { type ABTestAssignment, type ABTestOptions, type ABTestSettings, checkABTestOptions } from './ABTestOptions.ts';
import type { ABTestSummary } from './ABTestSummary.ts';
import { Analysis } from './Analysis.ts';
import { buildSummary } from './buildSummary.ts';
import type { Decision } from './decision/Decision.ts';
import { compareSummaries, type FromSummaryOptions } from './fromSummary.ts';
import { type Note, Observations } from './Observations.ts';
import { type Plan, type PlanOptions, planABTest } from './plan.ts';
import { summaryToMarkdown, summaryToText } from './renderSummary.ts';
import type { SegmentReport, TrendReport } from './SegmentReport.ts';
import type { StatisticalTestOptions } from './StatisticalTestOptions.ts';
import { type Simulated, type SimulateOptions, type Simulation, simulateABTest } from './simulate.ts';
import {
  resolveVariants,
  type TestInput,
  type TestOutput,
  type VariantInput,
  type VariantInputs,
  type Variants,
} from './variants.ts';

/** What a test's story says besides: how the request came to its variant, or why it is not part of the experiment. */
export interface ABTestStory {
  readonly assignment: Assignment;
}

/** Who changed something, and why: it stands in the audit log. */
export interface ChangeOptions {
  readonly reason?: string;
  /** @defaultValue 'system' */
  readonly actor?: string;
}

/** That of `TruthOptions`. */
const DEFAULT_TRUTH_WINDOW_MS = 30 * 24 * 3_600_000;

type Segment = readonly [string, (input: never, request: Request) => string | undefined];

interface SavedTest {
  readonly startedAt: number;
  readonly ledger: RangeLedgerState;
  readonly exposure: number;
  readonly exposureRng: RngState | null;
  readonly excluded: Readonly<Record<string, number>>;
  readonly observed: Json;
  readonly looked: readonly (readonly [string, string])[];
  readonly concluded: string;
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
> {
  readonly #runtime: StrategyRuntime<ABTestEvent>;
  readonly #settings: ABTestSettings;
  readonly #assignment: ABTestAssignment;
  readonly #variants: Variants;
  readonly #assigner: Assigner;
  readonly #observed: Observations;
  readonly #analysis: Analysis;
  readonly #segments: readonly Segment[];
  /** Choices of this epoch by assignment: of independent ones, and of units that came before. */
  readonly #choices: readonly [Map<Assignment, Choice>, Map<Assignment, Choice>] = [new Map(), new Map()];
  readonly #index: Readonly<Record<string, number>>;
  #exposureRng: Rng | undefined;
  #startedAt: number;
  #excluded: Record<string, number> = {};
  #looked: Map<string, string> = new Map();
  #concluded = '';

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ABTestOptions<C, X, R>) {
    this.#settings = checkABTestOptions(options as unknown as ABTestOptions<VariantInput, VariantInput, VariantInputs>);
    this.#variants = resolveVariants(options);
    this.#assignment = (options.assignment ?? {}) as ABTestAssignment;
    const { names, models, shares, versions } = this.#variants;
    this.#index = Object.fromEntries(names.map((name, i) => [name, i]));
    this.#runtime = new StrategyRuntime<ABTestEvent>(options, {
      kind: 'abtest',
      version: 1,
      models,
      transient: ['assigned'],
      settled: (outcome, fallback) => this.#settled(outcome, fallback),
      joined: (outcome) => {
        if (outcome.note !== undefined) this.#observed.joined(outcome);
      },
      lost: (outcome) => {
        if (outcome.note !== undefined) this.#observed.lost(outcome);
      },
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedTest),
    });
    this.#assigner = this.#createAssigner();
    this.#segments = Object.entries(options.segments ?? {}) as Segment[];
    const { clock, slots, events } = this.#runtime;
    this.#observed = new Observations(
      {
        settings: this.#settings,
        variants: this.#variants,
        slots,
        clock,
        truthWindowMs: options.truth?.windowMs ?? DEFAULT_TRUTH_WINDOW_MS,
        stream: (label) => this.#runtime.stream(label),
        contain: (where, error) => events.contain(where, error),
      },
      this.#assignment.by !== 'request',
    );
    this.#analysis = new Analysis({
      settings: this.#settings,
      variants: this.#variants,
      observed: this.#observed,
      elapsedMs: () => this.#runtime.clock.now() - this.#startedAt,
      waiting: () => this.#runtime.truths.waiting,
    });
    this.#startedAt = this.#runtime.clock.now();
    this.#openEpoch(shares, versions, { reason: 'started' });
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
    return this.#named(this.#assigner.shares);
  }

  /** Answers like the variant that the request is assigned to. */
  predict(input: TestInput<C, X, R>, request: Request = {}): TestOutput<C, X, R> {
    const asked = this.#withUnit(input, request);
    return this.#runtime.predict(this.#choose(input, asked), input, asked) as TestOutput<C, X, R>;
  }

  /** Answers with the story: the variant, and the request id for `record`. */
  serve(input: TestInput<C, X, R>, request: Request = {}): Story<TestOutput<C, X, R>, ABTestStory> {
    const asked = this.#withUnit(input, request);
    return this.#runtime.serve(this.#choose(input, asked), input, asked) as Story<TestOutput<C, X, R>, ABTestStory>;
  }

  /** Records the truth of a request: minutes or weeks later, in any order, twice. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends ABTestEvent['type'] | 'contained-error' | '*'>(
    type: T,
    listener: (
      event: T extends '*'
        ? ABTestEvent | ContainedErrorEvent
        : Extract<ABTestEvent | ContainedErrorEvent, { type: T }>,
    ) => void,
  ): () => void {
    return this.#runtime.events.on(type, listener as never);
  }

  /** Who a unit is to the experiment, without serving anything. Without a unit a variant is drawn. */
  assign(unit?: Unit): Assignment {
    return this.#assigner.assign(unit);
  }

  /**
   * Compares a challenger with the champion in one metric. Positive estimates are improvements, whichever way the
   * metric goes; `reference` is the champion, `candidate` the challenger.
   *
   * @throws UnknownVariantError for another metric or variant
   * @throws InvalidOptionError if there are several challengers and `variant` is left out
   */
  statisticalTest(metric: string, options: StatisticalTestOptions = {}): MetricComparison {
    const known = ['method', 'variant', 'alpha', 'alternative', 'threshold'];
    checkOptions('options', options, known);
    const variant = this.#analysis.challenger(options.variant);
    const result = this.#analysis.compare(metric, { ...options, variant });
    this.#tellLook(metric, variant, result);
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
      excluded: { ...this.#excluded },
      settings: this.#settings,
      variants: this.#variants,
      shares: this.#assigner.shares,
      observed: this.#observed,
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
    const key = JSON.stringify([decision.decision, decision.variant, decision.reasons.map((r) => [r.rule, r.verdict])]);
    if (key !== this.#concluded) {
      this.#concluded = key;
      const { reasons, rule, variant } = decision;
      this.#runtime.events.emit({
        type: 'decision',
        decision: decision.decision,
        variant: variant ?? null,
        rule,
        requests: this.#analysis.requests,
        reasons,
      });
    }
    return decision;
  }

  /**
   * Changes the shares: those that are not named stay, the champion takes what is left. The provable minimum of units
   * changes variant, and a new epoch begins.
   *
   * @returns the fraction of units that moved
   * @throws InvalidOptionError for shares outside [0, 1] or that sum to more than 1; UnknownVariantError
   */
  ramp(shares: Readonly<Record<string, number>>, { reason = 'ramped', actor = 'system' }: ChangeOptions = {}): number {
    const next = this.#nextShares(shares);
    const moved = this.#assigner.ramp(next);
    this.#openEpoch(next, this.#observed.ledger.versions, { reason, actor }, moved);
    return moved;
  }

  /** Opens the experiment to another fraction of the traffic; nobody's variant changes. @throws InvalidOptionError */
  expose(exposure: number, { reason = 'exposed', actor = 'system' }: ChangeOptions = {}): void {
    this.#assigner.expose(exposure);
    this.#openEpoch(this.#assigner.shares, this.#observed.ledger.versions, { reason, actor });
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
   * @throws SnapshotError for a test of another name or with other epochs
   */
  merge(other: ABTest<C, X, R>): this {
    if (other.name !== this.name) {
      throw new SnapshotError(`the test to merge must be ${show(this.name)}, got ${show(other.name)}`);
    }
    this.#observed.merge(other.#observed);
    this.#startedAt = Math.min(this.#startedAt, other.#startedAt);
    for (const [why, n] of Object.entries(other.#excluded)) this.#excluded[why] = (this.#excluded[why] ?? 0) + n;
    this.#runtime.events.emit({ type: 'merged', requests: this.#analysis.requests });
    return this;
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
      const { rng: _, replica: __, ...rest } = test as AnyOptions & StrategyOptions;
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

  #createAssigner(): Assigner {
    const { eligible: _, unit: __, ...rest } = this.#assignment;
    const { names, shares } = this.#variants;
    const runtime = this.#runtime;
    const exposure = (): Rng => {
      this.#exposureRng ??= runtime.stream('exposure');
      return this.#exposureRng;
    };
    // The runtime's stream changes when a parent adopts this test, or a snapshot is loaded: it is asked for every time.
    const rng: Rng = {
      next: () => runtime.rng.next(),
      fork: () => ({
        next: () => exposure().next(),
        fork: (label) => exposure().fork(label),
        state: () => exposure().state(),
      }),
      state: () => runtime.rng.state(),
    };
    return new Assigner({ name: runtime.name, variants: names, shares, rng, ...rest });
  }

  #withUnit(input: unknown, request: Request): Request {
    const { unit } = this.#assignment;
    if (unit === undefined || request.unit !== undefined) return request;
    const found = this.#runtime.events.guard('assignment.unit', () => unit(input as never));
    if (found === undefined || isUnit(found)) return found === undefined ? request : { ...request, unit: found };
    // What is no unit (NaN, an empty string) is nobody: the request is served, and the fault is reported.
    this.#runtime.events.contain('assignment.unit', new InvalidOptionError('unit', found, 'a unit'));
    return request;
  }

  #choose(input: unknown, request: Request): Choice {
    const { eligible } = this.#assignment;
    const allowed =
      eligible === undefined ||
      this.#runtime.events.guard('assignment.eligible', () => eligible(input as never, request)) === true;
    const assignment = this.#assigner.assign(request.unit, allowed);
    if (assignment.status !== 'assigned' || assignment.by === 'forced') {
      const why = assignment.status === 'assigned' ? 'forced' : assignment.reason;
      this.#excluded[why] = (this.#excluded[why] ?? 0) + 1;
      return this.#shared(assignment, undefined);
    }
    const segments = this.#segments.length === 0 ? undefined : this.#segmentsOf(input, request);
    const independent = this.#observed.assigned(assignment.index, request.unit);
    const shared = this.#shared(assignment, independent);
    if (segments === undefined && this.#observed.scorer === undefined) return shared;
    const note: Note = {
      ...(shared.note as Note),
      ...(segments === undefined ? {} : { s: segments }),
      ...(this.#observed.scorer === undefined ? {} : { answers: {} }),
    };
    return { ...shared, note };
  }

  /** The choice that all requests of an epoch with this assignment share: serving one allocates none. */
  #shared(assignment: Assignment, independent: boolean | undefined): Choice {
    const cache = this.#choices[independent === true ? 0 : 1];
    const known = cache.get(assignment);
    if (known !== undefined) return known;
    const { names } = this.#variants;
    const note: Note | undefined =
      independent === undefined ? undefined : { e: this.#observed.ledger.current.epoch, x: independent };
    const choice: Choice = {
      variant: assignment.status === 'assigned' ? assignment.variant : names[0]!,
      fallback: this.#settings.fallback ? names[0] : undefined,
      note,
      extra: { assignment } satisfies ABTestStory,
    };
    cache.set(assignment, choice);
    return choice;
  }

  #segmentsOf(input: unknown, request: Request): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [name, segment] of this.#segments) {
      const group = this.#runtime.events.guard(`segment:${name}`, () => segment(input as never, request));
      if (group !== undefined) found[name] = this.#observed.segments.admit(name, String(group));
    }
    return found;
  }

  #settled(outcome: Outcome, fallback: boolean): void {
    const note = outcome.note as Note | undefined;
    if (fallback || note === undefined) return;
    this.#observed.settled(outcome);
    const { events } = this.#runtime;
    if (!events.wants('assigned')) return;
    const { requestId, unit } = outcome;
    events.emit({ type: 'assigned', requestId, variant: outcome.variant, unit, epoch: note.e });
  }

  #tellLook(metric: string, variant: string, result: MetricComparison): void {
    const { method, validity, n } = result;
    const key = `${metric}\n${variant}\n${method}`;
    const seen = JSON.stringify(n);
    if (this.#looked.get(key) === seen) return;
    this.#looked.set(key, seen);
    const found = result.status === 'ok' ? result : undefined;
    const [estimate, pValue] = [found?.estimate ?? null, found?.pValue ?? null];
    this.#runtime.events.emit({ type: 'look', metric, variant, method, validity, n, estimate, pValue });
  }

  #nextShares(changes: Readonly<Record<string, number>>): readonly number[] {
    const { names } = this.#variants;
    const next = [...this.#assigner.shares];
    for (const [name, share] of Object.entries(changes)) {
      const i = this.#index[name];
      if (i === undefined) throw new UnknownVariantError('ramp', name, names);
      next[i] = checkShare(`ramp.${name}`, share);
    }
    if (!(names[0]! in changes)) next[0] = Math.max(0, 1 - next.slice(1).reduce((sum, share) => sum + share, 0));
    return next;
  }

  #openEpoch(shares: readonly number[], versions: readonly string[], change: ChangeOptions, moved = 0): void {
    const epoch = this.#observed.ledger.open(shares, versions, this.#runtime.clock.now());
    for (const cache of this.#choices) cache.clear();
    this.#runtime.events.emit({
      type: 'epoch',
      epoch: epoch.epoch,
      shares: this.#named(shares),
      versions: this.#named(versions),
      exposure: this.#assigner.exposure,
      moved,
      reason: checkName('reason', change.reason),
      ...(change.actor === undefined ? {} : { actor: checkName('actor', change.actor) }),
    });
  }

  #named<T>(values: readonly T[]): Readonly<Record<string, T>> {
    return Object.fromEntries(this.#variants.names.map((name, i) => [name, values[i]!]));
  }

  #save(): SavedTest {
    return {
      startedAt: this.#startedAt,
      ledger: this.#assigner.ledger.toJSON(),
      exposure: this.#assigner.exposure,
      exposureRng: this.#exposureRng?.state() ?? null,
      excluded: { ...this.#excluded },
      observed: this.#observed.toJSON(),
      looked: [...this.#looked],
      concluded: this.#concluded,
      taken: this.#analysis.toJSON(),
    };
  }

  #load(saved: SavedTest): void {
    this.#assigner.resume(saved.ledger, saved.exposure);
    this.#exposureRng = saved.exposureRng === null ? undefined : restoreRng(saved.exposureRng);
    this.#startedAt = saved.startedAt;
    this.#excluded = { ...saved.excluded };
    this.#observed.load(saved.observed);
    this.#looked = new Map(saved.looked);
    this.#concluded = saved.concluded;
    this.#analysis.load(saved.taken);
    for (const cache of this.#choices) cache.clear();
    const { versions } = this.#variants;
    if (JSON.stringify(versions) !== JSON.stringify(this.#observed.ledger.versions)) {
      this.#openEpoch(this.#assigner.shares, versions, { reason: 'restored with another version' });
    }
  }
}

type AnyOptions = ABTestOptions<VariantInput, VariantInput, VariantInputs>;

/** The same test with the champion's model in every challenger's place. */
function placebo(options: AnyOptions): AnyOptions {
  const { champion, challenger, challengers } = options;
  const { names, models } = resolveVariants(options);
  const model = models[names[0]!] as AnyModel;
  const swap = (input: VariantInput): VariantInput => ('model' in input ? { ...input, model } : model);
  return {
    ...options,
    champion,
    ...(challenger === undefined ? {} : { challenger: swap(challenger) }),
    ...(challengers === undefined
      ? {}
      : { challengers: Object.fromEntries(Object.entries(challengers).map(([name, input]) => [name, swap(input)])) }),
  };
}
