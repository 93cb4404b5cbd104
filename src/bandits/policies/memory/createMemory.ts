import { checkOneOf, checkOptions } from '../../../core/check.ts';
import type { ArmMemory, MemoryOptions } from './Memory.ts';
import { stationaryMemory } from './stationaryMemory.ts';

/** The memory that the options ask for. @throws InvalidOptionError */
export function createMemory(options: MemoryOptions = { type: 'stationary' }): ArmMemory {
  checkOneOf('memory.type', options?.type, ['stationary', 'discounted', 'window', 'changeDetection']);
  checkOptions('memory', options, ['type']);
  return stationaryMemory();
}
