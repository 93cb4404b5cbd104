import { ndjsonCodec } from 'coronate/adapters/file';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

/** The bytes in pieces of so many. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  const shared = new Uint8Array(size);
  for (let at = 0; at < bytes.length; at += size) {
    const piece = bytes.subarray(at, at + size);
    shared.set(piece); // One buffer for all of them, as streams may.
    yield shared.subarray(0, piece.length);
  }
}

async function decode(bytes: Uint8Array, size = bytes.length || 1): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const record of ndjsonCodec().decode(pieces(bytes, size))) records.push(record);
  return records;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('ndjsonCodec', () => {
  it('writes one record a line', async () => {
    const bytes = await ndjsonCodec().encode([{ a: 'one\ntwo' }, 'ü\u2028', null, 3.5]);
    expect(new TextDecoder().decode(bytes)).toBe('{"a":"one\\ntwo"}\n"ü\u2028"\nnull\n3.5\n');
  });

  it('reads back any JSON, however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 40 }), async (records, size) => {
        // JSON has no -0.
        const plain = JSON.parse(JSON.stringify(records)) as unknown[];
        expect(await decode(await ndjsonCodec().encode(plain), size)).toEqual(plain);
      }),
    );
  });

  it('gives no bytes for no records', async () => {
    expect(await ndjsonCodec().encode([])).toHaveLength(0);
    expect(await decode(new Uint8Array())).toEqual([]);
  });

  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const hostile = {
    toJSON() {
      throw new Error('no');
    },
  };
  it.each([
    ['a BigInt', 1n, 'got 1n'],
    ['a circle', circle, 'got an object'],
    ['undefined', undefined, 'got undefined'],
    ['a function', () => 1, 'got a function'],
    ['a toJSON that throws', hostile, 'got an object'],
  ])('refuses a batch with %s, and says where', async (_what, record, ending) => {
    await expect(ndjsonCodec().encode([{ fine: 1 }, record])).rejects.toMatchObject({
      code: 'ERR_INVALID_RECORD',
      name: 'InvalidRecordError',
      index: 1,
      message: `records[1] must be plain JSON, ${ending}`,
    });
  });

  it.each([
    ['{"a":1}\n{"b"\n', 'line 2 is not JSON'],
    ['1\n\n2\n', 'line 2 is not JSON'],
    ['{"a":1', 'line 1 is not JSON'],
  ])('stops at a line that is none: %j', async (text, message) => {
    await expect(decode(bytesOf(text))).rejects.toMatchObject({ code: 'ERR_LOG_FORMAT', message });
  });

  it('stops at bytes that are no UTF-8', async () => {
    await expect(decode(Uint8Array.of(34, 0xff, 34, 10))).rejects.toMatchObject({ code: 'ERR_LOG_FORMAT' });
  });
});
