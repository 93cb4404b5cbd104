import { Assigner } from '../assignment/Assigner.ts';
import type { Assignment } from '../assignment/Assignment.ts';
import type { RangeLedgerState } from '../assignment/RangeLedger.ts';
import { checkName, checkOptions, checkShare } from '../core/check.ts';
import { InvalidOptionError, UnknownVariantError } from '../core/errors.ts';
import type { ContainedErrorEvent } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { RecordResult, Request, Story } from '../core/Model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Unit } from '../core/Unit.ts';
import type { MetricComparison } from '../metrics/inference/index.ts';
import type { Metric } from '../metrics/Metric.ts';
import { measure } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type Choice, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import type { ABTestEvent } from './ABTestEvent.ts';
import { type ABTestAssignment, type ABTestOptions, type ABTestSettings, checkABTestOptions } from './ABTestOptions.ts';
import type { ABTestSummary } from './ABTestSummary.ts';
import { buildSummary } from './buildSummary.ts';
import { compareStrata } from './compareStrata.ts';
import type { Decision, DecisionView } from './decision/Decision.ts';
import { EpochLedger } from './EpochLedger.ts';
import { checkSampleRatio } from './SampleRatioCheck.ts';
import { ServiceTally } from './ServiceTally.ts';
import type { StatisticalTestOptions } from './StatisticalTestOptions.ts';
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

interface Note {
  /** The epoch of the assignment. */
  readonly e: number;
}

interface SavedTest {
  readonly startedAt: number;
  readonly ledger: RangeLedgerState;
  readonly exposure: number;
  readonly exposureRng: RngState | null;
  readonly excluded: Readonly<Record<string, number>>;
  readonly epochs: Json;
  readonly services: readonly Json[];
  readonly looked: readonly (readonly [string, string])[];
  readonly concluded: string;
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
  readonly #ledger: EpochLedger;
  readonly #services: readonly ServiceTally[];
  readonly #due: Readonly<Record<'serve' | 'truth', readonly number[]>>;
  readonly #choices: Map<Assignment, Choice> = new Map();
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
      joined: (outcome) => this.#joined(outcome),
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedTest),
    });
    const { metrics, sampleSize } = this.#settings;
    this.#due = { serve: indicesOf(metrics, 'serve'), truth: indicesOf(metrics, 'truth') };
    this.#assigner = this.#createAssigner();
    const rng = this.#runtime.stream('samples');
    this.#ledger = new EpochLedger({ metrics, variants: names.length, sampleSize, rng });
    this.#services = names.map(() => new ServiceTally());
    this.#startedAt = this.#runtime.clock.now();
    this.#openEpoch(shares, versions, { reason: 'started' });
  }

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
    const variant = this.#challenger(options.variant);
    const result = this.#compare(metric, { ...options, variant });
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
      ledger: this.#ledger,
      services: this.#services,
      compare: (metric, variant) => this.#compare(metric, { variant }),
      decision: this.#decide(),
    });
  }

  /** What the data say is to be done. A decision that differs from the last one is an event. */
  decide(): Decision {
    const decision = this.#decide();
    const key = JSON.stringify([decision.decision, decision.variant, decision.reasons.map((r) => [r.rule, r.verdict])]);
    if (key !== this.#concluded) {
      this.#concluded = key;
      const { reasons, rule, variant } = decision;
      this.#runtime.events.emit({
        type: 'decision',
        decision: decision.decision,
        variant: variant ?? null,
        rule,
        requests: this.#requests(),
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
    this.#openEpoch(next, this.#ledger.versions, { reason, actor }, moved);
    return moved;
  }

  /** Opens the experiment to another fraction of the traffic; nobody's variant changes. @throws InvalidOptionError */
  expose(exposure: number, { reason = 'exposed', actor = 'system' }: ChangeOptions = {}): void {
    this.#assigner.expose(exposure);
    this.#openEpoch(this.#assigner.shares, this.#ledger.versions, { reason, actor });
  }

  /** The last events, oldest first. */
  get history(): readonly (ABTestEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** The whole state: assignments, summaries, outcomes that wait, and the audit log. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
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
    return found === undefined ? request : { ...request, unit: found };
  }

  #choose(input: unknown, request: Request): Choice {
    const { eligible } = this.#assignment;
    const allowed =
      eligible === undefined ||
      this.#runtime.events.guard('assignment.eligible', () => eligible(input as never, request)) === true;
    const assignment = this.#assigner.assign(request.unit, allowed);
    if (assignment.status === 'assigned' && assignment.by !== 'forced') {
      this.#ledger.current.counts[assignment.index]! += 1;
    } else {
      const why = assignment.status === 'assigned' ? 'forced' : assignment.reason;
      this.#excluded[why] = (this.#excluded[why] ?? 0) + 1;
    }
    return this.#choices.get(assignment) ?? this.#makeChoice(assignment);
  }

  /** Choices are shared by all requests of an epoch: serving one allocates none. */
  #makeChoice(assignment: Assignment): Choice {
    const assigned = assignment.status === 'assigned';
    const variant = assigned ? assignment.variant : this.#variants.names[0]!;
    const counted = assigned && assignment.by !== 'forced';
    const choice: Choice = {
      variant,
      fallback: this.#settings.fallback ? this.#variants.names[0] : undefined,
      note: counted ? ({ e: this.#ledger.current.epoch } satisfies Note) : undefined,
      extra: { assignment } satisfies ABTestStory,
    };
    this.#choices.set(assignment, choice);
    return choice;
  }

  #settled(outcome: Outcome, fallback: boolean): void {
    const note = outcome.note as Note | undefined;
    if (fallback || note === undefined) return;
    const variant = this.#index[outcome.variant]!;
    this.#services[variant]!.push(outcome.status, outcome.latencyMs);
    this.#measure(outcome, note, variant, this.#due.serve);
    const { events } = this.#runtime;
    if (!events.wants('assigned')) return;
    const { requestId, unit } = outcome;
    events.emit({ type: 'assigned', requestId, variant: outcome.variant, unit, epoch: note.e });
  }

  #joined(outcome: Outcome): void {
    const note = outcome.note as Note | undefined;
    if (note === undefined) return;
    const variant = this.#index[outcome.variant]!;
    this.#ledger.epochs[note.e]!.labels[variant]! += 1;
    this.#measure(outcome, note, variant, this.#due.truth);
  }

  #measure(outcome: Outcome, { e }: Note, variant: number, due: readonly number[]): void {
    const summaries = this.#ledger.summaries(e, variant)!;
    for (const m of due) {
      const metric = this.#settings.metrics[m]!;
      try {
        const value = measure(metric, outcome);
        if (value !== undefined) summaries[m]!.push(value, metric.covariate?.(outcome));
      } catch (error) {
        this.#runtime.events.contain(`metric:${metric.name}`, error);
      }
    }
  }

  #compare(metric: string, options: StatisticalTestOptions): MetricComparison {
    const { metrics } = this.#settings;
    const m = metrics.findIndex(({ name }) => name === metric);
    if (m < 0)
      throw new UnknownVariantError(
        'metric',
        metric,
        metrics.map(({ name }) => name),
      );
    const strata = this.#ledger.strata(m, 0, this.#index[this.#challenger(options.variant)]!);
    return compareStrata(strata, options, this.#settings);
  }

  #challenger(variant: string | undefined): string {
    const challengers = this.#variants.names.slice(1);
    if (variant === undefined && challengers.length === 1) return challengers[0]!;
    if (variant === undefined) throw new InvalidOptionError('variant', variant, `one of ${challengers.join(', ')}`);
    if (!challengers.includes(variant)) throw new UnknownVariantError('variant', variant, challengers);
    return variant;
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

  #decide(): Decision {
    const { metrics, alpha, minSamples, minDurationMs, decision, sampleRatioAlpha } = this.#settings;
    const view: DecisionView = {
      metrics,
      alpha,
      minSamples,
      minDurationMs,
      challengers: this.#variants.names.slice(1),
      elapsedMs: this.#runtime.clock.now() - this.#startedAt,
      requests: this.#requests(),
      sampleRatio: checkSampleRatio(this.#ledger.epochs, sampleRatioAlpha),
      statisticalTest: (metric, options = {}) => this.#compare(metric, options),
    };
    return decision.decide(view);
  }

  #requests(): number {
    return this.#ledger.epochs.reduce((sum, { counts }) => sum + counts.reduce((a, b) => a + b, 0), 0);
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
    const epoch = this.#ledger.open(shares, versions, this.#runtime.clock.now());
    this.#choices.clear();
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
      epochs: this.#ledger.toJSON(),
      services: this.#services.map((service) => service.toJSON()),
      looked: [...this.#looked],
      concluded: this.#concluded,
    };
  }

  #load(saved: SavedTest): void {
    this.#assigner.resume(saved.ledger, saved.exposure);
    this.#exposureRng = saved.exposureRng === null ? undefined : restoreRng(saved.exposureRng);
    this.#startedAt = saved.startedAt;
    this.#excluded = { ...saved.excluded };
    this.#ledger.load(saved.epochs);
    saved.services.forEach((service, i) => {
      this.#services[i]!.load(service);
    });
    this.#looked = new Map(saved.looked);
    this.#concluded = saved.concluded;
    this.#choices.clear();
    const { versions } = this.#variants;
    if (JSON.stringify(versions) !== JSON.stringify(this.#ledger.versions)) {
      this.#openEpoch(this.#assigner.shares, versions, { reason: 'restored with another version' });
    }
  }
}

function indicesOf(metrics: readonly Metric[], due: Metric['due']): readonly number[] {
  return metrics.flatMap((metric, i) => (metric.due === due ? [i] : []));
}
