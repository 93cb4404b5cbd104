import { checkShare, checkShares } from '../core/check.ts';
import type { Unit } from '../core/Unit.ts';
import { type GrowthbookHashVersion, growthbookHash, growthbookResolution } from './growthbookHash.ts';
import { RangeLedger } from './RangeLedger.ts';

/** A half-open range `[from, to)` of hashes in [0, 1]. */
export type HashRange = readonly [from: number, to: number];

/**
 * GrowthBook's layout: each variation owns a slot as wide as its weight, of which the low `coverage` part is exposed.
 *
 * @param weights they must sum to 1; GrowthBook makes other weights equal without a word
 * @param coverage within [0, 1]
 * @throws InvalidOptionError for weights that do not sum to 1 (within 1e-9), or a coverage outside [0, 1]
 * @example
 * growthbookRanges([0.25, 0.75], 0.5); // [[0, 0.125], [0.25, 0.625]]
 */
export function growthbookRanges(weights: readonly number[], coverage = 1): readonly HashRange[] {
  checkShares('weights', weights);
  checkShare('coverage', coverage);
  let start = 0;
  return weights.map((weight) => {
    const from = start;
    start += weight;
    return [from, from + coverage * weight];
  });
}

/** The first variation whose range holds a hash, or -1 if none does. */
export function growthbookVariation(hash: number, ranges: readonly HashRange[]): number {
  return ranges.findIndex(([from, to]) => hash >= from && hash < to);
}

/** Whether a unit is within an experiment's range of a GrowthBook namespace, which hashes by version 1 always. */
export function growthbookInNamespace(unit: Unit, id: string, [from, to]: HashRange): boolean {
  const hash = growthbookHash(`__${id}`, unit, 1);
  return hash >= from && hash < to;
}

/**
 * A ledger that starts from GrowthBook's layout at full coverage, bucket for bucket, so that everybody keeps their
 * variation; its ramps then move the minimum, where GrowthBook's reshuffle. Ask it with `growthbookBucket`.
 *
 * @throws InvalidOptionError for weights that do not sum to 1 (within 1e-9)
 */
export function growthbookLedger(weights: readonly number[], version: GrowthbookHashVersion): RangeLedger {
  const ranges = growthbookRanges(weights);
  const resolution = growthbookResolution(version);
  const widths = weights.map(() => 0);
  for (let bucket = 0; bucket < resolution; bucket += 1) {
    const variation = growthbookVariation(bucket / resolution, ranges);
    widths[variation]! += 1;
  }
  const arms = widths.map((width, arm) => ({ arm, width }));
  return RangeLedger.fromJSON({ version: 1, resolution, epoch: 0, shares: weights, ranges: arms, moved: 0 });
}
