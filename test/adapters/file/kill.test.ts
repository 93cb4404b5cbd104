import { spawn } from 'node:child_process';
import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { EncryptedCodec, type LogKey, verifyLog } from '../../../src/adapters/encryption/index.ts';
import { LogReader } from '../../../src/adapters/file/index.ts';
import { createRng } from '../../../src/random/index.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

const place = temporaryFolder();
const child = new URL('./children/writeLog.ts', import.meta.url).pathname;

/** Lets a process write from this record on, and kills it at some moment after its first acknowledgement. Returns what it acknowledged. */
async function writeUntilKilled(
  path: string,
  first: number,
  delayMs: number,
  more: readonly string[],
): Promise<number> {
  const args = ['--import', 'tsx', child, path, String(first), ...more];
  const writer = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let armed = false;
  writer.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (armed) return;
    armed = true;
    setTimeout(() => writer.kill('SIGKILL'), delayMs);
  });
  await new Promise((resolve) => writer.on('close', resolve));
  expect(writer.signalCode).toBe('SIGKILL');
  const acknowledged = output.slice(0, output.lastIndexOf('\n')).split('\n');
  return Number(acknowledged.at(-1));
}

interface Read {
  readonly numbers: readonly number[];
  readonly torn: number;
}

async function readNumbers(reader: LogReader<{ readonly n: number }>): Promise<Read> {
  const numbers: number[] = [];
  for await (const { n } of reader) numbers.push(n);
  return { numbers, torn: reader.torn.length };
}

/**
 * Kills a writer again and again. After each kill the log holds every acknowledged record, in order and without a gap, and at most
 * what was under way besides; the next writer goes on behind what is there.
 */
async function killOften(
  times: number,
  seed: number,
  path: string,
  reader: () => LogReader<{ readonly n: number }>,
  more: readonly string[],
): Promise<{ torn: number; records: number; beyond: number }> {
  const rng = createRng(seed);
  let next = 0;
  let beyond = 0;
  let torn = 0;
  for (let kill = 0; kill < times; kill += 1) {
    const acknowledged = await writeUntilKilled(path, next, Math.floor(rng.next() * 60), more);
    const read = await readNumbers(reader());
    expect(read.numbers.length).toBeGreaterThanOrEqual(acknowledged);
    expect(read.numbers).toEqual(Array.from({ length: read.numbers.length }, (_, i) => i));
    expect(read.torn - torn).toBeLessThanOrEqual(1);
    torn = read.torn;
    beyond += read.numbers.length - acknowledged;
    next = read.numbers.length;
  }
  return { torn, records: next, beyond };
}

describe('a log whose writer is killed', () => {
  it('has every acknowledged record, in plain lines', async () => {
    const path = place();
    const { records } = await killOften(6, 7, path, () => new LogReader<{ n: number }>({ path }), ['batch']);
    expect(records).toBeGreaterThan(6);
  });

  it('has them without fdatasync as well: the system keeps what it has taken', async () => {
    const path = place();
    const { records } = await killOften(3, 8, path, () => new LogReader<{ n: number }>({ path }), ['none']);
    expect(records).toBeGreaterThan(3);
  });

  it('has them encrypted, in one unbroken chain', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES+A256KW', { extractable: true });
    const keys = { k: (await exportJWK(privateKey)) as LogKey };
    const path = place('log.jwe');
    const reader = (): LogReader<{ n: number }> =>
      new LogReader({ path, codec: new EncryptedCodec<{ n: number }>({ stream: 'kill', keys }) });
    const { records } = await killOften(6, 9, path, reader, ['batch', JSON.stringify(await exportJWK(publicKey))]);
    const verified = await verifyLog({ stream: 'kill', lines: reader().lines(), keys });
    expect(verified).toMatchObject({ ok: true, records, first: 0 });
  });
});
