import { readFile, unlink } from 'node:fs/promises';
import type { Json } from '../../core/json.ts';
import { ignoreMissing } from './ignoreMissing.ts';
import { replaceFile, writeSafely } from './replaceFile.ts';

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

  /** @param lines of JSON */
  async append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    const before = this.#lines ?? (await this.#mend());
    // Until it has succeeded nobody knows what is there: a disk that is full cuts a line short, too.
    this.#lines = undefined;
    await writeSafely(this.#path, 'a', toText(lines));
    this.#lines = before + lines.length;
    // Twice the capacity at most: so the rewriting costs a line or two an event.
    if (this.#lines > 2 * this.#capacity) await this.#rewrite(await this.#readLines());
  }

  async read(limit: number): Promise<readonly Json[]> {
    const lines = await this.#readLines();
    return lines.slice(-Math.min(limit, this.#capacity)).map((line) => JSON.parse(line) as Json);
  }

  async remove(): Promise<void> {
    this.#lines = undefined;
    await unlink(this.#path).catch(ignoreMissing);
  }

  /** What a crash left of a line would make the next event unreadable. @returns how many lines there are */
  async #mend(): Promise<number> {
    const text = await this.#text();
    const lines = soundLines(text);
    return text === toText(lines) ? lines.length : this.#rewrite(lines);
  }

  async #rewrite(lines: readonly string[]): Promise<number> {
    const kept = lines.slice(-this.#capacity);
    await replaceFile(this.#path, toText(kept));
    this.#lines = kept.length;
    return kept.length;
  }

  async #readLines(): Promise<readonly string[]> {
    return soundLines(await this.#text());
  }

  async #text(): Promise<string> {
    return (await readFile(this.#path, 'utf8').catch(ignoreMissing)) ?? '';
  }
}

function toText(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** What no newline ends was cut short, though it may look like a whole value. */
function soundLines(text: string): readonly string[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.filter((line) => {
    try {
      JSON.parse(line);
      return true;
    } catch {
      return false;
    }
  });
}
