import { describe, expect, it } from 'vitest';
import { MemorySink } from '../../../src/adapters/memory/index.ts';
import { type SinkItem, sinkContract } from '../../contracts/sink.contract.ts';

sinkContract('MemorySink', async () => {
  const sink = new MemorySink<SinkItem>({ capacity: 20_000 });
  return { sink, read: async () => sink.records };
});

describe('MemorySink', () => {
  it('forgets the oldest records, and says how many', async () => {
    const sink = new MemorySink<number>({ capacity: 3 });
    for (let i = 0; i < 100; i += 1) {
      await sink.write([i]);
      expect(sink.records).toEqual([i - 2, i - 1, i].filter((n) => n >= 0));
      expect(sink.forgotten).toBe(Math.max(0, i - 2));
    }
    await sink.write([7, 7, 7, 7, 8, 9, 10]);
    expect(sink.records).toEqual([8, 9, 10]);
    expect(sink.forgotten).toBe(104);
  });

  it.each([
    [{ capacity: 0 }, 'capacity must be an integer at least 1, got 0'],
    [{ capacity: Number.NaN }, 'capacity must be an integer at least 1, got NaN'],
    [{ name: '' }, 'name must be a non-empty string, got ""'],
    [{ capasity: 3 }, 'options.capasity must be left out: the options are name, capacity, got 3'],
  ])('refuses %j', (options, message) => {
    expect(() => new MemorySink(options as object)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_OPTION', name: 'InvalidOptionError', message }),
    );
  });
});
