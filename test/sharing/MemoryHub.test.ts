import { expect, it } from 'vitest';
import { MemoryHub } from '../../src/sharing/index.ts';
import { hubContract } from '../contracts/hub.contract.ts';

hubContract({ name: 'MemoryHub', open: async (options) => new MemoryHub(options) });

it('refuses limits that are none', () => {
  expect(() => new MemoryHub({ waitingCapacity: 0 })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_OPTION' }));
  expect(() => new MemoryHub({ capacity: 5 } as never)).toThrow('options.capacity must be left out');
});
