import { createHash } from 'node:crypto';
import { copyFile, link, readFile, unlink } from 'node:fs/promises';
import type { Json } from '../../core/json.ts';
import type { Stored } from '../../core/StateStore.ts';
import { DamagedError } from '../support/errors.ts';
import { ignoreMissing } from './ignoreMissing.ts';
import { replaceFile } from './replaceFile.ts';

/** What a file says of itself, before its value. The checksum is of the version as well. */
interface Header {
  readonly version: number;
  readonly sha256: string;
  readonly bytes: number;
}

const MAGIC = 'coronate-state-1';

/** The value of one key in files: the last generation, and the one before to go back to where the last one is damaged. */
export class Generations {
  readonly #last: string;
  readonly #previous: string;

  /** @param path without an ending */
  constructor(path: string) {
    this.#last = `${path}.json`;
    this.#previous = `${path}.json.previous`;
  }

  /** @throws DamagedError where neither generation is sound */
  async read(): Promise<Stored | undefined> {
    const last = await readGeneration(this.#last);
    if (last !== 'damaged' && last !== undefined) return last;
    const previous = await readGeneration(this.#previous);
    if (last === undefined && previous === undefined) return undefined;
    if (previous === undefined || previous === 'damaged') {
      throw new DamagedError(`${this.#last} is damaged, and so is the generation before it`);
    }
    return { ...previous, recovered: true };
  }

  /** Puts another value in the place of what was read. @param found what `read` has just returned */
  async write(found: Stored | undefined, text: string): Promise<number> {
    const version = (found?.version ?? 0) + 1;
    // Only a sound generation is worth keeping as the one before.
    if (found !== undefined && found.recovered !== true) await this.#keepPrevious();
    const body = Buffer.from(text, 'utf8');
    const header = `${MAGIC} ${version} ${checksum(version, body)} ${body.length}\n`;
    await replaceFile(this.#last, Buffer.concat([Buffer.from(header, 'utf8'), body]));
    return version;
  }

  /** The last generation goes last: of a removal that was cut short, no older value may be left. */
  async remove(): Promise<void> {
    for (const path of [`${this.#last}.new`, this.#previous, this.#last]) await unlink(path).catch(ignoreMissing);
  }

  /** A second name for the last generation, which the next one will not overwrite. */
  async #keepPrevious(): Promise<void> {
    await unlink(this.#previous).catch(ignoreMissing);
    // A file system without second names has a copy.
    await link(this.#last, this.#previous).catch(() => copyFile(this.#last, this.#previous));
  }
}

async function readGeneration(path: string): Promise<Stored | 'damaged' | undefined> {
  const bytes = await readFile(path).catch(ignoreMissing);
  if (bytes === undefined) return undefined;
  const end = bytes.indexOf(10);
  const header = end < 0 ? undefined : parseHeader(bytes.toString('utf8', 0, end));
  const body = bytes.subarray(end + 1);
  if (header === undefined || body.length !== header.bytes || checksum(header.version, body) !== header.sha256) {
    return 'damaged';
  }
  return { version: header.version, value: JSON.parse(body.toString('utf8')) as Json };
}

function parseHeader(line: string): Header | undefined {
  const [magic, version, sum, bytes] = line.split(' ');
  if (magic !== MAGIC || sum === undefined) return undefined;
  return { version: Number(version), sha256: sum, bytes: Number(bytes) };
}

function checksum(version: number, body: Uint8Array): string {
  return createHash('sha256').update(`${version}\n`).update(body).digest('hex');
}
