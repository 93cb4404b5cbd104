import { SnapshotError } from '../core/errors.ts';
import type { EventBase } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { PassedRequest, RecordResult } from '../core/Model.ts';
import type { StrategyObserver } from '../core/observer.ts';
import type { Control, Delta } from '../core/sharing.ts';
import { openSnapshot, type Snapshot } from '../core/snapshot.ts';
import { type AnyStrategy, type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { inertProtocol } from './modelView.ts';
import type { StepName } from './RolloutPhase.ts';
import type { StepReport } from './RolloutStory.ts';

/**
 * Where a step is in its life: not begun; serving; over, but truths of its requests still come; let go of, with nothing
 * left but its report.
 */
export type SlotStatus = 'idle' | 'live' | 'finished' | 'released';

interface SavedSlot {
  readonly status: SlotStatus;
  readonly finishedAt: number;
  readonly report: StepReport | null;
  /** What was learnt and not told to other replicas before the strategy was let go of. */
  readonly untold: Delta | null;
}

/** What all replicas agree on. */
interface SharedSlot {
  readonly status: SlotStatus;
  readonly attempt: number;
  readonly report: StepReport | null;
}

/** The rollout as the place of a step sees it. */
export interface StepSlotOwner {
  /** The present attempt. */
  attempt(): number;
  /** The strategy has begun to serve, with no evidence. */
  opened(): void;
  /** An event entered the strategy's own audit log. */
  audited(event: EventBase): void;
  /** Reports an error that has nowhere else to go. */
  contain(error: unknown): void;
}

const KIND = 'coronate/rollout/step';
const VERSION = 1;
const STATUSES: readonly unknown[] = ['idle', 'live', 'finished', 'released'];

/**
 * The place of a step within a rollout: a strategy that is made when the step begins, and let go of when nothing more
 * can come of it.
 */
export class StepSlot<S extends AnyStrategy = AnyStrategy> implements AnyStrategy {
  readonly step: StepName;
  readonly #create: (fresh: boolean) => S;
  readonly #owner: StepSlotOwner;
  /** Who watches, and what takes each off the strategies that it watches. */
  readonly #observers: Map<StrategyObserver, (() => void)[]> = new Map();
  readonly [strategyMark]: StrategyProtocol;
  #path = '';
  #replica: string | undefined;
  #strategy: S | undefined;
  #status: SlotStatus = 'idle';
  /** Whether anybody takes deltas. */
  #shared = false;
  #untold: Delta | undefined;
  /** When the step ended, milliseconds since the epoch. */
  finishedAt = -1;
  /** What was found, once the step is over. */
  report: StepReport | undefined;

  /**
   * @param name the strategy's
   * @param create makes the strategy, ready to be filled from a snapshot or (`fresh`) to begin
   */
  constructor(
    step: StepName,
    { kind, name }: { readonly kind: string; readonly name: string },
    create: (fresh: boolean) => S,
    owner: StepSlotOwner,
  ) {
    this.step = step;
    this.#create = create;
    this.#owner = owner;
    this[strategyMark] = this.#protocol(kind, name);
  }

  get status(): SlotStatus {
    return this.#status;
  }

  /** The step's strategy, from its beginning until it is let go of. */
  get strategy(): S | undefined {
    return this.#strategy;
  }

  /** The strategy begins to serve, with no evidence. */
  open(): S {
    const strategy = this.#make();
    this.#strategy = strategy;
    // What it told while it was made, before anybody could listen.
    for (const event of (strategy as { readonly history?: readonly EventBase[] }).history ?? []) {
      this.#owner.audited(event);
    }
    this.#status = 'live';
    this.report = undefined;
    this.#owner.opened();
    return strategy;
  }

  /** It serves no more; truths are still taken. */
  finish(at: number, report: StepReport): void {
    this.#status = 'finished';
    this.finishedAt = at;
    this.report = report;
  }

  /** Nothing more can come of it. */
  release(report: StepReport | undefined = this.report): void {
    if (this.#shared) this.#untold ??= this.#takeDelta();
    this.#status = 'released';
    this.#stopWatching();
    this.#strategy = undefined;
    this.report = report;
  }

  /** As before the first attempt. */
  reset(): void {
    this.#status = 'idle';
    this.#stopWatching();
    this.#strategy = undefined;
    this.#untold = undefined;
    this.finishedAt = -1;
    this.report = undefined;
  }

  predict(input: never, request?: PassedRequest): unknown {
    return this.#serving().predict(input, request);
  }

  serve(input: never, request?: PassedRequest): unknown {
    return this.#serving().serve(input, request);
  }

  record(requestId: string, truth: unknown): RecordResult {
    return this.#strategy?.record(requestId, truth) ?? 'unknown';
  }

  snapshot(): Snapshot {
    const state: SavedSlot = {
      status: this.#status,
      finishedAt: this.finishedAt,
      report: this.report ?? null,
      untold: this.#untold ?? null,
    };
    const nested: Record<string, Snapshot> =
      this.#strategy === undefined ? {} : { strategy: this.#strategy.snapshot() };
    return { kind: KIND, version: VERSION, name: this.step, state: state as unknown as Json, nested };
  }

  #serving(): S {
    if (this.#strategy === undefined) throw new Error(`the step ${this.step} does not serve`);
    return this.#strategy;
  }

  /** A new strategy, in its place in the tree and watched. */
  #make(saved?: Snapshot): S {
    const strategy = this.#create(saved === undefined);
    const protocol = strategy[strategyMark];
    protocol.adopt(this.#path);
    if (this.#replica !== undefined) protocol.relabel(this.#replica);
    if (saved !== undefined) protocol.load(saved);
    protocol.observe({ audited: (event) => this.#owner.audited(event) });
    for (const [observer, stops] of this.#observers) stops.push(protocol.observe(observer));
    return strategy;
  }

  /** Nothing more happens in what is let go of. */
  #stopWatching(): void {
    for (const stops of this.#observers.values()) for (const stop of stops.splice(0)) stop();
  }

  #load(snapshot: Snapshot): () => void {
    const opened = openSnapshot(snapshot, { kind: KIND, version: VERSION, name: this.step });
    const { status, finishedAt, report, untold } = opened as unknown as SavedSlot;
    if (!STATUSES.includes(status) || !Number.isFinite(finishedAt)) {
      throw new SnapshotError(`the step ${this.step} has no such status: ${String(status)} at ${String(finishedAt)}`);
    }
    checkReport(this.step, report);
    const before = {
      strategy: this.#strategy,
      status: this.#status,
      at: this.finishedAt,
      report: this.report,
      untold: this.#untold,
    };
    const undo = (): void => {
      this.#strategy = before.strategy;
      this.#status = before.status;
      this.finishedAt = before.at;
      this.report = before.report;
      this.#untold = before.untold;
    };
    if (status === 'live' || status === 'finished') {
      const inner = snapshot.nested?.strategy;
      if (inner === undefined)
        throw new SnapshotError(`the snapshot has nothing of the nested strategy of ${this.step}`);
      this.#strategy = this.#make(inner);
    } else this.#strategy = undefined;
    this.#status = status;
    this.finishedAt = finishedAt;
    this.report = report ?? undefined;
    this.#untold = untold ?? undefined;
    return undo;
  }

  #takeDelta(): Delta | undefined {
    const delta = this.#strategy?.[strategyMark].takeDelta();
    if (delta === undefined) return undefined;
    return this.#envelope('delta', { attempt: this.#owner.attempt() }, { strategy: delta });
  }

  /** Evidence of an attempt that is over, or of a step that was let go of, adds nothing. */
  #readDelta(delta: Delta): () => void {
    const { attempt } = this.#open(delta, 'delta') as { readonly attempt?: number };
    const present = this.#owner.attempt();
    if (!Number.isSafeInteger(attempt)) throw new SnapshotError('the delta of a step must name its attempt');
    if (attempt! > present || (attempt === present && this.#status === 'idle')) {
      throw new SnapshotError(`the step ${this.step} has not begun here: follow that replica's control first`);
    }
    const inner = delta.nested.strategy;
    if (attempt! < present || this.#strategy === undefined || inner === undefined) return () => undefined;
    return this.#strategy[strategyMark].readDelta(inner);
  }

  #control(): Control {
    const state: SharedSlot = {
      status: this.#status,
      attempt: this.#owner.attempt(),
      report: this.report ?? null,
    };
    const nested: Record<string, Control> =
      this.#strategy === undefined ? {} : { strategy: this.#strategy[strategyMark].control() };
    return { ...this.#envelope('control', state as unknown as Json, nested), revision: 0, nested };
  }

  #readControl(control: Control, force: boolean | undefined): () => boolean {
    const { status, attempt, report } = this.#open(control, 'control') as unknown as SharedSlot;
    if (!STATUSES.includes(status) || !Number.isSafeInteger(attempt)) {
      throw new SnapshotError(`the control of the step ${this.step} must have a status and an attempt`);
    }
    checkReport(this.step, report);
    const inner = control.nested?.strategy;
    const strategy = attempt === this.#owner.attempt() ? this.#strategy : undefined;
    if (strategy !== undefined && inner !== undefined) strategy[strategyMark].readControl(inner, force);
    return () => {
      // The rollout has followed by now: what is idle here is that everywhere, or was missed.
      if (attempt !== this.#owner.attempt()) return false;
      const missed = this.#status === 'idle' && status !== 'idle';
      if (missed && status === 'live') this.open();
      else if (missed) this.release(report ?? undefined);
      // Why it ended is known where that was decided.
      else if (this.report !== undefined && report !== null) {
        this.report = { ...this.report, reason: report.reason, actor: report.actor };
      }
      return this.#followInside(inner, force) || missed;
    };
  }

  #followInside(inner: Control | undefined, force: boolean | undefined): boolean {
    if (this.#strategy === undefined || inner === undefined) return false;
    try {
      return this.#strategy[strategyMark].readControl(inner, force)();
    } catch (error) {
      this.#owner.contain(error);
      return false;
    }
  }

  #envelope<N extends Snapshot>(what: 'delta' | 'control', state: Json, nested: Readonly<Record<string, N>>) {
    return { kind: `${KIND}/${what}`, version: VERSION, name: this.step, state, nested };
  }

  #open(envelope: Snapshot, what: 'delta' | 'control'): Json & object {
    return openSnapshot(envelope, { kind: `${KIND}/${what}`, version: VERSION, name: this.step }) as Json & object;
  }

  /** An outcome with the attempt that it is of. */
  #outcomeOf(requestId: string): Json | undefined {
    const outcome = this.#strategy?.[strategyMark].outcomeOf(requestId);
    return outcome === undefined ? undefined : { attempt: this.#owner.attempt(), outcome };
  }

  #readOutcome(requestId: string, json: Json): () => void {
    const { attempt, outcome } = (json ?? {}) as { readonly attempt?: number; readonly outcome?: Json };
    if (!Number.isSafeInteger(attempt) || outcome === undefined) {
      throw new SnapshotError('the outcome of a step must name its attempt');
    }
    // Its truth is still recorded by the rollout; of an attempt or a step that is over it is no evidence.
    if (attempt !== this.#owner.attempt() || this.#strategy === undefined) return () => undefined;
    return this.#strategy[strategyMark].readOutcome(requestId, outcome);
  }

  #protocol(kind: string, name: string): StrategyProtocol {
    return {
      ...inertProtocol(kind, name),
      adopt: (path) => {
        this.#path = path;
      },
      saw: (requestId) => this.#strategy?.[strategyMark].saw(requestId) ?? false,
      standing: (requestId) => this.#strategy?.[strategyMark].standing(requestId),
      outcomeOf: (requestId) => this.#outcomeOf(requestId),
      readOutcome: (requestId, outcome) => this.#readOutcome(requestId, outcome),
      forget: (requestId) => this.#strategy?.[strategyMark].forget(requestId),
      relabel: (replica) => {
        this.#replica = replica;
        this.#strategy?.[strategyMark].relabel(replica);
      },
      truths: () => this.#strategy?.[strategyMark].truths() ?? {},
      observe: (observer) => {
        const stops = this.#strategy === undefined ? [] : [this.#strategy[strategyMark].observe(observer)];
        this.#observers.set(observer, stops);
        return () => {
          this.#observers.delete(observer);
          for (const stop of stops.splice(0)) stop();
        };
      },
      load: (snapshot) => this.#load(snapshot),
      takeDelta: () => {
        this.#shared = true;
        const untold = this.#untold;
        this.#untold = undefined;
        return untold ?? this.#takeDelta();
      },
      readDelta: (delta) => this.#readDelta(delta),
      control: () => this.#control(),
      readControl: (control, force) => this.#readControl(control, force),
    };
  }
}

/** @throws SnapshotError if a report is none */
function checkReport(step: StepName, report: StepReport | null | undefined): void {
  const sound =
    (report ?? null) === null ||
    (typeof report!.truths === 'object' && report!.truths !== null && Array.isArray(report!.verdict?.reasons));
  if (!sound) throw new SnapshotError(`the report of the step ${step} must have its truths and its verdict`);
}
