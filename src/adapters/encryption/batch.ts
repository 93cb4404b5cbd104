import { createHash } from 'node:crypto';
import { jsonLine } from '../support/jsonLine.ts';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from './jose.ts';
import { KEY_MANAGEMENT, type KeyManagement, type LogKey, type Recipient } from './keys.ts';

const TYPE = 'coronate-log';
const ENCRYPTION = 'A256GCM';

/** What stands in the clear in a batch's protected header. */
export interface BatchHeader {
  readonly alg: KeyManagement;
  readonly kid: string;
  /** The log's name. */
  readonly stream: string;
  /** Counts the batches of a log from 0. */
  readonly seq: number;
  /** The hash of the line before; empty for the first. */
  readonly prev: string;
  /** How many records it holds. */
  readonly count: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The SHA-256 of a line without its newline, base64url (FIPS 180-4). */
export const hashLine = (line: Uint8Array): string => createHash('sha256').update(line).digest('base64url');

/** The records of a batch as they are sealed: a line of JSON each. @throws InvalidRecordError */
export const serialise = (records: readonly unknown[], from: number): Uint8Array =>
  encoder.encode(records.map((record, index) => jsonLine(record, from + index)).join('\n'));

/** A batch as a line without its newline: a compact JWE (RFC 7516) with a random content key of its own. */
export async function seal(
  plaintext: Uint8Array,
  recipient: Recipient,
  header: Pick<BatchHeader, 'stream' | 'seq' | 'prev' | 'count'>,
): Promise<Uint8Array> {
  const jwe = await new CompactEncrypt(plaintext)
    .setProtectedHeader({ alg: recipient.alg, enc: ENCRYPTION, typ: TYPE, kid: recipient.kid, ...header })
    .encrypt(recipient.key);
  return encoder.encode(jwe);
}

const isCount = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least;

/** What a line says of itself, not yet authenticated. A text where it is no batch of this log, which says why. */
export function readHeader(line: Uint8Array, stream: string): BatchHeader | string {
  let header: Readonly<Record<string, unknown>>;
  try {
    const jwe = decoder.decode(line);
    if (jwe.split('.').length !== 5) return 'it is no compact JWE';
    header = decodeProtectedHeader(jwe);
  } catch {
    return 'it is no compact JWE';
  }
  const { alg, enc, typ, kid, seq, prev, count } = header;
  if (typ !== TYPE) return 'it is no batch of a log';
  if (enc !== ENCRYPTION || !KEY_MANAGEMENT.includes(alg as KeyManagement)) return 'its algorithms are not accepted';
  if (typeof kid !== 'string' || !isCount(seq, 0) || typeof prev !== 'string' || !isCount(count, 1))
    return 'its header is not complete';
  if (header.stream !== stream) return 'it is of another log';
  return { alg: alg as KeyManagement, kid, stream, seq, prev, count };
}

/** The records of a line. @throws where the seal is broken, or what is sealed is not what the header says */
export async function unseal(line: Uint8Array, { alg, count }: BatchHeader, key: LogKey): Promise<readonly unknown[]> {
  const options = { keyManagementAlgorithms: [alg], contentEncryptionAlgorithms: [ENCRYPTION as 'A256GCM'] };
  const { plaintext } = await compactDecrypt(line, key, options);
  const records = decoder
    .decode(plaintext)
    .split('\n')
    .map((text) => JSON.parse(text) as unknown);
  if (records.length !== count) throw new Error(`it holds ${records.length} records, its header says ${count}`);
  return records;
}
