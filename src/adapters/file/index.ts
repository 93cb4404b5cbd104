export {
  AdapterError,
  type AdapterErrorCode,
  DamagedError,
  InvalidRecordError,
  LockedError,
  LogFormatError,
} from '../support/errors.ts';
export { FileStore, type FileStoreOptions } from './FileStore.ts';
export { ndjsonCodec } from './ndjsonCodec.ts';
