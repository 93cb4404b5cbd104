import { checkFinite, checkFunction, checkName } from '../core/check.ts';
import { type Clock, isClock, systemClock } from '../core/clock.ts';
import {
  type Answer,
  type Attempt,
  createSlot,
  dispatch,
  isAnswer,
  type ServingRules,
  type Slot,
} from '../core/dispatch.ts';
import { InvalidOptionError } from '../core/errors.ts';
import { type EventBase, EventSource } from '../core/events.ts';
import type { RecordResult, Request, Served } from '../core/Model.ts';
import type { StrategyObserver } from '../core/observer.ts';
import { isThenable } from '../core/perRow.ts';
import { checkRequest } from '../core/request.ts';
import { RequestIds } from '../core/requestIds.ts';
import type { Control, Delta, ReplicaTap } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type AnyStrategy, adoptChild, adoptChildren, type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Unit } from '../core/Unit.ts';
import { createRng, randomSeed, restoreRng } from '../random/createRng.ts';
import type { Rng } from '../random/Rng.ts';
import { Exchange } from './Exchange.ts';
import type { Outcome } from './Outcome.ts';
import { outcomesOf } from './outcomesOf.ts';
import type { Choice, RuntimeOwner } from './RuntimeOwner.ts';
import { allOrNothing, checkRuntimeState, openNested, openState, type RuntimeState } from './runtimeState.ts';
import type { StrategyOptions } from './StrategyOptions.ts';
import { type TruthCounts, TruthLedger } from './TruthLedger.ts';

export type { Choice, RuntimeOwner } from './RuntimeOwner.ts';
export { type StrategyOptions, strategyOptionNames } from './StrategyOptions.ts';

interface Token {
  readonly id: string | undefined;
  readonly tracked: boolean;
  readonly unit: Unit | undefined;
  readonly input: unknown;
  readonly context: unknown;
  readonly variant: string;
  readonly at: number;
  readonly note: unknown;
  readonly truth: unknown;
}

/** The token of a call that nobody waits for. */
const NOBODY: Token = {
  id: undefined,
  tracked: false,
  unit: undefined,
  input: undefined,
  context: undefined,
  variant: '',
  at: 0,
  note: undefined,
  truth: undefined,
};

/**
 * What every strategy is made of: its models, clock, random stream, request ids, events, truths and snapshots. A
 * strategy holds one and decides; the runtime serves.
 */
export class StrategyRuntime<E extends EventBase> {
  readonly name: string;
  readonly clock: Clock;
  readonly events: EventSource<E>;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly protocol: StrategyProtocol;
  readonly #owner: RuntimeOwner;
  readonly #ledger: TruthLedger;
  readonly #rules: ServingRules<Token>;
  readonly #untimedRules: ServingRules<Token>;
  #observers: readonly StrategyObserver[] = [];
  #containing = false;
  readonly #givenRng: Rng | undefined;
  readonly #slots: Record<string, Slot>;
  readonly #children: Record<string, AnyStrategy>;
  /** Whether no model is a strategy. */
  #leaves: boolean;
  #replica: string;
  #tap: ReplicaTap | undefined;
  #path: string;
  #seed: string;
  #rng: Rng;
  #ids: RequestIds;

  constructor(options: StrategyOptions, owner: RuntimeOwner) {
    const { name = owner.kind, seed = randomSeed(), rng, clock = systemClock, replica = '', truth = {} } = options;
    this.#owner = owner;
    this.name = checkName('name', name);
    if (!isClock(clock)) throw new InvalidOptionError('clock', clock, 'a clock: now(), monotonic() and schedule()');
    if (rng !== undefined) checkFunction('rng.next', rng?.next);
    if (typeof replica !== 'string') throw new InvalidOptionError('replica', replica, 'a string');
    this.clock = clock;
    this.#replica = replica;
    this.#path = `${owner.kind}:${this.name}`;
    this.#givenRng = rng;
    this.#rng = rng ?? this.#stream(seed);
    this.#seed = String(seed);
    this.#slots = createSlots(owner.models);
    this.slots = this.#slots;
    this.#ids = new RequestIds(this.name, this.#seed, replica);
    const { auditCapacity = 1000 } = options;
    this.events = new EventSource<E>({
      clock,
      strategy: this.name,
      transient: owner.transient ?? [],
      auditCapacity,
      logged: (event) => {
        this.#tell((observer) => observer.audited?.(event));
        this.#tap?.audited(event.type);
      },
    });
    this.#ledger = new TruthLedger(truth, {
      joined: (outcome) => {
        owner.joined(outcome);
        if (this.#observers.length > 0) this.#tell((observer) => observer.joined?.(outcome));
      },
      lost: (outcome, why) => {
        owner.lost?.(outcome, why);
        if (this.#observers.length > 0) this.#tell((observer) => observer.lost?.(outcome, why));
      },
      adopted: (outcome) => owner.adopted?.(outcome),
      moved: (outcome) => owner.moved?.(outcome),
    });
    this.#rules = this.#createRules(options);
    this.#untimedRules = { ...this.#rules, timeoutMs: undefined };
    this.#children = adoptChildren(this.#path, owner.models);
    this.protocol = this.#createProtocol(this.#children);
    this.#leaves = Object.keys(this.#children).length === 0;
  }

  /** The label that tells this replica from the others; '' where there is one only. */
  get replica(): string {
    return this.#replica;
  }

  /** The strategy's own random stream. */
  get rng(): Rng {
    return this.#rng;
  }

  /**
   * An independent stream for what decides nothing: samples, sketches, bootstraps. It comes from the seed even where a
   * recorded generator makes the decisions, and depends on the label alone.
   */
  stream(label: string): Rng {
    return this.#stream(this.#seed).fork(label);
  }

  /** Whether anybody wants to hear of every call: a watcher, or what shares the strategy with its replicas. */
  get watched(): boolean {
    return this.#observers.length > 0 || this.#tap !== undefined;
  }

  /** The seed, given or drawn. */
  get seed(): string {
    return this.#seed;
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
    if (Object.hasOwn(this.#slots, checkName('name', name))) {
      throw new InvalidOptionError('name', name, 'a name that no other variant has');
    }
    const slot = createSlot(name, name, model);
    adoptChild(this.#path, name, model, this.#children);
    this.#slots[name] = slot;
    this.#leaves = Object.keys(this.#children).length === 0;
  }

  /** Takes a model out. What it has under way it still finishes; the strategy settles it as ever. */
  removeModel(name: string): void {
    delete this.#slots[name];
    delete this.#children[name];
    this.#leaves = Object.keys(this.#children).length === 0;
  }

  /** Answers like the chosen model: the very value, promise or throw; see `dispatch`. */
  predict(choice: Choice, input: unknown, given?: Request): unknown {
    const request = checkRequest(given);
    const tracked = request.id !== undefined || (request.truth !== undefined && !this.#anonymous());
    const token = this.#admit(choice, input, request, tracked);
    return this.#dispatch(choice, input, request, token, false);
  }

  /** Answers with the story. */
  serve(choice: Choice, input: unknown, given?: Request): unknown {
    const request = checkRequest(given);
    const token = this.#admit(choice, input, request, true);
    const requestId = token.id as string;
    const answer = this.#dispatch(choice, input, request, token, true);
    if (isThenable(answer)) return answer.then((told) => storyOf(requestId, told as Answer, choice.extra));
    return storyOf(requestId, answer as Answer, choice.extra);
  }

  /**
   * Asks a variant beside the one that answers: nobody sees its answer, and nothing that it throws gets out. `settled`
   * hears what became of it, at once where the model is synchronous; it must not throw.
   */
  score(variant: string, input: unknown, request: Request, settled: (outcome: Outcome) => void): void {
    const at = this.clock.now();
    const { unit, context } = request;
    const settle = (_: Token, { status, prediction, error, latencyMs }: Attempt): void => {
      const { id: requestId } = request;
      const rest = { requestId, unit, input, context, at, truth: undefined, note: undefined };
      settled({ variant, status, prediction, error, latencyMs, ...rest });
    };
    try {
      const answer = dispatch(
        { ...this.#rules, settle },
        this.slots[variant]!,
        undefined,
        input,
        request,
        NOBODY,
        false,
      );
      if (isThenable(answer)) answer.then(undefined, () => undefined);
    } catch {
      // The settle above has told it already.
    }
  }

  /**
   * Joins a truth, here and in every nested strategy that saw the request. Where replicas share the strategy, they agree
   * first on who joins it: `pending` until then.
   * @throws InvalidOptionError if the id is empty
   */
  record(requestId: string, truth: unknown): RecordResult {
    checkName('requestId', requestId);
    const join = (): RecordResult => this.#joinAll(requestId, truth);
    return this.#tap === undefined ? join() : this.#tap.record(requestId, join);
  }

  /** Joins a truth here alone: nested strategies hear nothing of it. @throws InvalidOptionError if the id is empty */
  join(requestId: string, truth: unknown): RecordResult {
    checkName('requestId', requestId);
    const join = (): RecordResult => this.#ledger.record(requestId, truth, this.clock.now());
    return this.#tap === undefined ? join() : this.#tap.record(requestId, join);
  }

  #joinAll(requestId: string, truth: unknown): RecordResult {
    const result = this.#ledger.record(requestId, truth, this.clock.now());
    for (const child of Object.values(this.protocol.children)) {
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
      seed: this.#seed,
      replica: this.replica,
      rng: this.#givenRng === undefined ? this.#rng.state() : null,
      requests: this.#ids.count,
      truths: this.#ledger.toJSON(),
      events: this.events.toJSON(),
    };
    const nested = Object.entries(this.protocol.children).map(([name, child]) => [name, child.snapshot()] as const);
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
    const nested = openNested(snapshot, this.protocol.children);
    return allOrNothing((undo) => {
      const { own, seed, requests, truths, events } = checkRuntimeState(state);
      const [before, ids, rng] = [this.#seed, this.#ids, this.#rng];
      undo(() => {
        [this.#seed, this.#ids, this.#rng] = [before, ids, rng];
      });
      this.#seed = seed;
      this.#ids = new RequestIds(this.name, seed, this.replica, requests);
      this.#rng = this.#resume(state);
      undo(this.#ledger.load(truths));
      undo(this.events.load(events));
      const saved = structuredClone(this.#owner.save());
      undo(() => this.#owner.load(saved));
      this.#owner.load(structuredClone(own));
      for (const [child, inner] of nested) undo(child[strategyMark].load(inner));
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

  /** The stream goes on where the snapshot was taken; another replica has one of its own from there. */
  #resume({ seed, replica = '', rng, requests }: RuntimeState): Rng {
    if (this.#givenRng !== undefined) return this.#givenRng;
    if (rng === null) return this.#stream(seed);
    return replica === this.replica ? restoreRng(rng) : this.#stream(seed).fork(requests);
  }

  #stream(seed: string | number | bigint): Rng {
    const rng = createRng(seed).fork(this.#path);
    return this.replica === '' ? rng : rng.fork(this.replica);
  }

  #createRules({ timeoutMs, isValid = isAnswer }: StrategyOptions): ServingRules<Token> {
    if (timeoutMs !== undefined) checkFinite('timeoutMs', timeoutMs, { gt: 0 });
    checkFunction('isValid', isValid);
    // A rule of the user's that throws says nothing about the answer: it stands.
    const guarded = (prediction: unknown): boolean => this.events.guard('isValid', () => isValid(prediction)) ?? true;
    const settle = (token: Token, attempt: Attempt): void => this.#settle(token, attempt);
    return { clock: this.clock, timeoutMs, isValid: isValid === isAnswer ? isAnswer : guarded, settle };
  }

  #createProtocol(children: Record<string, AnyStrategy>): StrategyProtocol {
    const exchange = new Exchange(this.#owner, this.name, children);
    return {
      kind: this.#owner.kind,
      name: this.name,
      children,
      saw: (requestId) => this.#ledger.saw(requestId),
      truths: () => ({ ...this.#ledger.counts }),
      observe: (observer) => this.#observe(observer),
      load: (snapshot) => this.load(snapshot),
      takeDelta: () => exchange.takeDelta(),
      readDelta: (delta) => exchange.readDelta(delta),
      control: () => exchange.control(),
      readControl: (control, force) => exchange.readControl(control, force),
      ...outcomesOf(this.#ledger, children),
      tap: (tap) => {
        this.#tap = tap;
      },
      relabel: (replica) => {
        this.#replica = replica;
        if (this.#givenRng === undefined) this.#rng = this.#stream(this.#seed);
        this.#ids = new RequestIds(this.name, this.#seed, replica);
        for (const child of Object.values(children)) child[strategyMark].relabel(replica);
      },
      adopt: (path) => {
        this.#path = `${path}/${this.#owner.kind}:${this.name}`;
        if (this.#givenRng === undefined) this.#rng = this.#stream(this.#seed);
        for (const [name, child] of Object.entries(children)) child[strategyMark].adopt(`${this.#path}/${name}`);
      },
    };
  }

  #observe(observer: StrategyObserver): () => void {
    this.#observers = [...this.#observers, observer];
    return () => {
      this.#observers = this.#observers.filter((other) => other !== observer);
    };
  }

  /** A watcher that throws is a contained error; one that throws at the news of an error is only caught. */
  #tell(call: (observer: StrategyObserver) => void): void {
    for (const observer of this.#observers) {
      try {
        call(observer);
      } catch (error) {
        if (this.#containing) continue;
        this.#containing = true;
        this.events.contain('observer', error);
        this.#containing = false;
      }
    }
  }

  #dispatch(choice: Choice, input: unknown, request: Request, token: Token, story: boolean): unknown {
    const { variant, fallback } = choice;
    const spare = fallback === undefined || fallback === variant ? undefined : this.slots[fallback];
    const slot = this.slots[variant]!;
    // Leaves get the input alone: only a strategy, or a model that asks for it, sees the request.
    const heard = slot.form !== 'leaf' || (spare !== undefined && spare.form !== 'leaf');
    const owned = heard && request.id !== token.id ? { ...request, id: token.id as string } : request;
    const rules = choice.untimed === true ? this.#untimedRules : this.#rules;
    return dispatch(rules, slot, spare, input, owned, token, story);
  }

  #admit(choice: Choice, input: unknown, request: Request, named: boolean): Token {
    const at = this.clock.now();
    const id = request.id ?? (named ? this.#ids.next() : undefined);
    const opened = named && choice.untracked !== true && this.#ledger.open(id as string, at);
    const { unit, context, truth } = request;
    return { id, tracked: opened, unit, input, context, variant: choice.variant, at, note: choice.note, truth };
  }

  #settle(token: Token, attempt: Attempt): void {
    const { id, tracked, unit, input, context, at, note } = token;
    const { variant, status, prediction, error, latencyMs } = attempt;
    const fallback = attempt.fallbackFor !== undefined;
    const requestId = id;
    const truth = undefined;
    const outcome: Outcome = {
      requestId,
      variant,
      unit,
      input,
      context,
      status,
      prediction,
      error,
      latencyMs,
      at,
      truth,
      note,
    };
    this.#owner.settled(outcome, fallback, tracked);
    if (this.#observers.length > 0) this.#tell((observer) => observer.called?.({ ...outcome, fallback }));
    if (fallback) return;
    if (!tracked) {
      if (id === undefined && token.truth !== undefined) this.#ledger.joinAtOnce(outcome, token.truth);
      this.#tap?.settled(undefined);
      return;
    }
    this.#ledger.settle(id as string, outcome);
    if (token.truth === undefined) {
      this.#tap?.settled(id);
      return;
    }
    // No replica can have heard of it: there is nobody to agree with on who joins it.
    this.#tap?.settled(undefined);
    this.#joinAll(id as string, token.truth);
  }

  /** Whether a truth that comes with its request can do without an id: nobody could name the request again. */
  #anonymous(): boolean {
    return this.#owner.anonymous === true && this.#observers.length === 0 && this.#leaves;
  }
}

/** Field by field: copying an unknown object costs as much as all else that is done for a request. */
function storyOf(
  requestId: string,
  { variant, answeredBy, path, prediction, latencyMs }: Answer,
  extra: object | undefined,
): Served<unknown> {
  return { requestId, variant, answeredBy, path, prediction, latencyMs, ...extra };
}

function createSlots(models: Readonly<Record<string, unknown>>): Record<string, Slot> {
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, createSlot(name, name, model)]));
}
