import type { SampleMoments } from './types.ts';

/**
 * `a.mean - b.mean`. Where both summaries carry pivot and offset, the pivots are subtracted first, so that means of
 * 1e9 whose samples deviate by 1e-3 lose nothing.
 */
export function meanDifference(a: SampleMoments, b: SampleMoments): number {
  if (a.pivot === undefined || b.pivot === undefined || a.offset === undefined || b.offset === undefined) {
    return a.mean - b.mean;
  }
  return a.pivot - b.pivot + (a.offset - b.offset);
}
