// An encrypted prediction log: write, rotate keys, verify; then tamper with it in six ways and see each one named.
// The service that writes holds a public key and cannot read what it wrote; the auditor holds the private keys.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EncryptedCodec, type LogVerification, verifyLog } from 'coronate/adapters/encryption';
import { FileSink, LogReader } from 'coronate/adapters/file';
import { createRng } from 'coronate/random';
import { generateKeyPair } from 'jose';
import { paragraph } from './lib/print.ts';

interface Prediction {
  readonly patient: string;
  readonly score: number;
}

const folder = mkdtempSync(join(tmpdir(), 'coronate-log-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'radiology.jwe');
const secondPlace = join(folder, 'second-place', 'radiology.checkpoints');

// Keys: the auditor's, one a month, and the writer's for signing. In a service they come from a key store.
const november = await generateKeyPair('ECDH-ES+A256KW');
const december = await generateKeyPair('ECDH-ES+A256KW');
const writer = await generateKeyPair('EdDSA');
const privateKeys = { '2026-11': november.privateKey, '2026-12': december.privateKey };

// The service.
const codec = new EncryptedCodec<Prediction>({
  stream: 'radiology',
  recipient: { kid: '2026-11', key: november.publicKey },
  checkpoints: {
    sink: new FileSink<string>({ path: secondPlace }), // Another machine's disk, in earnest.
    key: { kid: 'writer-1', key: writer.privateKey },
    everyBatches: 4,
  },
});
const sink = new FileSink<Prediction>({ path, codec, maxBytes: 8000, retainDays: 2190 });
const rng = createRng(42);
for (let batch = 0; batch < 12; batch += 1) {
  if (batch === 6) codec.rotate({ kid: '2026-12', key: december.publicKey });
  await sink.write(
    Array.from({ length: 10 }, (_, i) => ({ patient: `pseudonym-${batch * 10 + i}`, score: rng.next() })),
  );
}
await sink.close();
console.log(`written: ${sink.counts.written} records, ${codec.counts.sealed} batches, ${sink.counts.files} files`);
console.log(`head of the log: ${sink.head()}`);

// The auditor reads, and verifies.
const files = readdirSync(folder).filter((file) => file.endsWith('.jwe'));
const original = new Map(files.map((file) => [file, readFileSync(join(folder, file))]));
const checkpoints: string[] = [];
for await (const checkpoint of new LogReader<string>({ path: secondPlace })) checkpoints.push(checkpoint);
const signers = { 'writer-1': writer.publicKey };
const log = new LogReader<Prediction>({ path, codec: new EncryptedCodec({ stream: 'radiology', keys: privateKeys }) });
let records = 0;
for await (const record of log) records += record.patient === `pseudonym-${records}` ? 1 : 0;
console.log(`read back in order: ${records} records\n`);

const verify = (keys: Parameters<typeof verifyLog>[0]['keys'] = privateKeys): Promise<LogVerification> =>
  verifyLog({ stream: 'radiology', lines: log.lines(), keys, checkpoints, signers, maxUncovered: 0, firstSeq: 0 });

let failed = records === 120 ? 0 : 1;
function expect(what: string, result: LogVerification, kind: string): void {
  const found = result.findings.map((finding) => finding.kind);
  const right = kind === 'nothing' ? result.ok : found.includes(kind as never);
  if (!right) failed += 1;
  console.log(`${right ? 'ok' : 'FAILED'}  ${what}`);
  for (const { kind: named, message } of result.findings) paragraph(`${named}: ${message}`, '      ');
}

expect('the log as it was written', await verify(), 'nothing');
const shredded = await verify({ '2026-12': december.privateKey });
expect(
  `November's key destroyed: ${shredded.unread['2026-11']} batches unreadable, chain unbroken`,
  shredded,
  'nothing',
);

/** Changes the lines of the whole log, verifies, and puts everything back. */
async function tamper(what: string, kind: string, change: (lines: string[]) => readonly string[]): Promise<void> {
  const lines = files.flatMap((file) => original.get(file)!.toString().trimEnd().split('\n'));
  files.forEach((file, index) => {
    writeFileSync(
      join(folder, file),
      index > 0
        ? ''
        : change(lines)
            .map((line) => `${line}\n`)
            .join(''),
    );
  });
  expect(what, await verify(), kind);
  for (const [file, bytes] of original) writeFileSync(join(folder, file), bytes);
}

/** What somebody can do who has stolen the public key: a sound batch with a sound link. */
async function forgeAfter(line: string): Promise<string> {
  const thief = new EncryptedCodec<Prediction>({
    stream: 'radiology',
    recipient: { kid: '2026-12', key: december.publicKey },
  });
  await thief.resume(new TextEncoder().encode(line));
  return new TextDecoder().decode(await thief.encode([{ patient: 'pseudonym-7', score: 0 }])).trimEnd();
}

const fifth = original.get(files[0]!)!.toString().split('\n')[4]!;
const forged = await forgeAfter(fifth);
await tamper('a byte of batch 3 flipped', 'altered', (lines) =>
  lines.with(
    3,
    lines[3]!.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A')),
  ),
);
await tamper('batch 3 deleted', 'missing', (lines) => lines.toSpliced(3, 1));
await tamper('batches 3 and 4 swapped', 'order', (lines) => lines.with(3, lines[4]!).with(4, lines[3]!));
await tamper('a forged batch put in', 'forged', (lines) => lines.toSpliced(6, 0, forged));
await tamper('batch 5 replaced by a forged one', 'broken-link', (lines) => lines.with(5, forged));
await tamper('the last three batches cut off', 'truncated', (lines) => lines.slice(0, -3));

console.log(failed === 0 ? '\nEverything that was done to the log was named.' : `\n${failed} checks failed.`);
if (failed > 0) process.exitCode = 1;
