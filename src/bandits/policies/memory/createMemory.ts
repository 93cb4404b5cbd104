import { checkOneOf, checkOptions } from '../../../core/check.ts';
import { changeDetectionMemory } from './changeDetectionMemory.ts';
import { discountedMemory } from './discountedMemory.ts';
import type { ArmMemory, MemoryOptions } from './Memory.ts';
import { stationaryMemory } from './stationaryMemory.ts';
import { windowMemory } from './windowMemory.ts';

/** The memory that the options ask for. @throws InvalidOptionError */
export function createMemory(options: MemoryOptions, bounded: boolean): ArmMemory {
  checkOneOf('memory.type', options?.type, ['stationary', 'discounted', 'window', 'changeDetection']);
  switch (options.type) {
    case 'discounted':
      return discountedMemory(options);
    case 'window':
      return windowMemory(options);
    case 'changeDetection':
      return changeDetectionMemory(options, bounded);
    default:
      checkOptions('memory', options, ['type']);
      return stationaryMemory();
  }
}
