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
import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import { type EventBase, EventSource } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { RecordResult, Request, Served } from '../core/Model.ts';
import { isThenable } from '../core/perRow.ts';
import { RequestIds } from '../core/requestIds.ts';
import { type Migration, openSnapshot, type Snapshot } from '../core/snapshot.ts';
import { type AnyStrategy, adoptChildren, type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Unit } from '../core/Unit.ts';
import { createRng, randomSeed, restoreRng } from '../random/createRng.ts';
import type { Rng, RngState } from '../random/Rng.ts';
import type { Outcome } from './Outcome.ts';
import { type TruthCounts, TruthLedger, type TruthOptions } from './TruthLedger.ts';

/** The options that mean the same in every strategy. */
export interface StrategyOptions {
  /** Names the strategy in events, snapshots and sticky hashes. @defaultValue the strategy's kind, for example `abtest` */
  readonly name?: string;
  /** Seeds every random decision. Left out: drawn once from the platform's cryptographic generator and kept in snapshots. */
  readonly seed?: string | number | bigint;
  /** A generator in place of a seeded one: a recorded one replays an experiment. Not part of snapshots. */
  readonly rng?: Rng;
  /** @defaultValue the platform's clock */
  readonly clock?: Clock;
  /** Tells replicas of one strategy apart in request ids and random streams. @defaultValue '' */
  readonly replica?: string;
  /** How outcomes wait for their truth. */
  readonly truth?: TruthOptions;
  /** An asynchronous model is given up after so many milliseconds. @defaultValue no limit */
  readonly timeoutMs?: number;
  /** Whether a prediction is an answer at all. @defaultValue not undefined, and finite where it is a number */
  readonly isValid?: (prediction: unknown) => boolean;
  /** How many events the audit log keeps. @defaultValue 1000 */
  readonly auditCapacity?: number;
}

/** The names of `StrategyOptions`, for `checkOptions`. */
export const strategyOptionNames: readonly (keyof StrategyOptions)[] = [
  'name',
  'seed',
  'rng',
  'clock',
  'replica',
  'truth',
  'timeoutMs',
  'isValid',
  'auditCapacity',
];

/** A strategy as its runtime sees it. */
export interface RuntimeOwner {
  /** For example `abtest`. */
  readonly kind: string;
  /** The version of the state that `save` writes. */
  readonly version: number;
  readonly migrations?: Readonly<Record<number, Migration>>;
  /** The models by variant name. */
  readonly models: Readonly<Record<string, unknown>>;
  /** Event types that happen per request and stay out of the audit log. */
  readonly transient?: readonly string[];
  /** The chosen variant has answered or failed, or (`fallback`) another one answered in its place. Must not throw. */
  settled(outcome: Outcome, fallback: boolean): void;
  /** The truth has come. Must not throw. */
  joined(outcome: Outcome): void;
  /** The truth will not come. Must not throw. */
  lost?(outcome: Outcome, why: 'expired' | 'dropped'): void;
  /** The strategy's own state. */
  save(): Json;
  /** Takes over what `save` returned, migrated. */
  load(state: Json): void;
}

/** What a strategy decided about one request. */
export interface Choice {
  readonly variant: string;
  /** The variant that answers if the chosen one fails. */
  readonly fallback?: string | undefined;
  /** Plain data that stays with the outcome until its truth comes. */
  readonly note?: unknown;
  /** Further fields of the story. */
  readonly extra?: object | undefined;
}

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

interface SavedState {
  readonly own: Json;
  readonly seed: string;
  readonly rng: RngState | null;
  readonly requests: number;
  readonly truths: Json;
  readonly events: ReturnType<EventSource<EventBase>['toJSON']>;
}

/**
 * What every strategy is made of: its models, clock, random stream, request ids, events, truths and snapshots. A
 * strategy holds one and decides; the runtime serves.
 */
export class StrategyRuntime<E extends EventBase> {
  readonly name: string;
  readonly replica: string;
  readonly clock: Clock;
  readonly events: EventSource<E>;
  readonly slots: Readonly<Record<string, Slot>>;
  readonly protocol: StrategyProtocol;
  readonly #owner: RuntimeOwner;
  readonly #ledger: TruthLedger;
  readonly #rules: ServingRules<Token>;
  readonly #givenRng: Rng | undefined;
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
    this.replica = replica;
    this.#path = `${owner.kind}:${this.name}`;
    this.#givenRng = rng;
    this.#rng = rng ?? this.#stream(seed);
    this.#seed = String(seed);
    this.slots = createSlots(owner.models);
    this.#ids = new RequestIds(this.name, this.#seed, replica);
    const { auditCapacity = 1000 } = options;
    this.events = new EventSource<E>({ clock, strategy: this.name, transient: owner.transient ?? [], auditCapacity });
    this.#ledger = new TruthLedger(truth, {
      joined: (outcome) => owner.joined(outcome),
      lost: (outcome, why) => owner.lost?.(outcome, why),
    });
    this.#rules = this.#createRules(options);
    this.protocol = this.#createProtocol(adoptChildren(this.#path, owner.models));
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

  /** Answers like the chosen model: the very value, promise or throw; see `dispatch`. */
  predict(choice: Choice, input: unknown, request: Request = {}): unknown {
    const tracked = request.id !== undefined || request.truth !== undefined;
    const token = this.#admit(choice, input, request, tracked);
    return this.#dispatch(choice, input, request, token, false);
  }

  /** Answers with the story. */
  serve(choice: Choice, input: unknown, request: Request = {}): unknown {
    const token = this.#admit(choice, input, request, true);
    const requestId = token.id as string;
    const tell = (answer: unknown): Served<unknown> => ({ requestId, ...(answer as Answer), ...choice.extra });
    const answer = this.#dispatch(choice, input, request, token, true);
    return isThenable(answer) ? answer.then(tell) : tell(answer);
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

  /** Joins a truth, here and in every nested strategy that saw the request. @throws InvalidOptionError if the id is empty */
  record(requestId: string, truth: unknown): RecordResult {
    const result = this.join(requestId, truth);
    for (const child of Object.values(this.protocol.children)) {
      if (child[strategyMark].saw(requestId)) child.record(requestId, truth);
    }
    return result;
  }

  /** Joins a truth here alone: nested strategies hear nothing of it. @throws InvalidOptionError if the id is empty */
  join(requestId: string, truth: unknown): RecordResult {
    return this.#ledger.record(checkName('requestId', requestId), truth, this.clock.now());
  }

  /** The whole state, nested strategies under their variants' names. */
  snapshot(): Snapshot {
    const { kind, version } = this.#owner;
    const state: SavedState = {
      own: this.#owner.save(),
      seed: this.#seed,
      rng: this.#givenRng === undefined ? this.#rng.state() : null,
      requests: this.#ids.count,
      truths: this.#ledger.toJSON(),
      events: this.events.toJSON(),
    };
    const nested = Object.entries(this.protocol.children).map(([name, child]) => [name, child.snapshot()] as const);
    const plain = state as unknown as Json;
    return { kind: `coronate/${kind}`, version, name: this.name, state: plain, nested: Object.fromEntries(nested) };
  }

  /** Takes over a snapshot, nested ones included. @throws SnapshotError if it is another strategy's, or newer */
  load(snapshot: Snapshot): void {
    const { kind, version, migrations = {} } = this.#owner;
    const opened = openSnapshot(snapshot, { kind: `coronate/${kind}`, version, name: this.name, migrations });
    const state = opened as unknown as SavedState;
    this.#seed = state.seed;
    if (this.#givenRng === undefined && state.rng !== null) this.#rng = restoreRng(state.rng);
    this.#ids = new RequestIds(this.name, this.#seed, this.replica, state.requests);
    this.#ledger.load(state.truths);
    this.events.load(state.events);
    this.#owner.load(state.own);
    for (const [name, child] of Object.entries(this.protocol.children)) {
      const inner = snapshot.nested?.[name];
      if (inner === undefined) throw new SnapshotError(`the snapshot has nothing of the nested strategy ${name}`);
      child[strategyMark].load(inner);
    }
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
    return {
      kind: this.#owner.kind,
      children,
      saw: (requestId) => this.#ledger.saw(requestId),
      load: (snapshot) => this.load(snapshot),
      adopt: (path) => {
        this.#path = `${path}/${this.#owner.kind}:${this.name}`;
        if (this.#givenRng === undefined) this.#rng = this.#stream(this.#seed);
        for (const [name, child] of Object.entries(children)) child[strategyMark].adopt(`${this.#path}/${name}`);
      },
    };
  }

  #dispatch(choice: Choice, input: unknown, request: Request, token: Token, story: boolean): unknown {
    const { variant, fallback } = choice;
    const spare = fallback === undefined || fallback === variant ? undefined : this.slots[fallback];
    const owned = request.id === token.id ? request : { ...request, id: token.id as string };
    return dispatch(this.#rules, this.slots[variant]!, spare, input, owned, token, story);
  }

  #admit(choice: Choice, input: unknown, request: Request, tracked: boolean): Token {
    const at = this.clock.now();
    if (request.id !== undefined) checkName('request.id', request.id);
    const id = request.id ?? (tracked ? this.#ids.next() : undefined);
    const opened = tracked && this.#ledger.open(id as string, at);
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
    this.#owner.settled(outcome, fallback);
    if (fallback || !tracked) return;
    this.#ledger.settle(id as string, outcome);
    if (token.truth !== undefined) this.record(id as string, token.truth);
  }
}

function createSlots(models: Readonly<Record<string, unknown>>): Record<string, Slot> {
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, createSlot(name, name, model)]));
}
