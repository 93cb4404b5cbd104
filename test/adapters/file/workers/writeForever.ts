import { FileStore } from '../../../../src/adapters/file/index.ts';

/** A process that writes generation after generation, and says which are acknowledged, until it is killed. */
const store = await FileStore.open(process.argv[2]!);
let version = (await store.load('k'))?.version ?? 0;
for (;;) {
  await store.compareAndSet('k', version, { version: version + 1, filler: 'x'.repeat(20_000) });
  version += 1;
  process.stdout.write(`${version};\n`);
}
