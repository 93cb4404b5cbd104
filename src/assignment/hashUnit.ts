import { type Unit, unitText } from '../core/Unit.ts';
import { murmur3 } from './murmur3.ts';

/**
 * Where a unit lies on the circle of 2^32 positions: `murmur3` of its text. Uniform over units, and independent between
 * seeds of {@link hashSeed}. Frozen by test vectors: it changes in a major version only.
 *
 * @param seed from {@link hashSeed}, one for each decision
 * @returns an integer in [0, 2^32)
 * @throws InvalidOptionError unless the unit is a non-empty string, a finite number or a bigint
 * @example
 * hashUnit('user-1', hashSeed('arm', 'yield-v2', '')); // 2839270141
 */
export function hashUnit(unit: Unit, seed: number): number {
  return murmur3(unitText(unit), seed);
}
