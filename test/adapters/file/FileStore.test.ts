import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
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

/** A handle, for the methods that all of them share. */
async function probe(path: string): Promise<FileHandle> {
  const handle = await open(path);
  await handle.close();
  return handle;
}

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
    ['changed in its version', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(' 2 ', ' 7 '))],
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

  it('takes no half of a number for an event, and loses none after a disk that was full', async () => {
    const path = folder();
    const store = await FileStore.open(path);
    await store.append('k', [1, 12_345]);
    await store.close();
    const file = fileOf(path, '.events');
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -4));
    const again = await FileStore.open(path);
    expect(await again.events('k')).toEqual([1]);
    await again.append('k', [2]);
    const handles = Object.getPrototypeOf(await probe(path)) as FileHandle;
    const write = vi.spyOn(handles, 'writeFile').mockImplementationOnce(async () => {
      appendFileSync(file, '{"cut":"sho');
      throw Object.assign(new Error('from the test'), { code: 'ENOSPC' });
    });
    await expect(again.append('k', [{ cut: 'short' }])).rejects.toMatchObject({ code: 'ENOSPC' });
    write.mockRestore();
    await again.append('k', [3]);
    expect(await again.events('k')).toEqual([1, 2, 3]);
    await again.close();
  });

  it('keeps the old value where the disk was full for a new one', async () => {
    const path = folder();
    const store = await FileStore.open(path);
    await store.compareAndSet('k', 0, 'old');
    const handles = Object.getPrototypeOf(await probe(path)) as FileHandle;
    for (const method of ['writeFile', 'sync'] as const) {
      const spy = vi.spyOn(handles, method).mockRejectedValueOnce(Object.assign(new Error(), { code: 'ENOSPC' }));
      await expect(store.compareAndSet('k', 1, 'new')).rejects.toMatchObject({ code: 'ENOSPC' });
      spy.mockRestore();
      expect(await store.load('k')).toEqual({ version: 1, value: 'old' });
    }
    expect(await store.compareAndSet('k', 1, 'new')).toEqual({ ok: true, version: 2 });
    await store.close();
  });

  it('has nothing left of a key whose removal was cut short but what it was', async () => {
    const path = folder();
    await withTwoGenerations(path);
    const files = ['.json', '.previous'].map(
      (ending) => [fileOf(path, ending), readFileSync(fileOf(path, ending))] as const,
    );
    const store = await FileStore.open(path);
    const removed: string[] = [];
    const unlinking = watch(path, (_, name) => {
      if (name !== null && !readdirSync(path).includes(name)) removed.push(name);
    });
    await store.remove('k');
    await expect.poll(() => removed.filter((name) => name.includes('.json')).length).toBe(2);
    unlinking.close();
    expect(removed.filter((name) => name.includes('.json')).map((name) => name.endsWith('.previous'))).toEqual([
      true,
      false,
    ]);
    // Power lost in between: the first of both is gone.
    writeFileSync(...files[0]!);
    expect(await store.load('k')).toEqual({ version: 2, value: { generation: 2 } });
    await store.close();
  });

  it('is for its owner alone', async () => {
    const path = folder();
    const store = await FileStore.open(join(path, 'deep', 'er'));
    await store.compareAndSet('k', 0, 1);
    await store.append('k', [1]);
    await store.compareAndSet('k', 1, 1);
    for (const name of readdirSync(join(path, 'deep', 'er'))) {
      expect([name, statSync(join(path, 'deep', 'er', name)).mode & 0o777]).toEqual([name, 0o600]);
    }
    expect(statSync(join(path, 'deep')).mode & 0o777).toBe(0o700);
    await store.close();
  });

  it('has one owner, however many come at once upon the lock of a process that is gone', async () => {
    const dead = spawn(process.execPath, ['-e', '']);
    await new Promise((done) => dead.once('exit', done));
    const host = hostname();
    for (let round = 0; round < 15; round += 1) {
      const path = folder();
      mkdirSync(path);
      writeFileSync(join(path, '.lock'), JSON.stringify({ pid: dead.pid, host, began: '' }));
      const opened = await Promise.allSettled(Array.from({ length: 8 }, () => FileStore.open(path)));
      const stores = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      for (const result of opened) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ERR_LOCKED' });
      }
      expect(stores.length).toBe(1);
      await stores[0]!.close();
      expect(readdirSync(path)).toEqual([]);
    }
  });

  it('is one folder by two names, and in two threads', async () => {
    const path = folder();
    const store = await FileStore.open(path);
    symlinkSync(path, `${path}-link`);
    await expect(FileStore.open(`${path}-link`)).rejects.toMatchObject({ code: 'ERR_LOCKED' });
    // Another thread has the same process id, and does not know what this one holds.
    const lock = readFileSync(join(path, '.lock'), 'utf8');
    await store.close();
    writeFileSync(join(path, '.lock'), lock);
    const { began } = JSON.parse(lock) as { began: string };
    const opened = FileStore.open(path);
    if (began === '') await (await opened).close();
    else await expect(opened).rejects.toMatchObject({ code: 'ERR_LOCKED' });
  });

  it('closes once what was under way is done, and rejects what comes later', async () => {
    const path = folder();
    const store = await FileStore.open(path);
    const written = store.compareAndSet('k', 0, 'x'.repeat(100_000));
    const [first, second] = [store.close(), store.close()];
    await expect(store.load('k')).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await second;
    const again = await FileStore.open(path);
    expect(await written).toEqual({ ok: true, version: 1 });
    await first;
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
    const host = hostname();
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
    // The recursive mkdir of Node 20 never comes back from here.
    await expect(FileStore.open('/proc/nowhere/state')).rejects.toMatchObject({ ...refused, option: 'folder' });
    await expect(FileStore.open(join(import.meta.filename, 'state'))).rejects.toMatchObject(refused);
    await expect(FileStore.open(import.meta.filename)).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/^folder must be a folder that can be written \((EEXIST|ENOTDIR)\), got /),
    });
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
