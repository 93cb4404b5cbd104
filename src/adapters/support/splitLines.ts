const NEWLINE = 10;

/** One line of a stream of bytes. */
export interface Line {
  /** Where it begins, in bytes from the start of the stream. */
  readonly offset: number;
  /** Its bytes, without the newline. */
  readonly bytes: Uint8Array;
  /** Whether a newline ends it. Only the last line of a stream may lack one. */
  readonly ended: boolean;
}

/** Cuts a stream of bytes at its newlines. An empty line is a line; after the last newline there is none. */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line, void, void> {
  let offset = 0;
  let parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const bytes = join([...parts, chunk.subarray(start, end)]);
      parts = [];
      yield { offset, bytes, ended: true };
      offset += bytes.length + 1;
      start = end + 1;
    }
    // A copy: who hands out chunks may fill the same buffer again.
    if (start < chunk.length) parts.push(chunk.slice(start));
  }
  if (parts.length > 0) yield { offset, bytes: join(parts), ended: false };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
