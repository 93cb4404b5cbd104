import { checkName } from '../core/check.ts';
import { type Clock, isClock, systemClock } from '../core/clock.ts';
import type { Slot } from '../core/dispatch.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { type EventBase, EventSource, type EventTypes } from '../core/events.ts';
import type { RecordResult, Request } from '../core/Model.ts';
import type { Control, Delta } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Rng } from '../random/Rng.ts';
import { createProtocol } from './createProtocol.ts';
import type { Outcome } from './Outcome.ts';
import type { Choice, RuntimeOwner } from './RuntimeOwner.ts';
import { allOrNothing, checkRuntimeState, openNested, openState, type RuntimeState } from './runtimeState.ts';
import { Serving } from './Serving.ts';
import { StrategyIdentity } from './StrategyIdentity.ts';
import type { StrategyOptions } from './StrategyOptions.ts';
import type { TruthCounts } from './TruthCounts.ts';
import { TruthLedger } from './TruthLedger.ts';
import { VariantSlots } from './VariantSlots.ts';
import { Watchers } from './Watchers.ts';

export type { Choice, RuntimeOwner } from './RuntimeOwner.ts';
export { type StrategyOptions, strategyOptionNames } from './StrategyOptions.ts';

/**
 * What every strategy is made of: its models, clock, random stream, request ids, events, truths and snapshots. A
 * strategy holds one and decides; the runtime serves.
 */
export class StrategyRuntime<E extends EventBase> {
  readonly name: string;
  readonly clock: Clock;
  readonly events: EventSource<E>;
  readonly protocol: StrategyProtocol;
  readonly #owner: RuntimeOwner;
  readonly #identity: StrategyIdentity;
  readonly #slots: VariantSlots;
  readonly #ledger: TruthLedger;
  readonly #watchers: Watchers;
  readonly #serving: Serving;

  /** @throws InvalidOptionError if an option breaks its rule */
  constructor(options: StrategyOptions, owner: RuntimeOwner) {
    const { clock = systemClock, truth = {}, auditCapacity = 1000 } = options;
    this.#owner = owner;
    const identity = new StrategyIdentity(owner.kind, options);
    this.#identity = identity;
    this.name = identity.name;
    if (!isClock(clock)) throw new InvalidOptionError('clock', clock, 'a clock: now(), monotonic() and schedule()');
    this.clock = clock;
    const watchers = new Watchers((error) => this.events.contain('observer', error));
    this.#watchers = watchers;
    this.events = new EventSource<E>({
      clock,
      strategy: this.name,
      types: owner.eventTypes as EventTypes<E>,
      auditCapacity,
      logged: (event) => watchers.audited(event),
    });
    const ledger = createLedger(truth, owner, watchers);
    this.#ledger = ledger;
    const slots = new VariantSlots(identity.path, owner.models);
    this.#slots = slots;
    const join = (requestId: string, told: unknown): RecordResult => this.#joinAll(requestId, told);
    const guard = (task: () => boolean): boolean | undefined => this.events.guard('isValid', task);
    this.#serving = new Serving({ owner, clock, identity, slots, ledger, watchers, join, guard }, options);
    const load = (snapshot: Snapshot): (() => void) => this.load(snapshot);
    this.protocol = createProtocol({ owner, identity, children: slots.children, ledger, watchers, load });
  }

  /** The models by variant name. */
  get slots(): Readonly<Record<string, Slot>> {
    return this.#slots.all;
  }

  /** The label that tells this replica from the others; '' where there is one only. */
  get replica(): string {
    return this.#identity.replica;
  }

  /** The strategy's own random stream. */
  get rng(): Rng {
    return this.#identity.rng;
  }

  /**
   * An independent stream for what decides nothing: samples, sketches, bootstraps. It comes from the seed even where a
   * recorded generator makes the decisions, and depends on the label alone.
   */
  stream(label: string): Rng {
    return this.#identity.stream(label);
  }

  /** Whether anybody wants to hear of every call: a watcher, or what shares the strategy with its replicas. */
  get watched(): boolean {
    return this.#watchers.any;
  }

  /** The seed, given or drawn. */
  get seed(): string {
    return this.#identity.seed;
  }

  /** What became of the truths. */
  get truths(): TruthCounts {
    return this.#ledger.counts;
  }

  /** Outcomes that wait for their truth, oldest first. */
  waiting(): readonly Outcome[] {
    return this.#ledger.waiting();
  }

  /** Lets go of outcomes whose truth window is over. */
  expire(): void {
    this.#ledger.expire(this.clock.now());
  }

  /** Adds a model while requests run. @throws InvalidOptionError if the name is taken, or it is no model */
  addModel(name: string, model: unknown): void {
    this.#slots.add(this.#identity.path, name, model);
  }

  /** Takes a model out. What it has under way it still finishes; the strategy settles it as ever. */
  removeModel(name: string): void {
    this.#slots.remove(name);
  }

  /** Answers like the chosen model: the very value, promise or throw; see `dispatch`. */
  predict(choice: Choice, input: unknown, request?: Request): unknown {
    return this.#serving.predict(choice, input, request);
  }

  /** Answers with the story. */
  serve(choice: Choice, input: unknown, request?: Request): unknown {
    return this.#serving.serve(choice, input, request);
  }

  /**
   * Asks a variant beside the one that answers: nobody sees its answer, and nothing that it throws gets out. `settled`
   * hears what became of it, at once where the model is synchronous; it must not throw.
   */
  score(variant: string, input: unknown, request: Request, settled: (outcome: Outcome) => void): void {
    this.#serving.score(variant, input, request, settled);
  }

  /**
   * Joins a truth, here and in every nested strategy that saw the request. Where replicas share the strategy, they agree
   * first on who joins it: `pending` until then.
   * @throws InvalidOptionError if the id is empty
   */
  record(requestId: string, truth: unknown): RecordResult {
    checkName('requestId', requestId);
    const join = (): RecordResult => this.#joinAll(requestId, truth);
    const { tap } = this.#watchers;
    return tap === undefined ? join() : tap.record(requestId, join);
  }

  /** Joins a truth here alone: nested strategies hear nothing of it. @throws InvalidOptionError if the id is empty */
  join(requestId: string, truth: unknown): RecordResult {
    checkName('requestId', requestId);
    const join = (): RecordResult => this.#ledger.record(requestId, truth, this.clock.now());
    const { tap } = this.#watchers;
    return tap === undefined ? join() : tap.record(requestId, join);
  }

  #joinAll(requestId: string, truth: unknown): RecordResult {
    const result = this.#ledger.record(requestId, truth, this.clock.now());
    for (const child of Object.values(this.#slots.children)) {
      if (child[strategyMark].saw(requestId)) child.record(requestId, truth);
    }
    return result;
  }

  /** The whole state, nested strategies under their variants' names. */
  snapshot(): Snapshot {
    const { kind, version } = this.#owner;
    const state: RuntimeState = {
      // A copy: what a strategy saves may be what it goes on counting in.
      own: structuredClone(this.#owner.save()),
      ...this.#identity.save(),
      truths: this.#ledger.toJSON(),
      events: this.events.toJSON(),
    };
    const nested = Object.entries(this.#slots.children).map(([name, child]) => [name, child.snapshot()] as const);
    const plain = state as unknown as Snapshot['state'];
    return { kind: `coronate/${kind}`, version, name: this.name, state: plain, nested: Object.fromEntries(nested) };
  }

  /**
   * Takes over a snapshot, nested ones included: all of it or, where something in it is wrong, nothing.
   * @returns puts back what was there
   * @throws SnapshotError if it is another strategy's, newer, or damaged
   */
  load(snapshot: Snapshot): () => void {
    const state = openState(snapshot, this.#owner, this.name);
    const nested = openNested(snapshot, this.#slots.children);
    return allOrNothing((undo) => {
      const { own, truths, events } = checkRuntimeState(state);
      undo(this.#identity.load(state));
      undo(this.#ledger.load(truths));
      undo(this.events.load(events));
      const saved = structuredClone(this.#owner.save());
      undo(() => this.#owner.load(saved));
      this.#owner.load(structuredClone(own));
      for (const [child, inner] of nested) undo(child[strategyMark].load(inner));
      this.#owner.loaded?.();
    });
  }

  /** What was learnt here and in nested strategies since the last call; see `SharedStatistics`. */
  takeDelta(): Delta | undefined {
    return this.protocol.takeDelta();
  }

  /** Adds what another replica took, nested strategies' included, or nothing of it. @throws SnapshotError */
  mergeDelta(delta: Delta): void {
    this.protocol.readDelta(delta)();
  }

  /** What is in force here and in nested strategies; see `SharedControl`. */
  control(): Control {
    return this.protocol.control();
  }

  /** Follows another replica's control, where it is later. @returns whether anything changed @throws SnapshotError */
  follow(control: Control): boolean {
    return this.protocol.readControl(control)();
  }
}

/** A ledger that tells the strategy, and then those who watch it. */
function createLedger(
  truth: NonNullable<StrategyOptions['truth']>,
  owner: RuntimeOwner,
  watchers: Watchers,
): TruthLedger {
  return new TruthLedger(truth, {
    joined: (outcome) => {
      owner.joined(outcome);
      watchers.joined(outcome);
    },
    hearLost: () => owner.lost !== undefined || watchers.observed,
    lost: (outcome, why) => {
      owner.lost?.(outcome, why);
      watchers.lost(outcome, why);
    },
    adopted: (outcome) => owner.adopted?.(outcome),
    moved: (outcome) => owner.moved?.(outcome),
  });
}
