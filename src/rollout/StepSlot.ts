import { SnapshotError } from '../core/errors.ts';
import type { EventBase } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { PassedRequest, RecordResult, Served } from '../core/Model.ts';
import type { StrategyObserver } from '../core/observer.ts';
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
}

const KIND = 'coronate/rollout/step';
const VERSION = 1;

/**
 * The place of a step within a rollout: a strategy that is made when the step begins, and let go of when nothing more
 * can come of it.
 */
export class StepSlot<S extends AnyStrategy = AnyStrategy> implements AnyStrategy {
  readonly step: StepName;
  readonly #create: (fresh: boolean) => S;
  readonly #audited: (event: EventBase) => void;
  readonly #observers: Set<StrategyObserver> = new Set();
  readonly [strategyMark]: StrategyProtocol;
  #path = '';
  #replica: string | undefined;
  #strategy: S | undefined;
  #status: SlotStatus = 'idle';
  /** When the step ended, milliseconds since the epoch. */
  finishedAt = -1;
  /** What was found, once the step is over. */
  report: StepReport | undefined;

  /**
   * @param name the strategy's
   * @param create makes the strategy, ready to be filled from a snapshot or (`fresh`) to begin
   * @param audited hears every event that enters the step's own audit log
   */
  constructor(
    step: StepName,
    { kind, name }: { readonly kind: string; readonly name: string },
    create: (fresh: boolean) => S,
    audited: (event: EventBase) => void,
  ) {
    this.step = step;
    this.#create = create;
    this.#audited = audited;
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
    for (const event of (strategy as { readonly history?: readonly EventBase[] }).history ?? []) this.#audited(event);
    this.#status = 'live';
    this.report = undefined;
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
    this.#status = 'released';
    this.#strategy = undefined;
    this.report = report;
  }

  /** As before the first attempt. */
  reset(): void {
    this.#status = 'idle';
    this.#strategy = undefined;
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
    const state: SavedSlot = { status: this.#status, finishedAt: this.finishedAt, report: this.report ?? null };
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
    protocol.observe({ audited: (event) => this.#audited(event) });
    for (const observer of this.#observers) protocol.observe(observer);
    return strategy;
  }

  #load(snapshot: Snapshot): () => void {
    const opened = openSnapshot(snapshot, { kind: KIND, version: VERSION, name: this.step });
    const { status, finishedAt, report } = opened as unknown as SavedSlot;
    if (!['idle', 'live', 'finished', 'released'].includes(status)) {
      throw new SnapshotError(`the step ${this.step} has no such status: ${String(status)}`);
    }
    const before = { strategy: this.#strategy, status: this.#status, at: this.finishedAt, report: this.report };
    const undo = (): void => {
      this.#strategy = before.strategy;
      this.#status = before.status;
      this.finishedAt = before.at;
      this.report = before.report;
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
    return undo;
  }

  #protocol(kind: string, name: string): StrategyProtocol {
    return {
      ...inertProtocol(kind, name),
      adopt: (path) => {
        this.#path = path;
      },
      saw: (requestId) => this.#strategy?.[strategyMark].saw(requestId) ?? false,
      standing: (requestId) => this.#strategy?.[strategyMark].standing(requestId),
      outcomeOf: (requestId) => this.#strategy?.[strategyMark].outcomeOf(requestId),
      readOutcome: (requestId, outcome) => {
        const protocol = this.#strategy?.[strategyMark];
        if (protocol === undefined) throw new SnapshotError(`the step ${this.step} has let its outcomes go`);
        return protocol.readOutcome(requestId, outcome);
      },
      forget: (requestId) => this.#strategy?.[strategyMark].forget(requestId),
      relabel: (replica) => {
        this.#replica = replica;
        this.#strategy?.[strategyMark].relabel(replica);
      },
      truths: () => this.#strategy?.[strategyMark].truths() ?? {},
      observe: (observer) => {
        this.#observers.add(observer);
        const stop = this.#strategy?.[strategyMark].observe(observer);
        return () => {
          this.#observers.delete(observer);
          stop?.();
        };
      },
      load: (snapshot) => this.#load(snapshot),
    };
  }
}

/** Which of the two models a step's variant is. */
const roles: Readonly<Record<string, 'current' | 'candidate'>> = {
  primary: 'current',
  champion: 'current',
  baseline: 'current',
  challenger: 'candidate',
  canary: 'candidate',
};

/** The story of a step in the words of the rollout: its variants are the current model and the candidate. */
export function retell(story: Served<unknown>): Served<unknown> {
  const [, ...path] = story.path;
  const head = path[0] ?? '';
  const failed = head.endsWith('!');
  const chosen = roles[failed ? head.slice(0, -1) : head]!;
  path[0] = failed ? `${chosen}!` : chosen;
  const answeredBy = failed ? roles[path[1]!]! : chosen;
  if (failed) path[1] = answeredBy;
  return { ...story, variant: chosen, answeredBy, path };
}
