import { describe, expect, it } from 'vitest';
import type { Sink } from '../../src/core/index.ts';

/** What a test writes: any plain JSON will do. */
export interface SinkItem {
  readonly n: number;
  readonly text: string;
}

/** A sink under test, and what it has kept. */
export interface SinkUnderTest {
  readonly sink: Sink<SinkItem>;
  /** Every record that the sink has kept, in order, as somebody reads it who comes later. Called after `flush`. */
  read(): Promise<readonly SinkItem[]>;
}

const item = (n: number): SinkItem => ({ n, text: `record ${n}, with "quotes", a\nnewline and ü\u2028` });
const items = (from: number, count: number): SinkItem[] => Array.from({ length: count }, (_, i) => item(from + i));
const numbers = (records: readonly SinkItem[]): readonly number[] => records.map(({ n }) => n);
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

const waits = (): { readonly signal: AbortSignal } => ({ signal: new AbortController().signal });

/**
 * What every sink keeps to: order, wholeness, typed refusals.
 * @param make a new sink, which holds nothing yet
 */
export function sinkContract(name: string, make: () => Promise<SinkUnderTest>): void {
  describe(`${name} keeps the contract of sinks`, () => {
    it('has a name', async () => {
      const { sink } = await make();
      expect(sink.name).toMatch(/./);
      await sink.close?.();
    });

    it('keeps batches in order, every record as it was', async () => {
      const { sink, read } = await make();
      await sink.write(items(0, 3), waits());
      await sink.write(items(3, 1), waits());
      await sink.flush?.();
      expect(await read()).toEqual(items(0, 4));
      await sink.close?.();
    });

    it('keeps the order of writes that nobody waits for', async () => {
      const { sink, read } = await make();
      await Promise.all(upTo(50).map((i) => sink.write(items(i * 3, 3), waits())));
      await sink.flush?.();
      expect(numbers(await read())).toEqual(upTo(150));
      await sink.close?.();
    });

    it('takes what the batch holds at the call: its array may be used again at once', async () => {
      const { sink, read } = await make();
      const batch: SinkItem[] = [];
      const writes = upTo(5).map((i) => {
        batch[0] = item(2 * i);
        batch[1] = item(2 * i + 1);
        return sink.write(batch, waits());
      });
      batch.length = 0;
      await Promise.all(writes);
      await sink.flush?.();
      expect(numbers(await read())).toEqual(upTo(10));
      await sink.close?.();
    });

    it('takes an empty batch for nothing', async () => {
      const { sink, read } = await make();
      await sink.write([], waits());
      await sink.write(items(0, 1), waits());
      await sink.write([], waits());
      await sink.flush?.();
      expect(numbers(await read())).toEqual([0]);
      await sink.close?.();
    });

    it('takes a batch of twenty thousand records', async () => {
      const { sink, read } = await make();
      await sink.write(items(0, 20_000), waits());
      await sink.flush?.();
      expect(numbers(await read())).toEqual(upTo(20_000));
      await sink.close?.();
    });

    it('takes nothing from a caller who has already given up', async () => {
      const { sink, read } = await make();
      const reason = new Error('nobody waits');
      await expect(sink.write(items(0, 1), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
      await sink.write(items(5, 1), waits());
      await sink.flush?.();
      expect(numbers(await read())).toEqual([5]);
      await sink.close?.();
    });

    it('has everything safe once closed, and refuses what comes later', async () => {
      const { sink, read } = await make();
      const write = sink.write(items(0, 10), waits());
      await sink.close?.();
      await write;
      await sink.close?.();
      await expect(sink.write(items(10, 1), waits())).rejects.toMatchObject({ code: 'ERR_CLOSED' });
      expect(numbers(await read())).toEqual(upTo(10));
    });
  });
}
