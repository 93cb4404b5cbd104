export { AdapterError, type AdapterErrorCode, InvalidRecordError, LogFormatError } from '../support/errors.ts';
export { ndjsonCodec } from './ndjsonCodec.ts';
