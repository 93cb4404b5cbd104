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
export { isUnit, type Unit, unitText } from './Unit.ts';
