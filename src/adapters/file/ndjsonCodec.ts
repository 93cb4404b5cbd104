import type { Codec } from '../../core/Sink.ts';
import { LogFormatError } from '../support/errors.ts';
import { jsonLine } from '../support/jsonLine.ts';
import { splitLines } from '../support/splitLines.ts';

/**
 * Newline-delimited JSON: one record a line, UTF-8, as any tool reads it. What JSON has no word for follows its rules: a Date
 * becomes its ISO text, NaN and Infinity become null, undefined fields are left out.
 *
 * `encode` rejects with an `InvalidRecordError` where a record is no JSON (a BigInt, a circle, undefined), and with it the
 * whole batch. `decode` rejects with a `LogFormatError` at the first line that is no JSON.
 *
 * Source: RFC 8259; the ndjson convention of one value a line.
 */
export function ndjsonCodec<Item = unknown>(): Codec<Item> {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return {
    // Asynchronous, so that a record that is no JSON rejects, and never throws at the caller.
    encode: async (batch) => encoder.encode(batch.map((record, index) => `${jsonLine(record, index)}\n`).join('')),
    async *decode(chunks) {
      let number = 0;
      for await (const { bytes } of splitLines(chunks)) {
        number += 1;
        let record: Item;
        try {
          record = JSON.parse(decoder.decode(bytes)) as Item;
        } catch (error) {
          throw new LogFormatError(`line ${number} is not JSON`, { cause: error });
        }
        yield record;
      }
    },
  };
}
