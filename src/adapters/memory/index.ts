/**
 * A sink that keeps the newest records in memory.
 *
 * @packageDocumentation
 */

export { AdapterError, type AdapterErrorCode, ClosedError, InvalidOptionError } from '../support/errors.ts';
export { MemorySink, type MemorySinkOptions } from './MemorySink.ts';
