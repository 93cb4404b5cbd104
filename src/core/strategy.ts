import { InvalidOptionError } from './errors.ts';
import type { Json } from './json.ts';
import type { AnyModel, PassedRequest, RecordResult } from './Model.ts';
import type { StrategyObserver } from './observer.ts';
import type { Control, Delta, ReplicaTap, TruthStanding } from './sharing.ts';
import type { Snapshot } from './snapshot.ts';

/** The mark of a strategy. `Symbol.for`: two copies of the package in one process still know each other's strategies. */
export const strategyMark: unique symbol = Symbol.for('coronate.strategy') as never;

/** The mark of a model that takes a request as its second argument; see `withContext`. */
export const contextMark: unique symbol = Symbol.for('coronate.context') as never;

/** What strategies say to one another and to nobody else. */
export interface StrategyProtocol {
  /** For example `abtest`; the first part of the snapshot's kind. */
  readonly kind: string;
  /** The strategy's name. */
  readonly name: string;
  /** The strategies directly inside, by variant name. */
  readonly children: Readonly<Record<string, AnyStrategy>>;
  /** Called once by the strategy that wraps this one: random streams are forked by the path, so that no two coincide. */
  adopt(path: string): void;
  /** Whether a request of this id was served here and is still known. */
  saw(requestId: string): boolean;
  /** What became of the truths so far, by what became of them; see `TruthCounts`. */
  truths(): Readonly<Record<string, number>>;
  /** Tells a watcher of every call, truth and audited event here, nested strategies not included. Returns a function that takes it off. */
  observe(observer: StrategyObserver): () => void;
  /**
   * Takes over the state of a snapshot, nested strategies included.
   * @returns puts back what was there
   * @throws SnapshotError; nothing has changed then
   */
  load(snapshot: Snapshot): () => void;
  /** What was learnt since the last call; see `SharedStatistics`. Undefined where nothing was, or nothing is shared. */
  takeDelta(): Delta | undefined;
  /** Checks another replica's delta, changing nothing. @returns what adds it @throws SnapshotError */
  readDelta(delta: Delta): () => void;
  /** What is in force here and in nested strategies; see `SharedControl`. */
  control(): Control;
  /**
   * Checks another replica's control, changing nothing.
   * @param force whether it stands where what was changed here contradicts it: another replica was first
   * @returns what follows it
   * @throws SnapshotError
   */
  readControl(control: Control, force?: boolean): () => boolean;
  /** Gives this strategy and those nested in it ids and random streams of their own. To be called before it serves. */
  relabel(replica: string): void;
  /** Tells what shares this strategy with its replicas; undefined ends that. For the outermost strategy only. */
  tap(tap: ReplicaTap | undefined): void;
  /** Where a request stands with its truth. */
  standing(requestId: string): TruthStanding;
  /** An outcome that waits for its truth, nested strategies' parts included; undefined where none waits here. */
  outcomeOf(requestId: string): Json | undefined;
  /** Checks an outcome that another replica served, changing nothing. @returns lets it wait here @throws SnapshotError */
  readOutcome(requestId: string, outcome: Json): () => void;
  /** Lets go of an outcome whose truth was joined by another replica, nested strategies' parts included. */
  forget(requestId: string): void;
}

/** A strategy as another strategy sees it. */
export interface AnyStrategy extends AnyModel {
  readonly [strategyMark]: StrategyProtocol;
  /** The answer alone. */
  predict(input: never, request?: PassedRequest): unknown;
  /** The answer with its story. */
  serve(input: never, request?: PassedRequest): unknown;
  /** Joins a truth to a request. */
  record(requestId: string, truth: unknown): RecordResult;
  /** The whole state. */
  snapshot(): Snapshot;
}

/** Whether a model is itself a strategy. */
export function isStrategy(model: unknown): model is AnyStrategy {
  return typeof model === 'object' && model !== null && strategyMark in model;
}

/** A model whose `predict` takes the request as its second argument. */
export interface ContextModel<Input, Output> {
  readonly [contextMark]: true;
  /** The answer to an input, with what is known of the request. */
  predict(input: Input, request: PassedRequest): Output;
}

/**
 * Marks a model that wants the request (`id`, `unit`, `signal`, `context`) as its second argument. Foreign models get
 * the input and nothing else, since many libraries read options from a second argument.
 *
 * @example
 * const model = withContext({ predict: (row: number[], { signal }) => fetchScore(row, signal) });
 */
export function withContext<Input, Output>(model: {
  predict(input: Input, request: PassedRequest): Output;
}): ContextModel<Input, Output> {
  checkModel('model', model);
  return { [contextMark]: true, predict: (input, request) => model.predict(input, request) };
}

/** An object with a `predict` method. @throws InvalidOptionError */
export function checkModel<M>(option: string, model: M): M & AnyModel {
  const sound =
    (typeof model === 'object' || typeof model === 'function') &&
    model !== null &&
    typeof (model as { predict?: unknown }).predict === 'function';
  if (!sound) throw new InvalidOptionError(option, model, 'a model: an object with a predict() method');
  return model as M & AnyModel;
}

function visit(option: string, strategy: AnyStrategy, seen: Set<AnyStrategy>): void {
  if (seen.has(strategy)) {
    throw new InvalidOptionError(option, strategy, 'a tree: one strategy object stands in it twice');
  }
  seen.add(strategy);
  for (const [name, child] of Object.entries(strategy[strategyMark].children)) visit(`${option}.${name}`, child, seen);
}

/**
 * The nested strategies among a strategy's models, each told its path.
 * @throws InvalidOptionError if one strategy object stands in the tree twice
 */
export function adoptChildren(path: string, models: Readonly<Record<string, unknown>>): Record<string, AnyStrategy> {
  const children: Record<string, AnyStrategy> = {};
  const seen = new Set<AnyStrategy>();
  for (const [name, model] of Object.entries(models)) {
    if (!isStrategy(model)) continue;
    visit(name, model, seen);
    children[name] = model;
  }
  for (const [name, child] of Object.entries(children)) child[strategyMark].adopt(`${path}/${name}`);
  return children;
}

/**
 * Adopts one more model beside those that a strategy has; nothing happens where it is no strategy.
 * @throws InvalidOptionError if one strategy object would stand in the tree twice
 */
export function adoptChild(path: string, name: string, model: unknown, children: Record<string, AnyStrategy>): void {
  if (!isStrategy(model)) return;
  const seen = new Set<AnyStrategy>();
  for (const [sibling, child] of Object.entries(children)) visit(sibling, child, seen);
  visit(name, model, seen);
  children[name] = model;
  model[strategyMark].adopt(`${path}/${name}`);
}
