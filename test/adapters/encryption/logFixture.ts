import { generateKeyPair } from 'jose';
import type { EncryptedCodecOptions, LogKey } from '../../../src/adapters/encryption/index.ts';
import {
  EncryptedCodec,
  type LogVerification,
  type VerifyLogOptions,
  verifyLog,
} from '../../../src/adapters/encryption/index.ts';
import { MemorySink } from '../../../src/adapters/memory/index.ts';

/** A pair of keys under an id. */
export interface Keys {
  readonly kid: string;
  readonly publicKey: LogKey;
  readonly privateKey: LogKey;
}

const make = async (kid: string, alg: string, options: object = {}): Promise<Keys> => ({
  kid,
  ...(await generateKeyPair(alg, { extractable: true, ...options })),
});

/** The auditor's keys of two months, a stranger's, and the writer's for signing. */
export const november: Keys = await make('2026-11', 'ECDH-ES+A256KW');
export const december: Keys = await make('2026-12', 'ECDH-ES+A256KW', { crv: 'X25519' });
export const stranger: Keys = await make('stranger', 'ECDH-ES+A256KW');
export const signer: Keys = await make('writer-1', 'EdDSA');
export const otherSigner: Keys = await make('writer-1', 'EdDSA');

export const forWriting = ({ kid, publicKey }: Keys): { kid: string; key: LogKey } => ({ kid, key: publicKey });
export const forSigning = ({ kid, privateKey }: Keys): { kid: string; key: LogKey } => ({ kid, key: privateKey });
export const forReading = (...keys: readonly Keys[]): Record<string, LogKey> =>
  Object.fromEntries(keys.map(({ kid, privateKey }) => [kid, privateKey]));
export const signers: Record<string, LogKey> = { [signer.kid]: signer.publicKey };

/** A codec that writes and reads for November's auditor. */
export function codecFor<Item = unknown>(options: Partial<EncryptedCodecOptions> = {}): EncryptedCodec<Item> {
  return new EncryptedCodec<Item>({
    stream: 'fraud',
    recipient: forWriting(november),
    keys: forReading(november),
    ...options,
  });
}

const text = new TextDecoder();
const bytes = new TextEncoder();

/** Encodes batch after batch, and says of each that it was kept. Returns the lines, without their newlines. */
export async function write(codec: EncryptedCodec, batches: readonly (readonly unknown[])[]): Promise<string[]> {
  const lines: string[] = [];
  for (const batch of batches) {
    lines.push(
      ...text
        .decode(await codec.encode(batch))
        .trimEnd()
        .split('\n'),
    );
    codec.kept();
  }
  return lines;
}

export async function* stream(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield bytes.encode(`${line}\n`);
}

export async function read(codec: EncryptedCodec, lines: readonly string[]): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of codec.decode(stream(lines))) records.push(record);
  return records;
}

/** A log of batches of one record, whose numbers count from 0, and the checkpoints after every one of them. */
export async function makeLog(count: number): Promise<{ lines: string[]; checkpoints: string[] }> {
  const sink = new MemorySink<string>();
  const codec = codecFor({ checkpoints: { sink, key: forSigning(signer), everyBatches: 1 } });
  const lines: string[] = [];
  for (let n = 0; n < count; n += 1) {
    lines.push(...(await write(codec, [[n]])));
    await codec.close(); // Signs what has been kept.
  }
  return { lines, checkpoints: [...sink.records] };
}

/** Verifies lines with November's key. */
export function verify(lines: readonly string[], options: Partial<VerifyLogOptions> = {}): Promise<LogVerification> {
  return verifyLog({ stream: 'fraud', lines: stream(lines), keys: forReading(november), ...options });
}
