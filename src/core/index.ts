/**
 * What all strategies are made of: models, requests, errors, clocks, events, stores and snapshots.
 *
 * @packageDocumentation
 */

export { type Clock, ManualClock, systemClock } from './clock.ts';

export {
  CoronateError,
  type ErrorCode,
  IllegalTransitionError,
  InvalidDataError,
  InvalidOptionError,
  ModelTimeoutError,
  NoConvergenceError,
  SnapshotError,
  UnknownVariantError,
} from './errors.ts';
export type { ContainedErrorEvent, EventBase, EventName, EventNamed } from './events.ts';
export type { Json } from './json.ts';
export type {
  AcceptingModel,
  AnsweringModel,
  AnyModel,
  InputOf,
  Meet,
  Model,
  Models,
  OutputOf,
  PassedRequest,
  PredictionOf,
  RecordResult,
  Request,
  Served,
  SharedInput,
  Story,
} from './Model.ts';
export type { AttemptStatus, ObservedCall, ObservedTruth, StrategyObserver } from './observer.ts';
export { perRow } from './perRow.ts';
export type { Codec, LogHead, Sink } from './Sink.ts';
export type { SetResult, StateStore, StoreCall, Stored } from './StateStore.ts';
export type {
  Control,
  Delta,
  ReplicaTap,
  SharedControl,
  SharedStatistics,
  TruthStanding,
} from './sharing.ts';
export type { Snapshot } from './snapshot.ts';
export {
  type AnyStrategy,
  type ContextModel,
  contextMark,
  type StrategyProtocol,
  strategyMark,
  withContext,
} from './strategy.ts';
export { isUnit, type Unit, unitText } from './Unit.ts';
