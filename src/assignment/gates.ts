import { type AssignerOptions, growthbookVersion, type Holdout, type NamespaceRange } from './AssignerOptions.ts';
import type { Excluded, ExclusionReason } from './Assignment.ts';
import { CIRCLE } from './gridWidths.ts';
import { type GrowthbookHashVersion, growthbookHash } from './growthbookHash.ts';
import { growthbookInNamespace, growthbookRanges, growthbookVariation } from './growthbookRanges.ts';
import { hashSeed } from './hashSeed.ts';
import { inShare } from './inShare.ts';
import { murmur3Int32 } from './murmur3.ts';

/** The answer for whom a reason keeps out. */
export function excluded(reason: ExclusionReason): Excluded {
  return Object.freeze({ status: 'excluded', reason });
}

/** A condition on the unit alone that keeps units out of an experiment. */
export interface Gate {
  readonly excluded: Excluded;
  /** Whether a unit, by its text, may pass. */
  readonly admits: (text: string) => boolean;
}

/**
 * The gates of an experiment, in the order in which they are asked. Each hashes with a seed of its own, so that who
 * passes one says nothing about the next one, nor about the variant.
 *
 * @param weights the shares that a GrowthBook layout was made of
 */
export function gatesOf(options: AssignerOptions, exposure: number, weights: readonly number[]): readonly Gate[] {
  const { name, salt = '', by = 'unit', namespace, holdout, hash } = options;
  const version = growthbookVersion(hash);
  const gates: Gate[] = [];
  if (namespace !== undefined) gates.push(namespaceGate(namespace, version));
  if (holdout !== undefined) gates.push(holdoutGate(holdout));
  if (exposure < 1 && by === 'unit') {
    gates.push(
      version === undefined
        ? exposureGate(name, salt, exposure)
        : coverageGate(salt || name, version, exposure, weights),
    );
  }
  return gates;
}

function namespaceGate({ id, range }: NamespaceRange, version: GrowthbookHashVersion | undefined): Gate {
  const out = excluded('not-in-namespace');
  if (version !== undefined) return { excluded: out, admits: (text) => growthbookInNamespace(text, id, range) };
  const seed = hashSeed('namespace', id);
  const from = Math.round(range[0] * CIRCLE);
  const to = Math.round(range[1] * CIRCLE);
  const admits = (text: string): boolean => {
    const hash = murmur3Int32(text, seed) >>> 0;
    return hash >= from && hash < to;
  };
  return { excluded: out, admits };
}

function holdoutGate({ id = 'global', share }: Holdout): Gate {
  const seed = hashSeed('holdout', id);
  return { excluded: excluded('holdout'), admits: (text) => !inShare(murmur3Int32(text, seed), share) };
}

function exposureGate(name: string, salt: string, exposure: number): Gate {
  const seed = hashSeed('exposure', name, salt);
  return { excluded: excluded('not-exposed'), admits: (text) => inShare(murmur3Int32(text, seed), exposure) };
}

/** GrowthBook's coverage: the low part of each variation's range, by the very hash that chooses the variation. */
function coverageGate(
  seed: string,
  version: GrowthbookHashVersion,
  coverage: number,
  weights: readonly number[],
): Gate {
  const ranges = growthbookRanges(weights, coverage);
  const admits = (text: string): boolean => growthbookVariation(growthbookHash(seed, text, version), ranges) >= 0;
  return { excluded: excluded('not-exposed'), admits };
}
