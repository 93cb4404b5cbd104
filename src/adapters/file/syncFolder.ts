import { open } from 'node:fs/promises';

/** Makes safe which names a folder holds: a file that was put in place stands there after a crash of the machine. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  // Windows opens no folders, and needs none of this.
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
