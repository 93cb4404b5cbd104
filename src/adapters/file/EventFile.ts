import { open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Json } from '../../core/json.ts';
import { syncFolder } from './syncFolder.ts';

/** The events of one key: a line each, the last ones only. A line that a crash cut short is no event. */
export class EventFile {
  readonly #path: string;
  readonly #capacity: number;
  /** Lines in the file; undefined until it has been read. */
  #lines: number | undefined;

  constructor(path: string, capacity: number) {
    this.#path = path;
    this.#capacity = capacity;
  }

  async append(events: readonly Json[]): Promise<void> {
    if (events.length === 0) return;
    if (this.#lines === undefined) await this.#mend();
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await write(this.#path, 'a', text);
    this.#lines = this.#lines! + events.length;
    // Twice the capacity at most: so the rewriting costs a line or two an event.
    if (this.#lines > 2 * this.#capacity) await this.#rewrite(await this.#readLines());
  }

  async read(limit: number): Promise<readonly Json[]> {
    const lines = await this.#readLines();
    return lines.slice(-Math.min(limit, this.#capacity)).map((line) => JSON.parse(line) as Json);
  }

  async remove(): Promise<void> {
    this.#lines = undefined;
    await unlink(this.#path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }

  /** What a crash left of a line would make the next event unreadable. */
  async #mend(): Promise<void> {
    const text = await this.#text();
    const lines = soundLines(text);
    if (text !== lines.map((line) => `${line}\n`).join('')) await this.#rewrite(lines);
    this.#lines = lines.length;
  }

  async #rewrite(lines: readonly string[]): Promise<void> {
    const kept = lines.slice(-this.#capacity);
    await write(`${this.#path}.new`, 'w', kept.map((line) => `${line}\n`).join(''));
    await rename(`${this.#path}.new`, this.#path);
    await syncFolder(dirname(this.#path));
    this.#lines = kept.length;
  }

  async #readLines(): Promise<readonly string[]> {
    return soundLines(await this.#text());
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}

function soundLines(text: string): readonly string[] {
  return text.split('\n').filter((line) => {
    try {
      JSON.parse(line);
      return true;
    } catch {
      return false;
    }
  });
}

async function write(path: string, flags: 'a' | 'w', text: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
