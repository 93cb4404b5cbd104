import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './syncFolder.ts';

/** For its owner alone. */
export const FILE_MODE = 0o600;

/** Writes to a file and makes it safe. */
export async function writeSafely(path: string, flags: 'a' | 'w', data: string | Uint8Array): Promise<void> {
  const file = await open(path, flags, FILE_MODE);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes beside, makes it safe, and puts it in place in one step: a reader sees the old file or the new one. */
export async function replaceFile(path: string, data: string | Uint8Array): Promise<void> {
  await writeSafely(`${path}.new`, 'w', data);
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}
