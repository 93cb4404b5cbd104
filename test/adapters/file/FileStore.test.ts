import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileStore } from '../../../src/adapters/file/index.ts';
import { stateStoreContract } from '../../contracts/stateStore.contract.ts';

const root = mkdtempSync(join(tmpdir(), 'coronate-store-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const folder = (): string => {
  folders += 1;
  return join(root, `folder-${folders}`);
};
const fileOf = (path: string, ending: string): string =>
  join(path, readdirSync(path).find((name) => name.endsWith(ending))!);

const shared = folder();
stateStoreContract({
  name: 'FileStore',
  eventCapacity: 50,
  durable: true,
  open: () => FileStore.open(shared, { eventCapacity: 50 }),
});

async function withTwoGenerations(path: string): Promise<void> {
  const store = await FileStore.open(path);
  await store.compareAndSet('k', 0, { generation: 1 });
  await store.compareAndSet('k', 1, { generation: 2 });
  await store.close();
}

describe('FileStore', () => {
  it.each([
    ['cut short', (file: string) => truncateSync(file, 90)],
    ['emptied', (file: string) => truncateSync(file, 0)],
    ['overwritten with zeros', (file: string) => writeFileSync(file, Buffer.alloc(120))],
    ['changed in one byte', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('2}', '3}'))],
    ['longer than it was', (file: string) => writeFileSync(file, `${readFileSync(file, 'utf8')} `)],
  ])('goes back to the generation before where the file was %s', async (_, damage) => {
    const path = folder();
    await withTwoGenerations(path);
    damage(fileOf(path, '.json'));
    const store = await FileStore.open(path);
    expect(await store.load('k')).toEqual({ version: 1, value: { generation: 1 }, recovered: true });
    expect(await store.compareAndSet('k', 2, 'no')).toEqual({ ok: false, version: 1 });
    expect(await store.compareAndSet('k', 1, { generation: 'new' })).toEqual({ ok: true, version: 2 });
    expect(await store.load('k')).toEqual({ version: 2, value: { generation: 'new' } });
    // The damaged file was not kept as the generation before.
    truncateSync(fileOf(path, '.json'), 10);
    expect(await store.load('k')).toMatchObject({ value: { generation: 1 }, recovered: true });
    await store.close();
  });

  it('says that both generations are damaged, and overwrites neither', async () => {
    const path = folder();
    await withTwoGenerations(path);
    truncateSync(fileOf(path, '.json'), 10);
    truncateSync(fileOf(path, '.previous'), 10);
    const store = await FileStore.open(path);
    await expect(store.load('k')).rejects.toMatchObject({
      code: 'ERR_DAMAGED',
      message: expect.stringContaining('k-'),
    });
    await expect(store.compareAndSet('k', 0, 1)).rejects.toMatchObject({ code: 'ERR_DAMAGED' });
    await store.close();
  });

  it('passes over an event that a crash cut short', async () => {
    const path = folder();
    const store = await FileStore.open(path);
    await store.append('k', [{ n: 1 }, { n: 2 }]);
    await store.close();
    const file = fileOf(path, '.events');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -4));
    const again = await FileStore.open(path);
    await again.append('k', [{ n: 3 }]);
    expect(await again.events('k')).toEqual([{ n: 1 }, { n: 3 }]);
    await again.close();
  });

  it('belongs to one at a time', async () => {
    const path = folder();
    const store = await FileStore.open(path);
    await expect(FileStore.open(path)).rejects.toMatchObject({ code: 'ERR_LOCKED' });
    await store.close();
    await (await FileStore.open(path)).close();
  });

  it('takes over from a process that is gone, and from one of its own id in an earlier life', async () => {
    const path = folder();
    await (await FileStore.open(path)).close();
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => dead.once('exit', done));
    const host = (await import('node:os')).hostname();
    for (const pid of [dead.pid, process.pid]) {
      writeFileSync(join(path, '.lock'), JSON.stringify({ pid, host, began: '' }));
      await (await FileStore.open(path)).close();
    }
    writeFileSync(join(path, '.lock'), '{"pi');
    await (await FileStore.open(path)).close();
    writeFileSync(join(path, '.lock'), JSON.stringify({ pid: 1, host: `not-${host}`, began: '' }));
    await expect(FileStore.open(path)).rejects.toMatchObject({ code: 'ERR_LOCKED' });
  });

  it('refuses what is no folder or option', async () => {
    const refused = { code: 'ERR_INVALID_OPTION' };
    await expect(FileStore.open('')).rejects.toMatchObject(refused);
    await expect(FileStore.open(folder(), { eventCapacity: 0 })).rejects.toMatchObject(refused);
    await expect(FileStore.open(folder(), { capacity: 5 } as never)).rejects.toMatchObject(refused);
  });

  it('has every value that it acknowledged, whole, after its process was killed at any moment', async () => {
    const path = folder();
    const script = resolve(import.meta.dirname, 'workers/writeForever.ts');
    let acknowledged = 0;
    for (let kill = 0; kill < 4; kill += 1) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@coronate/source', script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.split('\n').length > 20 + 13 * kill) child.kill('SIGKILL');
      });
      await new Promise((done) => child.once('close', done));
      acknowledged = Number(
        said
          .trimEnd()
          .split('\n')
          .filter((line) => line.endsWith(';'))
          .at(-1)!
          .slice(0, -1),
      );
      const store = await FileStore.open(path);
      const { version, value } = (await store.load('k'))!;
      // The one that was under way when it died may stand there as well.
      expect(version - acknowledged).toBeOneOf([0, 1]);
      expect(value).toEqual({ version, filler: 'x'.repeat(20_000) });
      await store.close();
    }
    expect(acknowledged).toBeGreaterThan(50);
  });
});
