import { readFileSync } from 'node:fs';
import { open, readFile, rename, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { LockedError } from '../support/errors.ts';

/** The locks that this process holds: a lock of this process id that is not among them is of one that had the id before. */
const held = new Set<string>();

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
    for (let attempt = 0; attempt < 3; attempt += 1) {
      try {
        const file = await open(path, 'wx');
        try {
          await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname(), began: began(process.pid) }));
          await file.sync();
        } finally {
          await file.close();
        }
        held.add(path);
        return new ProcessLock(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = await ownerOf(path);
      if (owner !== undefined && lives(owner, path)) throw new LockedError(path, owner.pid, owner.host);
      // Of several that find it stale, one gets it out of the way; the others find it gone.
      const aside = `${path}.stale-${process.pid}-${attempt}`;
      await rename(path, aside).then(
        () => unlink(aside),
        () => undefined,
      );
    }
    throw new LockedError(path, 0, 'a process that came first');
  }

  /** Lets go. */
  async release(): Promise<void> {
    held.delete(this.#path);
    await unlink(this.#path).catch(() => undefined);
  }
}

async function ownerOf(path: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Owner;
    return Number.isSafeInteger(owner.pid) && typeof owner.host === 'string' ? owner : undefined;
  } catch {
    // Written half: its process died in between.
    return undefined;
  }
}

function lives({ pid, host, began: since }: Owner, path: string): boolean {
  // What runs on another machine cannot be asked: its lock holds until a person removes it.
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(path);
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
