import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { LockedError } from '../support/errors.ts';
import { ignoreMissing } from './ignoreMissing.ts';

/** The locks that this thread holds: where a platform does not tell when a process began, they alone say which of its id's are its own. */
const held = new Set<string>();

/** Locks of processes that are gone are cleared so often; who still finds another one then has come too late. */
const ATTEMPTS = 3;

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the platform tells it; '' where it does not. Ids are given again, to other processes. */
  readonly began: string;
}

/** A file that says which process has a folder to itself. One whose process is gone is taken over. */
export class ProcessLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Takes the lock. @throws LockedError while another process, or another object of this one, has it */
  static async take(path: string): Promise<ProcessLock> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      if (await create(path)) {
        held.add(path);
        return new ProcessLock(path);
      }
      const owner = await ownerOf(path);
      if (owner !== undefined && lives(owner, path)) throw new LockedError(path, owner.pid, owner.host);
      await ProcessLock.#clear(path);
    }
    throw new LockedError(path, 0, 'a process that came first');
  }

  /**
   * Removes the lock of a process that is gone. One at a time, by a lock of its own, and who has that looks again: of two that
   * had found the same one stale, the slower would remove the lock that the faster has taken meanwhile.
   */
  static async #clear(path: string): Promise<void> {
    const turn = await ProcessLock.take(`${path}.takeover`);
    try {
      const owner = await ownerOf(path);
      if (owner === undefined || !lives(owner, path)) await unlink(path).catch(ignoreMissing);
    } finally {
      await turn.release();
    }
  }

  /** Lets go. */
  async release(): Promise<void> {
    held.delete(this.#path);
    await unlink(this.#path).catch(() => undefined);
  }
}

/** Puts the lock in its place, whole and only where there is none: nobody ever reads half of it. */
async function create(path: string): Promise<boolean> {
  const owner: Owner = { pid: process.pid, host: hostname(), began: began(process.pid) };
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error;
      // A file system without second names for a file.
      return writeFile(path, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
    });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await unlink(draft).catch(() => undefined);
  }
}

/** Undefined where there is no lock any more, or what there is names no owner. */
async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Owner;
    return Number.isSafeInteger(owner.pid) && typeof owner.host === 'string' ? owner : undefined;
  } catch {
    return undefined;
  }
}

function lives({ pid, host, began: since }: Owner, path: string): boolean {
  // What runs on another machine cannot be asked: its lock holds until a person removes it.
  if (host !== hostname()) return true;
  // Another thread of this process, or an earlier process of its id.
  if (pid === process.pid) return held.has(path) || (since !== '' && since === began(pid));
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const now = began(pid);
  return since === '' || now === '' || since === now;
}

/** When a process began, in ticks since the machine did: Linux tells it. */
function began(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold blanks and brackets of its own.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
