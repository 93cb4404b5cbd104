// What it costs to keep a record, plain and encrypted. Run: npm run bench -- sinks
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPair } from 'jose';
import { EncryptedCodec } from '../src/adapters/encryption/index.ts';
import { FileSink, ndjsonCodec } from '../src/adapters/file/index.ts';
import type { BenchRow } from './BenchRow.ts';
import { measureAsync } from './measure.ts';

const BATCH = 256;
/** Records of 506 bytes, as a shadow's are. */
const batch = Array.from({ length: BATCH }, (_, n) => {
  const record = {
    kind: 'comparison',
    requestId: `request-${n}`,
    servedAt: 1_800_000_000_000 + n,
    score: n / BATCH,
    filler: '',
  };
  return { ...record, filler: 'x'.repeat(506 - JSON.stringify(record).length) };
});

async function perRecord(name: string, keep: () => Promise<unknown>): Promise<BenchRow> {
  return { name, ns: (await measureAsync(keep, 1000)) / BATCH };
}

/** Nanoseconds a record, in batches of 256 records of 506 bytes, one after the other. */
export async function bench(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'coronate-bench-'));
  const { publicKey } = await generateKeyPair('ECDH-ES+A256KW');
  const encrypted = (): EncryptedCodec =>
    new EncryptedCodec({ stream: 'bench', recipient: { kid: 'k', key: publicKey } });
  const sinks: FileSink[] = [];
  const sink = (name: string, options: object): FileSink => {
    const made = new FileSink({ path: join(folder, name), ...options });
    sinks.push(made);
    return made;
  };
  const plain = ndjsonCodec();
  const sealing = encrypted();
  const files = {
    'file, plain lines, fsync none': sink('a.ndjson', { fsync: 'none' }),
    'file, plain lines, fsync batch': sink('b.ndjson', {}),
    'file, encrypted, fsync none': sink('c.jwe', { codec: encrypted(), fsync: 'none' }),
    'file, encrypted, fsync batch': sink('d.jwe', { codec: encrypted() }),
  };
  const rows = [
    await perRecord('lines of JSON', () => plain.encode(batch)),
    await perRecord('sealed and chained, 128 records a line', () => sealing.encode(batch)),
  ];
  for (const [name, file] of Object.entries(files)) rows.push(await perRecord(name, () => file.write(batch)));
  for (const made of sinks) await made.close();
  rmSync(folder, { recursive: true, force: true });
  return rows;
}
