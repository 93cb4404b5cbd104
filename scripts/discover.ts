import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A module that a script found by its name: `topic` is the file name without its ending. */
export interface Discovered {
  readonly topic: string;
  readonly url: string;
}

/** The modules of a folder whose names end in `ending`, in alphabetical order. Folders are relative to the package root. */
export function discover(folder: string, ending: string): readonly Discovered[] {
  const path = resolve(import.meta.dirname, '..', folder);
  return readdirSync(path)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ topic: name.slice(0, -ending.length), url: pathToFileURL(resolve(path, name)).href }));
}

/** Splits the command line into flags (`--full`) and the words that filter by name. */
export function parseArguments(
  argv: readonly string[],
  known: readonly string[],
): { flags: Set<string>; words: string[] } {
  const flags = new Set(argv.filter((word) => word.startsWith('--')));
  for (const flag of flags) {
    if (!known.includes(flag)) throw new Error(`unknown flag ${flag}; known: ${known.join(', ')}`);
  }
  return { flags, words: argv.filter((word) => !word.startsWith('--')) };
}
