import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { SegmentName } from './segments.ts';

const NEWLINE = 10;
const CHUNK = 65_536;

/** Reading never follows a link either: what it leads to is no part of the log. */
export const READ_FLAGS: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

/** The last whole line of one file, without its newline; undefined where it has none. */
async function lastLineOf(path: string): Promise<Uint8Array | undefined> {
  const handle = await open(path, READ_FLAGS);
  try {
    let start = (await handle.stat()).size;
    let tail = Buffer.alloc(0);
    let end = -1;
    for (;;) {
      if (end < 0) end = tail.lastIndexOf(NEWLINE);
      const before = end <= 0 ? -1 : tail.lastIndexOf(NEWLINE, end - 1);
      if (end >= 0 && (before >= 0 || start === 0)) return tail.subarray(before + 1, end);
      if (start === 0) return undefined;
      const length = Math.min(start, Math.max(CHUNK, tail.length));
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, start - length);
      start -= length;
      tail = Buffer.concat([buffer.subarray(0, bytesRead), tail]);
      if (end >= 0) end += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** The last whole line of a log: what a killed writer left torn behind it does not count. Null where there is none. */
export async function lastLine(segments: readonly SegmentName[]): Promise<Uint8Array | null> {
  for (const { path } of [...segments].reverse()) {
    const line = await lastLineOf(path);
    if (line !== undefined) return line;
  }
  return null;
}
