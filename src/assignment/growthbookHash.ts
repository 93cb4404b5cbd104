import { InvalidOptionError } from '../core/errors.ts';
import { type Unit, unitText } from '../core/Unit.ts';

/** The versions of GrowthBook's hash. Version 1 is biased for similar experiment keys; SDKs default to it still. */
export type GrowthbookHashVersion = 1 | 2;

/** How many buckets a version has. */
export function growthbookResolution(version: GrowthbookHashVersion): number {
  return version === 1 ? 1000 : 10_000;
}

/**
 * The bucket of a unit, an integer in [0, 1000) for version 1 and in [0, 10000) for version 2. Both hash UTF-16 code
 * units as GrowthBook's JavaScript SDK does, whose other SDKs differ beyond the basic plane.
 *
 * @throws InvalidOptionError for another version, or what is not a unit
 */
export function growthbookBucket(seed: string, unit: Unit, version: GrowthbookHashVersion): number {
  const text = unitText(unit);
  if (version === 1) return (fnv1a(seed, fnv1a(text)) >>> 0) % 1000;
  if (version === 2) return (fnv1a(String(fnv1a(text, fnv1a(seed)) >>> 0)) >>> 0) % 10_000;
  throw new InvalidOptionError('version', version, '1 or 2');
}

/**
 * GrowthBook's hash of a unit: a multiple of 0.001 (version 1) or 0.0001 (version 2) in [0, 1). For those who migrate
 * a running experiment; new ones are better off with `hashUnit`, which is finer, faster and separates its inputs.
 *
 * Source: GrowthBook, "Build your own SDK", section Hashing.
 *
 * @param seed the experiment's seed, or its key
 * @throws InvalidOptionError for another version, or what is not a unit
 * @example
 * growthbookHash('model-exp', 'user-1', 2); // 0.8792
 */
export function growthbookHash(seed: string, unit: Unit, version: GrowthbookHashVersion): number {
  return growthbookBucket(seed, unit, version) / growthbookResolution(version);
}

/** FNV-1a, 32 bits, over UTF-16 code units (Fowler, Noll and Vo, IETF draft-eastlake-fnv); goes on from `hash`. */
function fnv1a(text: string, hash = 0x811c9dc5): number {
  let h = hash | 0;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}
