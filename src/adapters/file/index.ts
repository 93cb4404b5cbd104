/**
 * Files: state that outlives a process, and logs that are rotated and read back. Guide: docs/guides/logs.md.
 *
 * @packageDocumentation
 */

export {
  AdapterError,
  type AdapterErrorCode,
  ClosedError,
  DamagedError,
  FullError,
  InvalidOptionError,
  InvalidRecordError,
  LockedError,
  LogFormatError,
} from '../support/errors.ts';
export { FileSink, type FileSinkCounts } from './FileSink.ts';
export type { FileSinkOptions, FsyncPolicy } from './FileSinkOptions.ts';
export { FileStore, type FileStoreOptions } from './FileStore.ts';
export { LogReader, type LogReaderOptions, type TornTail } from './LogReader.ts';
export { ndjsonCodec } from './ndjsonCodec.ts';
