import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sink } from '../../src/core/index.ts';

interface Message {
  readonly key: string | null;
  readonly value: string;
}
type Send = (batch: { topic: string; acks?: number; messages: Message[] }) => Promise<unknown>;
type KafkaSink = (producer: { send: Send }, topic: string) => Sink<{ requestId?: string | null; n: number }>;

/** The guide's own code, its types stripped: what a reader copies is what runs here. */
function fromGuide(): KafkaSink {
  const guide = readFileSync(resolve(import.meta.dirname, '../../docs/guides/scale.md'), 'utf8');
  const body = guide.match(/function kafkaSink[\s\S]*?\n}\n/)![0];
  const plain = body.replace(
    /function kafkaSink<.*?>\(producer: Producer, topic: string\): Sink<Item>/,
    'function kafkaSink(producer, topic)',
  );
  return new Function(`${plain}; return kafkaSink;`)() as KafkaSink;
}

describe("the guide's sink for Kafka", () => {
  const signal = new AbortController().signal;

  it('sends a batch as one request, in order, each record under its request', async () => {
    const sent: Parameters<Send>[0][] = [];
    const sink = fromGuide()({ send: async (batch) => void sent.push(batch) }, 'outcomes');
    await sink.write([{ requestId: 'a', n: 1 }, { requestId: null, n: 2 }, { n: 3 }], { signal });
    await sink.write([], { signal });
    expect(sink.name).toBe('kafka:outcomes');
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ topic: 'outcomes', acks: -1 });
    expect(sent[0]!.messages.map(({ key, value }) => [key, (JSON.parse(value) as { n: number }).n])).toEqual([
      ['a', 1],
      [null, 2],
      [null, 3],
    ]);
  });

  it('rejects where the broker does, and where nobody waits any more', async () => {
    const sink = fromGuide()({ send: async () => Promise.reject(new Error('no leader')) }, 't');
    await expect(sink.write([{ n: 1 }], { signal })).rejects.toThrow('no leader');
    await expect(sink.write([{ n: 1 }], { signal: AbortSignal.abort(new Error('given up')) })).rejects.toThrow(
      'given up',
    );
  });
});
