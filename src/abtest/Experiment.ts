import { SnapshotError, show } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { type StrategyOptions, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { type ABTestEvent, abTestEventTypes } from './ABTestEvent.ts';
import type { ABTestAssignment, ABTestSettings, AnyABTestOptions } from './ABTestOptions.ts';
import type { ABTestSummary } from './ABTestSummary.ts';
import { Analysis } from './Analysis.ts';
import { Announcements } from './Announcements.ts';
import { buildSummary } from './buildSummary.ts';
import { checkABTestOptions } from './checkABTestOptions.ts';
import { Enrolment, type SavedEnrolment, type Segment } from './Enrolment.ts';
import { EpochControl } from './EpochControl.ts';
import type { EpochLedger } from './EpochLedger.ts';
import { KillSwitch } from './KillSwitch.ts';
import type { Note } from './Note.ts';
import { Observations } from './Observations.ts';
import { resolveVariants, type Variants } from './variants.ts';

/** That of `TruthOptions`. */
const DEFAULT_TRUTH_WINDOW_MS = 30 * 24 * 3_600_000;

interface SavedTest {
  readonly startedAt: number;
  readonly enrolment: SavedEnrolment;
  readonly control: Json;
  readonly observed: Json;
  readonly announced: Json;
  readonly taken: Json;
  readonly killed: Json;
}

/** What a test is made of, put together, saved and merged. `ABTest` is what users see of it. */
export class Experiment {
  readonly runtime: StrategyRuntime<ABTestEvent>;
  readonly settings: ABTestSettings;
  readonly variants: Variants;
  readonly segments: readonly Segment[];
  readonly observed: Observations;
  readonly enrolment: Enrolment;
  readonly epochs: EpochControl;
  readonly analysis: Analysis;
  readonly killSwitch: KillSwitch | undefined;
  readonly announcements: Announcements;
  #startedAt: number;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: AnyABTestOptions) {
    this.settings = checkABTestOptions(options);
    this.variants = resolveVariants(options);
    this.segments = Object.entries(options.segments ?? {}) as Segment[];
    const { settings, variants, segments } = this;
    const assignment = (options.assignment ?? {}) as ABTestAssignment;
    const runtime = this.#createRuntime(options);
    this.runtime = runtime;
    const observed = new Observations({
      settings,
      variants,
      sticky: assignment.by !== 'request',
      truthWindowMs: options.truth?.windowMs ?? DEFAULT_TRUTH_WINDOW_MS,
      stream: (label) => runtime.stream(label),
      contain: (where, error) => runtime.events.contain(where, error),
      ask: (variant, { input, unit, context }, settled) =>
        runtime.score(variant, input, unit === undefined ? { context } : { unit, context }, settled),
      failed: (variant) => this.#checkFailures(variant),
    });
    this.observed = observed;
    const { fallback } = settings;
    this.enrolment = new Enrolment({ runtime, observed, variants, assignment, segments, fallback });
    this.#startedAt = runtime.clock.now();
    const { statistics } = observed;
    this.epochs = new EpochControl({ runtime, statistics, enrolment: this.enrolment, variants });
    this.killSwitch = createKillSwitch(settings, variants, statistics.total.ledger, () => runtime.clock.now());
    this.analysis = new Analysis({
      settings,
      variants,
      observed: statistics.total,
      elapsedMs: () => runtime.clock.now() - this.#startedAt,
      truths: () => {
        runtime.expire();
        observed.expire(runtime.clock.now());
        return runtime.truths;
      },
      held: () => observed.held,
      killed: () => this.killSwitch?.killed ?? [],
    });
    this.announcements = new Announcements(runtime.events);
  }

  /** What is known of every variant, how they compare, whether the experiment is sound, and what it decides. */
  summary(): ABTestSummary {
    const { clock, name, truths } = this.runtime;
    return buildSummary({
      name,
      truths,
      startedAt: this.#startedAt,
      now: clock.now(),
      settings: this.settings,
      variants: this.variants,
      shares: this.enrolment.assigner.shares,
      observed: this.observed.statistics.total,
      held: this.observed.held,
      compare: (metric, variant) => this.analysis.compare(metric, { variant }),
      killed: this.killSwitch?.killed ?? [],
      decision: this.analysis.decide(),
    });
  }

  /**
   * Adds what another process has seen of the same experiment.
   * @throws SnapshotError for itself, or a test of another name, of other variants, metrics or epochs; nothing has changed
   * then
   */
  merge(other: Experiment): void {
    if (other === this) throw new SnapshotError('a test must be merged with another one, not with itself');
    const { name } = this.runtime;
    if (other.runtime.name !== name) {
      throw new SnapshotError(`the test to merge must be ${show(name)}, got ${show(other.runtime.name)}`);
    }
    this.observed.statistics.merge(other.observed.statistics.total);
    this.#startedAt = Math.min(this.#startedAt, other.#startedAt);
    this.tellMerged();
  }

  /** Statistics of other processes are in. */
  tellMerged(): void {
    for (let v = 1; v < this.variants.names.length; v += 1) this.#checkFailures(v);
    this.runtime.events.emit({ type: 'merged', requests: this.analysis.requests });
  }

  #createRuntime(options: StrategyOptions): StrategyRuntime<ABTestEvent> {
    // Only what hands truths on in the order of their requests must hear of those that will not come.
    const lost = (outcome: Outcome, why: 'expired' | 'dropped'): void => {
      if (outcome.note !== undefined) this.observed.lost(outcome, why);
    };
    return new StrategyRuntime<ABTestEvent>(options, {
      kind: 'abtest',
      version: 1,
      models: this.variants.models,
      eventTypes: abTestEventTypes,
      settled: (outcome, fallback, tracked) => this.#settled(outcome, fallback, tracked),
      joined: (outcome) => {
        if (outcome.note !== undefined) this.observed.joined(outcome);
      },
      ...(this.settings.analyse === 'matured' ? { lost } : {}),
      adopted: (outcome) => {
        if (outcome.note !== undefined) this.observed.adopted(outcome);
      },
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedTest),
      takeDelta: () => {
        this.observed.expire(this.runtime.clock.now());
        const observed = this.observed.statistics.takeDelta();
        return observed === undefined ? undefined : { startedAt: this.#startedAt, observed };
      },
      readDelta: (state) => this.#readDelta(state),
      control: () => this.epochs.state(),
      readControl: (state) => this.epochs.read(state),
    });
  }

  #settled(outcome: Outcome, fallback: boolean, tracked: boolean): void {
    const note = outcome.note as Note | undefined;
    if (fallback || note === undefined) return;
    this.observed.settled(outcome, tracked);
    const { events } = this.runtime;
    if (!events.wants('assigned')) return;
    const { requestId, unit } = outcome;
    events.emit({ type: 'assigned', requestId, variant: outcome.variant, unit, epoch: note.e });
  }

  /** Kills a challenger that fails too often. */
  #checkFailures(variant: number): void {
    const { killSwitch, runtime, epochs } = this;
    const killed = killSwitch?.check(variant);
    if (killed === undefined) return;
    const { at: _, ...report } = killed;
    runtime.events.emit({ type: 'killed', ...report });
    if (!this.settings.killSwitch!.serveChampion) return;
    // One plan of shares too many is no reason for an answer to fail.
    runtime.events.guard('killSwitch', () => {
      epochs.ramp({ [killed.variant]: 0 }, { reason: `killed: ${killed.failures[1]} failures`, actor: 'kill-switch' });
    });
  }

  #readDelta(state: Json): () => void {
    const { startedAt, observed } = state as unknown as { readonly startedAt: number; readonly observed: Json };
    if (!Number.isFinite(startedAt)) throw new SnapshotError('a delta must say when its test started');
    const { statistics } = this.observed;
    const theirs = statistics.readDelta(observed);
    return () => {
      statistics.merge(theirs);
      this.#startedAt = Math.min(this.#startedAt, startedAt);
    };
  }

  #save(): SavedTest {
    return {
      startedAt: this.#startedAt,
      enrolment: this.enrolment.toJSON(),
      control: this.epochs.toJSON(),
      observed: this.observed.toJSON(),
      announced: this.announcements.toJSON(),
      taken: this.analysis.toJSON(),
      killed: this.killSwitch?.toJSON() ?? [],
    };
  }

  #load(saved: SavedTest): void {
    if (!Number.isFinite(saved.startedAt)) throw new SnapshotError('the snapshot of a test must say when it started');
    this.#startedAt = saved.startedAt;
    this.observed.load(saved.observed);
    this.enrolment.load(saved.enrolment);
    this.epochs.load(saved.control);
    this.announcements.load(saved.announced);
    this.analysis.load(saved.taken);
    this.killSwitch?.load(saved.killed);
    this.epochs.adoptVersions(this.variants.versions);
  }
}

function createKillSwitch(
  { killSwitch: options, metrics, paired }: ABTestSettings,
  variants: Variants,
  ledger: EpochLedger,
  now: () => number,
): KillSwitch | undefined {
  if (options === undefined) return undefined;
  // There always is one: what is no worse for the guardrail is no reason to kill.
  const { margin } = metrics.find(({ name }) => name === 'errorRate')!;
  return new KillSwitch({ options, margin, variants, ledger, paired: paired !== undefined, now });
}
