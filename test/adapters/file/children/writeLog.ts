// Writes a log batch after batch, and says on its standard output, line by line, up to which record everything is kept.
// argv: path, first record, fsync policy, and the recipient's public key as JSON where the log is encrypted.
import { writeSync } from 'node:fs';
import { EncryptedCodec, type LogKey } from '../../../../src/adapters/encryption/index.ts';
import { FileSink, type FsyncPolicy } from '../../../../src/adapters/file/index.ts';

const [path, first, fsync, key] = process.argv.slice(2) as [string, string, FsyncPolicy, string | undefined];
const codec =
  key === undefined
    ? undefined
    : new EncryptedCodec<object>({ stream: 'kill', recipient: { kid: 'k', key: JSON.parse(key) as LogKey } });
const sink = new FileSink<object>({ path, fsync, maxBytes: 200_000, ...(codec === undefined ? {} : { codec }) });

for (let n = Number(first); ; ) {
  // Some batches are written together, as they are under load; the sizes differ, so that kills fall into long writes as well.
  const writes = Array.from({ length: 3 }, () => {
    const size = 1 + ((n * 7919) % 97);
    const batch = Array.from({ length: size }, (_, i) => ({ n: n + i, text: 'x'.repeat(((n + i) * 31) % 900) }));
    n += size;
    return sink.write(batch);
  });
  await Promise.all(writes);
  writeSync(1, `${n}\n`);
}
