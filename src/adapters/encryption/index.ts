/**
 * Logs that are sealed, chained and verified. Peer: `jose` 6. Guide: docs/guides/logs.md.
 *
 * @packageDocumentation
 */

export { AdapterError, type AdapterErrorCode, InvalidOptionError, InvalidRecordError } from '../support/errors.ts';
export type { CheckpointOptions } from './CheckpointSigner.ts';
export { EncryptedCodec, type EncryptedCodecCounts, type EncryptedCodecOptions } from './EncryptedCodec.ts';
export { type LogFinding, type LogFindingKind, LogIntegrityError } from './findings.ts';
export type { LogKey, NamedKey } from './keys.ts';
export { type LogVerification, type VerifyLogOptions, verifyLog } from './verifyLog.ts';
