import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import fc from 'fast-check';
import { CompactEncrypt, exportJWK } from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EncryptedCodec, type LogKey } from '../../../src/adapters/encryption/index.ts';
import { FileSink, LogReader } from '../../../src/adapters/file/index.ts';
import { type SinkItem, sinkContract } from '../../contracts/sink.contract.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';
import { codecFor, december, forReading, forWriting, november, read, signer, stranger, write } from './logFixture.ts';

const place = temporaryFolder();
afterEach(() => vi.restoreAllMocks());

const headerOf = (line: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(line.split('.')[0]!, 'base64url').toString()) as Record<string, unknown>;
const hashOf = (line: string): string => createHash('sha256').update(line).digest('base64url');

sinkContract('FileSink with an EncryptedCodec', async () => {
  const path = place('log.jwe');
  const codec = codecFor<SinkItem>();
  return {
    sink: new FileSink<SinkItem>({ path, codec, maxBytes: 8192 }),
    read: async () => {
      const records: SinkItem[] = [];
      for await (const record of new LogReader<SinkItem>({ path, codec: codecFor<SinkItem>() })) records.push(record);
      return records;
    },
  };
});

describe('an encrypted line', () => {
  it('is a compact JWE that names its log, its number, the line before and how many records it holds', async () => {
    const [first, second] = await write(codecFor(), [[{ secret: 'of a patient' }, 2], ['x']]);
    expect(first).toMatch(/^[\w-]+(\.[\w-]+){4}$/);
    expect(headerOf(first!)).toMatchObject({
      alg: 'ECDH-ES+A256KW',
      enc: 'A256GCM',
      typ: 'coronate-log',
      kid: '2026-11',
      stream: 'fraud',
      seq: 0,
      prev: '',
      count: 2,
    });
    expect(headerOf(second!)).toMatchObject({ seq: 1, prev: hashOf(first!), count: 1 });
    expect(Buffer.from(first!.replaceAll('.', ''), 'base64url').toString('latin1')).not.toContain('patient');
  });

  it('has a key of its own: the same records never look the same', async () => {
    const lines = await write(codecFor(), [['x'], ['x']]);
    expect(new Set(lines.map((line) => line.split('.')[3])).size).toBe(2);
  });

  it('holds so many records at most; a batch takes several, chained', async () => {
    const codec = codecFor({ recordsPerBatch: 3 });
    const lines = await write(codec, [[1, 2, 3, 4, 5, 6, 7], [8]]);
    expect(lines.map((line) => headerOf(line).count)).toEqual([3, 3, 1, 1]);
    expect(codec.head).toEqual({ seq: 3, hash: hashOf(lines[3]!) });
    expect(await read(codec, lines)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(codec.counts).toEqual({ sealed: 4, opened: 4, skipped: 0, checkpoints: 0, checkpointFailures: 0 });
  });

  it('gives any JSON back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1 }), async (records) => {
        const plain = JSON.parse(JSON.stringify(records)) as unknown[];
        const codec = codecFor({ recordsPerBatch: 2 });
        expect(await read(codec, await write(codec, [plain]))).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });

  it('refuses a record that is no JSON by its place in the batch, and leaves the chain as it was', async () => {
    const codec = codecFor({ recordsPerBatch: 2 });
    await expect(codec.encode([1, 2, 3, 4n])).rejects.toMatchObject({ code: 'ERR_INVALID_RECORD', index: 3 });
    expect(codec.head).toBeNull();
    expect(headerOf((await write(codec, [[1]]))[0]!)).toMatchObject({ seq: 0, prev: '' });
  });
});

describe('keys', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const x25519 = generateKeyPairSync('x25519');
  it.each([
    ['EC', 'ECDH-ES+A256KW', ec],
    ['X25519', 'ECDH-ES+A256KW', x25519],
    ['RSA', 'RSA-OAEP-256', rsa],
  ])('%s: KeyObjects and JWKs write and read alike, by %s', async (_kind, alg, { publicKey, privateKey }) => {
    const publicJwk = (await exportJWK(publicKey)) as LogKey;
    const privateJwk = (await exportJWK(privateKey)) as LogKey;
    for (const key of [publicKey, publicJwk]) {
      const lines = await write(new EncryptedCodec({ stream: 'fraud', recipient: { kid: 'k', key } }), [[1, 2]]);
      expect(headerOf(lines[0]!).alg).toBe(alg);
      for (const reading of [privateKey, privateJwk])
        expect(await read(new EncryptedCodec({ stream: 'fraud', keys: { k: reading } }), lines)).toEqual([1, 2]);
    }
  });

  it('of PEM files do as well', async () => {
    const pem = { type: 'spki', format: 'pem' } as const;
    const key = createPublicKey(ec.publicKey.export(pem));
    const lines = await write(new EncryptedCodec({ stream: 'fraud', recipient: { kid: 'k', key } }), [[1]]);
    const privatePem = ec.privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(
      await read(new EncryptedCodec({ stream: 'fraud', keys: { k: createPrivateKey(privatePem) } }), lines),
    ).toEqual([1]);
  });

  it('rotate: from the next batch on, and readers pick by the id', async () => {
    const codec = codecFor({ keys: forReading(november, december) });
    const lines = await write(codec, [[1]]);
    codec.rotate(forWriting(december));
    lines.push(...(await write(codec, [[2]])));
    expect(lines.map((line) => headerOf(line).kid)).toEqual(['2026-11', '2026-12']);
    expect(await read(codec, lines)).toEqual([1, 2]);
  });

  it('that were destroyed leave what they sealed unreadable, and nothing else', async () => {
    const codec = codecFor();
    const lines = await write(codec, [[1], [2]]);
    codec.rotate(forWriting(december));
    lines.push(...(await write(codec, [[3]])));
    await expect(read(codecFor({ keys: forReading(december) }), lines)).rejects.toMatchObject({
      code: 'ERR_LOG_INTEGRITY',
      finding: { kind: 'unreadable', line: 1, seq: 0, message: 'there is no key "2026-11"' },
    });
    const reader = codecFor({ keys: forReading(december), missingKeys: 'skip' });
    expect(await read(reader, lines)).toEqual([3]);
    expect(reader.counts).toMatchObject({ opened: 1, skipped: 2 });
  });

  it('of somebody else under the same id open nothing', async () => {
    const lines = await write(codecFor(), [[1]]);
    const wrong = codecFor({ keys: { [november.kid]: stranger.privateKey } });
    await expect(read(wrong, lines)).rejects.toMatchObject({ finding: { kind: 'altered', line: 1, seq: 0 } });
  });
});

describe('the options of an EncryptedCodec', () => {
  const symmetric = { kty: 'oct', k: 'c2VjcmV0' } as LogKey;
  it.each([
    [
      'a private key to write with',
      { recipient: { kid: 'k', key: november.privateKey } },
      /^recipient\.key must be a public key/,
    ],
    ['a symmetric key', { recipient: { kid: 'k', key: symmetric } }, /^recipient\.key must be a public key/],
    ['no key', { recipient: { kid: 'k', key: undefined } }, /^recipient\.key must be a public key: .*, got undefined$/],
    [
      'a key without an id',
      { recipient: { kid: '', key: november.publicKey } },
      'recipient.kid must be a non-empty string, got ""',
    ],
    ['a public key to read with', { keys: { a: november.publicKey } }, /^keys\.a must be a private key/],
    [
      'keys in a list',
      { keys: [november.privateKey] },
      'keys must be an object of keys by their ids, got an array of 1',
    ],
    ['no name', { stream: '' }, 'stream must be a non-empty string, got ""'],
    ['no records in a batch', { recordsPerBatch: 0 }, 'recordsPerBatch must be an integer at least 1, got 0'],
    [
      'another way with missing keys',
      { missingKeys: 'ignore' },
      'missingKeys must be one of "throw", "skip", got "ignore"',
    ],
    ['what it does not know', { recipients: [] }, /^options\.recipients must be left out/],
    [
      'checkpoints without a sink',
      { checkpoints: { key: { kid: 'k', key: signer.privateKey } } },
      /^checkpoints\.sink must be a sink/,
    ],
    [
      'a public key to sign with',
      { checkpoints: { sink: { write: async () => undefined }, key: { kid: 'k', key: signer.publicKey } } },
      /^checkpoints\.key\.key must be a private key/,
    ],
  ])('do not take %s', (_what, options, message) => {
    expect(() => codecFor(options as never)).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_OPTION',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    );
  });

  it('may leave out what only writing, or only reading, needs', async () => {
    const writer = new EncryptedCodec({ stream: 'fraud', recipient: forWriting(november) });
    const reader = new EncryptedCodec({ stream: 'fraud', keys: forReading(november) });
    const lines = await write(writer, [[1]]);
    expect(await read(reader, lines)).toEqual([1]);
    await expect(reader.encode([1])).rejects.toThrow('recipient must be given to write, got undefined');
    await expect(read(writer, lines)).rejects.toThrow('keys must be given to read, got undefined');
  });
});

const lines = await write(codecFor(), [[0], [1], [2]]);
const otherLines = await write(codecFor(), [['a'], ['b']]);
const linesOfOther = await write(codecFor({ stream: 'other' }), [[0]]);

describe('reading stops', () => {
  const flip = (line: string, part: number): string => {
    const parts = line.split('.');
    parts[part] = parts[part]!.replace(/^./, (char) => (char === 'A' ? 'B' : 'A'));
    return parts.join('.');
  };
  it.each([
    ['a changed byte of content', [lines[0]!, flip(lines[1]!, 3), lines[2]!], 'altered', 2, [0]],
    ['a changed byte of the tag', [flip(lines[0]!, 4)], 'altered', 1, []],
    ['a batch that is missing', [lines[0]!, lines[2]!], 'missing', 2, [0]],
    ['batches in another order', [lines[1]!, lines[0]!], 'order', 2, [1]],
    ['a batch that is there twice', [lines[0]!, lines[0]!], 'order', 2, [0]],
    ['a batch of another log of this name', [lines[0]!, otherLines[1]!], 'broken-link', 2, [0]],
    ['a line of another log', linesOfOther, 'malformed', 1, []],
    ['a line that is none', [lines[0]!, 'hello', lines[1]!], 'malformed', 2, [0]],
    ['an empty line', [''], 'malformed', 1, []],
  ])('at %s', async (_what, tampered, kind, line, before) => {
    const records: unknown[] = [];
    const reading = (async () => {
      for await (const record of codecFor().decode(
        (async function* () {
          yield new TextEncoder().encode(tampered.map((text) => `${text}\n`).join(''));
        })(),
      ))
        records.push(record);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'LogIntegrityError', finding: { kind, line } });
    expect(records).toEqual(before);
  });

  it('at other algorithms than the two that are written', async () => {
    const header = { typ: 'coronate-log', kid: november.kid, stream: 'fraud', seq: 0, prev: '', count: 1 };
    const plaintext = new TextEncoder().encode('1');
    const secret = new Uint8Array(32);
    const forged = await Promise.all([
      new CompactEncrypt(plaintext).setProtectedHeader({ ...header, alg: 'dir', enc: 'A256GCM' }).encrypt(secret),
      new CompactEncrypt(plaintext).setProtectedHeader({ ...header, alg: 'A256KW', enc: 'A256GCM' }).encrypt(secret),
      new CompactEncrypt(plaintext)
        .setProtectedHeader({ ...header, alg: 'ECDH-ES', enc: 'A256GCM' })
        .encrypt(november.publicKey),
      new CompactEncrypt(plaintext)
        .setProtectedHeader({ ...header, alg: 'ECDH-ES+A256KW', enc: 'A128CBC-HS256' })
        .encrypt(november.publicKey),
    ]);
    for (const line of forged)
      await expect(read(codecFor(), [line])).rejects.toMatchObject({
        finding: { kind: 'malformed', message: 'its algorithms are not accepted' },
      });
  });

  it('at a batch that holds another number of records than it says', async () => {
    const jwe = new CompactEncrypt(new TextEncoder().encode('1\n2'))
      .setProtectedHeader({
        typ: 'coronate-log',
        kid: november.kid,
        stream: 'fraud',
        seq: 0,
        prev: '',
        count: 1,
        alg: 'ECDH-ES+A256KW',
        enc: 'A256GCM',
      })
      .encrypt(november.publicKey);
    await expect(read(codecFor(), [await jwe])).rejects.toMatchObject({ finding: { kind: 'altered' } });
  });
});

describe('the chain', () => {
  const handles = async (): Promise<FileHandle> => {
    const handle = await open(import.meta.filename);
    await handle.close();
    return Object.getPrototypeOf(handle) as FileHandle;
  };
  const recordsOf = async (path: string): Promise<unknown[]> => {
    const records: unknown[] = [];
    for await (const record of new LogReader({ path, codec: codecFor() })) records.push(record);
    return records;
  };

  it('goes on over restarts, past a torn line, without the key that reads', async () => {
    const path = place('log.jwe');
    for (let run = 0; run < 4; run += 1) {
      const codec = new EncryptedCodec({ stream: 'fraud', recipient: forWriting(november) });
      const sink = new FileSink({ path, codec });
      await sink.write([`run ${run}`]);
      expect(sink.head()).toBe(codec.head!.hash);
      expect(codec.head!.seq).toBe(run);
      await sink.close();
      const log = new LogReader({ path, codec: codecFor() });
      for await (const _ of log.lines());
      if (run % 2 === 0) fs.appendFileSync(log.files.at(-1)!, 'eyJhbGciOi');
    }
    expect(await recordsOf(path)).toEqual(['run 0', 'run 1', 'run 2', 'run 3']);
  });

  it('has no gap where a write failed', async () => {
    const path = place('log.jwe');
    const sink = new FileSink({ path, codec: codecFor() });
    await sink.write([1]);
    vi.spyOn(await handles(), 'datasync').mockRejectedValueOnce(new Error('EIO'));
    await expect(sink.write([2])).rejects.toThrow('EIO');
    await sink.write([3]);
    vi.spyOn(await handles(), 'write').mockRejectedValueOnce(new Error('ENOSPC'));
    await expect(sink.write([4])).rejects.toThrow('ENOSPC');
    await sink.write([5]);
    await sink.close();
    expect(await recordsOf(path)).toEqual([1, 3, 5]);
  });

  it('is not taken up after a line that is no batch of this log: every write says so', async () => {
    const path = place('log.jwe');
    const other = new FileSink({ path, codec: codecFor({ stream: 'other' }) });
    await other.write([1]);
    await other.close();
    const sink = new FileSink({ path, codec: codecFor() });
    for (let i = 0; i < 2; i += 1)
      await expect(sink.write([1])).rejects.toMatchObject({
        code: 'ERR_LOG_INTEGRITY',
        message: "malformed: the log's last line: it is of another log",
      });
    await sink.close();
  });
});
