import { cohenD, hedgesG } from '../effects/index.ts';
import type { EffectSize, SampleMoments } from '../types.ts';

/** Hedges' g, or Cohen's d where one degree of freedom leaves no correction; at least one sample varies. */
export function standardisedDifference(a: SampleMoments, b: SampleMoments): EffectSize {
  const g = hedgesG(a, b);
  return g === undefined ? { name: 'cohen-d', value: cohenD(a, b) ?? 0 } : { name: 'hedges-g', value: g };
}
