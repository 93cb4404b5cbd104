import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { InvalidOptionError } from '../support/errors.ts';

/**
 * Makes a folder and finds out whether it can be written to.
 * @param what the option must be: the folder itself, or something in it
 * @throws InvalidOptionError that names the option
 */
export function openFolder(option: string, value: string, folder: string, what = 'a folder'): void {
  try {
    makeFolder(folder);
    // With the slash a file in the folder's place is told from a folder.
    accessSync(`${folder}/`, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'it fails';
    throw new InvalidOptionError(option, value, `${what} that can be written (${why})`, { cause: error });
  }
}

/**
 * Makes a folder and those above it, for their owner alone. The recursive mkdir of Node 20 never ends where a file system
 * answers ENOENT below a folder that exists, as /proc does.
 */
function makeFolder(path: string): void {
  try {
    make(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    make(path);
  }
}

function make(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
